-- O2 op.alter_column: written by tests/golden; read it before you commit a change of it


-- ==== nullable=False
-- op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())

-- mariadb
ALTER TABLE t MODIFY c INTEGER NOT NULL;


-- ==== nullable=True
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())

-- mariadb
ALTER TABLE t MODIFY a INTEGER NULL;


-- ==== nullable, schema
-- op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")

-- mariadb
ALTER TABLE s.t MODIFY a INTEGER NULL;


-- ==== type_
-- op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)

-- mariadb
ALTER TABLE t MODIFY c NUMERIC(10, 2) NULL;


-- ==== type_, with a default that is there
-- op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")

-- mariadb
ALTER TABLE t MODIFY d BIGINT NULL DEFAULT '7';


-- ==== type_, postgresql_using
-- op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20), postgresql_using="length(b)")

-- mariadb
ALTER TABLE t MODIFY b INTEGER NULL;


-- ==== type_, from a boolean with a CHECK
-- op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="is_c"))

-- mariadb
ALTER TABLE t MODIFY c INTEGER NULL;


-- ==== type_, to an enum with a CHECK
-- op.alter_column("t", "b", existing_type=sa.String(20), type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))

-- mariadb
ALTER TABLE t MODIFY b VARCHAR(1) NULL;

ALTER TABLE t ADD CONSTRAINT kind CHECK (b IN ('a', 'b'));


-- ==== server_default
-- op.alter_column("t", "b", server_default="it's 5%", existing_type=sa.String(20))

-- mariadb
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'it''s 5%%';


-- ==== server_default=None
-- op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")

-- mariadb
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;


-- ==== server_default, an expression
-- op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())

-- mariadb
ALTER TABLE t CHANGE e e DATETIME NULL DEFAULT now();


-- ==== server_default, an identity added
-- op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5), existing_server_default=None, existing_type=sa.Integer())

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'a' of table 't', mysql)


-- ==== server_default, an identity changed
-- op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3), existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mysql)


-- ==== server_default, an identity dropped
-- op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(), existing_type=sa.Integer())

-- mariadb
-- refused: Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect. (column 'i' of table 't', mysql)


-- ==== server_default, a computed column
-- op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())

-- mariadb
-- refused: Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported. Drop column 'a' of table 't' and add it.


-- ==== new_column_name
-- op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)

-- mariadb
ALTER TABLE t CHANGE c `Order` INTEGER NULL;


-- ==== comment
-- op.alter_column("t", "a", comment="it's", existing_type=sa.Integer(), existing_nullable=False)

-- mariadb
ALTER TABLE t MODIFY a INTEGER NOT NULL COMMENT 'it''s';


-- ==== comment=None
-- op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(), existing_nullable=False)

-- mariadb
ALTER TABLE t MODIFY a INTEGER NOT NULL;


-- ==== autoincrement
-- op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)

-- mariadb
ALTER TABLE t MODIFY id INTEGER NOT NULL AUTO_INCREMENT;


-- ==== existing_*
-- op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7", existing_comment="y")

-- mariadb
ALTER TABLE t MODIFY d INTEGER NOT NULL DEFAULT '7' COMMENT 'y';


-- ==== existing_autoincrement
-- op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False, existing_autoincrement=True)

-- mariadb
ALTER TABLE t MODIFY id BIGINT NOT NULL AUTO_INCREMENT;


-- ==== everything
-- op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3", new_column_name="z", comment="last", existing_type=sa.Integer())

-- mariadb
ALTER TABLE t CHANGE c z BIGINT NOT NULL DEFAULT '3' COMMENT 'last';


-- ==== without a type
-- op.alter_column("t", "c", nullable=False)

-- mariadb
-- refused: All MySQL CHANGE/MODIFY COLUMN operations require the existing type: give existing_type= for column 'c' of table 't'
