-- O1 op.add_column: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.add_column("t", sa.Column("new", sa.Integer()))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/


-- ==== schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="s")

-- sqlite, mysql, mariadb
ALTER TABLE s.t ADD COLUMN new INTEGER;

-- postgresql, duckdb
ALTER TABLE s.t ADD COLUMN "new" INTEGER;

-- mssql
ALTER TABLE s.t ADD new INTEGER NULL;

GO

-- oracle
ALTER TABLE s.t ADD new INTEGER

/


-- ==== dotted schema
-- op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")

-- sqlite, mysql, mariadb
ALTER TABLE a.b.t ADD COLUMN new INTEGER;

-- postgresql, duckdb
ALTER TABLE a.b.t ADD COLUMN "new" INTEGER;

-- mssql
ALTER TABLE a.b.t ADD new INTEGER NULL;

GO

-- oracle
ALTER TABLE a.b.t ADD new INTEGER

/


-- ==== not null with default
-- op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER DEFAULT '5' NOT NULL;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER DEFAULT '5' NOT NULL;

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT '5';

-- mssql
ALTER TABLE t ADD new INTEGER NOT NULL DEFAULT '5';

GO

-- oracle
ALTER TABLE t ADD new INTEGER DEFAULT '5' NOT NULL

/


-- ==== not null
-- op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER NOT NULL;

-- mssql
ALTER TABLE t ADD new INTEGER NOT NULL;

GO

-- oracle
ALTER TABLE t ADD new INTEGER NOT NULL

/


-- ==== default expression
-- op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))

-- sqlite
ALTER TABLE t ADD COLUMN new DATETIME DEFAULT CURRENT_TIMESTAMP;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" TIMESTAMP WITHOUT TIME ZONE DEFAULT now();

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new DATETIME DEFAULT (now());

-- mssql
ALTER TABLE t ADD new DATETIME NULL DEFAULT CURRENT_TIMESTAMP;

GO

-- oracle
ALTER TABLE t ADD new DATE DEFAULT CURRENT_TIMESTAMP

/


-- ==== default text
-- op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("'a'")))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new VARCHAR(9) DEFAULT 'a';

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" VARCHAR(9) DEFAULT 'a';

-- mssql
ALTER TABLE t ADD new VARCHAR(9) NULL DEFAULT 'a';

GO

-- oracle
ALTER TABLE t ADD new VARCHAR2(9 CHAR) DEFAULT 'a'

/


-- ==== if_not_exists
-- op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)
-- other than Alembic: mssql, Alembic leaves the argument out; oracle, Alembic leaves the argument out

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN IF NOT EXISTS new INTEGER;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN IF NOT EXISTS "new" INTEGER;

-- mssql
IF COL_LENGTH(N't', N'new') IS NULL ALTER TABLE t ADD new INTEGER NULL;

GO

-- oracle
BEGIN EXECUTE IMMEDIATE 'ALTER TABLE t ADD new INTEGER'; EXCEPTION WHEN OTHERS THEN IF SQLCODE != -1430 THEN RAISE; END IF; END;

/


-- ==== foreign key
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD FOREIGN KEY("new") REFERENCES o (id);

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD FOREIGN KEY(new) REFERENCES o (id);

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

ALTER TABLE t ADD FOREIGN KEY(new) REFERENCES o (id);

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/

ALTER TABLE t ADD FOREIGN KEY(new) REFERENCES o (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== foreign key, named, with actions
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY("new") REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(new) REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(new) REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE;

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/

ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(new) REFERENCES o (id) ON DELETE CASCADE

/

-- duckdb
-- refused: DuckDB can't do ON DELETE CASCADE (table 't'): delete or change the referring rows yourself


-- ==== inline_references
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")), inline_references=True)
-- other than Alembic: mssql, Alembic leaves the argument out; oracle, Alembic leaves the argument out; duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER REFERENCES o (id) ON DELETE SET NULL;

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER REFERENCES o (id) ON DELETE SET NULL;

-- mssql
ALTER TABLE t ADD new INTEGER NULL REFERENCES o (id) ON DELETE SET NULL;

GO

-- oracle
ALTER TABLE t ADD new INTEGER REFERENCES o (id) ON DELETE SET NULL

/

-- duckdb
-- refused: DuckDB can't do ON DELETE SET NULL (table 't'): delete or change the referring rows yourself


-- ==== inline_primary_key
-- op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)
-- other than Alembic: mssql, Alembic leaves the argument out; oracle, Alembic leaves the argument out; duckdb, the sequence that the column counts with is made too

-- sqlite
ALTER TABLE u ADD COLUMN new INTEGER NOT NULL PRIMARY KEY;

-- postgresql
ALTER TABLE u ADD COLUMN "new" SERIAL NOT NULL PRIMARY KEY;

-- mysql, mariadb
ALTER TABLE u ADD COLUMN new INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY;

-- mssql
ALTER TABLE u ADD new INTEGER NOT NULL IDENTITY PRIMARY KEY;

GO

