-- O6 op.rename_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.rename_table("u", "v")

-- sqlite, postgresql, mysql, mariadb, duckdb
ALTER TABLE u RENAME TO v;

-- mssql
EXEC sp_rename 'u', v;

GO

-- oracle
ALTER TABLE u RENAME TO v

/


-- ==== schema
-- op.rename_table("u", "New Name", schema="s")

-- sqlite, postgresql, duckdb
ALTER TABLE s.u RENAME TO "New Name";

-- mysql, mariadb
ALTER TABLE s.u RENAME TO s.`New Name`;

-- mssql
EXEC sp_rename 's.u', [New Name];

GO

-- oracle
ALTER TABLE s.u RENAME TO "New Name"

/
