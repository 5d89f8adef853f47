-- O16 op.bulk_insert: written by tests/golden; read it before you commit a change of it


-- ==== rows
-- op.bulk_insert(accounts, [{"id": 1, "name": "it's 5% of a:b\ttab"}, {"id": 2, "name": "ü"}])

-- sqlite, postgresql, mysql, mariadb, duckdb
INSERT INTO accounts (id, name) VALUES (1, 'it''s 5% of a:b	tab');

INSERT INTO accounts (id, name) VALUES (2, 'ü');

-- mssql
SET IDENTITY_INSERT accounts ON;

GO

INSERT INTO accounts (id, name) VALUES (1, 'it''s 5% of a:b	tab');

GO

INSERT INTO accounts (id, name) VALUES (2, 'ü');

GO

SET IDENTITY_INSERT accounts OFF;

GO

-- oracle
INSERT INTO accounts (id, name) VALUES (1, 'it''s 5% of a:b	tab')

/

INSERT INTO accounts (id, name) VALUES (2, 'ü')

/


-- ==== multiinsert=False
-- op.bulk_insert(accounts, [{"id": 1, "name": None}, {"id": 2, "name": "x"}], multiinsert=False)

-- sqlite, postgresql, mysql, mariadb, duckdb
INSERT INTO accounts (id, name) VALUES (1, NULL);

INSERT INTO accounts (id, name) VALUES (2, 'x');

-- mssql
SET IDENTITY_INSERT accounts ON;

GO

INSERT INTO accounts (id, name) VALUES (1, NULL);

GO

INSERT INTO accounts (id, name) VALUES (2, 'x');

GO

SET IDENTITY_INSERT accounts OFF;

GO

-- oracle
INSERT INTO accounts (id, name) VALUES (1, NULL)

/

INSERT INTO accounts (id, name) VALUES (2, 'x')

/


-- ==== dates, json
-- op.bulk_insert(accounts, [{"id": 1, "on": datetime.date(2026, 1, 31), "data": {"a": [1, "%"]}}])
-- other than Alembic: sqlite, Alembic can't write a JSON value into a script; postgresql, Alembic can't write a JSON value into a script; mysql, Alembic can't write a JSON value into a script; mariadb, Alembic can't write a JSON value into a script; mssql, Alembic can't write a JSON value into a script; oracle, Alembic can't write a JSON value into a script; duckdb, Alembic can't write a JSON value into a script

-- sqlite, postgresql, duckdb
INSERT INTO accounts (id, "on", data) VALUES (1, '2026-01-31', '{"a": [1, "%"]}');

-- mysql, mariadb
INSERT INTO accounts (id, `on`, data) VALUES (1, '2026-01-31', '{"a": [1, "%"]}');

-- mssql
SET IDENTITY_INSERT accounts ON;

GO

INSERT INTO accounts (id, [on], data) VALUES (1, '2026-01-31', '{"a": [1, "%"]}');

GO

SET IDENTITY_INSERT accounts OFF;

GO

-- oracle
INSERT INTO accounts (id, "on", data) VALUES (1, TO_DATE('2026-01-31', 'YYYY-MM-DD'), '{"a": [1, "%"]}')

/


-- ==== inline_literal
-- op.bulk_insert(accounts, [{"id": 1, "name": op.inline_literal("it's")}], multiinsert=False)

-- sqlite, postgresql, mysql, mariadb, duckdb
INSERT INTO accounts (id, name) VALUES (1, 'it''s');

-- mssql
SET IDENTITY_INSERT accounts ON;

GO

INSERT INTO accounts (id, name) VALUES (1, 'it''s');

GO

SET IDENTITY_INSERT accounts OFF;

GO

-- oracle
INSERT INTO accounts (id, name) VALUES (1, 'it''s')

/


-- ==== no rows
-- op.bulk_insert(accounts, [])

-- sqlite, postgresql, mysql, mariadb, oracle, duckdb
-- nothing

-- mssql
SET IDENTITY_INSERT accounts ON;

GO

SET IDENTITY_INSERT accounts OFF;

GO
