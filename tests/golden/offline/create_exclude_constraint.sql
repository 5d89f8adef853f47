-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: EXCLUDE constraints are PostgreSQL's, mysql has none: leave out the constraint 'ex_new'

-- mariadb
-- refused: EXCLUDE constraints are PostgreSQL's, mariadb has none: leave out the constraint 'ex_new'

-- mssql
-- refused: EXCLUDE constraints are PostgreSQL's, mssql has none: leave out the constraint 'ex_new'

-- oracle
-- refused: EXCLUDE constraints are PostgreSQL's, oracle has none: leave out the constraint 'ex_new'

-- duckdb
-- refused: EXCLUDE constraints are PostgreSQL's, duckdb has none: leave out the constraint 'ex_new'


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) WHERE (a > 5);

-- mysql
-- refused: EXCLUDE constraints are PostgreSQL's, mysql has none: leave out the constraint 'ex_new'

-- mariadb
-- refused: EXCLUDE constraints are PostgreSQL's, mariadb has none: leave out the constraint 'ex_new'

-- mssql
-- refused: EXCLUDE constraints are PostgreSQL's, mssql has none: leave out the constraint 'ex_new'

-- oracle
-- refused: EXCLUDE constraints are PostgreSQL's, oracle has none: leave out the constraint 'ex_new'

-- duckdb
-- refused: EXCLUDE constraints are PostgreSQL's, duckdb has none: leave out the constraint 'ex_new'


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) DEFERRABLE INITIALLY DEFERRED;

-- mysql
-- refused: EXCLUDE constraints are PostgreSQL's, mysql has none: leave out the constraint 'ex_new'

-- mariadb
-- refused: EXCLUDE constraints are PostgreSQL's, mariadb has none: leave out the constraint 'ex_new'

-- mssql
-- refused: EXCLUDE constraints are PostgreSQL's, mssql has none: leave out the constraint 'ex_new'

-- oracle
-- refused: EXCLUDE constraints are PostgreSQL's, oracle has none: leave out the constraint 'ex_new'

-- duckdb
-- refused: EXCLUDE constraints are PostgreSQL's, duckdb has none: leave out the constraint 'ex_new'


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: EXCLUDE constraints are PostgreSQL's, mysql has none: leave out the constraint 'ex_new'

-- mariadb
-- refused: EXCLUDE constraints are PostgreSQL's, mariadb has none: leave out the constraint 'ex_new'

-- mssql
-- refused: EXCLUDE constraints are PostgreSQL's, mssql has none: leave out the constraint 'ex_new'

-- oracle
-- refused: EXCLUDE constraints are PostgreSQL's, oracle has none: leave out the constraint 'ex_new'

-- duckdb
-- refused: EXCLUDE constraints are PostgreSQL's, duckdb has none: leave out the constraint 'ex_new'
