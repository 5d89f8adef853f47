"""Models of many tables, the databases that hold them, and what a floor asks a catalogue."""

from __future__ import annotations

from typing import Any

# as much as a comparison needs to know, in a constant number of statements
_INSIDE = "sqlite_schema m JOIN pragma_{0}(m.name) x WHERE m.type = 'table'"
_HERE = "FROM information_schema.{0} WHERE table_schema = DATABASE()"
FLOOR = {
    "sqlite": [
        "SELECT name, sql FROM sqlite_schema",
        "SELECT m.name, x.* FROM " + _INSIDE.format("table_xinfo"),
        "SELECT m.name, x.* FROM " + _INSIDE.format("foreign_key_list"),
        "SELECT m.name, x.* FROM " + _INSIDE.format("index_list"),
        "SELECT m.name, x.* FROM sqlite_schema m JOIN pragma_index_xinfo(m.name) x WHERE m.type = 'index'",
    ],
    "postgresql": [
        "SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        "SELECT attrelid, attname, format_type(atttypid, atttypmod), attnotnull, "
        "col_description(attrelid, attnum) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        "WHERE attnum > 0 AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
        "SELECT conrelid, conname, contype, conkey, confrelid, confkey FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT indrelid, indkey, indisunique, relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
        "WHERE c.relnamespace = 'public'::regnamespace",
    ],
    "mysql": [
        "SELECT table_name, table_comment " + _HERE.format("tables"),
        "SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_comment "
        + _HERE.format("columns"),
        "SELECT table_name, index_name, column_name, seq_in_index, non_unique " + _HERE.format("statistics"),
        "SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name "
        + _HERE.format("key_column_usage"),
    ],
    "duckdb": [f"SELECT * FROM duckdb_{what}()" for what in ("tables", "columns", "constraints", "indexes")],
}


def models(count: int, changed: int = 0, numbered: bool = True) -> Any:
    """``count`` tables of 12 columns, key, 2 foreign keys, 2 indexes, 1 unique, comments; some changed.

    ``numbered`` keys number themselves, which DuckDB's can't.
    """
    import sqlalchemy as sa

    metadata = sa.MetaData()
    for n in range(count):
        name, is_changed = f"table_{n:05}", n < changed
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement="auto" if numbered else False),
            sa.Column("name", sa.String(60 if is_changed and n % 4 == 0 else 40), nullable=False),
            sa.Column("code", sa.String(20), nullable=False, comment="what it is called elsewhere"),
            sa.Column("note", sa.Text),
            sa.Column("price", sa.Numeric(10, 2)),
            sa.Column("amount", sa.Integer, nullable=bool(is_changed and n % 4 == 1), server_default="0"),
            sa.Column("ratio", sa.Float),
            sa.Column("is_open", sa.Boolean, nullable=False),
            sa.Column("made_at", sa.DateTime),
            sa.Column("day", sa.Date),
            sa.Column("parent_id", sa.Integer),
            sa.Column("other_id", sa.Integer),
            *([sa.Column("more", sa.String(9))] if is_changed and n % 4 == 2 else []),
            sa.ForeignKeyConstraint(["parent_id"], [f"table_{max(n - 1, 0):05}.id"], name=f"fk_{name}_p"),
            sa.ForeignKeyConstraint(["other_id"], [f"table_{n // 2:05}.id"], name=f"fk_{name}_o"),
            sa.Index(f"ix_{name}_name", "name"),
            sa.Index(f"ix_{name}_day", "day", "amount" if is_changed and n % 4 == 3 else "made_at"),
            sa.UniqueConstraint("code", name=f"uq_{name}_code"),
            comment="a table of the benchmark",
        )
    return metadata


def fill(clock: Any, side: str, url: str, count: int) -> None:
    """Create the tables; run as a process, so that the one that measures stays small."""
    import sqlalchemy as sa

    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    tables = list(models(count, numbered=engine.dialect.name != "duckdb").tables.values())
    later = engine.dialect.name in ("postgresql", "mysql")
    for start in range(0, count, 100):  # PostgreSQL has room for so many locks in one transaction
        with engine.begin() as connection:
            for table in tables[start : start + 100]:
                inline = () if later else None
                connection.execute(sa.schema.CreateTable(table, include_foreign_key_constraints=inline))
                for index in table.indexes:
                    connection.execute(sa.schema.CreateIndex(index))
                if engine.dialect.supports_comments and not engine.dialect.inline_comments:
                    connection.execute(sa.schema.SetTableComment(table))
                    connection.execute(sa.schema.SetColumnComment(table.c.code))
                for key in sorted(table.foreign_key_constraints, key=lambda fk: str(fk.name)):
                    if later:
                        connection.execute(sa.schema.AddConstraint(key))
    engine.dispose()
