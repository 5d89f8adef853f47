-- O14 op.drop_constraint: written by tests/golden; read it before you commit a change of it


-- ==== unique
-- op.drop_constraint("uq_t_b", "t", type_="unique")

-- postgresql
ALTER TABLE t DROP CONSTRAINT uq_t_b;


-- ==== foreignkey
-- op.drop_constraint("fk_t_f", "t", type_="foreignkey")

-- postgresql
ALTER TABLE t DROP CONSTRAINT fk_t_f;


-- ==== primary
-- op.drop_constraint("pk_w", "w", type_="primary")

-- postgresql
ALTER TABLE w DROP CONSTRAINT pk_w;


-- ==== check
-- op.drop_constraint("ck_t_a", "t", type_="check")

-- postgresql
ALTER TABLE t DROP CONSTRAINT ck_t_a;


-- ==== without type_
-- op.drop_constraint("uq_t_b", "t")

-- postgresql
ALTER TABLE t DROP CONSTRAINT uq_t_b;


-- ==== schema
-- op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")

-- postgresql
ALTER TABLE s.t DROP CONSTRAINT uq_t_b;


-- ==== if_exists
-- op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)

-- postgresql
ALTER TABLE t DROP CONSTRAINT IF EXISTS uq_t_b;
