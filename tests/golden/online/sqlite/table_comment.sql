-- O15 op.table_comment: written by tests/golden; read it before you commit a change of it


-- ==== create
-- op.create_table_comment("t", "it's 5%")

-- sqlite
BEGIN IMMEDIATE;


-- ==== create, schema
-- op.create_table_comment("t", "x", schema="s")

-- sqlite
BEGIN IMMEDIATE;


-- ==== create, existing_comment
-- op.create_table_comment("t", "new", existing_comment="old")

-- sqlite
BEGIN IMMEDIATE;


-- ==== drop
-- op.drop_table_comment("t", existing_comment="old")

-- sqlite
BEGIN IMMEDIATE;


-- ==== drop, schema
-- op.drop_table_comment("t", schema="s")

-- sqlite
BEGIN IMMEDIATE;
