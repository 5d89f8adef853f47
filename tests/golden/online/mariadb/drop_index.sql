-- O8 op.drop_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_index("ix_t_c", table_name="t")

-- mariadb
DROP INDEX ix_t_c ON t;


-- ==== without table_name
-- op.drop_index("ix_t_c")

-- mariadb
-- refused: An index of mysql is dropped from its table: give table_name= for the index 'ix_t_c'


-- ==== schema
-- op.drop_index("ix_t_c", table_name="t", schema="s")

-- mariadb
DROP INDEX ix_t_c ON s.t;


-- ==== if_exists
-- op.drop_index("ix_t_c", table_name="t", if_exists=True)

-- mariadb
DROP INDEX IF EXISTS ix_t_c ON t;


-- ==== concurrently
-- op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)

-- mariadb
DROP INDEX ix_t_c ON t;
