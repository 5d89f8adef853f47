-- O2 op.alter_column: written by tests/golden; read it before you commit a change of it


-- ==== nullable=False
-- op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER NOT NULL, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== nullable=True
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== nullable, schema
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")

-- sqlite
CREATE TABLE s._alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO s._alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT s.t.id, s.t.a, s.t.b, s.t.c, s.t.d, s.t.e, s.t.f, s.t."select" FROM s.t;

DROP TABLE s.t;

ALTER TABLE s._alembic_tmp_t RENAME TO t;

CREATE INDEX s.ix_t_c ON t (d);


-- ==== type_
-- op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c NUMERIC(10, 2), 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== type_, with a default that is there
-- op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER, 
	d BIGINT DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== type_, postgresql_using
-- op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20), postgresql_using="length(b)")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b INTEGER, 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== type_, from a boolean with a CHECK
-- op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="is_c"))

-- sqlite
-- nothing


-- ==== type_, to an enum with a CHECK
-- op.alter_column("t", "b", existing_type=sa.String(20), type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(1), 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT kind CHECK (b IN ('a', 'b'))
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== server_default
-- op.alter_column("t", "b", server_default="it's 5%", existing_type=sa.String(20))

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20) DEFAULT 'it''s 5%', 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== server_default=None
-- op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER, 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== server_default, an expression
-- op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME DEFAULT (CURRENT_TIMESTAMP), 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== server_default, an identity added
-- op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5), existing_server_default=None, existing_type=sa.Integer())

-- sqlite
-- refused: SQLite has no identity columns (column 'a' of table 't'): an Integer primary key counts by itself


-- ==== server_default, an identity changed
-- op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3), existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())

-- sqlite
-- refused: Table 't' has no column 'i'; it has id, a, b, c, d, e, f, select


-- ==== server_default, an identity dropped
-- op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(), existing_type=sa.Integer())

-- sqlite
-- refused: Table 't' has no column 'i'; it has id, a, b, c, d, e, f, select


-- ==== server_default, a computed column
-- op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())

-- sqlite
-- refused: Column 'a' of table 't': an existing column can't be made computed (GENERATED ALWAYS AS), nor its expression be changed or taken away; drop and add the column


-- ==== new_column_name
-- op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)

-- sqlite
ALTER TABLE t RENAME COLUMN c TO "Order";


-- ==== comment
-- op.alter_column("t", "a", comment="it's", existing_type=sa.Integer(), existing_nullable=False)

-- sqlite
-- nothing


-- ==== comment=None
-- op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(), existing_nullable=False)

-- sqlite
-- nothing


-- ==== autoincrement
-- op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)

-- sqlite
-- nothing


-- ==== existing_*
-- op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7", existing_comment="y")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER DEFAULT '7' NOT NULL, 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== existing_autoincrement
-- op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False, existing_autoincrement=True)

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id BIGINT NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== everything
-- op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3", new_column_name="z", comment="last", existing_type=sa.Integer())

-- sqlite
ALTER TABLE t RENAME COLUMN c TO z;

CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	z BIGINT DEFAULT '3' NOT NULL, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, z, d, e, f, "select") SELECT t.id, t.a, t.b, t.z, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== without a type
-- op.alter_column("t", "c", nullable=False)

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	b VARCHAR(20), 
	c INTEGER NOT NULL, 
	d INTEGER DEFAULT '7', 
	e DATETIME, 
	f INTEGER, 
	"select" INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);
