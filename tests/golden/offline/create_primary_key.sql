-- O9 op.create_primary_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_primary_key("pk_u", "u", ["a", "c"])

-- sqlite
-- refused: SQLite can't change the constraints of table 'u' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a, c);

-- mssql
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a, c);

GO

-- oracle
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a, c)

/


-- ==== schema
-- op.create_primary_key("pk_u", "u", ["a"], schema="s")

-- sqlite
-- refused: SQLite can't change the constraints of table 'u' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE s.u ADD CONSTRAINT pk_u PRIMARY KEY (a);

-- mssql
ALTER TABLE s.u ADD CONSTRAINT pk_u PRIMARY KEY (a);

GO

-- oracle
ALTER TABLE s.u ADD CONSTRAINT pk_u PRIMARY KEY (a)

/


-- ==== name=None
-- op.create_primary_key(None, "u", ["a"])

-- sqlite
-- refused: SQLite can't change the constraints of table 'u' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a);

-- mssql
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a);

GO

-- oracle
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a)

/
