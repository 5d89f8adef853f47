-- O15 op.table_comment: written by tests/golden; read it before you commit a change of it


-- ==== create
-- op.create_table_comment("t", "it's 5%")

-- duckdb
COMMENT ON TABLE t IS 'it''s 5%';


-- ==== create, schema
-- op.create_table_comment("t", "x", schema="s")

-- duckdb
COMMENT ON TABLE s.t IS 'x';


-- ==== create, existing_comment
-- op.create_table_comment("t", "new", existing_comment="old")

-- duckdb
COMMENT ON TABLE t IS 'new';


-- ==== drop
-- op.drop_table_comment("t", existing_comment="old")

-- duckdb
COMMENT ON TABLE t IS NULL;


-- ==== drop, schema
-- op.drop_table_comment("t", schema="s")

-- duckdb
COMMENT ON TABLE s.t IS NULL;
