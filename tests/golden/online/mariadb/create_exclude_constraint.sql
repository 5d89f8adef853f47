-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f2c3bbfd410> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f2c3bbefc90> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f2c3ba09dd0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")

-- mariadb
-- refused: Compiler <sqlalchemy.dialects.mysql.base.MySQLDDLCompiler object at 0x7f2c3bbfc090> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)
