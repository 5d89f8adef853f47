-- O10 op.create_unique_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_unique_constraint("uq_new", "t", ["a", "c"])

-- sqlite
BEGIN IMMEDIATE;

PRAGMA legacy_alter_table=ON;

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
	CONSTRAINT uq_new UNIQUE (a, c)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);

PRAGMA legacy_alter_table=OFF;


-- ==== schema
-- op.create_unique_constraint("uq_new", "t", ["a"], schema="s")

-- sqlite
BEGIN IMMEDIATE;

PRAGMA legacy_alter_table=ON;

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
	CONSTRAINT uq_new UNIQUE (a)
);

INSERT INTO s._alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM s.t;

DROP TABLE s.t;

ALTER TABLE s._alembic_tmp_t RENAME TO t;

CREATE INDEX s.ix_t_c ON t (d);

PRAGMA legacy_alter_table=OFF;


-- ==== deferrable, initially
-- op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")

-- sqlite
-- refused: Can't read this CREATE TABLE text (a table constraint expected near 'DEFERRABLE INITIALLY DEFERRED\n'): CREATE TABLE t (


-- ==== name=None
-- op.create_unique_constraint(None, "t", ["a", "c"])

-- sqlite
BEGIN IMMEDIATE;

PRAGMA legacy_alter_table=ON;

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
	CONSTRAINT uq_t_a UNIQUE (a, c)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);

PRAGMA legacy_alter_table=OFF;


-- ==== nulls not distinct
-- op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)

-- sqlite
BEGIN IMMEDIATE;

PRAGMA legacy_alter_table=ON;

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
	CONSTRAINT uq_new UNIQUE (a)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT id, a, b, c, d, e, f, "select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);

PRAGMA legacy_alter_table=OFF;
