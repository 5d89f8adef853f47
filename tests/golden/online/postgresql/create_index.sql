-- O7 op.create_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_index("ix_new", "t", ["a", "c"])

-- postgresql
CREATE INDEX ix_new ON t (a, c);


-- ==== schema
-- op.create_index("ix_new", "t", ["a"], schema="s")

-- postgresql
CREATE INDEX ix_new ON s.t (a);


-- ==== unique
-- op.create_index("ix_new", "t", ["a"], unique=True)

-- postgresql
CREATE UNIQUE INDEX ix_new ON t (a);


-- ==== if_not_exists
-- op.create_index("ix_new", "t", ["a"], if_not_exists=True)

-- postgresql
CREATE INDEX IF NOT EXISTS ix_new ON t (a);


-- ==== expressions
-- op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])

-- postgresql
CREATE INDEX ix_new ON t (lower(b), a);


-- ==== descending
-- op.create_index("ix_new", "t", [sa.text("a DESC")])

-- postgresql
CREATE INDEX ix_new ON t (a DESC);


-- ==== where
-- op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5"))

-- postgresql
CREATE INDEX ix_new ON t (a) WHERE a > 5;


-- ==== using, include, operator class
-- op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"], postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])

-- postgresql
CREATE INDEX ix_new ON t USING btree (b varchar_pattern_ops) INCLUDE (a);


-- ==== with, nulls not distinct
-- op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50}, postgresql_nulls_not_distinct=True)

-- postgresql
CREATE UNIQUE INDEX ix_new ON t (b) NULLS NOT DISTINCT WITH (fillfactor = 50);


-- ==== length
-- op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)

-- postgresql
CREATE INDEX ix_new ON t (b);


-- ==== prefix
-- op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")

-- postgresql
CREATE INDEX ix_new ON t (b);


-- ==== concurrently
-- op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)

-- postgresql
-- refused: (psycopg.errors.ActiveSqlTransaction) CREATE INDEX CONCURRENTLY cannot run inside a transaction block


-- ==== clustered
-- op.create_index("ix_new", "t", ["a"], mssql_clustered=True)

-- postgresql
CREATE INDEX ix_new ON t (a);
