-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b0eb0f90> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b0eb4950> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7fb3b0ea9f10> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7fb3b0eabd50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) WHERE (a > 5);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3ac13be10> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b0f6c590> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7fb3ac1a16d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7fb3ac1a3e50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) DEFERRABLE INITIALLY DEFERRED;

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b1123710> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3ac138490> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7fb3ac13b0d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7fb3ac18a0d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't defer constraints (table 't'): leave deferrable and initially out


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: No support for ALTER of constraints in SQLite dialect, and what table 't' looks like is not known while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b0ea89d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7fb3b0eb1fd0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7fb3ac1121d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7fb3b1070610> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table
