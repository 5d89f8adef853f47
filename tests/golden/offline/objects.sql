-- Beyond Alembic: op.objects: written by tests/golden; read it before you commit a change of it


-- ==== enum, create
-- op.invoke(ops.CreateEnumOp("mood", ["so so", "it's 100% \"ok\""]))

-- sqlite
-- refused: SQLite has no SQL for the operation CreateEnumOp

-- postgresql
CREATE TYPE mood AS ENUM ('so so', 'it''s 100% "ok"');

-- mysql
-- refused: MySQL has no SQL for the operation CreateEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation CreateEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation CreateEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation CreateEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation CreateEnumOp


-- ==== enum, create, schema, hostile name
-- op.invoke(ops.CreateEnumOp('a"b%', ["x"], schema="s"))

-- sqlite
-- refused: SQLite has no SQL for the operation CreateEnumOp

-- postgresql
CREATE TYPE s."a""b%" AS ENUM ('x');

-- mysql
-- refused: MySQL has no SQL for the operation CreateEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation CreateEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation CreateEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation CreateEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation CreateEnumOp


-- ==== enum, drop
-- op.invoke(ops.DropEnumOp("mood"))

-- sqlite
-- refused: SQLite has no SQL for the operation DropEnumOp

-- postgresql
DROP TYPE mood;

-- mysql
-- refused: MySQL has no SQL for the operation DropEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation DropEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation DropEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation DropEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation DropEnumOp


-- ==== enum, a value comes
-- op.invoke(ops.AlterEnumOp("mood", ["a", "c"], ["a", "b", "c"], columns=[MOOD]))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterEnumOp

-- postgresql
ALTER TYPE mood ADD VALUE 'b' AFTER 'a';

-- mysql
-- refused: MySQL has no SQL for the operation AlterEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation AlterEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation AlterEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterEnumOp


-- ==== enum, a value comes, schema
-- op.invoke(ops.AlterEnumOp("mood", ["a"], ["a", "b"], schema="s"))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterEnumOp

-- postgresql
ALTER TYPE s.mood ADD VALUE 'b';

-- mysql
-- refused: MySQL has no SQL for the operation AlterEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation AlterEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation AlterEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterEnumOp


-- ==== enum, a value is renamed
-- op.invoke(ops.AlterEnumOp("mood", ["a"], ["b"], renamed={"a": "b"}, columns=[MOOD]))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterEnumOp

-- postgresql
ALTER TYPE mood RENAME VALUE 'a' TO 'b';

-- mysql
-- refused: MySQL has no SQL for the operation AlterEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation AlterEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation AlterEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterEnumOp


-- ==== enum, a value goes
-- op.invoke(ops.AlterEnumOp("mood", ["a", "b"], ["a"], columns=[MOOD]))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterEnumOp

-- postgresql
ALTER TYPE mood RENAME TO mood_old_ee0e4f30;

CREATE TYPE mood AS ENUM ('a');

ALTER TABLE t ALTER COLUMN mood TYPE mood USING mood::text::mood;

DROP TYPE mood_old_ee0e4f30;

-- mysql
-- refused: MySQL has no SQL for the operation AlterEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation AlterEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation AlterEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterEnumOp


-- ==== enum, a value goes, array and default
-- op.invoke(ops.AlterEnumOp("mood", ["a", "b"], ["b"], columns=[MOODS], dependents=[VIEW_OF_MOODS]))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterEnumOp

-- postgresql
DROP VIEW v;

ALTER TABLE t ALTER COLUMN moods DROP DEFAULT;

ALTER TYPE mood RENAME TO mood_old_ee0e4f30;

CREATE TYPE mood AS ENUM ('b');

ALTER TABLE t ALTER COLUMN moods TYPE mood[] USING moods::text[]::mood[];

ALTER TABLE t ALTER COLUMN moods SET DEFAULT '{b}'::mood[];

DROP TYPE mood_old_ee0e4f30;

CREATE VIEW v AS SELECT moods FROM t;

-- mysql
-- refused: MySQL has no SQL for the operation AlterEnumOp

-- mariadb
-- refused: MariaDB has no SQL for the operation AlterEnumOp

-- mssql
-- refused: MSSQL has no SQL for the operation AlterEnumOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterEnumOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterEnumOp


-- ==== sequence, create
-- op.invoke(ops.CreateSequenceOp("order"))

