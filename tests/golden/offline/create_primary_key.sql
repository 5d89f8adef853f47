-- O9 op.create_primary_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_primary_key("pk_u", "u", ["a", "c"])

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 'u' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

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
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 'u' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

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
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 'u' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a);

-- mssql
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a);

GO

-- oracle
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a)

/
