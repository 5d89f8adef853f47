-- O8 op.drop_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_index("ix_t_c", table_name="t")

-- sqlite
DROP INDEX ix_t_c;


-- ==== without table_name
-- op.drop_index("ix_t_c")

-- sqlite
DROP INDEX ix_t_c;


-- ==== schema
-- op.drop_index("ix_t_c", table_name="t", schema="s")

-- sqlite
DROP INDEX s.ix_t_c;


-- ==== if_exists
-- op.drop_index("ix_t_c", table_name="t", if_exists=True)

-- sqlite
DROP INDEX IF EXISTS ix_t_c;


-- ==== concurrently
-- op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)

-- sqlite
DROP INDEX ix_t_c;
