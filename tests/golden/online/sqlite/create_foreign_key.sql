-- O11 op.create_foreign_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"])

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== several columns
-- op.create_foreign_key("fk_new", "t", "o", ["a", "c"], ["x", "y"])

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== onupdate, ondelete
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], onupdate="CASCADE", ondelete="SET NULL")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== deferrable, initially
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], deferrable=True, initially="DEFERRED")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) DEFERRABLE INITIALLY DEFERRED
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== match
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], match="FULL")

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== schemas
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], source_schema="s", referent_schema="s")

-- sqlite
PRAGMA "s".foreign_key_check("t");

CREATE TABLE s._alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id)
);

INSERT INTO s._alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT s.t.id, s.t.a, s.t.b, s.t.c, s.t.d, s.t.e, s.t.f, s.t."select" FROM s.t;

DROP TABLE s.t;

ALTER TABLE s._alembic_tmp_t RENAME TO t;

CREATE INDEX s.ix_t_c ON t (d);

PRAGMA "s".foreign_key_check("t");


-- ==== use_alter
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], use_alter=True)

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== to itself
-- op.create_foreign_key("fk_new", "t", "t", ["select"], ["id"])

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_new FOREIGN KEY("select") REFERENCES t (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== name=None
-- op.create_foreign_key(None, "t", "o", ["c"], ["id"])

-- sqlite
CREATE TABLE _alembic_tmp_t (
	id INTEGER NOT NULL, 
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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);
