-- O5 op.drop_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_table("u")

-- sqlite
DROP TABLE u;


-- ==== schema
-- op.drop_table("u", schema="s")

-- sqlite
DROP TABLE s.u;


-- ==== if_exists
-- op.drop_table("u", if_exists=True)

-- sqlite
DROP TABLE IF EXISTS u;
