-- O2 op.alter_column: written by tests/golden; read it before you commit a change of it


-- ==== nullable=False
-- op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER NOT NULL, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== nullable=True
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== nullable, schema
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.t;

DROP TABLE s.t;

CREATE TABLE s.t(id INTEGER, a INTEGER, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES s.o(id));

INSERT INTO s.t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON s.t(d);

COMMENT ON TABLE s.t IS 'old';

COMMENT ON COLUMN s.t.a IS 'x';


-- ==== type_
-- op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c NUMERIC(10, 2), d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, CAST(c AS NUMERIC(10, 2)), d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== type_, with a default that is there
-- op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d BIGINT DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, CAST(d AS BIGINT), e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== type_, postgresql_using
-- op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20), postgresql_using="length(b)")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b INTEGER, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, length(b), c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== type_, from a boolean with a CHECK
-- op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="is_c"))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, CAST(c AS INTEGER), d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== type_, to an enum with a CHECK
-- op.alter_column("t", "b", existing_type=sa.String(20), type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR(1), c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), CONSTRAINT kind CHECK (b IN ('a', 'b')));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, CAST(b AS VARCHAR(1)), c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== server_default
-- op.alter_column("t", "b", server_default="it's 5%", existing_type=sa.String(20))

-- duckdb
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'it''s 5%';


-- ==== server_default=None
-- op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")

-- duckdb
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;


-- ==== server_default, an expression
-- op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())

-- duckdb
ALTER TABLE t ALTER COLUMN e SET DEFAULT now();


-- ==== server_default, an identity added
-- op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5), existing_server_default=None, existing_type=sa.Integer())

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', duckdb)


-- ==== server_default, an identity changed
-- op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3), existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', duckdb)


-- ==== server_default, an identity dropped
-- op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(), existing_type=sa.Integer())

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', duckdb)


-- ==== server_default, a computed column
-- op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())

-- duckdb
-- refused: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported. Drop column 'a' of table 't' and add it.


-- ==== new_column_name
-- op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, "Order" INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, "Order", d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== comment
-- op.alter_column("t", "a", comment="it's", existing_type=sa.Integer(), existing_nullable=False)

-- duckdb
COMMENT ON COLUMN t.a IS 'it''s';


-- ==== comment=None
-- op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(), existing_nullable=False)

-- duckdb
COMMENT ON COLUMN t.a IS NULL;


-- ==== autoincrement
-- op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)

-- duckdb
-- nothing


-- ==== existing_*
-- op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7", existing_comment="y")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7') NOT NULL, e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== existing_autoincrement
-- op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False, existing_autoincrement=True)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id BIGINT, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT CAST(id AS BIGINT), a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== everything
-- op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3", new_column_name="z", comment="last", existing_type=sa.Integer())

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, z BIGINT DEFAULT '3' NOT NULL, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, z, d, e, f, "select") SELECT id, a, b, CAST(c AS BIGINT), d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';

COMMENT ON COLUMN t.z IS 'last';


-- ==== without a type
-- op.alter_column("t", "c", nullable=False)

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER NOT NULL, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';
