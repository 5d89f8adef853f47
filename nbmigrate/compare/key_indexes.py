"""The indexes that foreign keys need, where a database makes them by itself (MySQL, MariaDB).

InnoDB makes an index for a foreign key that finds none, takes it away when a better one comes, keeps it when
the key goes, and refuses to drop the last index that a key needs. None of this can be seen in a revision that
only says "foreign key", and its way back fails. So a revision says it: an index before a key that needs one,
under the name that InnoDB would choose; the same index before the last other one goes; and away with it once
another one has taken its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy.sql.elements import conv

from nbmigrate.model.operations import CreateForeignKeyOp, CreateIndexOp, DropIndexOp, MigrateOperation
from nbmigrate.model.schema import ForeignKey, Index, Table


def covers(columns: Sequence[str], fk: ForeignKey) -> bool:
    """Whether an index over these columns serves a foreign key: it begins with the key's columns."""
    return tuple(columns[: len(fk.columns)]) == fk.columns


def covering(table: Table, fk: ForeignKey) -> bool:
    """Whether a table has an index that serves a foreign key."""
    served = [*(unique.columns for unique in table.uniques), *(index.columns for index in table.indexes)]
    if table.primary_key is not None:
        served.append(table.primary_key.columns)
    return any(covers(columns, fk) for columns in served)


class KeyIndexes:
    """What a table's keys ask of its indexes, before and after the change."""

    def __init__(self, there: Table, wanted: Table) -> None:
        self.there, self.wanted = there, wanted
        self.staying = [fk for fk in there.foreign_keys if fk in wanted.foreign_keys]

    def made_for(self, name: str, fk: ForeignKey) -> CreateIndexOp:
        """The index that InnoDB would make for a key of this name."""
        return CreateIndexOp(conv(name), self.wanted.name, list(fk.columns), schema=self.wanted.source.schema)

    def before(self) -> Iterator[MigrateOperation]:
        """Indexes for keys that stay while all that serves them goes."""
        for fk in self.staying:
            if not covering(self.wanted, fk) and not self.implied(fk):
                yield self.made_for(fk.name or fk.columns[0], fk)

    def for_new(self, operations: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
        """Indexes for keys that come, by the names they come with."""
        served: set[tuple[str, ...]] = set()
        for operation in operations:
            if not isinstance(operation, CreateForeignKeyOp):
                continue
            columns = tuple(str(name) for name in operation.local_cols)
            fk = next(key for key in self.wanted.foreign_keys if key.columns == columns)
            if not covering(self.wanted, fk) and fk.columns not in served and not self.implied(fk):
                served.add(fk.columns)
                yield self.made_for(str(operation.constraint_name or fk.columns[0]), fk)

    def after(self, reflected: Callable[[Index], Any]) -> Iterator[MigrateOperation]:
        """Away with the index that a key had made, once another one serves it."""
        for fk in self.staying:
            if not covering(self.wanted, fk):
                continue
            for index in self.implied(fk):
                operation = DropIndexOp.from_index(reflected(index))
                # InnoDB may have done it: it knows which indexes it has made
                operation.if_exists = True
                yield operation

    def implied(self, fk: ForeignKey) -> list[Index]:
        """The indexes that the database has made for a key."""
        return [index for index in self.there.implied if covers(index.columns, fk)]
