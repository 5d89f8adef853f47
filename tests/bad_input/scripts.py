"""Scripts: revisions, env.py and the template that can't be read, imported, or run to their end."""

# ruff: noqa: E501 (a table: one case, one line where it can be)

from __future__ import annotations

import os

from bad_input.cases import EVERYWHERE, PROJECT, Spoil, body, case, cases_of, replaces, writes
from bad_input.places import Place

HEAD = "revision = 'bbbb'\ndown_revision = 'aaaa'\n"
TWICE = 'op.create_table("two", sa.Column("id", sa.Integer))'
BACK = ("bbbb_two.py, line 13", "the step was rolled back, the database is at aaaa")
ENGINE = """from alembic import context
import sqlalchemy as sa
context.configure(connection=sa.create_engine('sqlite:///shop.db'))
context.run_migrations()
"""

up = cases_of("upgrade head", doors=EVERYWHERE)
env = cases_of("upgrade head", doors=PROJECT)
new = cases_of("revision -m x", doors=EVERYWHERE)


def raw(data: bytes, name: str = "next") -> Spoil:
    def spoil(place: Place) -> None:
        getattr(place, name).write_bytes(data)

    return spoil


def head(rest: str) -> Spoil:
    """The pending revision with its ids, and this below them."""
    return writes(HEAD + rest)


def ids(revision: str) -> Spoil:
    return writes(f"revision = {revision}\ndown_revision = 'aaaa'\ndef upgrade(): pass\n")


def before(line: str) -> Spoil:
    """A line at the top of the pending revision."""
    return replaces("def upgrade", f"{line}\n\n\ndef upgrade")


def link(target: str) -> Spoil:
    def spoil(place: Place) -> None:
        place.next.unlink()
        place.next.symlink_to(target)

    return spoil


def pipe(place: Place) -> None:
    place.next.unlink()
    os.mkfifo(place.next)


def folder_for_env(place: Place) -> None:
    place.env.unlink()
    place.env.mkdir()


