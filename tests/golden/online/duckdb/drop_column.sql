-- O3 op.drop_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.drop_column("t", "c")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== schema
-- op.drop_column("t", "c", schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.t;

DROP TABLE s.t;

CREATE TABLE s.t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES s.o(id));

INSERT INTO s.t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON s.t(d);

COMMENT ON TABLE s.t IS 'old';

COMMENT ON COLUMN s.t.a IS 'x';


-- ==== if_exists
-- op.drop_column("t", "c", if_exists=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== reserved word
-- op.drop_column("t", "select")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f) SELECT id, a, b, c, d, e, f FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== mssql_drop_check
-- op.drop_column("t", "c", mssql_drop_check=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== mssql_drop_default
-- op.drop_column("t", "c", mssql_drop_default=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== mssql_drop_foreign_key
-- op.drop_column("t", "c", mssql_drop_foreign_key=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, d, e, f, "select") SELECT id, a, b, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';
