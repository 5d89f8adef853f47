"""Configuration: files, keys and addresses."""

from __future__ import annotations

import os
from collections.abc import Callable

from bad_input.cases import PROJECT, TERMINAL, Case, Spoil, both, nothing, replaces, setting, url
from bad_input.places import Place

UP = ("upgrade", "head")
NOBODY = 65534


def ini(change: Callable[[Place], object]) -> Spoil:
    return lambda place: change(place) and None


def toml(text: str) -> Spoil:
    """A pyproject.toml in the place of the ini file."""

    def spoil(place: Place) -> None:
        place.ini.unlink()
        (place.root / "pyproject.toml").write_text(text)

    return spoil


def beside(text: str) -> Spoil:
    """A pyproject.toml beside the ini file."""
    return lambda place: (place.root / "pyproject.toml").write_text(text) and None


def _folder(place: Place) -> None:
    place.ini.unlink()
    place.ini.mkdir()


def _absent(place: Place) -> None:
    place.ini.unlink()


CASES = [
    Case("no configuration", UP, _absent, doors=("terminal", "python")),
    Case("a named file is missing", ("-c", "other.ini", *UP), nothing, doors=TERMINAL),
    Case("a named pyproject.toml is missing", ("-c", "there/pyproject.toml", *UP), nothing, doors=TERMINAL),
    Case("two ini files", ("-c", "a.ini", "-c", "b.ini", *UP), nothing, doors=TERMINAL),
    Case("a wrong section", ("-n", "other", *UP), nothing, doors=TERMINAL),
    Case("a folder in the ini file's place", UP, _folder, doors=("terminal", "python")),
    Case("a link to itself as the ini file", UP, lambda p: (p.ini.unlink(), p.ini.symlink_to("alembic.ini")) and None, doors=("terminal", "python")),
    Case("an ini file without a section", UP, ini(lambda p: p.ini.write_text("script_location = migrations\n"))),
    Case("an empty ini file", UP, ini(lambda p: p.ini.write_text(""))),
    Case("a key twice", UP, replaces("[alembic]", "[alembic]\nsqlalchemy.url = a://\nsqlalchemy.url = b://", "ini")),
    Case("a section twice", UP, replaces("[alembic]", "[alembic]\n[alembic]", "ini")),
    Case("a binary file", UP, ini(lambda p: p.ini.write_bytes(bytes(range(256))))),
    Case("broken interpolation of the folder", UP, setting("script_location", "%(hear)s/migrations")),
    Case("broken interpolation of the address", UP, setting("sqlalchemy.url", "sqlite:///%(hear)s/shop.db")),
    Case("a bare percent sign in the address", UP, setting("sqlalchemy.url", "postgresql://me:a%b@127.0.0.1:1/x")),
    Case("no script_location", UP, setting("script_location", None)),
    Case("an empty script_location", UP, setting("script_location", "")),
    Case("a script_location that isn't there", UP, setting("script_location", "%(here)s/nowhere")),
    Case("a script_location that is a file", UP, setting("script_location", "%(here)s/alembic.ini")),
    Case("a package that isn't there", UP, setting("script_location", "no_such_package:migrations")),
    Case("a wrong path_separator", UP, setting("path_separator", "pipe")),
    Case("a wrong number", ("revision", "-m", "x"), setting("truncate_slug_length", "many")),
    Case("a negative number", ("revision", "-m", "x"), setting("truncate_slug_length", "-3")),
    Case("a wrong file_template", ("revision", "-m", "x"), setting("file_template", "%%(revision)s")),
    Case("a file_template that leads out", ("revision", "-m", "x"), setting("file_template", "../../%%(rev)s")),
    Case("a file_template without the id", ("revision", "-m", "x", "--rev-id", "cccc"), setting("file_template", "aaaa_one")),
    Case("a wrong timezone", ("revision", "-m", "x"), setting("timezone", "Mars/Olympus")),
    Case("a wrong switch", ("revision", "-m", "x"), setting("revision_environment", "perhaps")),
    Case("a wrong output_encoding", ("revision", "-m", "x"), setting("output_encoding", "klingon")),
    Case("an output_encoding that lacks a letter", ("revision", "-m", "caf\u00e9"), setting("output_encoding", "ascii")),
    Case("a wrong lock_timeout", UP, setting("lock_timeout", "soon")),
    Case("a negative lock_timeout", UP, setting("lock_timeout", "-5")),
    Case("a version_path that isn't configured", ("revision", "-m", "x", "--version-path", "elsewhere"), nothing),
    Case("a hook without a type", ("revision", "-m", "x"), replaces("[post_write_hooks]", "[post_write_hooks]\nhooks = black", "ini")),
    Case("a hook of an unknown type", ("revision", "-m", "x"), replaces("[post_write_hooks]", "[post_write_hooks]\nhooks = black\nblack.type = magic", "ini")),
    Case("a hook whose program isn't there", ("revision", "-m", "x"), replaces("[post_write_hooks]", "[post_write_hooks]\nhooks = black\nblack.type = exec\nblack.executable = no-such-program", "ini")),
    Case("a hook that fails", ("revision", "-m", "x"), replaces("[post_write_hooks]", "[post_write_hooks]\nhooks = black\nblack.type = exec\nblack.executable = false", "ini")),
    Case("logging that can't be set up", UP, replaces("keys = root,sqlalchemy,alembic", "keys = root,nobody", "ini")),
    Case("broken TOML", UP, toml("[tool.alembic\nx = 1"), doors=("terminal",)),
    Case("broken TOML beside the ini file", UP, beside("[tool.alembic\nx = 1")),
    Case("TOML that is no table", UP, toml("[tool]\nalembic = 3\n"), doors=("terminal",)),
    Case("TOML whose tool is no table", UP, toml("tool = 3\n"), doors=("terminal",)),
    Case("TOML in Latin-1", UP, lambda p: (p.ini.unlink(), (p.root / "pyproject.toml").write_bytes(b"[tool.alembic]\nx = 'caf\xe9'\n")) and None, doors=("terminal",)),
    Case("TOML with broken interpolation", UP, toml('[tool.alembic]\nscript_location = "%(hear)s/migrations"\n'), doors=("terminal", "magic")),
    Case("TOML with a date", UP, toml("[tool.alembic]\nscript_location = 2020-01-01\n"), doors=("terminal", "magic")),
    Case("TOML with a number for a folder", UP, toml("[tool.alembic]\nscript_location = 3\n"), doors=("terminal", "magic")),
    Case("TOML with a text for a switch", ("heads",), toml('[tool.alembic]\nscript_location = "migrations"\nsourceless = "yes"\n'), doors=("terminal", "magic")),
    Case("no address", UP, setting("sqlalchemy.url", None)),
    Case("an empty address", UP, setting("sqlalchemy.url", "")),
    Case("the template's own address", UP, url("driver://user:pass@localhost/dbname")),
    Case("an address without a scheme", UP, url("shop.db")),
    Case("an address of an unknown database", UP, url("nosuchdb://localhost/x")),
    Case("a driver that isn't there", UP, url("postgresql+pg8000://me:s3cret@127.0.0.1:1/x")),
    Case("an async driver in a plain env.py", UP, url("sqlite+aiosqlite:///shop.db")),
    Case("a port that is no number", UP, url("postgresql+psycopg://me:s3cret@127.0.0.1:port/x")),
    Case("a port where nobody listens", UP, url("postgresql+psycopg://me:s3cret@127.0.0.1:1/x")),
    Case("a port where nobody listens: MySQL", UP, url("mysql+pymysql://me:s3cret@127.0.0.1:1/x")),
    Case("an unknown host", UP, url("postgresql+psycopg://me:s3cret@no-such-host.invalid/x")),
    Case("an unknown parameter of the driver", UP, url("sqlite:///shop.db?nosuch=1")),
    Case("a folder of the database that isn't there", UP, url("sqlite:///no/such/folder/shop.db")),
    Case("check without models", ("check",), nothing),
    Case("revision --autogenerate without models", ("revision", "--autogenerate", "-m", "x"), nothing),
]
