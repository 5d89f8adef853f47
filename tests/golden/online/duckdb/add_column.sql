-- O1 op.add_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.add_column("t", sa.Column("new", sa.Integer()))

-- duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;


-- ==== schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="s")

-- duckdb
ALTER TABLE s.t ADD COLUMN "new" INTEGER;


-- ==== dotted schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")

-- duckdb
-- refused: (_duckdb.BinderException) Binder Error: Catalog "a" does not exist!


-- ==== not null with default
-- op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, "new" INTEGER DEFAULT '5' NOT NULL, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== not null
-- op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))

-- duckdb
-- refused: (_duckdb.ConstraintException) Constraint Error: NOT NULL constraint failed: t.new


-- ==== default expression
-- op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))

-- duckdb
ALTER TABLE t ADD COLUMN "new" TIMESTAMP WITHOUT TIME ZONE DEFAULT now();


-- ==== default text
-- op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("'a'")))

-- duckdb
ALTER TABLE t ADD COLUMN "new" VARCHAR(9) DEFAULT 'a';


-- ==== if_not_exists
-- op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)

-- duckdb
ALTER TABLE t ADD COLUMN IF NOT EXISTS "new" INTEGER;


-- ==== foreign key
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, "new" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), FOREIGN KEY("new") REFERENCES o (id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== foreign key, named, with actions
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))

-- duckdb
-- refused: DuckDB can't do ON DELETE CASCADE (table 't'): delete or change the referring rows yourself


-- ==== inline_references
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")), inline_references=True)

-- duckdb
-- refused: DuckDB can't do ON DELETE SET NULL (table 't'): delete or change the referring rows yourself


-- ==== inline_primary_key
-- op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)

-- duckdb
CREATE SEQUENCE IF NOT EXISTS u_new_seq;

CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM u;

DROP TABLE u;

CREATE TABLE u(a INTEGER, c INTEGER, "new" INTEGER DEFAULT (nextval('u_new_seq')) NOT NULL, PRIMARY KEY ("new"));

INSERT INTO u (a, c) SELECT a, c FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;


-- ==== check of a boolean
-- op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))

-- duckdb
ALTER TABLE t ADD COLUMN "new" BOOLEAN;


-- ==== unique
-- op.add_column("t", sa.Column("new", sa.Integer(), unique=True))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, "new" INTEGER, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id), UNIQUE ("new"));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== index
-- op.add_column("t", sa.Column("new", sa.Integer(), index=True))

-- duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

CREATE INDEX ix_t_new ON t ("new");


-- ==== comment
-- op.add_column("t", sa.Column("new", sa.Integer(), comment="it's 100% \"new\""))

-- duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

COMMENT ON COLUMN t."new" IS 'it''s 100% "new"';


-- ==== computed
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM t;

DROP TABLE t;

CREATE TABLE t(id INTEGER, a INTEGER NOT NULL, b VARCHAR, c INTEGER, d INTEGER DEFAULT('7'), e TIMESTAMP, f INTEGER, "select" INTEGER, "new" INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL, PRIMARY KEY(id), UNIQUE(b), CHECK(a > -5), FOREIGN KEY (f) REFERENCES o(id));

INSERT INTO t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;

CREATE INDEX ix_t_c ON t(d);

COMMENT ON TABLE t IS 'old';

COMMENT ON COLUMN t.a IS 'x';


-- ==== computed, persisted
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))

-- duckdb
-- refused: DuckDB can't store a computed value (column 'new' of table 't'): leave persisted=True out: it is computed when read


-- ==== identity
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))

-- duckdb
-- refused: DuckDB can't make identity columns (column 'new' of table 't'): use a sequence: server_default=sa.text("nextval('name')"), or an Integer primary key


-- ==== enum
-- op.add_column("t", sa.Column("new", sa.Enum("x", "it's", name="kind")))

-- duckdb
CREATE OR REPLACE TYPE kind AS ENUM ('x', 'it''s');

ALTER TABLE t ADD COLUMN "new" kind;


-- ==== json with default
-- op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))

-- duckdb
ALTER TABLE t ADD COLUMN "new" JSON DEFAULT '{}';


-- ==== reserved word
-- op.add_column("t", sa.Column("order", sa.Integer()))

-- duckdb
ALTER TABLE t ADD COLUMN "order" INTEGER;
