-- O7 op.create_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_index("ix_new", "t", ["a", "c"])

-- sqlite
CREATE INDEX ix_new ON t (a, c);


-- ==== schema
-- op.create_index("ix_new", "t", ["a"], schema="s")

-- sqlite
CREATE INDEX s.ix_new ON t (a);


-- ==== unique
-- op.create_index("ix_new", "t", ["a"], unique=True)

-- sqlite
CREATE UNIQUE INDEX ix_new ON t (a);


-- ==== if_not_exists
-- op.create_index("ix_new", "t", ["a"], if_not_exists=True)

-- sqlite
CREATE INDEX IF NOT EXISTS ix_new ON t (a);


-- ==== expressions
-- op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])

-- sqlite
CREATE INDEX ix_new ON t (lower(b), a);


-- ==== descending
-- op.create_index("ix_new", "t", [sa.text("a DESC")])

-- sqlite
CREATE INDEX ix_new ON t (a DESC);


-- ==== where
-- op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5"))

-- sqlite
CREATE INDEX ix_new ON t (a) WHERE a > 5;


-- ==== using, include, operator class
-- op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"], postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])

-- sqlite
CREATE INDEX ix_new ON t (b);


-- ==== with, nulls not distinct
-- op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50}, postgresql_nulls_not_distinct=True)

-- sqlite
CREATE UNIQUE INDEX ix_new ON t (b);


-- ==== length
-- op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)

-- sqlite
CREATE INDEX ix_new ON t (b);


-- ==== prefix
-- op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")

-- sqlite
CREATE INDEX ix_new ON t (b);


-- ==== concurrently
-- op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)

-- sqlite
CREATE INDEX ix_new ON t (a);


-- ==== clustered
-- op.create_index("ix_new", "t", ["a"], mssql_clustered=True)

-- sqlite
CREATE INDEX ix_new ON t (a);
