-- O12 op.create_check_constraint: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.create_check_constraint("ck_new", "t", "b like '5%'")

-- postgresql
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (b like '5%%');


-- ==== expression
-- op.create_check_constraint("ck_new", "t", sa.column("a") > 5)

-- postgresql
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5);


-- ==== schema
-- op.create_check_constraint("ck_new", "t", "a > 5", schema="s")

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT ck_new CHECK (a > 5);


-- ==== deferrable
-- op.create_check_constraint("ck_new", "t", "a > 5", deferrable=True, initially="DEFERRED")

-- postgresql
-- refused: (psycopg.errors.FeatureNotSupported) CHECK constraints cannot be marked DEFERRABLE


-- ==== name=None
-- op.create_check_constraint(None, "t", "a > 5")

-- postgresql
-- refused: Naming convention including %(constraint_name)s token requires that constraint is explicitly named.
