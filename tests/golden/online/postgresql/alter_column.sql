-- O2 op.alter_column: written by tests/golden; read it before you commit a change of it


-- ==== nullable=False
-- op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN c SET NOT NULL;


-- ==== nullable=True
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;


-- ==== nullable, schema
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")

-- postgresql
ALTER TABLE s.t ALTER COLUMN a DROP NOT NULL;


-- ==== type_
-- op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)

-- postgresql
ALTER TABLE t ALTER COLUMN c TYPE NUMERIC(10, 2);


-- ==== type_, with a default that is there
-- op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")

-- postgresql
ALTER TABLE t ALTER COLUMN d TYPE BIGINT;


-- ==== type_, postgresql_using
-- op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20), postgresql_using="length(b)")

-- postgresql
ALTER TABLE t ALTER COLUMN b TYPE INTEGER USING length(b);


-- ==== type_, from a boolean with a CHECK
-- op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="is_c"))

-- postgresql
ALTER TABLE t ALTER COLUMN c TYPE INTEGER;


-- ==== type_, to an enum with a CHECK
-- op.alter_column("t", "b", existing_type=sa.String(20), type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))

-- postgresql
ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(1);

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'));


-- ==== server_default
-- op.alter_column("t", "b", server_default="it's 5%", existing_type=sa.String(20))

-- postgresql
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'it''s 5%%';


-- ==== server_default=None
-- op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")

-- postgresql
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;


-- ==== server_default, an expression
-- op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())

-- postgresql
ALTER TABLE t ALTER COLUMN e SET DEFAULT now();


-- ==== server_default, an identity added
-- op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5), existing_server_default=None, existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (START WITH 5);


-- ==== server_default, an identity changed
-- op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3), existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN i SET GENERATED ALWAYS SET CACHE 3 SET START WITH 5;


-- ==== server_default, an identity dropped
-- op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(), existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN i DROP IDENTITY;


-- ==== server_default, a computed column
-- op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())

-- postgresql
-- refused: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported. Drop column 'a' of table 't' and add it.


-- ==== new_column_name
-- op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)

-- postgresql
ALTER TABLE t RENAME c TO "Order";


-- ==== comment
-- op.alter_column("t", "a", comment="it's", existing_type=sa.Integer(), existing_nullable=False)

-- postgresql
COMMENT ON COLUMN t.a IS 'it''s';


-- ==== comment=None
-- op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(), existing_nullable=False)

-- postgresql
COMMENT ON COLUMN t.a IS NULL;


-- ==== autoincrement
-- op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)

-- postgresql
-- nothing


-- ==== existing_*
-- op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7", existing_comment="y")

-- postgresql
ALTER TABLE t ALTER COLUMN d SET NOT NULL;


-- ==== existing_autoincrement
-- op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False, existing_autoincrement=True)

-- postgresql
ALTER TABLE t ALTER COLUMN id TYPE BIGINT;


-- ==== everything
-- op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3", new_column_name="z", comment="last", existing_type=sa.Integer())

-- postgresql
ALTER TABLE t ALTER COLUMN c TYPE BIGINT;

ALTER TABLE t ALTER COLUMN c SET NOT NULL;

ALTER TABLE t ALTER COLUMN c SET DEFAULT '3';

COMMENT ON COLUMN t.c IS 'last';

ALTER TABLE t RENAME c TO z;


-- ==== without a type
-- op.alter_column("t", "c", nullable=False)

-- postgresql
ALTER TABLE t ALTER COLUMN c SET NOT NULL;
