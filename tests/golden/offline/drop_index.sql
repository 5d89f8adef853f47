-- O8 op.drop_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_index("ix_t_c", table_name="t")

-- sqlite, postgresql, duckdb
DROP INDEX ix_t_c;

-- mysql, mariadb
DROP INDEX ix_t_c ON t;

-- mssql
DROP INDEX ix_t_c ON t;

GO

-- oracle
DROP INDEX ix_t_c

/


-- ==== without table_name
-- op.drop_index("ix_t_c")
-- other than Alembic: mysql, an index is dropped from its table; Alembic's text names a table no_table; mariadb, an index is dropped from its table; Alembic's text names a table no_table

-- sqlite, postgresql, duckdb
DROP INDEX ix_t_c;

-- mysql
-- refused: An index of mysql is dropped from its table: give table_name= for the index 'ix_t_c'

-- mariadb
-- refused: An index of mariadb is dropped from its table: give table_name= for the index 'ix_t_c'

-- mssql
DROP INDEX ix_t_c ON no_table;

GO

-- oracle
DROP INDEX ix_t_c

/


-- ==== schema
-- op.drop_index("ix_t_c", table_name="t", schema="s")

-- sqlite, postgresql, duckdb
DROP INDEX s.ix_t_c;

-- mysql, mariadb
DROP INDEX ix_t_c ON s.t;

-- mssql
DROP INDEX ix_t_c ON s.t;

GO

-- oracle
DROP INDEX s.ix_t_c

/


-- ==== if_exists
-- op.drop_index("ix_t_c", table_name="t", if_exists=True)

-- sqlite, postgresql, duckdb
DROP INDEX IF EXISTS ix_t_c;

-- mysql, mariadb
DROP INDEX IF EXISTS ix_t_c ON t;

-- mssql
DROP INDEX IF EXISTS ix_t_c ON t;

GO

-- oracle
DROP INDEX IF EXISTS ix_t_c

/


-- ==== concurrently
-- op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)

-- sqlite
DROP INDEX ix_t_c;

-- postgresql, duckdb
DROP INDEX CONCURRENTLY ix_t_c;

-- mysql, mariadb
DROP INDEX ix_t_c ON t;

-- mssql
DROP INDEX ix_t_c ON t;

GO

-- oracle
DROP INDEX ix_t_c

/
