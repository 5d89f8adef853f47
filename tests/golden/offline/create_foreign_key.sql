-- O11 op.create_foreign_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"])
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== several columns
-- op.create_foreign_key("fk_new", "t", "o", ["a", "c"], ["x", "y"])
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y);

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== onupdate, ondelete
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], onupdate="CASCADE", ondelete="SET NULL")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE;

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE;

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) ON DELETE SET NULL

/

-- duckdb
-- refused: DuckDB can't do ON DELETE SET NULL (table 't'): delete or change the referring rows yourself


-- ==== deferrable, initially
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) DEFERRABLE INITIALLY DEFERRED;

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) DEFERRABLE INITIALLY DEFERRED;

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) DEFERRABLE INITIALLY DEFERRED

/

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== match
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], match="FULL")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL;

-- mysql, mariadb
-- refused: MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL;

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== schemas
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], source_schema="s", referent_schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE s.t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES s.o (id);

-- mssql
ALTER TABLE s.t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES s.o (id);

GO

-- oracle
ALTER TABLE s.t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES s.o (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== use_alter
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], use_alter=True)
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== to itself
-- op.create_foreign_key("fk_new", "t", "t", ["select"], ["id"])
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY("select") REFERENCES t (id);

-- mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(`select`) REFERENCES t (id);

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY([select]) REFERENCES t (id);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY("select") REFERENCES t (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== name=None
-- op.create_foreign_key(None, "t", "o", ["c"], ["id"])
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql, mysql, mariadb
ALTER TABLE t ADD CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id);

-- mssql
ALTER TABLE t ADD CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id);

GO

-- oracle
ALTER TABLE t ADD CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id)

/

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table
