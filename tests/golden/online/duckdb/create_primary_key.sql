-- O9 op.create_primary_key: written by tests/golden; read it before you commit a change of it


-- ==== plain
-- op.create_primary_key("pk_u", "u", ["a", "c"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM u;

DROP TABLE u;

CREATE TABLE u(a INTEGER, c INTEGER, CONSTRAINT pk_u PRIMARY KEY (a, c));

INSERT INTO u (a, c) SELECT a, c FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;


-- ==== schema
-- op.create_primary_key("pk_u", "u", ["a"], schema="s")

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM s.u;

DROP TABLE s.u;

CREATE TABLE s.u(a INTEGER, c INTEGER, CONSTRAINT pk_u PRIMARY KEY (a));

INSERT INTO s.u (a, c) SELECT a, c FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;


-- ==== name=None
-- op.create_primary_key(None, "u", ["a"])

-- duckdb
CREATE OR REPLACE TEMP TABLE _nbmigrate_rows_0 AS SELECT * FROM u;

DROP TABLE u;

CREATE TABLE u(a INTEGER, c INTEGER, CONSTRAINT pk_u PRIMARY KEY (a));

INSERT INTO u (a, c) SELECT a, c FROM _nbmigrate_rows_0;

DROP TABLE _nbmigrate_rows_0;
