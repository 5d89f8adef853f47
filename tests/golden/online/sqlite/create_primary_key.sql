-- O9 op.create_primary_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_primary_key("pk_u", "u", ["a", "c"])

-- sqlite
CREATE TABLE _alembic_tmp_u (
	a INTEGER, 
	c INTEGER, 
	CONSTRAINT pk_u PRIMARY KEY (a, c)
);

INSERT INTO _alembic_tmp_u (a, c) SELECT u.a, u.c FROM u;

DROP TABLE u;

ALTER TABLE _alembic_tmp_u RENAME TO u;


-- ==== schema
-- op.create_primary_key("pk_u", "u", ["a"], schema="s")

-- sqlite
CREATE TABLE s._alembic_tmp_u (
	a INTEGER, 
	c INTEGER, 
	CONSTRAINT pk_u PRIMARY KEY (a)
);

INSERT INTO s._alembic_tmp_u (a, c) SELECT s.u.a, s.u.c FROM s.u;

DROP TABLE s.u;

ALTER TABLE s._alembic_tmp_u RENAME TO u;


-- ==== name=None
-- op.create_primary_key(None, "u", ["a"])

-- sqlite
CREATE TABLE _alembic_tmp_u (
	a INTEGER, 
	c INTEGER, 
	CONSTRAINT pk_u PRIMARY KEY (a)
);

INSERT INTO _alembic_tmp_u (a, c) SELECT u.a, u.c FROM u;

DROP TABLE u;

ALTER TABLE _alembic_tmp_u RENAME TO u;
