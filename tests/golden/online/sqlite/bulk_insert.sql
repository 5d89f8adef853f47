-- O16 op.bulk_insert: written by tests/golden; read it before you commit a change of it


-- ==== rows
-- op.bulk_insert(accounts, [{"id": 1, "name": "it's 5% of a:b\ttab"}, {"id": 2, "name": "ü"}])

-- sqlite
INSERT INTO accounts (id, name) VALUES (?, ?);
--   with [(1, "it's 5% of a:b\ttab"), (2, 'ü')]


-- ==== multiinsert=False
-- op.bulk_insert(accounts, [{"id": 1, "name": None}, {"id": 2, "name": "x"}], multiinsert=False)

-- sqlite
INSERT INTO accounts (id, name) VALUES (?, ?);
--   with (1, None)

INSERT INTO accounts (id, name) VALUES (?, ?);
--   with (2, 'x')


-- ==== dates, json
-- op.bulk_insert(accounts, [{"id": 1, "on": datetime.date(2026, 1, 31), "data": {"a": [1, "%"]}}])

-- sqlite
INSERT INTO accounts (id, "on", data) VALUES (?, ?, ?);
--   with (1, '2026-01-31', '{"a": [1, "%"]}')


-- ==== inline_literal
-- op.bulk_insert(accounts, [{"id": 1, "name": op.inline_literal("it's")}], multiinsert=False)

-- sqlite
INSERT INTO accounts (id, name) VALUES (?, 'it''s');
--   with (1,)


-- ==== no rows
-- op.bulk_insert(accounts, [])

-- sqlite
-- nothing
