-- O10 op.create_unique_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_unique_constraint("uq_new", "t", ["a", "c"])

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a, c);

-- mssql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a, c);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a, c)

/


-- ==== schema
-- op.create_unique_constraint("uq_new", "t", ["a"], schema="s")

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE s.t ADD CONSTRAINT uq_new UNIQUE (a);

-- mssql
ALTER TABLE s.t ADD CONSTRAINT uq_new UNIQUE (a);

GO

-- oracle
ALTER TABLE s.t ADD CONSTRAINT uq_new UNIQUE (a)

/


-- ==== deferrable, initially
-- op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;

-- mssql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a) DEFERRABLE INITIALLY DEFERRED

/

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== name=None
-- op.create_unique_constraint(None, "t", ["a", "c"])

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb, duckdb
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, c);

-- mssql
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, c);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, c)

/


-- ==== nulls not distinct
-- op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)
-- other than Alembic: duckdb, DuckDB has no such thing: refused in words, where the plugin's text fails or loses it

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE NULLS NOT DISTINCT (a);

-- mysql, mariadb
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a);

-- mssql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a)

/

-- duckdb
-- refused: DuckDB can't take NULLs for the same in a unique constraint (table 't'): leave postgresql_nulls_not_distinct out
