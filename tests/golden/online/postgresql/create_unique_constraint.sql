-- O10 op.create_unique_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_unique_constraint("uq_new", "t", ["a", "c"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a, c);


-- ==== schema
-- op.create_unique_constraint("uq_new", "t", ["a"], schema="s")

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT uq_new UNIQUE (a);


-- ==== deferrable, initially
-- op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")

-- postgresql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;


-- ==== name=None
-- op.create_unique_constraint(None, "t", ["a", "c"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, c);


-- ==== nulls not distinct
-- op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)

-- postgresql
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE NULLS NOT DISTINCT (a);
