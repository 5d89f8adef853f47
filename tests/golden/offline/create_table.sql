-- O4 op.create_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(50)))

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
	n VARCHAR(50), 
	PRIMARY KEY (id)
);

-- postgresql
CREATE TABLE "new" (
	id SERIAL NOT NULL, 
	n VARCHAR(50), 
	PRIMARY KEY (id)
);

-- mysql, mariadb
CREATE TABLE new (
	id INTEGER NOT NULL AUTO_INCREMENT, 
	n VARCHAR(50), 
	PRIMARY KEY (id)
);

-- mssql
CREATE TABLE new (
	id INTEGER NOT NULL IDENTITY, 
	n VARCHAR(50) NULL, 
	PRIMARY KEY (id)
);

GO

-- oracle
CREATE TABLE new (
	id INTEGER NOT NULL, 
	n VARCHAR2(50 CHAR), 
	PRIMARY KEY (id)
)

/

-- duckdb
CREATE SEQUENCE IF NOT EXISTS new_id_seq;

CREATE TABLE "new" (
	id INTEGER DEFAULT nextval('new_id_seq') NOT NULL, 
	n VARCHAR(50), 
	PRIMARY KEY (id)
);


-- ==== schema
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), schema="s")

-- sqlite
CREATE TABLE s.new (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id)
);

-- postgresql
CREATE TABLE s."new" (
	id SERIAL NOT NULL, 
	PRIMARY KEY (id)
);

-- mysql, mariadb
CREATE TABLE s.new (
	id INTEGER NOT NULL AUTO_INCREMENT, 
	PRIMARY KEY (id)
);

-- mssql
CREATE TABLE s.new (
	id INTEGER NOT NULL IDENTITY, 
	PRIMARY KEY (id)
);

GO

-- oracle
CREATE TABLE s.new (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id)
)

/

-- duckdb
CREATE SEQUENCE IF NOT EXISTS s.new_id_seq;

CREATE TABLE s."new" (
	id INTEGER DEFAULT nextval('s.new_id_seq') NOT NULL, 
	PRIMARY KEY (id)
);


-- ==== if_not_exists
-- op.create_table("new", sa.Column("a", sa.Integer()), if_not_exists=True)

-- sqlite, mysql, mariadb
CREATE TABLE IF NOT EXISTS new (
	a INTEGER
);

-- postgresql, duckdb
CREATE TABLE IF NOT EXISTS "new" (
	a INTEGER
);

-- mssql
CREATE TABLE IF NOT EXISTS new (
	a INTEGER NULL
);

GO

-- oracle
CREATE TABLE IF NOT EXISTS new (
	a INTEGER
)

/


-- ==== comments
-- op.create_table("new", sa.Column("a", sa.Integer(), comment="it's 5%"), comment="a 'table'")

-- sqlite
CREATE TABLE new (
	a INTEGER
);

-- postgresql, duckdb
CREATE TABLE "new" (
	a INTEGER
);

COMMENT ON TABLE "new" IS 'a ''table''';

COMMENT ON COLUMN "new".a IS 'it''s 5%';

-- mysql, mariadb
CREATE TABLE new (
	a INTEGER COMMENT 'it''s 5%'
)COMMENT='a ''table''';

-- mssql
CREATE TABLE new (
	a INTEGER NULL
);

GO

execute sp_addextendedproperty 'MS_Description', N'a ''table''', 'schema', dbo, 'table', new;

GO

execute sp_addextendedproperty 'MS_Description', N'it''s 5%', 'schema', dbo, 'table', new, 'column', a;

GO

-- oracle
CREATE TABLE new (
	a INTEGER
)

/

COMMENT ON TABLE new IS 'a ''table'''

/

COMMENT ON COLUMN new.a IS 'it''s 5%'

/


-- ==== constraints
-- op.create_table("new", sa.Column("id", sa.Integer(), nullable=False), sa.Column("o", sa.Integer(), sa.ForeignKey("o.id", ondelete="CASCADE")), sa.PrimaryKeyConstraint("id", name="pk_new"), sa.UniqueConstraint("o", "id", name="uq_new"), sa.CheckConstraint("o > 0", name="positive"))
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
	o INTEGER, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
);

-- postgresql
CREATE TABLE "new" (
	id SERIAL NOT NULL, 
	o INTEGER, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
);

-- mysql, mariadb
CREATE TABLE new (
	id INTEGER NOT NULL AUTO_INCREMENT, 
	o INTEGER, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
);

-- mssql
CREATE TABLE new (
	id INTEGER NOT NULL IDENTITY, 
	o INTEGER NULL, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
);

GO

-- oracle
CREATE TABLE new (
	id INTEGER NOT NULL, 
	o INTEGER, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
)

/

-- duckdb
-- refused: DuckDB can't do ON DELETE CASCADE (table 'new'): delete or change the referring rows yourself


-- ==== indexes
-- op.create_table("new", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()), sa.Index("ix_ab", "a", "b", unique=True))

