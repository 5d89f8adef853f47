"""Configuration: files, keys and addresses."""

# ruff: noqa: E501 (a table: one case, one line where it can be)

from __future__ import annotations

from bad_input.cases import TERMINAL, Spoil, case, cases_of, nothing, replaces, setting, url, writes
from bad_input.places import Place

MISSING = "No 'script_location' key found in configuration"
PERCENT = "(a literal percent sign is written %%)"
NO_MAGIC = ("terminal", "python")  # a notebook looks for a project above, or takes the default database
TOML_DOORS = ("terminal", "magic")
UP = "upgrade head"

up = cases_of(UP)
new = cases_of("revision -m x")
plain = cases_of(UP, doors=NO_MAGIC)
toml = cases_of(UP, doors=TOML_DOORS)


def in_toml(text: str | bytes) -> Spoil:
    """A pyproject.toml in the place of the ini file."""

    def spoil(place: Place) -> None:
        place.ini.unlink()
        data = text if isinstance(text, bytes) else text.encode()
        (place.root / "pyproject.toml").write_bytes(data)

    return spoil


def beside(text: str) -> Spoil:
    """A pyproject.toml beside the ini file."""
    return lambda place: (place.root / "pyproject.toml").write_text(text) and None


def folder(place: Place) -> None:
    place.ini.unlink()
    place.ini.mkdir()


def absent(place: Place) -> None:
    place.ini.unlink()


def link_to_itself(place: Place) -> None:
    place.ini.unlink()
    place.ini.symlink_to("alembic.ini")


def binary(place: Place) -> None:
    place.ini.write_bytes(bytes(range(256)))


def hook(lines: str) -> Spoil:
    return replaces("[post_write_hooks]", f"[post_write_hooks]\nhooks = black\n{lines}", "ini")


FILES = [
    plain("no configuration", absent, MISSING, "there is no alembic.ini in", "'init'"),
    case("a named file is missing", f"-c other.ini {UP}", nothing, MISSING, "no other.ini in", doors=TERMINAL),
    case("a named pyproject.toml is missing", f"-c missing/pyproject.toml {UP}", nothing, MISSING,
         "there is no missing/pyproject.toml in", doors=TERMINAL),
    case("two ini files", f"-c a.ini -c b.ini {UP}", nothing, "only one ini file", "a.ini, b.ini", doors=TERMINAL),
    case("a wrong section", f"-n other {UP}", nothing, MISSING, "alembic.ini has no section [other]", "[alembic]",
         doors=TERMINAL),
    plain("a folder in the file's place", folder, "Can't read alembic.ini: Is a directory"),
    plain("a link to itself", link_to_itself, "Can't read alembic.ini: Too many levels of symbolic links"),
    up("no section", writes("script_location = x\n", "ini"), "no section headers", "alembic.ini', line: 1"),
    up("an empty file", writes("", "ini"), MISSING, "alembic.ini has no section [alembic] (its sections: none)"),
    up("a key twice", replaces("[alembic]", "[alembic]\nx = a\nx = b", "ini"), "alembic.ini", "'x' in section"),
    up("a section twice", replaces("[alembic]", "[alembic]\n[alembic]", "ini"), "[line 5]: section 'alembic'"),
    up("a binary file", binary, "alembic.ini can't be decoded", "save it as UTF-8"),
    toml("broken TOML", in_toml("[tool.alembic\nx = 1"), "pyproject.toml is not valid TOML", "line 1"),
    up("broken TOML beside the ini file", beside("[tool.alembic\n"), "pyproject.toml is not valid TOML"),
    toml("TOML: no table", in_toml("[tool]\nalembic = 3\n"), "[tool.alembic] in", "is not a table"),
    case("TOML: tool is no table", UP, in_toml("tool = 3\n"), "[tool] in pyproject.toml is not", doors=TERMINAL),
    toml("TOML in Latin-1", in_toml(b"[tool.alembic]\nx = '\xe9'\n"), "pyproject.toml can't be decoded", "UTF-8"),
]  # fmt: skip

