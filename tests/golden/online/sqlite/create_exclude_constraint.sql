-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2bfa4c5b10> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2bfa0c6b90> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2bfa4ba050> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2bfa3d1cd0> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)
