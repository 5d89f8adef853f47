"""The order of tables: what is referred to comes first, and nothing depends on chance.

Kahn's algorithm over the foreign keys, by name among equals. Where keys go round in a circle, the keys that
would point forward are taken out, to be added when all tables are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from nbmigrate.model.schema import ForeignKey, Key, Table


def creation_order(
    tables: Mapping[Key, Table], late: Sequence[ForeignKey] = ()
) -> tuple[list[Key], dict[Key, list[ForeignKey]]]:
    """Tables in the order to create them, and for each the foreign keys that must wait.

    ``late`` are keys that wait in any case.
    """
    waiting = {id(key) for key in late}
    needs: dict[Key, set[Key]] = {}
    for key, table in tables.items():
        targets = {
            (fk.referred_schema, fk.referred_table) for fk in table.foreign_keys if id(fk) not in waiting
        }
        needs[key] = {target for target in targets if target in tables and target != key}
    order = _sorted(needs)
    place = {key: number for number, key in enumerate(order)}
    postponed: dict[Key, list[ForeignKey]] = {}
    for key, table in tables.items():
        for fk in table.foreign_keys:
            target = (fk.referred_schema, fk.referred_table)
            forward = target in place and place[target] > place[key]
            if forward or id(fk) in waiting:
                postponed.setdefault(key, []).append(fk)
    return order, postponed


def _sorted(needs: Mapping[Key, set[Key]]) -> list[Key]:
    """What is needed first; a circle is broken at the table with the fewest open needs."""
    needed_by: dict[Key, list[Key]] = {key: [] for key in needs}
    for key in sorted(needs, key=_by_name):
        for target in needs[key]:
            needed_by[target].append(key)
    open_needs = {key: set(targets) for key, targets in needs.items()}
    ready = [_entry(key) for key, targets in open_needs.items() if not targets]
    heapify(ready)
    order: list[Key] = []
    done: set[Key] = set()
    while len(order) < len(needs):
        if not ready:
            rest = [key for key in open_needs if key not in done]
            chosen = min(rest, key=lambda key: (len(open_needs[key]), _by_name(key)))
            ready.append(_entry(chosen))
        key = heappop(ready)[1]
        if key in done:
            continue
        done.add(key)
        order.append(key)
        for user in needed_by[key]:
            open_needs[user].discard(key)
            if not open_needs[user] and user not in done:
                heappush(ready, _entry(user))
    return order


def _by_name(key: Key) -> tuple[str, str]:
    return key[0] or "", key[1]


def _entry(key: Key) -> tuple[tuple[str, str], Key]:
    return _by_name(key), key