-- sqlite
-- refused: SQLite has no sequences: leave out 'order'

-- postgresql, duckdb
CREATE SEQUENCE "order";

-- mysql
-- refused: MySQL has no sequences: leave out 'order'

-- mariadb
CREATE SEQUENCE `order`;

-- mssql
CREATE SEQUENCE [order];

GO

-- oracle
CREATE SEQUENCE "order"

/


-- ==== sequence, create, options
-- op.invoke(ops.CreateSequenceOp("n", {"start": 5, "increment": -2, "minvalue": -100, "maxvalue": 5, "cycle": True, "cache": 7}, schema="s"))

-- sqlite
-- refused: SQLite has no sequences: leave out 'n'

-- postgresql, mariadb, duckdb
CREATE SEQUENCE s.n INCREMENT BY -2 START WITH 5 MINVALUE -100 MAXVALUE 5 CACHE 7 CYCLE;

-- mysql
-- refused: MySQL has no sequences: leave out 'n'

-- mssql
CREATE SEQUENCE s.n INCREMENT BY -2 START WITH 5 MINVALUE -100 MAXVALUE 5 CACHE 7 CYCLE;

GO

-- oracle
CREATE SEQUENCE s.n INCREMENT BY -2 START WITH 5 MINVALUE -100 MAXVALUE 5 CACHE 7 CYCLE

/


-- ==== sequence, alter
-- op.invoke(ops.AlterSequenceOp("n", {"increment": 2}, {"increment": 1}))

-- sqlite
-- refused: SQLite has no sequences: leave out 'n'

-- postgresql, mariadb, duckdb
ALTER SEQUENCE n INCREMENT BY 2;

-- mysql
-- refused: MySQL has no sequences: leave out 'n'

-- mssql
ALTER SEQUENCE n INCREMENT BY 2;

GO

-- oracle
ALTER SEQUENCE n INCREMENT BY 2

/


-- ==== sequence, drop
-- op.invoke(ops.DropSequenceOp("order", schema="s"))

-- sqlite
-- refused: SQLite has no sequences: leave out 'order'

-- postgresql, duckdb
DROP SEQUENCE s."order";

-- mysql
-- refused: MySQL has no sequences: leave out 'order'

-- mariadb
DROP SEQUENCE s.`order`;

-- mssql
DROP SEQUENCE s.[order];

GO

-- oracle
DROP SEQUENCE s."order"

/


-- ==== view, create
-- op.invoke(ops.CreateViewOp("v", "SELECT a FROM t WHERE b LIKE '50%'"))

-- sqlite, postgresql, mysql, mariadb, duckdb
CREATE VIEW v AS SELECT a FROM t WHERE b LIKE '50%';

-- mssql
CREATE VIEW v AS SELECT a FROM t WHERE b LIKE '50%';

GO

-- oracle
CREATE VIEW v AS SELECT a FROM t WHERE b LIKE '50%'

/


-- ==== view, create, schema
-- op.invoke(ops.CreateViewOp("select", "SELECT 1 AS one", schema="s"))

-- sqlite, postgresql, duckdb
CREATE VIEW s."select" AS SELECT 1 AS one;

-- mysql, mariadb
CREATE VIEW s.`select` AS SELECT 1 AS one;

-- mssql
CREATE VIEW s.[select] AS SELECT 1 AS one;

GO

-- oracle
CREATE VIEW s."select" AS SELECT 1 AS one

/


-- ==== view, create, materialised, with an index
-- op.invoke(ops.CreateViewOp("m", "SELECT a FROM t", materialized=True, afterwards=["CREATE UNIQUE INDEX ix_m ON m (a)"]))

-- sqlite
-- refused: SQLite has no materialised views: make 'm' a plain one

-- postgresql
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;

CREATE UNIQUE INDEX ix_m ON m (a);

-- mysql
-- refused: MySQL has no materialised views: make 'm' a plain one

-- mariadb
-- refused: MariaDB has no materialised views: make 'm' a plain one

-- mssql
-- refused: MSSQL has no materialised views: make 'm' a plain one

-- oracle
CREATE MATERIALIZED VIEW m AS SELECT a FROM t

/

CREATE UNIQUE INDEX ix_m ON m (a)

/

-- duckdb
-- refused: DuckDB has no materialised views: make 'm' a plain one


