-- O14 op.drop_constraint: written by tests/golden; read it before you commit a change of it


-- ==== unique
-- op.drop_constraint("uq_t_b", "t", type_="unique")

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
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== foreignkey
-- op.drop_constraint("fk_t_f", "t", type_="foreignkey")

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
	CONSTRAINT ck_t_a CHECK (a > -5)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== primary
-- op.drop_constraint("pk_w", "w", type_="primary")

-- sqlite
CREATE TABLE _alembic_tmp_w (
	a INTEGER NOT NULL
);

INSERT INTO _alembic_tmp_w (a) SELECT w.a FROM w;

DROP TABLE w;

ALTER TABLE _alembic_tmp_w RENAME TO w;


-- ==== check
-- op.drop_constraint("ck_t_a", "t", type_="check")

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
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== without type_
-- op.drop_constraint("uq_t_b", "t")

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
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== schema
-- op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")

-- sqlite
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
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO s._alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT s.t.id, s.t.a, s.t.b, s.t.c, s.t.d, s.t.e, s.t.f, s.t."select" FROM s.t;

DROP TABLE s.t;

ALTER TABLE s._alembic_tmp_t RENAME TO t;

CREATE INDEX s.ix_t_c ON t (d);


-- ==== if_exists
-- op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)

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
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);
