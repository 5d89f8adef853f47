-- O15 op.table_comment: written by tests/golden; read it before you commit a change of it


-- ==== create
-- op.create_table_comment("t", "it's 5%")
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON TABLE t IS 'it''s 5%';

-- mysql, mariadb
ALTER TABLE t COMMENT 'it''s 5%';

-- mssql
execute sp_addextendedproperty 'MS_Description', N'it''s 5%', 'schema', dbo, 'table', t;

GO

-- oracle
COMMENT ON TABLE t IS 'it''s 5%'

/


-- ==== create, schema
-- op.create_table_comment("t", "x", schema="s")
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON TABLE s.t IS 'x';

-- mysql, mariadb
ALTER TABLE s.t COMMENT 'x';

-- mssql
execute sp_addextendedproperty 'MS_Description', N'x', 'schema', s, 'table', t;

GO

-- oracle
COMMENT ON TABLE s.t IS 'x'

/


-- ==== create, existing_comment
-- op.create_table_comment("t", "new", existing_comment="old")
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback; mssql, adding a property that is there fails

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON TABLE t IS 'new';

-- mysql, mariadb
ALTER TABLE t COMMENT 'new';

-- mssql
exec sp_updateextendedproperty 'MS_Description', N'new', 'schema', dbo, 'table', t;

GO

-- oracle
COMMENT ON TABLE t IS 'new'

/


-- ==== drop
-- op.drop_table_comment("t", existing_comment="old")
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON TABLE t IS NULL;

-- mysql, mariadb
ALTER TABLE t COMMENT '';

-- mssql
execute sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t;

GO

-- oracle
COMMENT ON TABLE t IS ''

/


-- ==== drop, schema
-- op.drop_table_comment("t", schema="s")
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON TABLE s.t IS NULL;

-- mysql, mariadb
ALTER TABLE s.t COMMENT '';

-- mssql
execute sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t;

GO

-- oracle
COMMENT ON TABLE s.t IS ''

/