-- ==== view, replace
-- op.invoke(ops.ReplaceViewOp("v", "SELECT a, b FROM t", "SELECT a FROM t"))

-- sqlite
DROP VIEW v;

CREATE VIEW v AS SELECT a, b FROM t;

-- postgresql, mysql, mariadb, duckdb
CREATE OR REPLACE VIEW v AS SELECT a, b FROM t;

-- mssql
CREATE OR ALTER VIEW v AS SELECT a, b FROM t;

GO

-- oracle
CREATE OR REPLACE VIEW v AS SELECT a, b FROM t

/


-- ==== view, drop
-- op.invoke(ops.DropViewOp("v"))

-- sqlite, postgresql, mysql, mariadb, duckdb
DROP VIEW v;

-- mssql
DROP VIEW v;

GO

-- oracle
DROP VIEW v

/


-- ==== view, drop, materialised
-- op.invoke(ops.DropViewOp("m", materialized=True))

-- sqlite
-- refused: SQLite has no materialised views: make 'm' a plain one

-- postgresql
DROP MATERIALIZED VIEW m;

-- mysql
-- refused: MySQL has no materialised views: make 'm' a plain one

-- mariadb
-- refused: MariaDB has no materialised views: make 'm' a plain one

-- mssql
-- refused: MSSQL has no materialised views: make 'm' a plain one

-- oracle
DROP MATERIALIZED VIEW m

/

-- duckdb
-- refused: DuckDB has no materialised views: make 'm' a plain one


-- ==== table options
-- op.invoke(ops.AlterTableOptionsOp("t", {"engine": "MyISAM", "charset": "latin1"}, {"engine": "InnoDB"}))

-- sqlite
-- refused: SQLite has no SQL for the operation AlterTableOptionsOp

-- postgresql
-- refused: Postgresql has no SQL for the operation AlterTableOptionsOp

-- mysql, mariadb
ALTER TABLE t ENGINE=MyISAM, CONVERT TO CHARACTER SET latin1;

-- mssql
-- refused: MSSQL has no SQL for the operation AlterTableOptionsOp

-- oracle
-- refused: Oracle has no SQL for the operation AlterTableOptionsOp

-- duckdb
-- refused: DuckDB has no SQL for the operation AlterTableOptionsOp


-- ==== expression, drop
-- op.invoke(ops.DropExpressionOp("t", "total"))

-- sqlite
-- refused: SQLite has no SQL for the operation DropExpressionOp

-- postgresql
ALTER TABLE t ALTER COLUMN total DROP EXPRESSION;

-- mysql
-- refused: MySQL has no SQL for the operation DropExpressionOp

-- mariadb
-- refused: MariaDB has no SQL for the operation DropExpressionOp

-- mssql
-- refused: MSSQL has no SQL for the operation DropExpressionOp

-- oracle
-- refused: Oracle has no SQL for the operation DropExpressionOp

-- duckdb
-- refused: DuckDB has no SQL for the operation DropExpressionOp


-- ==== index, rename
-- op.invoke(ops.RenameIndexOp("t", "ix_old", "ix new"))

-- sqlite
-- refused: SQLite can't rename an index: drop 'ix_old' and create 'ix new'

-- postgresql
ALTER INDEX ix_old RENAME TO "ix new";

-- mysql, mariadb
ALTER TABLE t RENAME INDEX ix_old TO `ix new`;

-- mssql
EXEC sp_rename N't.ix_old', N'ix new', N'INDEX';

GO

-- oracle
ALTER INDEX ix_old RENAME TO "ix new"

/

-- duckdb
-- refused: DuckDB can't rename an index: drop 'ix_old' and create 'ix new'


-- ==== unique constraint, rename
-- op.invoke(ops.RenameIndexOp("t", "uq_old", "uq_new", kind="unique"))

-- sqlite
-- refused: SQLite can't rename an index: drop 'uq_old' and create 'uq_new'

-- postgresql
ALTER TABLE t RENAME CONSTRAINT uq_old TO uq_new;

-- mysql, mariadb
ALTER TABLE t RENAME INDEX uq_old TO uq_new;

-- mssql
EXEC sp_rename N'uq_old', N'uq_new', N'OBJECT';

GO

-- oracle
ALTER TABLE t RENAME CONSTRAINT uq_old TO uq_new

/

-- duckdb
-- refused: DuckDB can't rename an index: drop 'uq_old' and create 'uq_new'
