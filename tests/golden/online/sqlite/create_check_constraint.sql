-- O12 op.create_check_constraint: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.create_check_constraint("ck_new", "t", "b like '5%'")

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
	CONSTRAINT ck_new CHECK (b like '5%')
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== expression
-- op.create_check_constraint("ck_new", "t", sa.column("a") > 5)

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
	CONSTRAINT ck_new CHECK (a > 5)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== schema
-- op.create_check_constraint("ck_new", "t", "a > 5", schema="s")

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
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	CONSTRAINT ck_new CHECK (a > 5)
);

INSERT INTO s._alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT s.t.id, s.t.a, s.t.b, s.t.c, s.t.d, s.t.e, s.t.f, s.t."select" FROM s.t;

DROP TABLE s.t;

ALTER TABLE s._alembic_tmp_t RENAME TO t;

CREATE INDEX s.ix_t_c ON t (d);


-- ==== deferrable
-- op.create_check_constraint("ck_new", "t", "a > 5", deferrable=True, initially="DEFERRED")

-- sqlite
-- refused: SQLite can't defer a CHECK constraint (table 't'): leave deferrable and initially out


-- ==== name=None
-- op.create_check_constraint(None, "t", "a > 5")

-- sqlite
-- refused: Naming convention including %(constraint_name)s token requires that constraint is explicitly named.
