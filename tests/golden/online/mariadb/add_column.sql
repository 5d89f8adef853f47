-- O1 op.add_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.add_column("t", sa.Column("new", sa.Integer()))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER;


-- ==== schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="s")

-- mariadb
ALTER TABLE s.t ADD COLUMN new INTEGER;


-- ==== dotted schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")

-- mariadb
-- refused: (pymysql.err.ProgrammingError) (1064, "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '.t ADD COLUMN new INTEGER' at line 1")


-- ==== not null with default
-- op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT '5';


-- ==== not null
-- op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL;


-- ==== default expression
-- op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))

-- mariadb
ALTER TABLE t ADD COLUMN new DATETIME DEFAULT (now());


-- ==== default text
-- op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("'a'")))

-- mariadb
ALTER TABLE t ADD COLUMN new VARCHAR(9) DEFAULT 'a';


-- ==== if_not_exists
-- op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)

-- mariadb
ALTER TABLE t ADD COLUMN IF NOT EXISTS new INTEGER;


-- ==== foreign key
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD FOREIGN KEY(new) REFERENCES o (id);


-- ==== foreign key, named, with actions
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(new) REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;


-- ==== inline_references
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")), inline_references=True)

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER REFERENCES o (id) ON DELETE SET NULL;


-- ==== inline_primary_key
-- op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)

-- mariadb
ALTER TABLE u ADD COLUMN new INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY;


-- ==== check of a boolean
-- op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))

-- mariadb
ALTER TABLE t ADD COLUMN new BOOL;

ALTER TABLE t ADD CONSTRAINT is_new CHECK (new IN (0, 1));


-- ==== unique
-- op.add_column("t", sa.Column("new", sa.Integer(), unique=True))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD UNIQUE (new);


-- ==== index
-- op.add_column("t", sa.Column("new", sa.Integer(), index=True))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

CREATE INDEX ix_t_new ON t (new);


-- ==== comment
-- op.add_column("t", sa.Column("new", sa.Integer(), comment="it's 100% \"new\""))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER COMMENT 'it''s 100%% "new"';


-- ==== computed
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;


-- ==== computed, persisted
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) STORED;


-- ==== identity
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))

-- mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL;


-- ==== enum
-- op.add_column("t", sa.Column("new", sa.Enum("x", "it's", name="kind")))

-- mariadb
ALTER TABLE t ADD COLUMN new ENUM('x','it''s');


-- ==== json with default
-- op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))

-- mariadb
ALTER TABLE t ADD COLUMN new JSON DEFAULT '{}';


-- ==== reserved word
-- op.add_column("t", sa.Column("order", sa.Integer()))

-- mariadb
ALTER TABLE t ADD COLUMN `order` INTEGER;
