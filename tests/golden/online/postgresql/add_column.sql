-- O1 op.add_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.add_column("t", sa.Column("new", sa.Integer()))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;


-- ==== schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="s")

-- postgresql
ALTER TABLE s.t ADD COLUMN "new" INTEGER;


-- ==== dotted schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")

-- postgresql
-- refused: (psycopg.errors.FeatureNotSupported) cross-database references are not implemented: "a.b.t"


-- ==== not null with default
-- op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER DEFAULT '5' NOT NULL;


-- ==== not null
-- op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))

-- postgresql
-- refused: (psycopg.errors.NotNullViolation) column "new" of relation "t" contains null values


-- ==== default expression
-- op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))

-- postgresql
ALTER TABLE t ADD COLUMN "new" TIMESTAMP WITHOUT TIME ZONE DEFAULT now();


-- ==== default text
-- op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("'a'")))

-- postgresql
ALTER TABLE t ADD COLUMN "new" VARCHAR(9) DEFAULT 'a';


-- ==== if_not_exists
-- op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)

-- postgresql
ALTER TABLE t ADD COLUMN IF NOT EXISTS "new" INTEGER;


-- ==== foreign key
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD FOREIGN KEY("new") REFERENCES o (id);


-- ==== foreign key, named, with actions
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY("new") REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;


-- ==== inline_references
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")), inline_references=True)

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER REFERENCES o (id) ON DELETE SET NULL;


-- ==== inline_primary_key
-- op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)

-- postgresql
ALTER TABLE u ADD COLUMN "new" SERIAL NOT NULL PRIMARY KEY;


-- ==== check of a boolean
-- op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))

-- postgresql
ALTER TABLE t ADD COLUMN "new" BOOLEAN;


-- ==== unique
-- op.add_column("t", sa.Column("new", sa.Integer(), unique=True))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD UNIQUE ("new");


-- ==== index
-- op.add_column("t", sa.Column("new", sa.Integer(), index=True))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

CREATE INDEX ix_t_new ON t ("new");


-- ==== comment
-- op.add_column("t", sa.Column("new", sa.Integer(), comment="it's 100% \"new\""))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

COMMENT ON COLUMN t."new" IS 'it''s 100%% "new"';


-- ==== computed
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;


-- ==== computed, persisted
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS (a + 1) STORED;


-- ==== identity
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 5);


-- ==== enum
-- op.add_column("t", sa.Column("new", sa.Enum("x", "it's", name="kind")))

-- postgresql
CREATE TYPE kind AS ENUM ('x', 'it''s');

COMMENT ON TYPE kind IS 'made with its first column, goes with its last';

ALTER TABLE t ADD COLUMN "new" kind;


-- ==== json with default
-- op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))

-- postgresql
ALTER TABLE t ADD COLUMN "new" JSON DEFAULT '{}';


-- ==== reserved word
-- op.add_column("t", sa.Column("order", sa.Integer()))

-- postgresql
ALTER TABLE t ADD COLUMN "order" INTEGER;
