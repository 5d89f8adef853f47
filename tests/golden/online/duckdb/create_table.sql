-- O4 op.create_table: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(50)))

-- duckdb
CREATE SEQUENCE IF NOT EXISTS new_id_seq;

CREATE TABLE "new" (
	id INTEGER DEFAULT nextval('new_id_seq') NOT NULL, 
	n VARCHAR(50), 
	PRIMARY KEY (id)
);


-- ==== schema
-- op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), schema="s")

-- duckdb
CREATE SEQUENCE IF NOT EXISTS s.new_id_seq;

CREATE TABLE s."new" (
	id INTEGER DEFAULT nextval('s.new_id_seq') NOT NULL, 
	PRIMARY KEY (id)
);


-- ==== if_not_exists
-- op.create_table("new", sa.Column("a", sa.Integer()), if_not_exists=True)

-- duckdb
CREATE TABLE IF NOT EXISTS "new" (
	a INTEGER
);


-- ==== comments
-- op.create_table("new", sa.Column("a", sa.Integer(), comment="it's 5%"), comment="a 'table'")

-- duckdb
CREATE TABLE "new" (
	a INTEGER
);

COMMENT ON TABLE "new" IS 'a ''table''';

COMMENT ON COLUMN "new".a IS 'it''s 5%';


-- ==== constraints
-- op.create_table("new", sa.Column("id", sa.Integer(), nullable=False), sa.Column("o", sa.Integer(), sa.ForeignKey("o.id", ondelete="CASCADE")), sa.PrimaryKeyConstraint("id", name="pk_new"), sa.UniqueConstraint("o", "id", name="uq_new"), sa.CheckConstraint("o > 0", name="positive"))

-- duckdb
-- refused: DuckDB can't do ON DELETE CASCADE (table 'new'): delete or change the referring rows yourself


-- ==== indexes
-- op.create_table("new", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()), sa.Index("ix_ab", "a", "b", unique=True))

-- duckdb
CREATE TABLE "new" (
	a INTEGER, 
	b INTEGER
);

CREATE UNIQUE INDEX ix_ab ON "new" (a, b);

CREATE INDEX ix_new_a ON "new" (a);


-- ==== default, computed
-- op.create_table("new", sa.Column("a", sa.Integer(), server_default="5"), sa.Column("at", sa.DateTime(), server_default=sa.func.now()), sa.Column("c", sa.Integer(), sa.Computed("a * 2", persisted=True)))

-- duckdb
-- refused: DuckDB can't store a computed value (column 'c' of table 'new'): leave persisted=True out: it is computed when read


-- ==== identity
-- op.create_table("new", sa.Column("id", sa.Integer(), sa.Identity(start=7), primary_key=True))

-- duckdb
-- refused: DuckDB can't make identity columns (column 'id' of table 'new'): use a sequence: server_default=sa.text("nextval('name')"), or an Integer primary key


-- ==== an enum
-- op.create_table("new", sa.Column("a", sa.Enum("x", "y", name="kind")))

-- duckdb
CREATE TYPE kind AS ENUM ('x', 'y');

CREATE TABLE "new" (
	a kind
);


-- ==== types
-- op.create_table("new", sa.Column("a", sa.BigInteger()), sa.Column("b", sa.Boolean()), sa.Column("c", sa.Date()), sa.Column("d", sa.DateTime(timezone=True)), sa.Column("e", sa.Float()), sa.Column("f", sa.JSON()), sa.Column("g", sa.LargeBinary()), sa.Column("h", sa.Numeric(10, 2)), sa.Column("i", sa.Text()), sa.Column("j", sa.Time()), sa.Column("k", sa.Uuid()))

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

-- duckdb
-- refused: (_duckdb.CatalogException) Catalog Error: WITH clause is not supported for tables in a duckdb catalog


-- ==== prefixes
-- op.create_table("new", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"])

-- duckdb
CREATE TEMPORARY TABLE "new" (
	a INTEGER
);


-- ==== two with one enum
-- [op.create_table(name, sa.Column("a", sa.Enum("x", "y", name="kind"))) for name in ("new", "newer")]

-- duckdb
CREATE TYPE kind AS ENUM ('x', 'y');

CREATE TABLE "new" (
	a kind
);

CREATE TABLE newer (
	a kind
);
