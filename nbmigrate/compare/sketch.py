"""A schema followed through operations, without a database: enough of it to be drawn.

``Sketch`` takes one operation after the other, as a history has them, and gives the drawing at any time.
What plain SQL does is not followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from nbmigrate.compare.drawn import drawing_of
from nbmigrate.model import operations as ops
from nbmigrate.model.drawing import Drawing, DrawnColumn, DrawnKey, DrawnTable
from nbmigrate.model.value import replaced

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from nbmigrate.model.operations import MigrateOperation


@dataclass
class _Table:
    """One table while it is followed; constraints by name, or by a number where they have none."""

    columns: dict[str, DrawnColumn] = field(default_factory=dict)
    primary: tuple[str, ...] = ()
    uniques: dict[object, tuple[str, ...]] = field(default_factory=dict)
    keys: dict[object, DrawnKey] = field(default_factory=dict)


class Sketch:
    """Tables as operations have made them so far; types are spelt as ``dialect`` does."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.tables: dict[str, _Table] = {}
        # what has been drawn and not been touched since: a step of a long history changes a table or two
        self._drawings: dict[str, tuple[DrawnTable, tuple[DrawnKey, ...]]] = {}
        self._follow: dict[type[Any], Callable[[Any], None]] = {
            ops.CreateTableOp: self._create_table,
            ops.DropTableOp: self._drop_table,
            ops.RenameTableOp: self._rename_table,
            ops.AddColumnOp: self._add_column,
            ops.DropColumnOp: self._drop_column,
            ops.AlterColumnOp: self._alter_column,
            ops.CreatePrimaryKeyOp: self._create_primary_key,
            ops.CreateUniqueConstraintOp: self._create_unique,
            ops.CreateForeignKeyOp: self._create_foreign_key,
            ops.DropConstraintOp: self._drop_constraint,
            ops.CreateIndexOp: self._create_index,
            ops.DropIndexOp: self._drop_index,
        }

    @classmethod
    def of(cls, drawing: Drawing, dialect: Dialect) -> Sketch:
        """A sketch that begins with what was drawn."""
        self = cls(dialect)
        for table in drawing.tables:
            primary = tuple(column.name for column in table.columns if "PK" in column.keys)
            uniques: dict[object, tuple[str, ...]] = {
                (c.name,): (c.name,) for c in table.columns if "UQ" in c.keys
            }
            keys: dict[object, DrawnKey] = {
                number: key for number, key in enumerate(drawing.keys) if key.source == table.name
            }
            self.tables[table.name] = _Table({c.name: c for c in table.columns}, primary, uniques, keys)
        return self

    def take(self, operation: MigrateOperation) -> None:
        """Follow one operation; what is not drawn (a comment, rows) changes nothing."""
        inner = getattr(operation, "operations", None) or getattr(operation, "ops", None)
        if inner is not None:
            for one in inner:
                self.take(one)
            return
        for kind, follow in self._follow.items():
            if isinstance(operation, kind):
                follow(operation)

    def drawing(self) -> Drawing:
        """The schema as it is now; what no operation has touched since the last time is the same object."""
        drawn = [self._drawn_table(name) for name in sorted(self.tables)]
        return Drawing(tuple(table for table, _ in drawn), tuple(key for _, keys in drawn for key in keys))

    def _drawn_table(self, name: str) -> tuple[DrawnTable, tuple[DrawnKey, ...]]:
        known = self._drawings.get(name)
        if known is not None:
            return known
        table = self.tables[name]
        unique = {*table.uniques.values(), table.primary}
        keys = [
            replaced(
                key,
                one=key.columns in unique,
                optional=any(table.columns[c].nullable for c in key.columns if c in table.columns),
            )
            for key in table.keys.values()
        ]
        columns = tuple(self._drawn(table, column) for column in table.columns.values())
        found = DrawnTable(name, columns), tuple(sorted(keys, key=lambda key: (key.columns, key.target)))
        self._drawings[name] = found
        return found

    def _drawn(self, table: _Table, column: DrawnColumn) -> DrawnColumn:
        marks = (
            ("PK", column.name in table.primary),
            ("FK", any(column.name in key.columns for key in table.keys.values())),
            ("UQ", (column.name,) in table.uniques.values()),
        )
        return replaced(column, keys=tuple(word for word, holds in marks if holds))

    def _table(self, name: str, schema: str | None) -> _Table:
        """The table, to be changed."""
        full = _full(name, schema)
        self._drawings.pop(full, None)
        return self.tables.setdefault(full, _Table())

    def _learn(self, table: Table) -> _Table:
        """What a SQLAlchemy table says of itself."""
        drawn = drawing_of(table.metadata, self.dialect)
        found = _Table({c.name: c for one in drawn.tables if one.name == table.fullname for c in one.columns})
        found.primary = tuple(column.name for column in table.primary_key.columns)
        for one in table.constraints:
            label: object = str(one.name) if one.name else len(found.uniques) + len(found.keys)
            if isinstance(one, UniqueConstraint):
                found.uniques[label] = tuple(column.name for column in one.columns)
            elif isinstance(one, ForeignKeyConstraint):
                found.keys[label] = _key(table.fullname, one)
        for index in table.indexes:
            if index.unique:
                found.uniques[str(index.name)] = tuple(column.name for column in index.columns)
        return found

    def _create_table(self, operation: ops.CreateTableOp) -> None:
        name = _full(operation.table_name, operation.schema)
        if not (operation.if_not_exists and name in self.tables):
            self.tables[name] = self._learn(operation.to_table())
            self._drawings.pop(name, None)

    def _drop_table(self, operation: ops.DropTableOp) -> None:
        name = _full(operation.table_name, operation.schema)
        self.tables.pop(name, None)
        self._drawings.pop(name, None)

    def _rename_table(self, operation: ops.RenameTableOp) -> None:
        old = _full(operation.table_name, operation.schema)
        new = _full(operation.new_table_name, operation.schema)
        self._drawings.clear()  # who refers to it is drawn anew as well
        if old in self.tables:
            self.tables[new] = self.tables.pop(old)
        for table in self.tables.values():
            for label, key in table.keys.items():
                source = new if key.source == old else key.source
                target = new if key.target == old else key.target
                table.keys[label] = replaced(key, source=source, target=target)

    def _add_column(self, operation: ops.AddColumnOp) -> None:
        column = operation.column
        copy: Column[Any] = column._copy()
        # a copy leaves out the keys of a column that was in a table before, as when its SQL was written
        for foreign in sorted(column.foreign_keys, key=lambda one: one.target_fullname):
            if foreign.constraint is not None:
                copy.append_foreign_key(foreign._copy())
        bare = Table(operation.table_name, MetaData(), copy, schema=operation.schema)
        learnt = self._learn(bare)
        table = self._table(operation.table_name, operation.schema)
        table.columns.update(learnt.columns)
        table.primary += learnt.primary
        for label, columns in learnt.uniques.items():
            table.uniques[(column.name, label)] = columns
        for label, key in learnt.keys.items():
            table.keys[label if isinstance(label, str) else (column.name, label)] = key

    def _drop_column(self, operation: ops.DropColumnOp) -> None:
        table, name = self._table(operation.table_name, operation.schema), operation.column_name
        table.columns.pop(name, None)
        table.primary = tuple(column for column in table.primary if column != name)
        table.uniques = {label: has for label, has in table.uniques.items() if name not in has}
        table.keys = {label: key for label, key in table.keys.items() if name not in key.columns}

    def _alter_column(self, operation: ops.AlterColumnOp) -> None:
        table, name = self._table(operation.table_name, operation.schema), operation.column_name
        column = table.columns.get(name)
        if column is None:
            return
        if operation.modify_type is not None:
            made = Table("t", MetaData(), Column(name, operation.modify_type))
            column = replaced(column, type=self._learn(made).columns[name].type)
        if operation.modify_nullable is not None:
            column = replaced(column, nullable=operation.modify_nullable)
        new = operation.modify_name or name
        table.columns = {
            (new if key == name else key): (replaced(column, name=new) if key == name else value)
            for key, value in table.columns.items()
        }
        if new != name:
            self._rename_column(_full(operation.table_name, operation.schema), name, new)

    def _rename_column(self, where: str, old: str, new: str) -> None:
        def renamed(columns: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new if column == old else column for column in columns)

        self._drawings.clear()
        table = self.tables[where]
        table.primary = renamed(table.primary)
        table.uniques = {label: renamed(columns) for label, columns in table.uniques.items()}
        for other in self.tables.values():
            for label, key in other.keys.items():
                if key.source == where:
                    key = replaced(key, columns=renamed(key.columns))
                if key.target == where:
                    key = replaced(key, target_columns=renamed(key.target_columns))
                other.keys[label] = key

    def _create_primary_key(self, operation: ops.CreatePrimaryKeyOp) -> None:
        self._table(operation.table_name, operation.schema).primary = tuple(operation.columns)

    def _create_unique(self, operation: ops.CreateUniqueConstraintOp) -> None:
        table = self._table(operation.table_name, operation.schema)
        label = str(operation.constraint_name or tuple(operation.columns))
        table.uniques[label] = tuple(str(column) for column in operation.columns)

    def _create_foreign_key(self, operation: ops.CreateForeignKeyOp) -> None:
        schema, other = operation.kw.get("source_schema"), operation.kw.get("referent_schema")
        source = _full(operation.source_table, schema)
        columns, targets = tuple(operation.local_cols), tuple(operation.remote_cols)
        key = DrawnKey(source, columns, _full(operation.referent_table, other), targets)
        label = str(operation.constraint_name or (columns, key.target))
        self._table(operation.source_table, schema).keys[label] = key

    def _drop_constraint(self, operation: ops.DropConstraintOp) -> None:
        table = self._table(operation.table_name, operation.schema)
        if operation.constraint_type == "primary":
            table.primary = ()
        for named in (table.uniques, table.keys):
            for label in list(named):
                if operation.constraint_name in (label, label[-1] if isinstance(label, tuple) else None):
                    del named[label]

    def _create_index(self, operation: ops.CreateIndexOp) -> None:
        if operation.unique and all(isinstance(column, str) for column in operation.columns):
            table = self._table(operation.table_name, operation.schema)
            table.uniques[str(operation.index_name)] = tuple(str(column) for column in operation.columns)

    def _drop_index(self, operation: ops.DropIndexOp) -> None:
        for name, table in self.tables.items():
            if table.uniques.pop(str(operation.index_name), None) is not None:
                self._drawings.pop(name, None)


def _full(name: str, schema: str | None) -> str:
    return f"{schema}.{name}" if schema else str(name)


def _key(source: str, one: ForeignKeyConstraint) -> DrawnKey:
    targets = [element.target_fullname.rpartition(".") for element in one.elements]
    return DrawnKey(source, tuple(one.column_keys), targets[0][0], tuple(column for _, _, column in targets))
