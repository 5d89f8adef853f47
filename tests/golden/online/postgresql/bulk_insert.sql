-- O16 op.bulk_insert: written by tests/golden; read it before you commit a change of it


-- ==== rows
-- op.bulk_insert(accounts, [{"id": 1, "name": "it's 5% of a:b\ttab"}, {"id": 2, "name": "ü"}])

-- postgresql
INSERT INTO accounts (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR);
--   with [{'id': 1, 'name': "it's 5% of a:b\ttab"}, {'id': 2, 'name': 'ü'}]


-- ==== multiinsert=False
-- op.bulk_insert(accounts, [{"id": 1, "name": None}, {"id": 2, "name": "x"}], multiinsert=False)

-- postgresql
INSERT INTO accounts (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR);
--   with {'id': 1, 'name': None}

INSERT INTO accounts (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR);
--   with {'id': 2, 'name': 'x'}


-- ==== dates, json
-- op.bulk_insert(accounts, [{"id": 1, "on": datetime.date(2026, 1, 31), "data": {"a": [1, "%"]}}])

-- postgresql
INSERT INTO accounts (id, "on", data) VALUES (%(id)s::INTEGER, %(on)s::DATE, %(data)s::JSON);
--   with {'id': 1, 'on': datetime.date(2026, 1, 31), 'data': Json({'a': [1, '%']})}


-- ==== inline_literal
-- op.bulk_insert(accounts, [{"id": 1, "name": op.inline_literal("it's")}], multiinsert=False)

-- postgresql
INSERT INTO accounts (id, name) VALUES (%(id)s::INTEGER, 'it''s');
--   with {'id': 1}


-- ==== no rows
-- op.bulk_insert(accounts, [])

-- postgresql
-- nothing
