-- O11 op.create_foreign_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== several columns
-- op.create_foreign_key("fk_new", "t", "o", ["a", "c"], ["x", "y"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== onupdate, ondelete
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], onupdate="CASCADE", ondelete="SET NULL")

-- duckdb
-- refused: DuckDB can't do ON DELETE SET NULL (table 't'): delete or change the referring rows yourself


-- ==== deferrable, initially
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], deferrable=True, initially="DEFERRED")

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== match
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], match="FULL")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL);

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== schemas
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], source_schema="s", referent_schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.t;

DROP TABLE s.t;

CREATE TABLE s.t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES s.o(id), CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES s.o (id));

INSERT INTO s.t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON s.t(d);

COMMENT ON TABLE s.t IS 'old';

COMMENT ON COLUMN s.t.a IS 'x';


-- ==== use_alter
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], use_alter=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== to itself
-- op.create_foreign_key("fk_new", "t", "t", ["select"], ["id"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT *, NULL::INTEGER AS _nbmigrate_round FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_new FOREIGN KEY("select") REFERENCES t (id));

UPDATE _nbmigrate_rows_0 SET _nbmigrate_round = 1 WHERE _nbmigrate_round IS NULL AND (_nbmigrate_rows_0."select" IS NULL OR EXISTS (SELECT 1 FROM t parent WHERE parent.id = _nbmigrate_rows_0."select"));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0 WHERE _nbmigrate_round = 1;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== name=None
-- op.create_foreign_key(None, "t", "o", ["c"], ["id"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';
