-- O9 op.create_primary_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_primary_key("pk_u", "u", ["a", "c"])

-- mariadb
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a, c);


-- ==== schema
-- op.create_primary_key("pk_u", "u", ["a"], schema="s")

-- mariadb
ALTER TABLE s.u ADD CONSTRAINT pk_u PRIMARY KEY (a);


-- ==== name=None
-- op.create_primary_key(None, "u", ["a"])

-- mariadb
ALTER TABLE u ADD CONSTRAINT pk_u PRIMARY KEY (a);
