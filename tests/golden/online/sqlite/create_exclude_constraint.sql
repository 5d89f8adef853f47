-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2c422dea50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2c423c0450> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2c47967f50> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")

-- sqlite
-- refused: Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler object at 0x7f2c41e26410> can't render element of type <class 'sqlalchemy.dialects.postgresql.ext.ExcludeConstraint'> (Background on this error at: https://sqlalche.me/e/21/l7de)
