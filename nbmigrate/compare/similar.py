"""How likely it is that something that is gone and something that is new are one thing: scores from 0 to 1.

Only what the schema says counts here; what the rows say decides how much is at stake, not what is meant.
The weights were chosen so that each of these passes the threshold by itself, all else being alike: the same
type in the same place under another name (``price`` and ``cost``); another type under a name that is much
the same (``created`` and ``created_at``); and so that two references to different tables never do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from nbmigrate.compare.assignment import best_pairs
from nbmigrate.compare.lenient import same_default, same_type_text
from nbmigrate.compare.text import normal
from nbmigrate.model.schema import UNKNOWN, Column, Index, Key, Table

THRESHOLD = 0.5
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_FAMILIES = {
    "text": "char varchar text clob string character nchar nvarchar tinytext mediumtext longtext citext enum",
    "number": "int integer smallint bigint tinyint mediumint numeric decimal real float double hugeint",
    "time": "date datetime timestamp time timestamptz",
    "truth": "bool boolean",
    "bytes": "blob bytea binary varbinary longblob",
    "json": "json jsonb",
    "uuid": "uuid",
}  # fmt: skip
_FAMILY_OF = {word: family for family, words in _FAMILIES.items() for word in words.split()}


@dataclass(frozen=True)
class Likeness:
    """A score from 0 to 1, and the reasons for it in words."""

    score: float
    reasons: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name: ``createdAt`` and ``created_at`` have the same; a plural is its singular."""
    words = [word.lower() for word in _TOKEN.findall(name)]
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words) or (
        name.lower(),
    )


@lru_cache(maxsize=65536)
def name_likeness(old: str, new: str) -> float:
    """How much two names are alike, from 0 to 1: by their words, and by their letters."""
    ours, theirs = words_of(old), words_of(new)
    if ours == theirs:
        return 1.0
    # a number is what tells c1 and c2 apart
    if [w for w in ours if w.isdigit()] != [w for w in theirs if w.isdigit()]:
        return 0.2 if ours[0] == theirs[0] else 0.0
    shared = len(set(ours) & set(theirs))
    by_words = 2 * shared / (len(set(ours)) + len(set(theirs)))
    if shared and (set(ours) <= set(theirs) or set(theirs) <= set(ours)):
        by_words = max(by_words, 0.8)
    a, b = "".join(ours), "".join(theirs)
    letters = SequenceMatcher(None, a, b, autojunk=False).ratio()
    by_letters = letters if letters >= 0.6 else 0.0
    return max(by_words, by_letters, 0.75 if _abbreviates(a, b) or _abbreviates(b, a) else 0.0)


def _abbreviates(short: str, long: str) -> bool:
    """``addr`` for ``address``, ``qty`` for ``quantity``: its letters, in order, from the first on."""
    if not 2 <= len(short) < len(long) or short[0] != long[0]:
        return False
    if long.startswith(short):
        return len(short) >= 3
    rest = iter(long)
    return len(short) >= 3 and short[-1] == long[-1] and all(letter in rest for letter in short)


def family(type_text: str) -> str:
    """The kind of values that a type holds; the type's first word where that is not known."""
    found = re.match(r"[^\W\d]\w*", type_text.strip().lower().replace('"', ""))
    word = found.group() if found else type_text.lower()
    return _FAMILY_OF.get(word.rstrip("0123456789"), word)


def _type_likeness(old: Column, new: Column) -> tuple[float, str]:
    ours, theirs = (" ".join(column.type_text.split()) for column in (old, new))
    if UNKNOWN in ours or UNKNOWN in theirs:
        return 0.5, ""
    if same_type_text(ours, theirs):
        return 1.0, f"the same type {theirs}"
    if family(ours) == family(theirs):
        return 0.7, f"a type of the same kind ({ours} and {theirs})"
    return 0.0, f"another type ({ours} and {theirs})"


