-- O4 op.create_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(50)))

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
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


-- ==== if_not_exists
-- op.create_table("new", sa.Column("a", sa.Integer()), if_not_exists=True)

-- sqlite
CREATE TABLE IF NOT EXISTS new (
	a INTEGER
);


-- ==== comments
-- op.create_table("new", sa.Column("a", sa.Integer(), comment="it's 5%"), comment="a 'table'")

-- sqlite
CREATE TABLE new (
	a INTEGER
);


-- ==== constraints
-- op.create_table("new", sa.Column("id", sa.Integer(), nullable=False), sa.Column("o", sa.Integer(), sa.ForeignKey("o.id", ondelete="CASCADE")), sa.PrimaryKeyConstraint("id", name="pk_new"), sa.UniqueConstraint("o", "id", name="uq_new"), sa.CheckConstraint("o > 0", name="positive"))

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
	o INTEGER, 
	CONSTRAINT pk_new PRIMARY KEY (id), 
	CONSTRAINT uq_new UNIQUE (o, id), 
	CONSTRAINT positive CHECK (o > 0), 
	FOREIGN KEY(o) REFERENCES o (id) ON DELETE CASCADE
);


-- ==== indexes
-- op.create_table("new", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()), sa.Index("ix_ab", "a", "b", unique=True))

-- sqlite
CREATE TABLE new (
	a INTEGER, 
	b INTEGER
);

CREATE UNIQUE INDEX ix_ab ON new (a, b);

CREATE INDEX ix_new_a ON new (a);


-- ==== default, computed
-- op.create_table("new", sa.Column("a", sa.Integer(), server_default="5"), sa.Column("at", sa.DateTime(), server_default=sa.func.now()), sa.Column("c", sa.Integer(), sa.Computed("a * 2", persisted=True)))

-- sqlite
CREATE TABLE new (
	a INTEGER DEFAULT '5', 
	at DATETIME DEFAULT CURRENT_TIMESTAMP, 
	c INTEGER GENERATED ALWAYS AS (a * 2) STORED
);


-- ==== identity
-- op.create_table("new", sa.Column("id", sa.Integer(), sa.Identity(start=7), primary_key=True))

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL, 
	PRIMARY KEY (id)
);


-- ==== an enum
-- op.create_table("new", sa.Column("a", sa.Enum("x", "y", name="kind")))

-- sqlite
CREATE TABLE new (
	a VARCHAR(1)
);


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


-- ==== keywords of the databases
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), mysql_engine="InnoDB", mysql_charset="utf8mb4", mariadb_engine="InnoDB", mariadb_charset="utf8mb4", sqlite_autoincrement=True, postgresql_with={"fillfactor": 70}, oracle_compress=True)

-- sqlite
CREATE TABLE new (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT
);


-- ==== prefixes
-- op.create_table("new", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"])

-- sqlite
CREATE TEMPORARY TABLE new (
	a INTEGER
);


-- ==== two with one enum
-- [op.create_table(name, sa.Column("a", sa.Enum("x", "y", name="kind"))) for name in ("new", "newer")]

-- sqlite
CREATE TABLE new (
	a VARCHAR(1)
);

CREATE TABLE newer (
	a VARCHAR(1)
);
