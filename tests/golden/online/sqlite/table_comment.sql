-- O15 op.table_comment: written by tests/golden; read it before you commit a change of it


-- ==== create
-- op.create_table_comment("t", "it's 5%")

-- sqlite
-- nothing


-- ==== create, schema
-- op.create_table_comment("t", "x", schema="s")

-- sqlite
-- nothing


-- ==== create, existing_comment
-- op.create_table_comment("t", "new", existing_comment="old")

-- sqlite
-- nothing


-- ==== drop
-- op.drop_table_comment("t", existing_comment="old")

-- sqlite
-- nothing


-- ==== drop, schema
-- op.drop_table_comment("t", schema="s")

-- sqlite
-- nothing