KEYS = [
    up("broken interpolation of the folder", setting("script_location", "%(hear)s/x"), "'script_location'", "'hear'",
       "alembic.ini", PERCENT),
    up("broken interpolation of the address", setting("sqlalchemy.url", "sqlite:///%(hear)s/x"), "'sqlalchemy.url'",
       "'hear'", "alembic.ini", PERCENT),
    up("a bare percent sign", setting("sqlalchemy.url", "postgresql://me:a%b@127.0.0.1:1/x"), "'%'", PERCENT),
    up("no script_location", setting("script_location", None), MISSING, "missing in section [alembic] of"),
    up("an empty script_location", setting("script_location", ""), MISSING, "missing in section [alembic] of"),
    up("a script_location that isn't there", setting("script_location", "%(here)s/nowhere"), "nowhere", "'init'"),
    up("a script_location that is a file", setting("script_location", "%(here)s/alembic.ini"), "is no folder"),
    up("a package that isn't there", setting("script_location", "nosuch:x"), "'nosuch:x' names no folder", "'nosuch'"),
    up("a wrong path_separator", setting("path_separator", "pipe"), "'pipe' is not a valid value", "'newline'"),
    new("a wrong number", setting("truncate_slug_length", "many"), "truncate_slug_length is 'many', not a number"),
    new("a negative number", setting("truncate_slug_length", "-3"), "truncate_slug_length is '-3'", "below 0"),
    new("a wrong file_template", setting("file_template", "%%(nosuch)s"), "file_template", "its tokens are rev, slug"),
    new("a file_template that leads out", setting("file_template", "../../%%(rev)s"), "leads out of"),
    new("a file_template into a folder", setting("file_template", "%%(year)d/%%(rev)s"), "recursive_version_locations"),
    new("a file_template that is taken", setting("file_template", "aaaa_one"), "aaaa_one.py exists already"),
    new("a file_template that Windows refuses", setting("file_template", "con"), "con.py on Windows"),
    new("a wrong timezone", setting("timezone", "Mars/Olympus"), "Can't locate timezone: Mars/Olympus", "tzdata"),
    new("a wrong switch", setting("revision_environment", "perhaps"), "revision_environment: String is not true/false"),
    new("a wrong encoding", setting("output_encoding", "klingon"), "output_encoding klingon: unknown encoding"),
    case("an encoding that lacks a letter", "revision -m caf\u00e9", setting("output_encoding", "ascii"),
         "output_encoding ascii", "'\\xe9'"),
    up("a wrong lock_timeout", setting("lock_timeout", "soon"), "lock_timeout is 'soon'", "lock_timeout = 5"),
    new("a hook without a type", hook(""), "Key 'black.type'", "is required"),
    new("a hook of an unknown type", hook("black.type = magic"), "'magic'", "there are console_scripts, exec"),
    new("a hook without its program", hook("black.type = exec"), "black.executable is required"),
    new("a hook whose program isn't there", hook("black.type = exec\nblack.executable = nosuch"), "executable nosuch"),
    new("a hook whose module isn't there", hook("black.type = module\nblack.module = nosuch"), "module nosuch"),
    up("logging that can't be set up", replaces("keys = root,sqlalchemy,alembic", "keys = root,nobody", "ini"),
       "env.py failed: KeyError: 'logger_nobody'", "env.py, line 12", code=1),
    toml("TOML: no script_location", in_toml("[tool.alembic]\nx = 1\n"), MISSING, "[tool.alembic] of"),
    toml("TOML: broken interpolation", in_toml('[tool.alembic]\nscript_location = "%(hear)s/x"\n'), "'hear'", PERCENT),
    toml("TOML: a date", in_toml("[tool.alembic]\nscript_location = 2020-01-01\n"), "'script_location'"),
    toml("TOML: a number for a folder", in_toml("[tool.alembic]\nscript_location = 3\n"), "script_location is 3, not"),
    toml("TOML: a text for a switch",
         in_toml('[tool.alembic]\nscript_location = "migrations"\nsourceless = "yes"\n'), "boolean", "'sourceless'"),
]  # fmt: skip

ADDRESSES = [
    up("no address", setting("sqlalchemy.url", None), "no sqlalchemy.url in section [alembic] of", "sqlite:///shop.db"),
    up("an empty address", url(""), "'' is no database URL: write it like sqlite:///shop.db"),
    up("the template's own address", url("driver://user:pass@localhost/dbname"), "not been named yet", "'init' put"),
    up("an address without a scheme", url("shop.db"), "'shop.db' is no database URL: write it like"),
    up("an unknown database", url("postgres://me:s3cret@localhost/x"), "dialect 'postgres'", "mean 'postgresql'?"),
    up("a driver that isn't there", url("postgresql+pg8000://me:s3cret@127.0.0.1:1/x"), "pip install pg8000"),
    up("an async driver in a plain env.py", url("sqlite+aiosqlite:///shop.db"), "async driver", "write sqlite:///shop.db"),
    up("a port that is no number", url("postgresql+psycopg://me:s3cret@127.0.0.1:p/x"), "is no database URL: write"),
    up("a port where nobody listens", url("postgresql+psycopg://me:s3cret@127.0.0.1:1/x"), "Connection refused"),
    up("the same with MySQL", url("mysql+pymysql://me:s3cret@127.0.0.1:1/x"), "me:***@127", "Connection refused"),
    up("an unknown host", url("postgresql+psycopg://me:s3cret@nosuch.invalid/x"), "resolve host 'nosuch.invalid'"),
    up("a folder that isn't there", url("sqlite:///no/such/shop.db"), "can't connect to sqlite:///no/such/shop.db"),
]  # fmt: skip

CASES = [*FILES, *KEYS, *ADDRESSES]
