-- O6 op.rename_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.rename_table("u", "v")

-- mariadb
ALTER TABLE u RENAME TO v;


-- ==== schema
-- op.rename_table("u", "New Name", schema="s")

-- mariadb
ALTER TABLE s.u RENAME TO s.`New Name`;