-- oracle
ALTER TABLE u ADD new INTEGER NOT NULL PRIMARY KEY

/

-- duckdb
CREATE SEQUENCE IF NOT EXISTS u_new_seq;

ALTER TABLE u ADD COLUMN "new" INTEGER DEFAULT nextval('u_new_seq') NOT NULL PRIMARY KEY;


-- ==== check of a boolean
-- op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))

-- sqlite
ALTER TABLE t ADD COLUMN new BOOLEAN;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" BOOLEAN;

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new BOOL;

ALTER TABLE t ADD CONSTRAINT is_new CHECK (new IN (0, 1));

-- mssql
ALTER TABLE t ADD new BIT NULL;

GO

-- oracle
ALTER TABLE t ADD new BOOLEAN

/


-- ==== unique
-- op.add_column("t", sa.Column("new", sa.Integer(), unique=True))

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

ALTER TABLE t ADD UNIQUE ("new");

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

ALTER TABLE t ADD UNIQUE (new);

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

ALTER TABLE t ADD UNIQUE (new);

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/

ALTER TABLE t ADD UNIQUE (new)

/


-- ==== index
-- op.add_column("t", sa.Column("new", sa.Integer(), index=True))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER;

CREATE INDEX ix_t_new ON t (new);

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

CREATE INDEX ix_t_new ON t ("new");

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

CREATE INDEX ix_t_new ON t (new);

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/

CREATE INDEX ix_t_new ON t (new)

/


-- ==== comment
-- op.add_column("t", sa.Column("new", sa.Integer(), comment="it's 100% \"new\""))

-- sqlite
ALTER TABLE t ADD COLUMN new INTEGER;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER;

COMMENT ON COLUMN t."new" IS 'it''s 100% "new"';

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER COMMENT 'it''s 100% "new"';

-- mssql
ALTER TABLE t ADD new INTEGER NULL;

GO

execute sp_addextendedproperty 'MS_Description', N'it''s 100% "new"', 'schema', dbo, 'table', t, 'column', new;

GO

-- oracle
ALTER TABLE t ADD new INTEGER

/

COMMENT ON COLUMN t.new IS 'it''s 100% "new"'

/


-- ==== computed
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;

-- mssql
ALTER TABLE t ADD new AS (a + 1);

GO

-- oracle
ALTER TABLE t ADD new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL

/


-- ==== computed, persisted
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) STORED;

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS (a + 1) STORED;

-- mssql
ALTER TABLE t ADD new AS (a + 1) PERSISTED;

GO

-- oracle
-- refused: Oracle Database computed columns do not support 'stored' persistence; set the 'persisted' flag to None or False for Oracle Database support.

-- duckdb
-- refused: DuckDB can't store a computed value (column 'new' of table 't'): leave persisted=True out: it is computed when read


-- ==== identity
-- op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new INTEGER NOT NULL;

-- postgresql
ALTER TABLE t ADD COLUMN "new" INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 5);

-- mssql
ALTER TABLE t ADD new INTEGER NOT NULL IDENTITY(5,1);

GO

-- oracle
ALTER TABLE t ADD new INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 5)

/

-- duckdb
-- refused: DuckDB can't make identity columns (column 'new' of table 't'): use a sequence: server_default=sa.text("nextval('name')"), or an Integer primary key


-- ==== enum
-- op.add_column("t", sa.Column("new", sa.Enum("x", "it's", name="kind")))
-- other than Alembic: duckdb, the type is made with its first column

-- sqlite
ALTER TABLE t ADD COLUMN new VARCHAR(4);

-- postgresql
ALTER TABLE t ADD COLUMN "new" kind;

-- mysql, mariadb
ALTER TABLE t ADD COLUMN new ENUM('x','it''s');

-- mssql
ALTER TABLE t ADD new VARCHAR(4) NULL;

GO

-- oracle
ALTER TABLE t ADD new VARCHAR(4 CHAR)

/

-- duckdb
CREATE OR REPLACE TYPE kind AS ENUM ('x', 'it''s');

ALTER TABLE t ADD COLUMN "new" kind;


-- ==== json with default
-- op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))

-- sqlite, mysql, mariadb
ALTER TABLE t ADD COLUMN new JSON DEFAULT '{}';

-- postgresql, duckdb
ALTER TABLE t ADD COLUMN "new" JSON DEFAULT '{}';

-- mssql
ALTER TABLE t ADD new NVARCHAR(max) NULL DEFAULT '{}';

GO

-- oracle
ALTER TABLE t ADD new JSON DEFAULT '{}'

/


-- ==== reserved word
-- op.add_column("t", sa.Column("order", sa.Integer()))

-- sqlite, postgresql, duckdb
ALTER TABLE t ADD COLUMN "order" INTEGER;

-- mysql, mariadb
ALTER TABLE t ADD COLUMN `order` INTEGER;

-- mssql
ALTER TABLE t ADD [order] INTEGER NULL;

GO

-- oracle
ALTER TABLE t ADD "order" INTEGER

/
