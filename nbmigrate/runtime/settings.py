"""How a run behaves towards others: what it waits for, how long, and whether it keeps an audit log.

Asked for by a flag, by ``configure()``, or by a key of the configuration; the first of these that says
something holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbmigrate.errors import ConfigError

LOCK_TIMEOUT = 10.0  # seconds that a run waits for another one to end
RETRIES = 3

KEYS = ("lock_timeout", "statement_timeout", "lock_retries", "audit", "lock")
LOCKS = ("database", "lease", "off")


@dataclass(frozen=True)
class RunSettings:
    """``lock_timeout``, ``table_lock_timeout`` and ``statement_timeout`` are in seconds.

    ``lock_timeout`` is for another run; where it was asked for it is ``table_lock_timeout`` too, for the
    tables' locks, else those are waited for as the database is set up. ``retries`` is how often a step that
    could not have such a lock is tried again. ``lock`` is what keeps two runs apart: a lock of the database's
    own, a lease (``runtime.lease``) or nothing; None is what the database is best at.
    """

    lock_timeout: float = LOCK_TIMEOUT
    table_lock_timeout: float | None = None
    statement_timeout: float | None = None
    retries: int = 0
    audit: bool = False
    lock: str | None = None


def run_settings(options: Mapping[str, Any], config: Any) -> RunSettings:
    """The settings of a run: from the verb (``asked``), from ``configure()``, from the configuration.

    Raises ``ConfigError`` for a value that is no number of seconds, or no yes or no.
    """
    asked: Mapping[str, Any] = options.get("asked") or {}
    given: dict[str, Any] = {}
    for key in KEYS:
        values = (asked.get(key), options.get(key), config.get_alembic_option(key) if config else None)
        given[key] = next((value for value in values if value is not None), None)
    lock, statement = (_seconds(key, given[key]) for key in ("lock_timeout", "statement_timeout"))
    retries = _seconds("lock_retries", given["lock_retries"])
    return RunSettings(
        lock_timeout=LOCK_TIMEOUT if lock is None else lock,
        table_lock_timeout=lock,
        statement_timeout=statement,
        retries=RETRIES if retries is None and lock is not None else int(retries or 0),
        audit=_yes("audit", given["audit"]),
        lock=_lock(given["lock"]),
    )


def _lock(value: Any) -> str | None:
    if value is not None and value not in LOCKS:
        raise ConfigError(f"lock is {value!r}: give one of {', '.join(LOCKS)}")
    return value  # type: ignore[no-any-return]


def _seconds(key: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1
    if not 0 <= seconds < 10**7:
        raise ConfigError(f"{key} is {value!r}: give a number of seconds, for example {key} = 5")
    return seconds


def _yes(key: str, value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    found = words.get(str(value).strip().lower())
    if found is None:
        raise ConfigError(f"{key} is {value!r}: give true or false")
    return found
