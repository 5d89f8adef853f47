"""Edits: each gives a schema something, changes it, or takes it away; what would not be legal is left."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schemas.beside import BESIDE
from schemas.kinds import (
    CASTS,
    COMMENTS,
    DEFAULTS,
    FAMILIES,
    IN_KEYS,
    INTEGERS,
    STRINGS,
    Kind,
    Schema,
)

LATER = ["unique", "pair", "index", "check", "computed", "exclude", "counter", "key", "engine", "charset"]
"""Edits of a table by itself: those that a new one may get as well."""
COLUMN = ["drop column", "rename column", "type", "null", "default", "comment"]
_TABLE = ["drop table", "rename table", "table comment"]
EDITS = [
    *("add table", "add column"),
    *_TABLE,
    *COLUMN,
    *("refers", "index", "check"),
    *LATER,
    *("view", "sequence", "enum"),
]


def edit_schema(draw: Any, kind: Kind, before: Schema, after: Schema, edit: str, tables: Any) -> None:
    """One edit; ``tables`` draws a new table."""
    found = after["tables"]
    if edit in kind.without:
        return
    if edit in BESIDE:
        BESIDE[edit](draw, kind, after)
        return
    free = [name for name in kind.tables if name not in found and name not in before["tables"]]
    if edit == "add table" and free:
        name = draw(st.sampled_from(free))
        found[name] = draw(tables(kind, name, []))
        edit_table(draw, kind, found[name], "refers", sorted(found), found, new=True)
    if not found or edit == "add table":
        return
    name = draw(st.sampled_from(sorted(found)))
    table = found[name]
    was = before["tables"].get(table.get("renamed", name))
    if edit in _TABLE:
        _edit_table_itself(draw, after, edit, name, free if was is not None else [])
    elif edit == "add column":
        _add_column(draw, kind, table, was)
    elif edit in COLUMN:
        if table["columns"]:
            column = draw(st.sampled_from(sorted(table["columns"])))
            _edit_column(draw, kind, after, name, column, edit, was)
    else:
        # rows of the first schema refer to tables of the first schema only
        targets = [o for o in sorted(found) if was is None or "renamed" in found[o] or o in before["tables"]]
        edit_table(draw, kind, table, edit, targets, found, new=was is None, name=name, was=was)


def _edit_table_itself(draw: Any, schema: Schema, edit: str, name: str, free: list[str]) -> None:
    """A table goes, gets one of the names that are free, or another comment."""
    found = schema["tables"]
    if edit == "drop table" and not _is_referred(found, name):
        del found[name]
        _forget_views(schema, name, None)
    elif edit == "rename table" and free:
        _rename_table(schema, name, draw(st.sampled_from(free)))
    elif edit == "table comment":
        found[name]["comment"] = draw(st.sampled_from(COMMENTS))


def _add_column(draw: Any, kind: Kind, table: dict[str, Any], was: dict[str, Any] | None) -> None:
    from schemas.drawing import columns

    old = {} if was is None else was["columns"]
    new = [c for c in kind.names if c not in table["columns"] and c not in old]
    if new:
        table["columns"][draw(st.sampled_from(new))] = draw(columns(kind, None if was is None else True))


# tables


def edit_table(
    draw: Any,
    kind: Kind,
    table: dict[str, Any],
    edit: str,
    targets: list[str],
    found: dict[str, Any],
    *,
    new: bool,
    name: str = "",
    was: dict[str, Any] | None = None,
) -> None:
    """Give a table another constraint, index or special column; change it, or take it away."""
    if edit in kind.without:
        return
    if edit == "refers":
        _refer(draw, kind, table, [t for t in targets if found[t]["key"] == ["id"]], found, name)
    elif edit in ("key", "pair", "engine"):
        if not _is_referred(found, name, itself=True):
            _edit_unreferred(draw, table, edit)
    elif edit == "computed":
        _computed(draw, kind, table)
    elif edit == "counter":
        _counter(draw, table, (was or {}).get("counter"), new)
    elif edit == "exclude":
        table["exclude"] = draw(st.sampled_from([None, "plain", "where", "deferrable"]))
    elif edit == "charset":
        table["charset"] = draw(st.sampled_from(["utf8mb4_general_ci", "utf8mb4_bin", "latin1_swedish_ci"]))
    elif edit == "check":
        _check(draw, table)
    else:
        _index(draw, kind, table, edit, was)


def _edit_unreferred(draw: Any, table: dict[str, Any], edit: str) -> None:
    """What a table to which no key leads may change."""
    if edit == "key":
        choices = [c for c, told in table["columns"].items() if _may_be_key(told)]
        more = draw(st.lists(st.sampled_from(choices), max_size=1)) if choices else []
        table["key"] = draw(st.sampled_from([["id", *more], [*more, "id"], []]))
    elif edit == "pair":
        table["pair"] = not table["pair"]
    elif table["refers"] is None:
        table["engine"] = draw(st.sampled_from(["InnoDB", "Aria"]))


def _may_be_key(told: dict[str, Any]) -> bool:
    return told["type"] in IN_KEYS and not told["nullable"] and told["default"] is None


def _is_referred(found: dict[str, Any], name: str, *, itself: bool = False) -> bool:
    return any(
        table["refers"] and table["refers"]["table"] == name and (itself or other != name)
        for other, table in found.items()
    )


def _refer(
    draw: Any, kind: Kind, table: dict[str, Any], targets: list[str], found: dict[str, Any], name: str
) -> None:
    if not kind.cycles:
        targets = [t for t in targets if t < name] if name else []
    if table.get("engine", "InnoDB") != "InnoDB":
        return
    targets = [t for t in targets if found[t].get("engine", "InnoDB") == "InnoDB"]
    if kind.name == "mariadb" and table["schema"] == "other":
        # SQLAlchemy does not say the schema of the other table: MariaDB looks for it in this one's
        targets = [t for t in targets if found[t]["schema"] == "other"]
    if not targets or draw(st.booleans()):
        table["refers"] = None
        return
    target = draw(st.sampled_from(targets))
    both = found[target]["pair"] and draw(st.booleans())
    # of two columns one is NOT NULL
    actions = [action for action in kind.actions if not (both and action == "SET NULL")]
    table["refers"] = {
        "table": target,
        "both": both,
        "named": draw(st.booleans()),
        "ondelete": draw(st.sampled_from(actions)),
        "onupdate": draw(st.sampled_from(actions)),
        "deferrable": draw(st.booleans()) if kind.deferrable else False,
    }


def _computed(draw: Any, kind: Kind, table: dict[str, Any]) -> None:
    """The column made: computed from another, or plain, or not there."""
    told = table["computed"]
    of = ["id", *(c for c, facts in table["columns"].items() if facts["type"] in INTEGERS)]
    choices = ["none", "computed", *(["plain"] if told and kind.computed_to_plain else [])]
    chosen = draw(st.sampled_from(choices))
    table["computed"] = None
    if chosen != "none":
        table["computed"] = {
            "of": draw(st.sampled_from(of)),
            "factor": draw(st.integers(2, 3)),
            "stored": draw(st.sampled_from(kind.stored)),
            "plain": chosen == "plain",
        }


def _counter(draw: Any, table: dict[str, Any], was: dict[str, Any] | None, new: bool) -> None:
    """The column num: an identity, or plain, or not there."""
    told = table["counter"]
    # a plain one is NOT NULL without a default: it neither comes to rows nor goes from them
    fixed = bool(was and was["plain"])
    choices = [*(["none"] if not fixed else []), "identity", *(["plain"] if new or was or told else [])]
    if "plain" in choices and not new and not was:
        choices.remove("plain")
    chosen = draw(st.sampled_from(choices))
    table["counter"] = None
    if chosen != "none":
        table["counter"] = {
            "plain": chosen == "plain",
            "always": draw(st.booleans()),
            "start": draw(st.sampled_from([None, 1, 100])),
            "increment": draw(st.sampled_from([None, 5])),
            "cycle": draw(st.booleans()),
        }


def _check(draw: Any, table: dict[str, Any]) -> None:
    which = draw(st.sampled_from(["named", "other", ""]))
    if table["checks"].pop(which, None) is not None and draw(st.booleans()):
        return
    told = table["columns"]
    numbers = ["id", *(c for c in told if told[c]["type"] in INTEGERS)]
    texts = [c for c in told if told[c]["type"] in STRINGS]
    says = draw(st.sampled_from(["more", "in", "or", *(["not", "length"] if texts else [])]))
    check = {
        "says": says,
        "column": draw(st.sampled_from(texts if says in ("not", "length") else numbers)),
        "least": draw(st.integers(-3, -1)),
    }
    # the same under two names is one thing
    if check not in table["checks"].values():
        table["checks"][which] = check


def _index(draw: Any, kind: Kind, table: dict[str, Any], edit: str, was: dict[str, Any] | None) -> None:
    # where a default fills all rows of a column that comes, there or back, they are not unique
    told = table["columns"]
    usable = [c for c in told if told[c]["type"] in IN_KEYS and told[c]["default"] is None]
    place = table["uniques" if edit == "unique" else "indexes"]
    which = draw(st.integers(1, 2))
    if (place.pop(which, None) is not None and draw(st.booleans())) or not usable:
        return
    says = draw(st.sampled_from([None, *(kind.uniques if edit == "unique" else kind.indexes)]))
    columns = draw(st.lists(st.sampled_from(usable), min_size=1, max_size=2, unique=True))
    unique = draw(st.booleans())
    comes = was is not None and any(told[c].get("renamed", c) not in was["columns"] for c in columns)
    if says == "nulls not distinct" and comes:
        says = None
    if says in ("hash", "brin", "expression", "length", "with") or (says == "ops"):
        unique = False
    if says in ("hash", "ops", "length", "expression"):
        columns = columns[:1]
    if says in ("ops", "length") and told[columns[0]]["type"] not in STRINGS:
        says = None
    if says == "expression" and told[columns[0]]["type"] not in (*STRINGS, *INTEGERS):
        says = None
    if edit == "unique" and any(other["columns"] == columns for other in place.values()):
        return
    place[which] = {
        "columns": columns,
        "named": draw(st.booleans()),
        "unique": unique or says == "nulls not distinct",
        "says": says,
        "number": draw(st.sampled_from([50, 70])),
    }


def _rename_table(schema: Schema, name: str, new: str) -> None:
    """Another name for a table that was there."""
    found = schema["tables"]
    table = found[new] = found.pop(name)
    table.setdefault("renamed", name)
    for other in found.values():
        if other["refers"] and other["refers"]["table"] == name:
            other["refers"]["table"] = new
    for view in schema["views"].values():
        if view["table"] == name:
            view["table"] = new


# columns


def _edit_column(  # noqa: C901 - one branch a kind of edit
    draw: Any,
    kind: Kind,
    schema: Schema,
    name: str,
    column: str,
    edit: str,
    was: dict[str, Any] | None,
) -> None:
    """One edit of a column; ``was`` is the table as it was."""
    new_table, old = was is None, {} if was is None else was["columns"]
    table = schema["tables"][name]
    told = table["columns"]
    facts = told[column]
    used = [u for place in ("uniques", "indexes") for u in table[place].values() if column in u["columns"]]
    in_key = column in table["key"]
    if edit == "drop column":
        if not in_key and not _is_computed_of(table, column) and not _has_no_way_back(was, facts, column):
            _drop_column(schema, name, column)
    elif edit == "rename column":
        new = [c for c in kind.names if c not in told and c not in old]
        if column in old and "renamed" not in facts and new:
            _rename_column(schema, name, column, draw(st.sampled_from(new)))
    elif edit == "type":
        family = next((f for f in FAMILIES if facts["type"] in f), ())
        if not (facts["default"] is not None or _is_checked(table, column)):
            family = (*family, *CASTS.get(old.get(facts.get("renamed", column), facts)["type"], ()))
        others = [t for t in family if t in kind.types and (t in IN_KEYS or not (used or in_key))]
        if others and not _is_computed_of(table, column):
            facts["type"] = draw(st.sampled_from(others))
            if facts["default"] is not None:
                facts["default"] = 0 if facts["type"] in DEFAULTS else None
                if facts["default"] is None and column not in old and "renamed" not in facts:
                    facts["nullable"] = facts["nullable"] or not new_table
    elif edit == "null":
        was_there = old.get(facts.get("renamed", column))
        if not in_key and (new_table or was_there is not None or facts["default"] is not None):
            facts["nullable"] = not facts["nullable"]
    elif edit == "default":
        options = DEFAULTS.get(facts["type"], [])
        needed = not facts["nullable"] and column not in old and "renamed" not in facts and not new_table
        if options and not used and not in_key:
            chosen = draw(st.sampled_from([*([] if needed else [None]), *range(len(options))]))
            facts["default"] = chosen
    elif edit == "comment":
        facts["comment"] = draw(st.sampled_from(COMMENTS))


def _has_no_way_back(was: dict[str, Any] | None, facts: dict[str, Any], column: str) -> bool:
    """Whether rows could get no value for a column that comes back, or the same where they must differ."""
    name = facts.get("renamed", column)
    if was is None or name not in was["columns"]:
        return False
    there = was["columns"][name]
    used = [u for place in ("uniques", "indexes") for u in was[place].values() if name in u["columns"]]
    no_value = not there["nullable"] and there["default"] is None
    return no_value or any(u["says"] == "nulls not distinct" for u in used)


def _is_checked(table: dict[str, Any], column: str) -> bool:
    return any(check["column"] == column for check in table["checks"].values())


def _is_computed_of(table: dict[str, Any], column: str) -> bool:
    return bool(table["computed"]) and table["computed"]["of"] == column


def _drop_column(schema: Schema, name: str, column: str) -> None:
    table = schema["tables"][name]
    del table["columns"][column]
    for place in ("uniques", "indexes"):
        table[place] = {k: u for k, u in table[place].items() if column not in u["columns"]}
    table["checks"] = {k: c for k, c in table["checks"].items() if c["column"] != column}
    _forget_views(schema, name, column)


def _rename_column(schema: Schema, name: str, column: str, new: str) -> None:
    table = schema["tables"][name]
    table["columns"] = {new if c == column else c: facts for c, facts in table["columns"].items()}
    table["columns"][new]["renamed"] = column

    def renamed(names: list[str]) -> list[str]:
        return [new if c == column else c for c in names]

    table["key"] = renamed(table["key"])
    for place in ("uniques", "indexes"):
        for unique in table[place].values():
            unique["columns"] = renamed(unique["columns"])
    for check in table["checks"].values():
        check["column"] = renamed([check["column"]])[0]
    if table["computed"]:
        table["computed"]["of"] = renamed([table["computed"]["of"]])[0]
    for view in schema["views"].values():
        if view["table"] == name:
            view["columns"] = renamed(view["columns"])


def _forget_views(schema: Schema, name: str, column: str | None) -> None:
    """No view reads what is gone."""
    for which, view in list(schema["views"].items()):
        if view["table"] == name and column is None:
            del schema["views"][which]
        elif view["table"] == name:
            view["columns"] = [c for c in view["columns"] if c != column]
