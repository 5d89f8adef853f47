-- O10 op.create_unique_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_unique_constraint("uq_new", "t", ["a", "c"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT uq_new UNIQUE (a, c));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== schema
-- op.create_unique_constraint("uq_new", "t", ["a"], schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.t;

DROP TABLE s.t;

CREATE TABLE s.t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES s.o(id), CONSTRAINT uq_new UNIQUE (a));

INSERT INTO s.t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON s.t(d);

COMMENT ON TABLE s.t IS 'old';

COMMENT ON COLUMN s.t.a IS 'x';


-- ==== deferrable, initially
-- op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== name=None
-- op.create_unique_constraint(None, "t", ["a", "c"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT uq_t_a UNIQUE (a, c));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== nulls not distinct
-- op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)

-- duckdb
-- refused: DuckDB can't take NULLs for the same in a unique constraint (table 't'): leave postgresql_nulls_not_distinct out
