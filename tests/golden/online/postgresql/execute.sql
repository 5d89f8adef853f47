-- O17 op.execute: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.execute("UPDATE t SET b = '5%' WHERE a = 1")

-- postgresql
UPDATE t SET b = '5%%' WHERE a = 1;


-- ==== colon
-- op.execute("UPDATE t SET b = 'x\\:y' WHERE a = 1")

-- postgresql
UPDATE t SET b = 'x:y' WHERE a = 1;


-- ==== tab
-- op.execute("UPDATE t SET b = 'x\ty' WHERE a = 1")

-- postgresql
UPDATE t SET b = 'x	y' WHERE a = 1;


-- ==== construct
-- op.execute(accounts.update().where(accounts.c.id == 5).values(name="it's"))

-- postgresql
UPDATE accounts SET name=%(name)s::VARCHAR WHERE accounts.id = %(id_1)s::INTEGER;
--   with {'name': "it's", 'id_1': 5}


-- ==== inline_literal
-- op.execute(accounts.update().where(accounts.c.id == op.inline_literal(5)).values(name=op.inline_literal("n")))

-- postgresql
UPDATE accounts SET name='n' WHERE accounts.id = 5;
