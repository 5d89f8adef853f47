"""Which tables and columns are the same under another name: what was answered, and what may be.

Everything here is values: two schemas and the answers go in, renames and open candidates come out. The
renames are then made in the *current* schema (``renamed_schema``), before anything is compared, so that what
hangs on a renamed thing (keys, indexes, CHECKs, the foreign keys of others) is compared under the new name
and none of it comes out as dropped and added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nbmigrate.compare.assignment import best_pairs
from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.rename_answers import Answer, spelled, table_key
from nbmigrate.compare.similar import THRESHOLD, ColumnPair, Likeness, table_likeness
from nbmigrate.errors import CommandError
from nbmigrate.model.schema import Key, Schema, Table

MANY = 40_000
"""Pairs of tables that are looked at one by one; where there are more, only those with the same columns."""


@dataclass(frozen=True, slots=True)
class Rename:
    """One rename.

    ``table`` is the key that a table has now; of a column, the key that its table has in the models.
    """

    kind: Literal["table", "column"]
    table: Key
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rename that nobody has answered; ``old_table`` is where a column is now.

    ``within`` is the candidate of the table that a column's stands on.
    """

    rename: Rename
    old_table: Key
    likeness: Likeness
    within: Rename | None = None

    @property
    def names(self) -> tuple[str, str]:
        """Old and new name as they are written in an answer."""
        if self.rename.kind == "table":
            schema = self.old_table[0]
            return spelled(schema, self.rename.old), spelled(schema, self.rename.new)
        return spelled(*self.old_table, self.rename.old), spelled(*self.rename.table, self.rename.new)


@dataclass
class Decision:
    """What is renamed, and what is asked.

    ``tables`` leads from keys now to keys then, ``columns`` from the key in the models to names now and then.
    ``used`` are the answers that had a meaning here.
    """

    tables: dict[Key, Key] = field(default_factory=dict)
    columns: dict[Key, dict[str, str]] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    used: set[Answer] = field(default_factory=set)

    @property
    def old_keys(self) -> set[Key]:
        """The tables, by their keys now, that get another name themselves or in a column."""
        back = {new: old for old, new in self.tables.items()}
        return {*self.tables, *(back.get(key, key) for key in self.columns)}

    def __bool__(self) -> bool:
        """Whether anything is renamed."""
        return bool(self.tables or self.columns)


def decide(
    current: Schema,
    desired: Schema,
    answers: Sequence[Answer],
    options: CompareOptions,
    *,
    ask: bool = True,
    goes: Callable[[Key, str | None], bool] | None = None,
) -> Decision:
    """What the answers and the models say is renamed; with ``ask`` also what may be.

    ``goes`` tells whether a table, or a column of it, may be dropped at all (the user's ``include_object``).
    Raises ``CommandError`` for an answer that can't hold.
    """
    return _Decider(current, desired, answers, options, ask, goes or (lambda key, name: True)).decision()


