-- O13 op.create_exclude_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);


-- ==== where
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) WHERE (a > 5);


-- ==== deferrable
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True, initially="DEFERRED")

-- postgresql
ALTER TABLE t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =) DEFERRABLE INITIALLY DEFERRED;


-- ==== schema
-- op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT ex_new EXCLUDE USING btree (c WITH =);
