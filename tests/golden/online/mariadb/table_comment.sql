-- O15 op.table_comment: written by tests/golden; read it before you commit a change of it


-- ==== create
-- op.create_table_comment("t", "it's 5%")

-- mariadb
ALTER TABLE t COMMENT 'it''s 5%%';


-- ==== create, schema
-- op.create_table_comment("t", "x", schema="s")

-- mariadb
ALTER TABLE s.t COMMENT 'x';


-- ==== create, existing_comment
-- op.create_table_comment("t", "new", existing_comment="old")

-- mariadb
ALTER TABLE t COMMENT 'new';


-- ==== drop
-- op.drop_table_comment("t", existing_comment="old")

-- mariadb
ALTER TABLE t COMMENT '';


-- ==== drop, schema
-- op.drop_table_comment("t", schema="s")

-- mariadb
ALTER TABLE s.t COMMENT '';
