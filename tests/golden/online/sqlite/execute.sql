-- O17 op.execute: written by tests/golden; read it before you commit a change of it


-- ==== text
-- op.execute("UPDATE t SET b = '5%' WHERE a = 1")

-- sqlite
UPDATE t SET b = '5%' WHERE a = 1;


-- ==== colon
-- op.execute("UPDATE t SET b = 'x\\:y' WHERE a = 1")

-- sqlite
UPDATE t SET b = 'x:y' WHERE a = 1;


-- ==== tab
-- op.execute("UPDATE t SET b = 'x\ty' WHERE a = 1")

-- sqlite
UPDATE t SET b = 'x	y' WHERE a = 1;


-- ==== construct
-- op.execute(accounts.update().where(accounts.c.id == 5).values(name="it's"))

-- sqlite
UPDATE accounts SET name=? WHERE accounts.id = ?;
--   with ("it's", 5)


-- ==== inline_literal
-- op.execute(accounts.update().where(accounts.c.id == op.inline_literal(5)).values(name=op.inline_literal("n")))

-- sqlite
UPDATE accounts SET name='n' WHERE accounts.id = 5;
