-- O7 op.create_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_index("ix_new", "t", ["a", "c"])

-- duckdb
CREATE INDEX ix_new ON t (a, c);


-- ==== schema
-- op.create_index("ix_new", "t", ["a"], schema="s")

-- duckdb
CREATE INDEX ix_new ON s.t (a);


-- ==== unique
-- op.create_index("ix_new", "t", ["a"], unique=True)

-- duckdb
CREATE UNIQUE INDEX ix_new ON t (a);


-- ==== if_not_exists
-- op.create_index("ix_new", "t", ["a"], if_not_exists=True)

-- duckdb
CREATE INDEX IF NOT EXISTS ix_new ON t (a);


-- ==== expressions
-- op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])

-- duckdb
CREATE INDEX ix_new ON t (lower(b), a);


-- ==== descending
-- op.create_index("ix_new", "t", [sa.text("a DESC")])

-- duckdb
CREATE INDEX ix_new ON t (a DESC);


-- ==== where
-- op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5"))

-- duckdb
-- refused: DuckDB can't make partial indexes (index 'ix_new' on table 't'): leave postgresql_where out on DuckDB


-- ==== using, include, operator class
-- op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"], postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])

-- duckdb
-- refused: DuckDB can't make INCLUDE (index 'ix_new' on table 't'): leave postgresql_include out on DuckDB


-- ==== with, nulls not distinct
-- op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50}, postgresql_nulls_not_distinct=True)

-- duckdb
-- refused: DuckDB can't make NULLS NOT DISTINCT (index 'ix_new' on table 't'): leave postgresql_nulls_not_distinct out on DuckDB


-- ==== length
-- op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)

-- duckdb
CREATE INDEX ix_new ON t (b);


-- ==== prefix
-- op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")

-- duckdb
CREATE INDEX ix_new ON t (b);


-- ==== concurrently
-- op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)

-- duckdb
CREATE INDEX ix_new ON t (a);


-- ==== clustered
-- op.create_index("ix_new", "t", ["a"], mssql_clustered=True)

-- duckdb
CREATE INDEX ix_new ON t (a);
