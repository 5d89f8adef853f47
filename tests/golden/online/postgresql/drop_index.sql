-- O8 op.drop_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_index("ix_t_c", table_name="t")

-- postgresql
DROP INDEX ix_t_c;


-- ==== without table_name
-- op.drop_index("ix_t_c")

-- postgresql
DROP INDEX ix_t_c;


-- ==== schema
-- op.drop_index("ix_t_c", table_name="t", schema="s")

-- postgresql
DROP INDEX s.ix_t_c;


-- ==== if_exists
-- op.drop_index("ix_t_c", table_name="t", if_exists=True)

-- postgresql
DROP INDEX IF EXISTS ix_t_c;


-- ==== concurrently
-- op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)

-- postgresql
-- refused: (psycopg.errors.ActiveSqlTransaction) DROP INDEX CONCURRENTLY cannot run inside a transaction block