class _Decider:
    """One decision, table by table."""

    def __init__(
        self,
        current: Schema,
        desired: Schema,
        answers: Sequence[Answer],
        options: CompareOptions,
        ask: bool,
        goes: Callable[[Key, str | None], bool],
    ) -> None:
        self.current, self.desired, self.answers = current.tables, desired.tables, answers
        self.options, self.ask, self.goes = options, ask, goes
        self.found = Decision()
        self.new_keys: dict[Key, Key] = {}

    def decision(self) -> Decision:
        """Tables, then columns; what may be renamed is looked for among what is left."""
        dropped = self.answer_tables()
        self.declare_tables(dropped)
        self.check_tables()
        possible = self.possible_tables(dropped) if self.ask else {}
        self.new_keys = {**self.found.tables, **possible}
        origin = {new: old for old, new in self.new_keys.items()}
        for key, wanted in self.desired.items():
            old_key = origin.get(key, key)
            there = self.current.get(old_key)
            if there is None or (key in self.found.tables and key not in origin):
                continue
            within = Rename("table", old_key, old_key[1], key[1]) if old_key in possible else None
            self.columns(old_key, there, wanted, within)
        return self.found

    # tables

    def answer_tables(self) -> set[Key]:
        """Take over what is answered about tables; those that are said to go."""
        dropped = set()
        default = self.options.default_schema
        for answer in self.answers:
            old = table_key(answer.old, default)
            new = table_key(answer.new, default) if answer.new else None
            is_there = old in self.current
            if old is not None and is_there and self._is_column(answer):
                raise CommandError(
                    f"{answer}: {spelled(*answer.old)} is a table of a schema, and a column of a table; "
                    f"name the schema of the table too ({spelled(default, *answer.old)})"
                )
            if answer.new is None and old is not None and is_there:
                dropped.add(old)
                self.found.used.add(answer)
            elif old is not None and is_there and self._means_table(answer, old, new):
                self.table_answered(answer, old, new)
            elif not is_there and new in self.current and new in self.desired:
                self.found.used.add(answer)
            self._implied_table(answer)
        return dropped

    def table_answered(self, answer: Answer, old: Key, new: Key | None) -> None:
        """One table renamed by an answer."""
        if new is None or new not in self.desired:
            raise CommandError(f"{answer}: the models have no table {spelled(*(answer.new or ()))}")
        if new[0] != old[0]:
            raise CommandError(
                f"{answer}: a rename does not move a table to another schema; write that revision by hand"
            )
        self.found.tables[old] = new
        self.found.used.add(answer)

    def _implied_table(self, answer: Answer) -> None:
        """An answer about a column in a table of another name says that the table is renamed."""
        if answer.new is None or len(answer.old) < 2 or len(answer.new) < 2:
            return
        old = table_key(answer.old[:-1], self.options.default_schema)
        new = table_key(answer.new[:-1], self.options.default_schema)
        if old is None or new is None or old == new or old in self.found.tables:
            return
        if (
            old in self.current
            and old not in self.desired
            and new in self.desired
            and new not in self.current
        ):
            self.found.tables[old] = new

    def _means_table(self, answer: Answer, old: Key, new: Key | None) -> bool:
        """Whether an answer that names a table is about it: it is gone, or its new name is in the models."""
        return old not in self.desired or (new in self.desired and not self._is_column(answer))

    def _is_column(self, answer: Answer) -> bool:
        key = table_key(answer.old[:-1], self.options.default_schema) if len(answer.old) > 1 else None
        table = self.current.get(key) if key is not None else None
        return table is not None and table.column(answer.old[-1]) is not None

    def declare_tables(self, dropped: set[Key]) -> None:
        """Take over what the models say: ``Table(info={"renamed_from": ...})``."""
        declared = {}
        for key, wanted in self.desired.items():
            for name in _renamed_from(wanted.source):
                old = (key[0], name)
                if old in self.current and old not in self.found.tables and old not in dropped:
                    declared[old] = key
                    break
        taken = set(self.found.tables.values())
        for old, new in _applicable(declared, self.current, self.found.tables):
            if new not in taken:
                self.found.tables[old] = new

    def check_tables(self) -> None:
        """Refuse two tables of one name."""
        for old, new in self.found.tables.items():
            taken = [other for other, name in self.found.tables.items() if name == new and other != old]
            if taken:
                raise CommandError(
                    f"both {spelled(*old)} and {spelled(*taken[0])} are renamed to {spelled(*new)}"
                )
            if new in self.current and new not in self.found.tables:
                raise CommandError(
                    f"--rename {spelled(*old)}={spelled(*new)}: the database has a table {spelled(*new)} "
                    "already; rename or drop that one first, in a revision of its own"
                )

    def possible_tables(self, dropped: set[Key]) -> dict[Key, Key]:
        """Tables that may be renamed, by their likeness."""
        taken = set(self.found.tables.values())
        gone = [
            key
            for key in sorted(self.current, key=_order)
            if key not in self.desired
            and key not in self.found.tables
            and key not in dropped
            and self.sees(key)
        ]
        new = [
            key
            for key, wanted in self.desired.items()
            if key not in self.current and key not in taken and not _is_said_to_be_new(wanted.source)
        ]
        scores: dict[tuple[Key, Key], float] = {}
        told: dict[tuple[Key, Key], Likeness] = {}
        for old, other in _table_pairs(gone, new, self.current, self.desired):
            found = table_likeness(self.current[old], self.desired[other])
            if found.score >= THRESHOLD and self.goes(old, None):
                scores[old, other], told[old, other] = found.score, found
        possible = {}
        for old, other in best_pairs(scores):
            rename = Rename("table", old, old[1], other[1])
            self.found.candidates.append(Candidate(rename, old, told[old, other]))
            possible[old] = other
        return possible

    def sees(self, key: Key) -> bool:
        """Whether a table that the models do not have takes part at all."""
        if key[0] is not None and not self.options.include_schemas:
            return False
        return self.options.wants_name(key[1], "table", {"schema_name": key[0]})

    # columns

    def columns(self, old_key: Key, there: Table, wanted: Table, within: Rename | None) -> None:
        """The columns of one table: answered, declared, possible."""
        key = wanted.key
        ours = [column.name for column in there.columns]
        theirs = [column.name for column in wanted.columns]
        renamed, dropped = self.answered_columns(old_key, there, wanted)
        if within is None and ours == theirs and not renamed:
            return
        declared = {}
        new_for_sure = set()
        for column in wanted.columns:
            new_for_sure |= {column.name} if _is_said_to_be_new(column.source) else set()
            for name in _renamed_from(column.source):
                if name in ours and name not in renamed and name not in dropped:
                    declared[name] = column.name
                    break
        taken = set(renamed.values())
        for old, new in _applicable(declared, set(ours), renamed):
            if new not in taken:
                renamed[old] = new
        self.check_columns(key, renamed, set(ours))
        if renamed and within is None:
            self.found.columns[key] = renamed
        if self.ask:
            taken = set(renamed.values()) | new_for_sure
            gone = [n for n in ours if n not in theirs and n not in renamed and n not in dropped]
            new_ones = [n for n in theirs if n not in ours and n not in taken]
            if gone and new_ones:
                self.possible_columns(old_key, there, wanted, gone, new_ones, within)

    def answered_columns(self, old_key: Key, there: Table, wanted: Table) -> tuple[dict[str, str], set[str]]:
        """What was answered about the columns of one table: renamed, and to be dropped."""
        renamed: dict[str, str] = {}
        dropped: set[str] = set()
        default = self.options.default_schema
        for answer in self.answers:
            if len(answer.old) < 2 or table_key(answer.old[:-1], default) not in (old_key, wanted.key):
                continue
            name = answer.old[-1]
            new = answer.new[-1] if answer.new else None
            if new is None:
                dropped.add(name)
            elif len(answer.new or ()) > 1 and table_key((answer.new or ())[:-1], default) not in (
                old_key,
                wanted.key,
            ):
                raise CommandError(f"{answer}: a rename does not move a column to another table")
            elif there.column(name) is None:
                if there.column(new) is None:
                    continue
            elif wanted.column(new) is None:
                raise CommandError(
                    f"{answer}: the models have no column {new} in {spelled(*wanted.key)}; "
                    f"its columns: {', '.join(column.name for column in wanted.columns)}"
                )
            else:
                renamed[name] = new
            self.found.used.add(answer)
        return {old: new for old, new in renamed.items() if old != new}, dropped

    def check_columns(self, key: Key, renamed: Mapping[str, str], there: set[str]) -> None:
        """Refuse two columns of one name."""
        for old, new in renamed.items():
            taken = [other for other, name in renamed.items() if name == new and other != old]
            if taken:
                raise CommandError(f"both {old} and {taken[0]} of {spelled(*key)} are renamed to {new}")
            if new in there and new not in renamed:
                raise CommandError(
                    f"--rename {spelled(*key, old)}={spelled(*key, new)}: the database has a column {new} "
                    "already; drop or rename that one first, in a revision of its own"
                )

    def possible_columns(
        self,
        old_key: Key,
        there: Table,
        wanted: Table,
        gone: Sequence[str],
        new: Sequence[str],
        within: Rename | None,
    ) -> None:
        """Columns that may be renamed, by their likeness."""
        parents = {"schema_name": old_key[0], "table_name": old_key[1]}
        pair = ColumnPair(there, wanted, self.new_keys)
        scores: dict[tuple[str, str], float] = {}
        told: dict[tuple[str, str], Likeness] = {}
        for old in gone:
            if not self.options.wants_name(old, "column", parents) or not self.goes(old_key, old):
                continue
            for other in new:
                before, after = there.column(old), wanted.column(other)
                assert before and after
                found = pair.likeness(before, after)
                if found.score >= THRESHOLD:
                    scores[old, other], told[old, other] = found.score, found
        for old, other in best_pairs(scores):
            rename = Rename("column", wanted.key, old, other)
            self.found.candidates.append(Candidate(rename, old_key, told[old, other], within))


