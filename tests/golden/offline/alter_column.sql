-- O2 op.alter_column: written by tests/golden; read it before you commit a change of it


-- ==== nullable=False
-- op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'c' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- mysql, mariadb
ALTER TABLE t MODIFY c INTEGER NOT NULL;

-- mssql
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- oracle
ALTER TABLE t MODIFY c NOT NULL

/


-- ==== nullable=True
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'a' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- mysql, mariadb
ALTER TABLE t MODIFY a INTEGER NULL;

-- mssql
ALTER TABLE t ALTER COLUMN a INTEGER NULL;

GO

-- oracle
ALTER TABLE t MODIFY a NULL

/


-- ==== nullable, schema
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'a' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE s.t ALTER COLUMN a DROP NOT NULL;

-- mysql, mariadb
ALTER TABLE s.t MODIFY a INTEGER NULL;

-- mssql
ALTER TABLE s.t ALTER COLUMN a INTEGER NULL;

GO

-- oracle
ALTER TABLE s.t MODIFY a NULL

/


-- ==== type_
-- op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'c' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN c TYPE NUMERIC(10, 2);

-- mysql, mariadb
ALTER TABLE t MODIFY c NUMERIC(10, 2) NULL;

-- mssql
ALTER TABLE t ALTER COLUMN c NUMERIC(10, 2) NULL;

GO

-- oracle
ALTER TABLE t MODIFY c NUMERIC(10, 2)

/


-- ==== type_, with a default that is there
-- op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'd' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN d TYPE BIGINT;

-- mysql, mariadb
ALTER TABLE t MODIFY d BIGINT NULL DEFAULT '7';

-- mssql
ALTER TABLE t ALTER COLUMN d BIGINT;

GO

-- oracle
ALTER TABLE t MODIFY d NUMBER(19)

/


-- ==== type_, postgresql_using
-- op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20), postgresql_using="length(b)")
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there; duckdb, DuckDB has USING too

-- sqlite
-- refused: No support for ALTER of column 'b' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN b TYPE INTEGER USING length(b);

-- mysql, mariadb
ALTER TABLE t MODIFY b INTEGER NULL;

-- mssql
ALTER TABLE t ALTER COLUMN b INTEGER;

GO

-- oracle
ALTER TABLE t MODIFY b INTEGER

/


-- ==== type_, from a boolean with a CHECK
-- op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="is_c"))
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'c' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;

-- mysql, mariadb
ALTER TABLE t MODIFY c INTEGER NULL;

-- mssql
ALTER TABLE t ALTER COLUMN c INTEGER;

GO

-- oracle
ALTER TABLE t MODIFY c INTEGER

/


-- ==== type_, to an enum with a CHECK
-- op.alter_column("t", "b", existing_type=sa.String(20), type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there; duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of column 'b' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(1);

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'));

-- mysql, mariadb
ALTER TABLE t MODIFY b VARCHAR(1) NULL;

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'));

-- mssql
ALTER TABLE t ALTER COLUMN b VARCHAR(1);

GO

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'));

GO

-- oracle
ALTER TABLE t MODIFY b VARCHAR(1 CHAR)

/

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'))

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== server_default
-- op.alter_column("t", "b", server_default="it's 5%", existing_type=sa.String(20))
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'b' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'it''s 5%';

-- mssql
ALTER TABLE t ADD DEFAULT 'it''s 5%' FOR b;

GO

-- oracle
ALTER TABLE t MODIFY b DEFAULT 'it''s 5%'

/


-- ==== server_default=None
-- op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'd' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;

-- mssql
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'd'
exec('alter table t drop constraint ' + @const_name);

GO

-- oracle
ALTER TABLE t MODIFY d DEFAULT NULL

/


-- ==== server_default, an expression
-- op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'e' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN e SET DEFAULT now();

-- mysql, mariadb
ALTER TABLE t CHANGE e e DATETIME NULL DEFAULT now();

-- mssql
ALTER TABLE t ADD DEFAULT CURRENT_TIMESTAMP FOR e;

GO

-- oracle
ALTER TABLE t MODIFY e DEFAULT CURRENT_TIMESTAMP

/


-- ==== server_default, an identity added
-- op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5), existing_server_default=None, existing_type=sa.Integer())

-- sqlite
-- refused: No support for ALTER of column 'a' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (START WITH 5);

-- mysql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', mysql)

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', mariadb)

-- mssql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', mssql)

-- oracle
ALTER TABLE t MODIFY a GENERATED ALWAYS AS IDENTITY (START WITH 5)

/

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', duckdb)


-- ==== server_default, an identity changed
-- op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3), existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())

-- sqlite
-- refused: No support for ALTER of column 'i' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ALTER COLUMN i SET GENERATED ALWAYS SET CACHE 3 SET START WITH 5;

-- mysql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mysql)

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mariadb)

-- mssql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mssql)

-- oracle
ALTER TABLE t MODIFY i GENERATED ALWAYS AS IDENTITY (START WITH 5 CACHE 3)

/

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', duckdb)


-- ==== server_default, an identity dropped
-- op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(), existing_type=sa.Integer())

-- sqlite
-- refused: No support for ALTER of column 'i' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ALTER COLUMN i DROP IDENTITY;