-- sqlite, mysql, mariadb
CREATE TABLE new (
	a INTEGER, 
	b INTEGER
);

CREATE UNIQUE INDEX ix_ab ON new (a, b);

CREATE INDEX ix_new_a ON new (a);

-- postgresql, duckdb
CREATE TABLE "new" (
	a INTEGER, 
	b INTEGER
);

CREATE UNIQUE INDEX ix_ab ON "new" (a, b);

CREATE INDEX ix_new_a ON "new" (a);

-- mssql
CREATE TABLE new (
	a INTEGER NULL, 
	b INTEGER NULL
);

GO

CREATE UNIQUE INDEX ix_ab ON new (a, b);

GO

CREATE INDEX ix_new_a ON new (a);

GO

-- oracle
CREATE TABLE new (
	a INTEGER, 
	b INTEGER
)

/

CREATE UNIQUE INDEX ix_ab ON new (a, b)

/

CREATE INDEX ix_new_a ON new (a)

/


-- ==== default, computed
-- op.create_table("new", sa.Column("a", sa.Integer(), server_default="5"), sa.Column("at", sa.DateTime(), server_default=sa.func.now()), sa.Column("c", sa.Integer(), sa.Computed("a * 2", persisted=True)))
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite
CREATE TABLE new (
	a INTEGER DEFAULT '5', 
	at DATETIME DEFAULT CURRENT_TIMESTAMP, 
	c INTEGER GENERATED ALWAYS AS (a * 2) STORED
);

-- postgresql
CREATE TABLE "new" (
	a INTEGER DEFAULT '5', 
	at TIMESTAMP WITHOUT TIME ZONE DEFAULT now(), 
	c INTEGER GENERATED ALWAYS AS (a * 2) STORED
);

-- mysql, mariadb
CREATE TABLE new (
	a INTEGER DEFAULT '5', 
	at DATETIME DEFAULT (now()), 
	c INTEGER GENERATED ALWAYS AS (a * 2) STORED
);

-- mssql
CREATE TABLE new (
	a INTEGER NULL DEFAULT '5', 
	at DATETIME NULL DEFAULT CURRENT_TIMESTAMP, 
	c AS (a * 2) PERSISTED
);

GO

-- oracle
-- refused: (in table 'new', column 'c'): Oracle Database computed columns do not support 'stored' persistence; set the 'persisted' flag to None or False for Oracle Database support.

-- duckdb
-- refused: DuckDB can't store a computed value (column 'c' of table 'new'): leave persisted=True out: it is computed when read


-- ==== identity
-- op.create_table("new", sa.Column("id", sa.Integer(), sa.Identity(start=7), primary_key=True))

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id)
);

-- postgresql
CREATE TABLE "new" (
	id INTEGER GENERATED BY DEFAULT AS IDENTITY (START WITH 7), 
	PRIMARY KEY (id)
);

-- mysql, mariadb
CREATE TABLE new (
	id INTEGER NOT NULL AUTO_INCREMENT, 
	PRIMARY KEY (id)
);

-- mssql
CREATE TABLE new (
	id INTEGER NOT NULL IDENTITY(7,1), 
	PRIMARY KEY (id)
);

GO

-- oracle
CREATE TABLE new (
	id INTEGER GENERATED BY DEFAULT AS IDENTITY (START WITH 7), 
	PRIMARY KEY (id)
)

/

-- duckdb
-- refused: DuckDB can't make identity columns (column 'id' of table 'new'): use a sequence: server_default=sa.text("nextval('name')"), or an Integer primary key


-- ==== an enum
-- op.create_table("new", sa.Column("a", sa.Enum("x", "y", name="kind")))

-- sqlite
CREATE TABLE new (
	a VARCHAR(1)
);

-- postgresql, duckdb
CREATE TYPE kind AS ENUM ('x', 'y');

CREATE TABLE "new" (
	a kind
);

-- mysql, mariadb
CREATE TABLE new (
	a ENUM('x','y')
);

-- mssql
CREATE TABLE new (
	a VARCHAR(1) NULL
);

GO

-- oracle
CREATE TABLE new (
	a VARCHAR(1 CHAR)
)

/


-- ==== types
-- op.create_table("new", sa.Column("a", sa.BigInteger()), sa.Column("b", sa.Boolean()), sa.Column("c", sa.Date()), sa.Column("d", sa.DateTime(timezone=True)), sa.Column("e", sa.Float()), sa.Column("f", sa.JSON()), sa.Column("g", sa.LargeBinary()), sa.Column("h", sa.Numeric(10, 2)), sa.Column("i", sa.Text()), sa.Column("j", sa.Time()), sa.Column("k", sa.Uuid()))

-- sqlite
CREATE TABLE new (
	a BIGINT, 
	b BOOLEAN, 
	c DATE, 
	d DATETIME, 
	e FLOAT, 
	f JSON, 
	g BLOB, 
	h NUMERIC(10, 2), 
	i TEXT, 
	j TIME, 
	k CHAR(32)
);

