"""Wrong arguments of every verb."""

from __future__ import annotations

from bad_input.cases import EVERYWHERE, PROJECT, TERMINAL, Case, nothing

DOORS = PROJECT


def wrong(id: str, *argv: str, doors: tuple[str, ...] = DOORS) -> Case:
    return Case(id, argv, nothing, doors=doors)


CASES = [
    wrong("no verb", doors=TERMINAL),
    wrong("an unknown verb that is near", "upgrde", "head"),
    wrong("an unknown verb that is far", "xyzzy"),
    wrong("a verb in capitals", "UPGRADE", "head"),
    wrong("a verb of another tool", "migrate"),
    wrong("an unknown flag", "upgrade", "--no-such-flag"),
    wrong("a flag that is near", "revision", "--autogenrate", "-m", "x"),
    wrong("a flag of another verb", "heads", "--autogenerate"),
    wrong("a flag without its value", "revision", "-m"),
    wrong("one argument too many", "upgrade", "aaaa", "bbbb"),
    wrong("one argument too many for none", "heads", "x"),
    wrong("downgrade without a target", "downgrade"),
    wrong("stamp without a target", "stamp"),
    wrong("edit without a target", "edit"),
    wrong("merge without heads", "merge", "-m", "x"),
    wrong("a time that is no number", "upgrade", "--lock-timeout", "soon"),
    wrong("a time below nothing", "upgrade", "--lock-timeout", "-1"),
    wrong("a time that never ends", "upgrade", "--lock-timeout", "nan"),
    wrong("a time that is infinite", "upgrade", "--statement-timeout", "inf"),
    wrong("a rename without a new name", "revision", "--autogenerate", "--rename", "a"),
    wrong("a dialect that nobody knows", "sql", "head", "--dialect", "klingon"),
    wrong("a dialect that is near", "sql", "head", "--dialect", "postgres"),
    wrong("an unknown template", "init", "elsewhere", "-t", "nosuch"),
    wrong("a template that is near", "init", "elsewhere", "-t", "genric"),
    wrong("init in a folder that holds something", "init", "full"),
    wrong("--sql with --purge", "stamp", "--sql", "--purge", "head"),
    wrong("--sql with --autogenerate", "revision", "--sql", "--autogenerate", "-m", "x"),
    wrong("--sql without an environment", "revision", "--sql", "-m", "x"),
    wrong("downgrade --sql without a range", "downgrade", "--sql", "base"),
    wrong("--sql with --undo", "upgrade", "--sql", "--undo"),
    wrong("stamp --sql with two beginnings", "stamp", "--sql", "aaaa:bbbb", "base:bbbb"),
]