-- mysql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mysql)

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mariadb)

-- mssql
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mssql)

-- oracle
ALTER TABLE t MODIFY i DROP IDENTITY

/

-- duckdb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', duckdb)


-- ==== server_default, a computed column
-- op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())

-- sqlite
-- refused: No support for ALTER of column 'a' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, mssql, oracle, duckdb
-- refused: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported. Drop column 'a' of table 't' and add it.


-- ==== new_column_name
-- op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)

-- sqlite
ALTER TABLE t RENAME COLUMN c TO "Order";

-- postgresql, duckdb
ALTER TABLE t RENAME c TO "Order";

-- mysql, mariadb
ALTER TABLE t CHANGE c `Order` INTEGER NULL;

-- mssql
EXEC sp_rename 't.c', [Order], 'COLUMN';

GO

-- oracle
ALTER TABLE t RENAME COLUMN c TO "Order"

/


-- ==== comment
-- op.alter_column("t", "a", comment="it's", existing_type=sa.Integer(), existing_nullable=False)
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON COLUMN t.a IS 'it''s';

-- mysql, mariadb
ALTER TABLE t MODIFY a INTEGER NOT NULL COMMENT 'it''s';

-- mssql
exec sp_addextendedproperty 'MS_Description', N'it''s', 'schema', dbo, 'table', t, 'column', a;

GO

-- oracle
COMMENT ON COLUMN t.a IS 'it''s'

/


-- ==== comment=None
-- op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(), existing_nullable=False)
-- other than Alembic: sqlite, SQLite keeps no comments; Alembic's COMMENT ON fails there, or it ends in a traceback

-- sqlite
-- nothing

-- postgresql, duckdb
COMMENT ON COLUMN t.a IS NULL;

-- mysql, mariadb
ALTER TABLE t MODIFY a INTEGER NOT NULL;

-- mssql
exec sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t, 'column', a;

GO

-- oracle
COMMENT ON COLUMN t.a IS ''

/


-- ==== autoincrement
-- op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)

-- sqlite, postgresql, mssql, oracle, duckdb
-- nothing

-- mysql, mariadb
ALTER TABLE t MODIFY id INTEGER NOT NULL AUTO_INCREMENT;


-- ==== existing_*
-- op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7", existing_comment="y")
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'd' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN d SET NOT NULL;

-- mysql, mariadb
ALTER TABLE t MODIFY d INTEGER NOT NULL DEFAULT '7' COMMENT 'y';

-- mssql
ALTER TABLE t ALTER COLUMN d INTEGER NOT NULL;

GO

-- oracle
ALTER TABLE t MODIFY d NOT NULL

/


-- ==== existing_autoincrement
-- op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False, existing_autoincrement=True)
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'id' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN id TYPE BIGINT;

-- mysql, mariadb
ALTER TABLE t MODIFY id BIGINT NOT NULL AUTO_INCREMENT;

-- mssql
ALTER TABLE t ALTER COLUMN id BIGINT NOT NULL;

GO

-- oracle
ALTER TABLE t MODIFY id NUMBER(19)

/


-- ==== everything
-- op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3", new_column_name="z", comment="last", existing_type=sa.Integer())

-- sqlite
-- refused: No support for ALTER of column 'c' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

ALTER TABLE t ALTER COLUMN c SET NOT NULL;

ALTER TABLE t ALTER COLUMN c SET DEFAULT '3';

COMMENT ON COLUMN t.c IS 'last';

ALTER TABLE t RENAME c TO z;

-- mysql, mariadb
ALTER TABLE t CHANGE c z BIGINT NOT NULL DEFAULT '3' COMMENT 'last';

-- mssql
ALTER TABLE t ALTER COLUMN c BIGINT NOT NULL;

GO

exec sp_addextendedproperty 'MS_Description', N'last', 'schema', dbo, 'table', t, 'column', c;

GO

ALTER TABLE t ADD DEFAULT '3' FOR c;

GO

EXEC sp_rename 't.c', z, 'COLUMN';

GO

-- oracle
ALTER TABLE t MODIFY c NOT NULL

/

ALTER TABLE t MODIFY c DEFAULT '3'

/

ALTER TABLE t MODIFY c NUMBER(19)

/

COMMENT ON COLUMN t.c IS 'last'

/

ALTER TABLE t RENAME COLUMN c TO z

/

-- duckdb
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

ALTER TABLE t ALTER COLUMN c SET DEFAULT '3';

ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

COMMENT ON COLUMN t.c IS 'last';

ALTER TABLE t RENAME c TO z;


-- ==== without a type
-- op.alter_column("t", "c", nullable=False)
-- other than Alembic: sqlite, SQLite has no such ALTER; Alembic's text fails there

-- sqlite
-- refused: No support for ALTER of column 'c' in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, duckdb
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- mysql, mariadb
-- refused: All MySQL CHANGE/MODIFY COLUMN operations require the existing type: give existing_type= for column 'c' of table 't'

-- mssql
-- refused: MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type or a new type_ be passed. (column 'c' of table 't')

-- oracle
ALTER TABLE t MODIFY c NOT NULL

/