-- postgresql
CREATE TABLE "new" (
	a BIGINT, 
	b BOOLEAN, 
	c DATE, 
	d TIMESTAMP WITH TIME ZONE, 
	e FLOAT, 
	f JSON, 
	g BYTEA, 
	h NUMERIC(10, 2), 
	i TEXT, 
	j TIME WITHOUT TIME ZONE, 
	k UUID
);

-- mysql
CREATE TABLE new (
	a BIGINT, 
	b BOOL, 
	c DATE, 
	d DATETIME, 
	e FLOAT, 
	f JSON, 
	g BLOB, 
	h NUMERIC(10, 2), 
	i TEXT, 
	j TIME, 
	k CHAR(32)
);

-- mariadb
CREATE TABLE new (
	a BIGINT, 
	b BOOL, 
	c DATE, 
	d DATETIME, 
	e FLOAT, 
	f JSON, 
	g BLOB, 
	h NUMERIC(10, 2), 
	i TEXT, 
	j TIME, 
	k UUID
);

-- mssql
CREATE TABLE new (
	a BIGINT NULL, 
	b BIT NULL, 
	c DATETIME NULL, 
	d DATETIMEOFFSET NULL, 
	e FLOAT NULL, 
	f NVARCHAR(max) NULL, 
	g IMAGE NULL, 
	h NUMERIC(10, 2) NULL, 
	i TEXT NULL, 
	j DATETIME NULL, 
	k UNIQUEIDENTIFIER NULL
);

GO

-- oracle
CREATE TABLE new (
	a NUMBER(19), 
	b BOOLEAN, 
	c DATE, 
	d DATE, 
	e FLOAT, 
	f JSON, 
	g BLOB, 
	h NUMERIC(10, 2), 
	i CLOB, 
	j TIME, 
	k CHAR(32)
)

/

-- duckdb
CREATE TABLE "new" (
	a BIGINT, 
	b BOOLEAN, 
	c DATE, 
	d TIMESTAMP WITH TIME ZONE, 
	e DOUBLE, 
	f JSON, 
	g BYTEA, 
	h NUMERIC(10, 2), 
	i TEXT, 
	j TIME WITHOUT TIME ZONE, 
	k UUID
);


-- ==== keywords of the databases
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), mysql_engine="InnoDB", mysql_charset="utf8mb4", mariadb_engine="InnoDB", mariadb_charset="utf8mb4", sqlite_autoincrement=True, postgresql_with={"fillfactor": 70}, oracle_compress=True)

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT
);

-- postgresql
CREATE TABLE "new" (
	id SERIAL NOT NULL, 
	PRIMARY KEY (id)
)
 WITH (fillfactor = 70);

-- mysql, mariadb
CREATE TABLE new (
	id INTEGER NOT NULL AUTO_INCREMENT, 
	PRIMARY KEY (id)
)ENGINE=InnoDB CHARSET=utf8mb4;

-- mssql
CREATE TABLE new (
	id INTEGER NOT NULL IDENTITY, 
	PRIMARY KEY (id)
);

GO

-- oracle
CREATE TABLE new (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id)
)
 COMPRESS

/

-- duckdb
CREATE SEQUENCE IF NOT EXISTS new_id_seq;

CREATE TABLE "new" (
	id INTEGER DEFAULT nextval('new_id_seq') NOT NULL, 
	PRIMARY KEY (id)
)
 WITH (fillfactor = 70);


-- ==== prefixes
-- op.create_table("new", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"])

-- sqlite, mysql, mariadb
CREATE TEMPORARY TABLE new (
	a INTEGER
);

-- postgresql, duckdb
CREATE TEMPORARY TABLE "new" (
	a INTEGER
);

-- mssql
CREATE TEMPORARY TABLE new (
	a INTEGER NULL
);

GO

-- oracle
CREATE TEMPORARY TABLE new (
	a INTEGER
)

/


-- ==== two with one enum
-- [op.create_table(name, sa.Column("a", sa.Enum("x", "y", name="kind"))) for name in ("new", "newer")]

-- sqlite
CREATE TABLE new (
	a VARCHAR(1)
);

CREATE TABLE newer (
	a VARCHAR(1)
);

-- postgresql, duckdb
CREATE TYPE kind AS ENUM ('x', 'y');

CREATE TABLE "new" (
	a kind
);

CREATE TABLE newer (
	a kind
);

-- mysql, mariadb
CREATE TABLE new (
	a ENUM('x','y')
);

CREATE TABLE newer (
	a ENUM('x','y')
);

-- mssql
CREATE TABLE new (
	a VARCHAR(1) NULL
);

GO

CREATE TABLE newer (
	a VARCHAR(1) NULL
);

GO

-- oracle
CREATE TABLE new (
	a VARCHAR(1 CHAR)
)

/

CREATE TABLE newer (
	a VARCHAR(1 CHAR)
)

/
