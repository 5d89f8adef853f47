-- O5 op.drop_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_table("u")

-- postgresql
DROP TABLE u;


-- ==== schema
-- op.drop_table("u", schema="s")

-- postgresql
DROP TABLE s.u;


-- ==== if_exists
-- op.drop_table("u", if_exists=True)

-- postgresql
DROP TABLE IF EXISTS u;
