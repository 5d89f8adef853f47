-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: SQLite can't change the constraints of table 't' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2af64990> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2af74c90> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7f7d2fd249d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7f7d2fd27ad0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: SQLite can't change the constraints of table 't' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) WHERE (a > 5);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2ff3cd50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2afd3ed0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7f7d2fd10650> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7f7d2afb4750> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: SQLite can't change the constraints of table 't' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) DEFERRABLE INITIALLY DEFERRED;

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2fd30450> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2fd17950> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7f7d2afcfa50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7f7d2afcdf90> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")
-- other than Alembic: duckdb, DuckDB has no such ALTER; the text that duckdb-sqlalchemy's plugin writes fails there

-- sqlite
-- refused: SQLite can't change the constraints of table 't' by ALTER, and what the table looks like is not known: give a connection, or use batch_alter_table() with copy_from=

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);

-- mysql
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2fd196d0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f7d2afb5ed0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- mssql
-- refused: Compiler <sqlalchemy.dialects.mssql.base.MSDDLCompiler object at 0x7f7d2afb5110> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- oracle
-- refused: Compiler <sqlalchemy.dialects.oracle.base.OracleDDLCompiler object at 0x7f7d2afb4250> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)

-- duckdb
-- refused: DuckDB can't add a CHECK or a foreign key on table 't' by ALTER: that takes a rebuild, which needs a connection to look at the table
