-- O11 op.create_foreign_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);


-- ==== several columns
-- op.create_foreign_key("fk_new", "t", "o", ["a", "c"], ["x", "y"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(a, c) REFERENCES o (x, y);


-- ==== onupdate, ondelete
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], onupdate="CASCADE", ondelete="SET NULL")

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE;


-- ==== deferrable, initially
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], deferrable=True, initially="DEFERRED")

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) DEFERRABLE INITIALLY DEFERRED;


-- ==== match
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], match="FULL")

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id) MATCH FULL;


-- ==== schemas
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], source_schema="s", referent_schema="s")

-- postgresql
ALTER TABLE s.t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES s.o (id);


-- ==== use_alter
-- op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], use_alter=True)

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY(c) REFERENCES o (id);


-- ==== to itself
-- op.create_foreign_key("fk_new", "t", "t", ["select"], ["id"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_new FOREIGN KEY("select") REFERENCES t (id);


-- ==== name=None
-- op.create_foreign_key(None, "t", "o", ["c"], ["id"])

-- postgresql
ALTER TABLE t ADD CONSTRAINT fk_t_c FOREIGN KEY(c) REFERENCES o (id);
