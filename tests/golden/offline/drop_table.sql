-- O5 op.drop_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_table("u")

-- sqlite, postgresql, mysql, mariadb, duckdb
DROP TABLE u;

-- mssql
DROP TABLE u;

GO

-- oracle
DROP TABLE u

/


-- ==== schema
-- op.drop_table("u", schema="s")

-- sqlite, postgresql, mysql, mariadb, duckdb
DROP TABLE s.u;

-- mssql
DROP TABLE s.u;

GO

-- oracle
DROP TABLE s.u

/


-- ==== if_exists
-- op.drop_table("u", if_exists=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
DROP TABLE IF EXISTS u;

-- mssql
DROP TABLE IF EXISTS u;

GO

-- oracle
DROP TABLE IF EXISTS u

/
