-- O7 op.create_index: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_index("ix_new", "t", ["a", "c"])

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE INDEX ix_new ON t (a, c);

-- mssql
CREATE INDEX ix_new ON t (a, c);

GO

-- oracle
CREATE INDEX ix_new ON t (a, c)

/


-- ==== schema
-- op.create_index("ix_new", "t", ["a"], schema="s")

-- sqlite
CREATE INDEX s.ix_new ON t (a);

-- postgresql, mysql, mariadb, duckdb
CREATE INDEX ix_new ON s.t (a);

-- mssql
CREATE INDEX ix_new ON s.t (a);

GO

-- oracle
CREATE INDEX s.ix_new ON s.t (a)

/


-- ==== unique
-- op.create_index("ix_new", "t", ["a"], unique=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE UNIQUE INDEX ix_new ON t (a);

-- mssql
CREATE UNIQUE INDEX ix_new ON t (a);

GO

-- oracle
CREATE UNIQUE INDEX ix_new ON t (a)

/


-- ==== if_not_exists
-- op.create_index("ix_new", "t", ["a"], if_not_exists=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE INDEX IF NOT EXISTS ix_new ON t (a);

-- mssql
CREATE INDEX ix_new ON t (a);

GO

-- oracle
CREATE INDEX ix_new ON t (a)

/


-- ==== expressions
-- op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE INDEX ix_new ON t (lower(b), a);

-- mssql
CREATE INDEX ix_new ON t (lower(b), a);

GO

-- oracle
CREATE INDEX ix_new ON t (lower(b), a)

/


-- ==== descending
-- op.create_index("ix_new", "t", [sa.text("a DESC")])

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE INDEX ix_new ON t (a DESC);

-- mssql
CREATE INDEX ix_new ON t (a DESC);

GO

-- oracle
CREATE INDEX ix_new ON t (a DESC)

/


-- ==== where
-- op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5"))
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite, postgresql
CREATE INDEX ix_new ON t (a) WHERE a > 5;

-- mysql, mariadb
CREATE INDEX ix_new ON t (a);

-- mssql
CREATE INDEX ix_new ON t (a) WHERE a > 5;

GO

-- oracle
CREATE INDEX ix_new ON t (a)

/

-- duckdb
-- refused: DuckDB can't make partial indexes (index 'ix_new' on table 't'): leave postgresql_where out on DuckDB


-- ==== using, include, operator class
-- op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"], postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])

-- sqlite, mysql, mariadb
CREATE INDEX ix_new ON t (b);

-- postgresql
CREATE INDEX ix_new ON t USING btree (b varchar_pattern_ops) INCLUDE (a);

-- mssql
CREATE INDEX ix_new ON t (b) INCLUDE (a);

GO

-- oracle
CREATE INDEX ix_new ON t (b)

/

-- duckdb
-- refused: DuckDB can't make INCLUDE (index 'ix_new' on table 't'): leave postgresql_include out on DuckDB


-- ==== with, nulls not distinct
-- op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50}, postgresql_nulls_not_distinct=True)
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite, mysql, mariadb
CREATE UNIQUE INDEX ix_new ON t (b);

-- postgresql
CREATE UNIQUE INDEX ix_new ON t (b) NULLS NOT DISTINCT WITH (fillfactor = 50);

-- mssql
CREATE UNIQUE INDEX ix_new ON t (b);

GO

-- oracle
CREATE UNIQUE INDEX ix_new ON t (b)

/

-- duckdb
-- refused: DuckDB can't make NULLS NOT DISTINCT (index 'ix_new' on table 't'): leave postgresql_nulls_not_distinct out on DuckDB


-- ==== length
-- op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)

-- sqlite, postgresql, duckdb
CREATE INDEX ix_new ON t (b);

-- mysql, mariadb
CREATE INDEX ix_new ON t (b(5));

-- mssql
CREATE INDEX ix_new ON t (b);

GO

-- oracle
CREATE INDEX ix_new ON t (b)

/


-- ==== prefix
-- op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")

-- sqlite, postgresql, duckdb
CREATE INDEX ix_new ON t (b);

-- mysql, mariadb
CREATE FULLTEXT INDEX ix_new ON t (b);

-- mssql
CREATE INDEX ix_new ON t (b);

GO

-- oracle
CREATE INDEX ix_new ON t (b)

/


-- ==== concurrently
-- op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)
-- other than Alembic: duckdb, DuckDB 2.0 has no such word

-- sqlite, mysql, mariadb, duckdb
CREATE INDEX ix_new ON t (a);

-- postgresql
CREATE INDEX CONCURRENTLY ix_new ON t (a);

-- mssql
CREATE INDEX ix_new ON t (a);

GO

-- oracle
CREATE INDEX ix_new ON t (a)

/


-- ==== clustered
-- op.create_index("ix_new", "t", ["a"], mssql_clustered=True)

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE INDEX ix_new ON t (a);

-- mssql
CREATE CLUSTERED INDEX ix_new ON t (a);

GO

-- oracle
CREATE INDEX ix_new ON t (a)

/
