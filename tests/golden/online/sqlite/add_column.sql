-- O1 op.add_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.add_column("t", sa.Column("new", sa.Integer()))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER;


-- ==== schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="s")

-- sqlite
ALTER TABLE s.t ADD COLUMN new INTEGER;


-- ==== dotted schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")

-- sqlite
-- refused: (sqlite3.OperationalError) no such table: a.b.sqlite_master


-- ==== not null with default
-- op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER DEFAULT '5' NOT NULL;


-- ==== not null
-- op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))

-- sqlite
-- refused: (sqlite3.IntegrityError) NOT NULL constraint failed: _alembic_tmp_t.new


-- ==== default expression
-- op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))

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
	new DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== default text
-- op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("'a'")))

-- sqlite
ALTER TABLE t ADD COLUMN new VARCHAR(9) DEFAULT 'a';


-- ==== if_not_exists
-- op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER;


-- ==== foreign key
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER REFERENCES o (id);


-- ==== foreign key, named, with actions
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER CONSTRAINT fk_new REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;


-- ==== inline_references
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")), inline_references=True)

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER REFERENCES o (id) ON DELETE SET NULL;


-- ==== inline_primary_key
-- op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)

-- sqlite
CREATE TABLE _alembic_tmp_u (
	a INTEGER, 
	c INTEGER, 
	new INTEGER NOT NULL, 
	PRIMARY KEY (new)
);

INSERT INTO _alembic_tmp_u (a, c) SELECT u.a, u.c FROM u;

DROP TABLE u;

ALTER TABLE _alembic_tmp_u RENAME TO u;


-- ==== check of a boolean
-- op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))

-- sqlite
ALTER TABLE t ADD COLUMN new BOOLEAN CONSTRAINT is_new CHECK (new IN (0, 1));


-- ==== unique
-- op.add_column("t", sa.Column("new", sa.Integer(), unique=True))

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
	new INTEGER, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id), 
	UNIQUE (new)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== index
-- op.add_column("t", sa.Column("new", sa.Integer(), index=True))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER;

CREATE INDEX ix_t_new ON t (new);


-- ==== comment
-- op.add_column("t", sa.Column("new", sa.Integer(), comment="it's 100% \"new\""))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER;


-- ==== computed
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;


-- ==== computed, persisted
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))

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
	new INTEGER GENERATED ALWAYS AS (a + 1) STORED, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_t_b UNIQUE (b), 
	CONSTRAINT ck_t_a CHECK (a > -5), 
	CONSTRAINT fk_t_f FOREIGN KEY(f) REFERENCES o (id)
);

INSERT INTO _alembic_tmp_t (id, a, b, c, d, e, f, "select") SELECT t.id, t.a, t.b, t.c, t.d, t.e, t.f, t."select" FROM t;

DROP TABLE t;

ALTER TABLE _alembic_tmp_t RENAME TO t;

CREATE INDEX ix_t_c ON t (d);


-- ==== identity
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))

-- sqlite
-- refused: (sqlite3.IntegrityError) NOT NULL constraint failed: _alembic_tmp_t.new


-- ==== enum
-- op.add_column("t", sa.Column("new", sa.Enum("x", "it's", name="kind")))

-- sqlite
ALTER TABLE t ADD COLUMN new VARCHAR(4);


-- ==== json with default
-- op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))

-- sqlite
ALTER TABLE t ADD COLUMN new JSON DEFAULT '{}';


-- ==== reserved word
-- op.add_column("t", sa.Column("order", sa.Integer()))

-- sqlite
ALTER TABLE t ADD COLUMN "order" INTEGER;
