-- O12 op.create_check_constraint: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.create_check_constraint("ck_new", "t", "b like '5%'")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (b like '5%');

-- mssql
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (b like '5%');

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (b like '5%')

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== expression
-- op.create_check_constraint("ck_new", "t", sa.column("a") > 5)
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5);

-- mssql
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== schema
-- op.create_check_constraint("ck_new", "t", "a > 5", schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE s.t ADD CONSTRAINT ck_new CHECK (a > 5);

-- mssql
ALTER TABLE s.t ADD CONSTRAINT ck_new CHECK (a > 5);

GO

-- oracle
ALTER TABLE s.t ADD CONSTRAINT ck_new CHECK (a > 5)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== deferrable
-- op.create_check_constraint("ck_new", "t", "a > 5", deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5) DEFERRABLE INITIALLY DEFERRED;

-- mssql
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5) DEFERRABLE INITIALLY DEFERRED;

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5) DEFERRABLE INITIALLY DEFERRED

/

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== name=None
-- op.create_check_constraint(None, "t", "a > 5")

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, mssql, oracle, duckdb
-- refused: Naming convention including %(constraint_name)s token requires that constraint is explicitly named.
