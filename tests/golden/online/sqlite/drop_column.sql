-- O3 op.drop_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_column("t", "c")

-- sqlite
ALTER TABLE t DROP COLUMN c;


-- ==== schema
-- op.drop_column("t", "c", schema="s")

-- sqlite
ALTER TABLE s.t DROP COLUMN c;


-- ==== if_exists
-- op.drop_column("t", "c", if_exists=True)

-- sqlite
ALTER TABLE t DROP COLUMN c;


-- ==== reserved word
-- op.drop_column("t", "select")

-- sqlite
ALTER TABLE t DROP COLUMN "select";


-- ==== mssql_drop_check
-- op.drop_column("t", "c", mssql_drop_check=True)

-- sqlite
ALTER TABLE t DROP COLUMN c;


-- ==== mssql_drop_default
-- op.drop_column("t", "c", mssql_drop_default=True)

-- sqlite
ALTER TABLE t DROP COLUMN c;


-- ==== mssql_drop_foreign_key
-- op.drop_column("t", "c", mssql_drop_foreign_key=True)

-- sqlite
ALTER TABLE t DROP COLUMN c;