CASES = [
    # what is in the file
    up("syntax error in a body", replaces("upgrade():", "upgrade(:"), "two.py, line 11: syntax"),
    up("syntax error before the ids", writes("revision = (\n" + HEAD), "two.py, line 1: syntax"),
    up("no upgrade()", head("x = 1\n"), "bbbb_two.py has no function upgrade(): add one"),
    case("no downgrade()", "downgrade base", replaces("downgrade():", "back():", "done"),
         "aaaa_one.py has no function downgrade(): add one", doors=EVERYWHERE),
    up("upgrade is no function", head("upgrade = 3\n"), "upgrade is of type int"),
    up("upgrade() wants an argument", head("def upgrade(x): pass\n"), "bbbb_two.py", "'x'", code=1),
    up("async upgrade()", head("async def upgrade(): pass\n"), "bbbb_two.py", "write def upgrade()"),
    up("a generator", body("yield 1"), "bbbb_two.py", "holds a yield", "take it out"),
    up("bytes that are no UTF-8", raw(b'"""caf\xe9"""\n' + HEAD.encode()), "save it as UTF-8"),
    up("an unknown encoding", raw(b"# coding: klingon\n" + HEAD.encode()), "two.py", "klingon"),
    up("UTF-16", raw(HEAD.encode("utf-16")), "bbbb_two.py can't be decoded", "save it as UTF-8"),
    up("null bytes", raw(HEAD.encode() + b"x = \0\n"), "bbbb_two.py", "null bytes"),
    up("an empty file", writes(""), "bbbb_two.py", "'revision' variable", "belongs elsewhere"),
    up("no down_revision", writes("revision = 'bbbb'\n"), "bbbb_two.py", "down_revision = None"),
    up("an id that is a number", ids("4711"), "bbbb_two.py: revision is 4711, not a text"),
    up("an id that is None", ids("None"), "bbbb_two.py: revision is None, not a text"),
    up("an id that is empty", ids("''"), "bbbb_two.py: revision is '', not a text"),
    up("an id with a forbidden sign", ids("'b@c'"), "'@' not allowed", "look at", "bbbb_two.py"),
    up("an id that can't be computed", ids("name"), "bbbb_two.py, line 1: NameError"),
    up("a link to itself", link("bbbb_two.py"), "bbbb_two.py", "Too many levels of symbolic links"),
    up("a link to nothing", link("gone.py"), "Can't read", "gone.py: No such file"),
    up("a pipe", pipe, "bbbb_two.py: it is no regular file"),
    # what it does at import
    up("raising at import", before("raise RuntimeError('no')"), "two.py, line 11: RuntimeError: no"),
    up("importing what isn't there", before("import nosuch"), "two.py, line 11", "'nosuch'"),
    up("an operation at import", before("op.drop_table('one')"),
       "two.py, line 11", "outside upgrade() and downgrade(): move it"),
    up("leaving the process at import", before("raise SystemExit(0)"), "line 11: SystemExit: 0"),
    # what it does when it runs
    up("raising half-way", body(TWICE, "raise ValueError('half\\nway')"),
       "upgrade of bbbb failed: ValueError: half way", *BACK, code=1),
    up("raising without a word", body(TWICE, "assert not op"),
       "upgrade of bbbb failed: AssertionError;", *BACK, code=1),
    up("SQL that fails half-way", body(TWICE, 'op.execute("insert into nowhere values (1)")'),
       "no such table: nowhere; statement: insert into nowhere values (1)", *BACK, code=1),
    up("leaving the process half-way", body(TWICE, "raise SystemExit(0)"),
       "upgrade() wants to end the process (SystemExit: 0)", BACK[1], code=1),
    up("calling itself for ever", body("upgrade()"),
       "RecursionError", "bbbb_two.py, line 12", BACK[1], code=1),
    up("an operation that isn't there", body(TWICE, 'op.create_tabel("x")'),
       "create_tabel", "did you mean 'create_table'", *BACK, code=1),
    up("an operation with a wrong argument", body(TWICE, 'op.create_index("x")'),
       "missing 2 required positional arguments: 'table_name' and 'columns'", *BACK, code=1),
    up("closing its connection", body(TWICE, "op.get_bind().close()"),
       "This Connection is closed", "bbbb_two.py", BACK[1], code=1),
    # env.py
    env("env.py is missing", lambda place: place.env.unlink(), "No env.py in", "'init'"),
    env("env.py is a folder", folder_for_env, "env.py: Is a directory"),
    env("env.py: syntax error", writes("def f(:\n", "env"), "env.py, line 1: syntax error"),
    env("env.py: not UTF-8", raw(b"x = '\xe9'\n", "env"), "env.py can't be decoded", "UTF-8"),
    env("env.py: raising", writes("raise RuntimeError('no')\n", "env"),
        "env.py failed: RuntimeError: no; at", "env.py, line 1", code=1),
    env("env.py: models that aren't there", writes("import myapp.models\n", "env"),
        "env.py failed", "'myapp'", "env.py, line 1", "prepend_sys_path", code=1),
    env("env.py: no configure()", writes("from alembic import context as c\nc.run_migrations()\n", "env"),
        "call context.configure() in env.py first"),
    env("env.py: an Engine for a Connection", writes(ENGINE, "env"), "use engine.connect()"),
    env("env.py: leaving the process", writes("raise SystemExit(3)\n", "env"),
        "env.py failed: SystemExit: 3", "env.py, line 1", code=3),
    # the template
    new("the template is missing", lambda place: place.template.unlink(), "Can't read", "py.mako"),
    new("the template can't be rendered", writes("${nothing.at.all}", "template"),
        "Template rendering failed", "script.py.mako, line 1", "Undefined"),
    new("the template has a syntax error", writes("% if x\n${", "template"),
        "Template rendering failed", "script.py.mako, line 1", "if x"),
    new("the template makes no revision", writes("hello\n", "template"),
        "script.py.mako gives no revision, nothing was written", "'revision' variable"),
    new("the template makes another revision", writes(HEAD, "template"),
        "script.py.mako gives no revision, nothing was written", "revision = ${repr(up_revision)}"),
    case("the template leaves labels out", "revision -m x --branch-label shop",
        writes("revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n", "template"),
        "specified branch_labels shop", "include the 'branch_labels' section", "nothing was written", doors=EVERYWHERE),
]  # fmt: skip