def _order(key: Key) -> tuple[str, str]:
    return key[0] or "", key[1]


def _table_pairs(
    gone: Sequence[Key], new: Sequence[Key], current: Mapping[Key, Table], desired: Mapping[Key, Table]
) -> Iterator[tuple[Key, Key]]:
    """Pairs of tables that may be one, in one schema."""
    many = len(gone) * len(new) > MANY
    shapes: dict[Any, list[Key]] = {}
    for key in new:
        names = tuple(column.name for column in desired[key].columns) if many else None
        shapes.setdefault((key[0], names), []).append(key)
    for old in gone:
        names = tuple(column.name for column in current[old].columns) if many else None
        for key in shapes.get((old[0], names), ()):
            yield old, key


def _applicable(
    declared: Mapping[Any, Any], there: Iterable[Any], accepted: Mapping[Any, Any]
) -> list[tuple[Any, Any]]:
    """Of renames that the models declare those that have not been made: their new name is still free.

    A name is free too once what bears it is renamed away. In a circle nothing says whether it has been gone
    through already, so nothing is done.
    """
    existing, found = set(there), dict(accepted)
    open_ones = dict(declared)
    while True:
        free = [(old, new) for old, new in open_ones.items() if new not in existing or new in found]
        if not free:
            return [
                (old, new) for old, new in declared.items() if found.get(old) == new and old not in accepted
            ]
        for old, new in free:
            found[old] = new
            del open_ones[old]


def _renamed_from(source: Any) -> tuple[str, ...]:
    """Former names of a table or column of the models, the newest first."""
    given = _info(source).get("renamed_from")
    if not given:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _is_said_to_be_new(source: Any) -> bool:
    """Whether the models say that this is no rename: ``info={"renamed_from": None}``."""
    info = _info(source)
    return "renamed_from" in info and not info["renamed_from"]


def _info(source: Any) -> Mapping[Any, Any]:
    # Column.info is made at the first look
    return source.__dict__.get("info") or {} if source is not None else {}
