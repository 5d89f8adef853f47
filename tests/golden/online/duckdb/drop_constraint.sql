-- O14 op.drop_constraint: written by tests/golden; read it before you commit a change of it


-- ==== unique
-- op.drop_constraint("uq_t_b", "t", type_="unique")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== foreignkey
-- op.drop_constraint("fk_t_f", "t", type_="foreignkey")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== primary
-- op.drop_constraint("pk_w", "w", type_="primary")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM w;

DROP TABLE w;

CREATE TABLE w(a INTEGER NOT NULL);

INSERT INTO w (a) SELECT a FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;


-- ==== check
-- op.drop_constraint("ck_t_a", "t", type_="check")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== without type_
-- op.drop_constraint("uq_t_b", "t")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== schema
-- op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.t;

DROP TABLE s.t;

CREATE TABLE s.t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), CHECK(a > -5), FOREIGN KEY (f) REFERENCES s.o(id));

INSERT INTO s.t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON s.t(d);

COMMENT ON TABLE s.t IS 'old';

COMMENT ON COLUMN s.t.a IS 'x';


-- ==== if_exists
-- op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';
