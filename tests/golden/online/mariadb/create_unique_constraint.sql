-- O10 op.create_unique_constraint: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_unique_constraint("uq_new", "t", ["a", "c"])

-- mariadb
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a, c);


-- ==== schema
-- op.create_unique_constraint("uq_new", "t", ["a"], schema="s")

-- mariadb
ALTER TABLE s.t ADD CONSTRAINT uq_new UNIQUE (a);


-- ==== deferrable, initially
-- op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")

-- mariadb
-- refused: (pymysql.err.ProgrammingError) (1064, "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'INITIALLY DEFERRED' at line 1")


-- ==== name=None
-- op.create_unique_constraint(None, "t", ["a", "c"])

-- mariadb
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, c);


-- ==== nulls not distinct
-- op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)

-- mariadb
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE (a);
