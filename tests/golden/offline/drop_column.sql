-- O3 op.drop_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_column("t", "c")

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE t DROP COLUMN c;

-- mssql
ALTER TABLE t DROP COLUMN c;

GO

-- oracle
ALTER TABLE t DROP COLUMN c

/


-- ==== schema
-- op.drop_column("t", "c", schema="s")

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE s.t DROP COLUMN c;

-- mssql
ALTER TABLE s.t DROP COLUMN c;

GO

-- oracle
ALTER TABLE s.t DROP COLUMN c

/


-- ==== if_exists
-- op.drop_column("t", "c", if_exists=True)
-- other than Alembic: oracle, Oracle has no DROP COLUMN IF EXISTS

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE t DROP COLUMN IF EXISTS c;

-- mssql
ALTER TABLE t DROP COLUMN IF EXISTS c;

GO

-- oracle
BEGIN EXECUTE IMMEDIATE 'ALTER TABLE t DROP COLUMN c'; EXCEPTION WHEN OTHERS THEN IF SQLCODE != -904 THEN RAISE; END IF; END;

/


-- ==== reserved word
-- op.drop_column("t", "select")

-- sqlite, postgresql, duckdb
ALTER TABLE t DROP COLUMN "select";

-- mysql, mariadb
ALTER TABLE t DROP COLUMN `select`;

-- mssql
ALTER TABLE t DROP COLUMN [select];

GO

-- oracle
ALTER TABLE t DROP COLUMN "select"

/


-- ==== mssql_drop_check
-- op.drop_column("t", "c", mssql_drop_check=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE t DROP COLUMN c;

-- mssql
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.check_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN c;

GO

-- oracle
ALTER TABLE t DROP COLUMN c

/


-- ==== mssql_drop_default
-- op.drop_column("t", "c", mssql_drop_default=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE t DROP COLUMN c;

-- mssql
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN c;

GO

-- oracle
ALTER TABLE t DROP COLUMN c

/


-- ==== mssql_drop_foreign_key
-- op.drop_column("t", "c", mssql_drop_foreign_key=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE t DROP COLUMN c;

-- mssql
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id('t')
and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN c;

GO

-- oracle
ALTER TABLE t DROP COLUMN c

/
