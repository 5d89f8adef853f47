-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")

-- sqlite
-- refused: EXCLUDE constraints are PostgreSQL's, sqlite has none: leave out the constraint 'ex_new'


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")

-- sqlite
-- refused: EXCLUDE constraints are PostgreSQL's, sqlite has none: leave out the constraint 'ex_new'


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")

-- sqlite
-- refused: EXCLUDE constraints are PostgreSQL's, sqlite has none: leave out the constraint 'ex_new'


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")

-- sqlite
-- refused: EXCLUDE constraints are PostgreSQL's, sqlite has none: leave out the constraint 'ex_new'
