-- O14 op.drop_constraint: written by tests/golden; read it before you commit a change of it


-- ==== unique
-- op.drop_constraint("uq_t_b", "t", type_="unique")

-- mariadb
ALTER TABLE t DROP INDEX uq_t_b;


-- ==== foreignkey
-- op.drop_constraint("fk_t_f", "t", type_="foreignkey")

-- mariadb
ALTER TABLE t DROP FOREIGN KEY fk_t_f;


-- ==== primary
-- op.drop_constraint("pk_w", "w", type_="primary")

-- mariadb
ALTER TABLE w DROP PRIMARY KEY;


-- ==== check
-- op.drop_constraint("ck_t_a", "t", type_="check")

-- mariadb
ALTER TABLE t DROP CONSTRAINT ck_t_a;


-- ==== without type_
-- op.drop_constraint("uq_t_b", "t")

-- mariadb
-- refused: No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type: type_='foreignkey', 'primary', 'unique' or 'check' for 'uq_t_b'


-- ==== schema
-- op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")

-- mariadb
ALTER TABLE s.t DROP INDEX uq_t_b;


-- ==== if_exists
-- op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)

-- mariadb
ALTER TABLE t DROP INDEX uq_t_b;
