-- O8 op.drop_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_index("ix_t_c", table_name="t")

-- duckdb
DROP INDEX ix_t_c;


-- ==== without table_name
-- op.drop_index("ix_t_c")

-- duckdb
DROP INDEX ix_t_c;


-- ==== schema
-- op.drop_index("ix_t_c", table_name="t", schema="s")

-- duckdb
DROP INDEX s.ix_t_c;


-- ==== if_exists
-- op.drop_index("ix_t_c", table_name="t", if_exists=True)

-- duckdb
DROP INDEX IF EXISTS ix_t_c;


-- ==== concurrently
-- op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)

-- duckdb
-- refused: (_duckdb.ParserException) Parser Error: syntax error at or near "CONCURRENTLY"
