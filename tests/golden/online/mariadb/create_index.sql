-- O7 op.create_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_index("ix_new", "t", ["a", "c"])

-- mariadb
CREATE INDEX ix_new ON t (a, c);


-- ==== schema
-- op.create_index("ix_new", "t", ["a"], schema="s")

-- mariadb
CREATE INDEX ix_new ON s.t (a);


-- ==== unique
-- op.create_index("ix_new", "t", ["a"], unique=True)

-- mariadb
CREATE UNIQUE INDEX ix_new ON t (a);


-- ==== if_not_exists
-- op.create_index("ix_new", "t", ["a"], if_not_exists=True)

-- mariadb
CREATE INDEX IF NOT EXISTS ix_new ON t (a);


-- ==== expressions
-- op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])

-- mariadb
-- refused: (pymysql.err.ProgrammingError) (1064, "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'b), a)' at line 1")


-- ==== descending
-- op.create_index("ix_new", "t", [sa.text("a DESC")])

-- mariadb
CREATE INDEX ix_new ON t (a DESC);


-- ==== where
-- op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5"))

-- mariadb
CREATE INDEX ix_new ON t (a);


-- ==== using, include, operator class
-- op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"], postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])

-- mariadb
CREATE INDEX ix_new ON t (b);


-- ==== with, nulls not distinct
-- op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50}, postgresql_nulls_not_distinct=True)

-- mariadb
CREATE UNIQUE INDEX ix_new ON t (b);


-- ==== length
-- op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)

-- mariadb
CREATE INDEX ix_new ON t (b(5));


-- ==== prefix
-- op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")

-- mariadb
CREATE FULLTEXT INDEX ix_new ON t (b);


-- ==== concurrently
-- op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)

-- mariadb
CREATE INDEX ix_new ON t (a);


-- ==== clustered
-- op.create_index("ix_new", "t", ["a"], mssql_clustered=True)

-- mariadb
CREATE INDEX ix_new ON t (a);
