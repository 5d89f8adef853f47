-- O12 op.create_check_constraint: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.create_check_constraint("ck_new", "t", "b like '5%'")

-- mariadb
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (b like '5%%');


-- ==== expression
-- op.create_check_constraint("ck_new", "t", sa.column("a") > 5)

-- mariadb
ALTER TABLE t ADD CONSTRAINT ck_new CHECK (a > 5);


-- ==== schema
-- op.create_check_constraint("ck_new", "t", "a > 5", schema="s")

-- mariadb
ALTER TABLE s.t ADD CONSTRAINT ck_new CHECK (a > 5);


-- ==== deferrable
-- op.create_check_constraint("ck_new", "t", "a > 5", deferrable=True, initially="DEFERRED")

-- mariadb
-- refused: (pymysql.err.ProgrammingError) (1064, "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'DEFERRABLE INITIALLY DEFERRED' at line 1")


-- ==== name=None
-- op.create_check_constraint(None, "t", "a > 5")

-- mariadb
-- refused: Naming convention including %(constraint_name)s token requires that constraint is explicitly named.