class ColumnPair:
    """Likeness of columns of two states of one table; ``tables`` are the tables that have other names."""

    def __init__(self, there: Table, wanted: Table, tables: Mapping[Key, Key] | None = None) -> None:
        self.there, self.wanted, self.tables = there, wanted, tables or {}
        kept = {c.name for c in there.columns} & {c.name for c in wanted.columns}
        self.before = {side: _kept_before(table, kept) for side, table in enumerate((there, wanted))}
        self.kept = len(kept)

    def likeness(self, old: Column, new: Column) -> Likeness:
        """How likely it is that ``old`` is to be called ``new``."""
        if old.generated is not None or new.generated is not None:
            # holds nothing of its own
            return Likeness(0.0)
        reasons = []
        same_type, told = _type_likeness(old, new)
        if told:
            reasons.append(told)
        names = name_likeness(old.name, new.name)
        if names >= 0.5:
            reasons.append("a similar name")
        ours = _memberships(self.there, old.name, self.tables)
        theirs = _memberships(self.wanted, new.name, {})
        traits = [
            old.nullable == new.nullable,
            same_default(old.default, new.default),
            old.comment == new.comment,
            ours["index"] == theirs["index"],
            ours["unique"] == theirs["unique"],
        ]
        if all(traits) and ours == theirs:
            reasons.append("everything else alike")
        apart = abs(self.before[0][old.name] - self.before[1][new.name])
        place = max(0.0, 1 - apart / max(self.kept, 1))
        if apart == 0:
            reasons.append("the same place")
        score = 0.35 * same_type + 0.35 * names + 0.2 * sum(traits) / len(traits) + 0.1 * place
        if ours["target"] != theirs["target"]:
            score *= 0.8 if None in (ours["target"], theirs["target"]) and names >= 0.5 else 0.55
        elif ours["target"]:
            score += 0.1
            reasons.append("refers to the same table")
        if ours["primary"] != theirs["primary"]:
            score *= 0.7
        return Likeness(round(min(score, 1.0), 4), tuple(reasons))


def _kept_before(table: Table, kept: set[str]) -> dict[str, int]:
    """For each column, how many of those that stay come before it."""
    found, count = {}, 0
    for column in table.columns:
        found[column.name] = count
        count += column.name in kept
    return found


def _memberships(table: Table, name: str, tables: Mapping[Key, Key]) -> dict[str, object]:
    """The keys and indexes that a column belongs to."""
    targets = [(fk.referred_schema, fk.referred_table) for fk in table.foreign_keys if name in fk.columns]
    return {
        "primary": table.primary_key is not None and name in table.primary_key.columns,
        "unique": any(name in unique.columns for unique in table.uniques)
        or any(name in index.columns for index in table.indexes if index.unique),
        "index": any(name in index.columns for index in table.indexes if not index.unique),
        "target": next((tables.get(target, target) for target in targets), None),
    }


def table_likeness(there: Table, wanted: Table) -> Likeness:
    """How likely it is that a table is to have another name: by its columns, its keys and its name."""
    ours = {column.name: column for column in there.columns}
    theirs = {column.name: column for column in wanted.columns}
    shared = [name for name in ours if name in theirs]
    same = sum(_type_likeness(ours[name], theirs[name])[0] * _weight(name) for name in shared)
    total = max(sum(map(_weight, ours)), sum(map(_weight, theirs))) or 1
    names = name_likeness(there.name, wanted.name)
    shapes = [_key_shape(table) for table in (there, wanted)]
    targets = [sorted(fk.referred_table for fk in table.foreign_keys) for table in (there, wanted)]
    keys = (shapes[0] == shapes[1]) + (targets[0] == targets[1])
    base = 0.2 * names + 0.1 * keys
    # columns may have other names too, which counts for less
    if base + 0.6 * same / total < THRESHOLD <= base + 0.6 * (same + 0.6 * (total - same)) / total:
        same += _renamed_columns(there, wanted)
    overlap = same / total
    reasons = []
    if len(shared) == len(ours) == len(theirs):
        reasons.append("the same columns")
    elif shared:
        reasons.append(f"{len(shared)} of {max(len(ours), len(theirs))} columns the same")
    if names >= 0.5:
        reasons.append("a similar name")
    if shapes[0] == shapes[1] and shapes[0]:
        reasons.append("the same primary key")
    return Likeness(round(min(base + 0.6 * overlap, 1.0), 4), tuple(reasons))


def _renamed_columns(there: Table, wanted: Table) -> float:
    """What columns with other names add to the likeness of two tables."""
    pair, scores = ColumnPair(there, wanted), {}
    gone = [column for column in there.columns if wanted.column(column.name) is None]
    new = [column for column in wanted.columns if there.column(column.name) is None]
    for old in gone:
        for other in new:
            score = pair.likeness(old, other).score
            if score >= THRESHOLD:
                scores[old.name, other.name] = score
    return sum(0.6 * scores[found] * _weight(found[0]) for found in best_pairs(scores))


def _weight(name: str) -> float:
    """A column that every table has says little."""
    return 0.5 if name.lower() in ("id", "created_at", "updated_at", "name") else 1.0


def _key_shape(table: Table) -> tuple[str, ...] | None:
    return table.primary_key.columns if table.primary_key else None


def same_index(ours: Index, theirs: Index) -> bool:
    """Whether two indexes are the same but for their names."""
    if ours.unique != theirs.unique or ours.options != theirs.options:
        return False
    return [normal(column) for column in ours.columns] == [normal(column) for column in theirs.columns]
