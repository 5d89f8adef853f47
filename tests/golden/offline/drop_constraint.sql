-- O14 op.drop_constraint: written by tests/golden; read it before you commit a change of it


-- ==== unique
-- op.drop_constraint("uq_t_b", "t", type_="unique")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t DROP CONSTRAINT uq_t_b;

-- mysql, mariadb
ALTER TABLE t DROP INDEX uq_t_b;

-- mssql
ALTER TABLE t DROP CONSTRAINT uq_t_b;

GO

-- oracle
ALTER TABLE t DROP CONSTRAINT uq_t_b

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== foreignkey
-- op.drop_constraint("fk_t_f", "t", type_="foreignkey")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t DROP CONSTRAINT fk_t_f;

-- mysql, mariadb
ALTER TABLE t DROP FOREIGN KEY fk_t_f;

-- mssql
ALTER TABLE t DROP CONSTRAINT fk_t_f;

GO

-- oracle
ALTER TABLE t DROP CONSTRAINT fk_t_f

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== primary
-- op.drop_constraint("pk_w", "w", type_="primary")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 'w' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE w DROP CONSTRAINT pk_w;

-- mysql, mariadb
ALTER TABLE w DROP PRIMARY KEY;

-- mssql
ALTER TABLE w DROP CONSTRAINT pk_w;

GO

-- oracle
ALTER TABLE w DROP CONSTRAINT pk_w

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 'w' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== check
-- op.drop_constraint("ck_t_a", "t", type_="check")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mariadb
ALTER TABLE t DROP CONSTRAINT ck_t_a;

-- mysql
ALTER TABLE t DROP CHECK ck_t_a;

-- mssql
ALTER TABLE t DROP CONSTRAINT ck_t_a;

GO

-- oracle
ALTER TABLE t DROP CONSTRAINT ck_t_a

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== without type_
-- op.drop_constraint("uq_t_b", "t")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t DROP CONSTRAINT uq_t_b;

-- mysql, mariadb
-- refused: No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type: type_='foreignkey', 'primary', 'unique' or 'check' for 'uq_t_b'

-- mssql
ALTER TABLE t DROP CONSTRAINT uq_t_b;

GO

-- oracle
ALTER TABLE t DROP CONSTRAINT uq_t_b

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== schema
-- op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE s.t DROP CONSTRAINT uq_t_b;

-- mysql, mariadb
ALTER TABLE s.t DROP INDEX uq_t_b;

-- mssql
ALTER TABLE s.t DROP CONSTRAINT uq_t_b;

GO

-- oracle
ALTER TABLE s.t DROP CONSTRAINT uq_t_b

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== if_exists
-- op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t DROP CONSTRAINT IF EXISTS uq_t_b;

-- mysql, mariadb
ALTER TABLE t DROP INDEX uq_t_b;

-- mssql
ALTER TABLE t DROP CONSTRAINT IF EXISTS uq_t_b;

GO

-- oracle
ALTER TABLE t DROP CONSTRAINT IF EXISTS uq_t_b

/

-- duckdb
-- refused: DuckDB can't drop a constraint on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table
