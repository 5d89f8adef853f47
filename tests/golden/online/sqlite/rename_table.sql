-- O6 op.rename_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.rename_table("u", "v")

-- sqlite
ALTER TABLE u RENAME TO v;


-- ==== schema
-- op.rename_table("u", "New Name", schema="s")

-- sqlite
ALTER TABLE s.u RENAME TO "New Name";
