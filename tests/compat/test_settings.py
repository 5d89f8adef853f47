"""F1 to F17: every key of alembic.ini and pyproject.toml, read by Alembic and by us, to the same effect.

T3 to T9, B7, H1 to H3: the files that come of them.
"""

from __future__ import annotations

import compileall
import logging
import re
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.config
import alembic.script
import alembic.script.revision
import alembic.util
import pytest

import nbmigrate.config
import nbmigrate.script
from nbmigrate import Migrator, command
from nbmigrate.errors import CommandError, ScriptError

MAKO = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
BOTH = {"alembic": (alembic.config.Config, alembic.script.ScriptDirectory),
        "nbmigrate": (nbmigrate.config.Config, nbmigrate.script.ScriptDirectory)}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    Path("scripts", "versions").mkdir(parents=True)
    Path("scripts", "script.py.mako").write_text(MAKO)
    Path("scripts", "env.py").write_text("")
    return tmp_path


def revision(path: str, key: str, down: str | None = None, more: str = "") -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    body = (
        f"revision = {key!r}\ndown_revision = {down!r}\n{more}\ndef upgrade(): pass\ndef downgrade(): pass\n"
    )
    Path(path).write_text(body)
    return Path(path)


def written(kind: str, settings: dict[str, Any], section: str = "alembic") -> Path:
    """The settings as a file of one of the two kinds."""
    settings = {"script_location": "%(here)s/scripts", **settings}
    if kind == "ini":
        lines = [
            f"{key} = {str(value).lower() if isinstance(value, bool) else value}"
            for key, value in settings.items()
        ]
        Path("alembic.ini").write_text(f"[{section}]\n" + "\n".join(lines) + "\n")
        return Path("alembic.ini")

    def toml(value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(toml, value))}]"
        return str(value).lower() if isinstance(value, (bool, int)) else f"'{value}'"

    lines = [f"{key} = {toml(value)}" for key, value in settings.items()]
    Path("pyproject.toml").write_text("[tool.alembic]\n" + "\n".join(lines) + "\n")
    return Path("pyproject.toml")


def on_both(file: Path, ask: Callable[[Any, Any], Any]) -> list[Any]:
    """What Alembic and we make of one file; a refusal counts as such."""
    found: list[Any] = []
    for config_class, directory in BOTH.values():
        ini = {"toml_file": str(file)} if file.suffix == ".toml" else {}
        path = list(sys.path)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                config = config_class(None if ini else str(file), **ini)
                found.append(ask(config, directory.from_config(config)))
        except (alembic.util.CommandError, alembic.script.revision.RevisionError, CommandError, ValueError):
            found.append("refused")
        finally:
            sys.path[:] = path
    return found


def same(file: Path, ask: Callable[[Any, Any], Any]) -> Any:
    theirs, ours = on_both(file, ask)
    assert ours == theirs
    return ours


def heads(config: Any, script: Any) -> list[str]:
    return sorted(script.get_heads())


def made(**kw: Any) -> Callable[[Any, Any], Any]:
    """Write a revision; its path below the folder and its text, dates and numbers left out."""

    def ask(config: Any, script: Any) -> Any:
        one = script.generate_revision(kw.get("rev", "abc1"), kw.get("message", "add the orders"))
        path = Path(one.path)
        text = path.read_bytes()
        path.unlink()
        name = str(path.relative_to(Path.cwd()))
        return re.sub(r"\d{2,}", "N", name), re.sub(rb"\d\d+[-:.\d ]*", b"N", text)

    return ask


KINDS = pytest.mark.parametrize("kind", ["ini", "toml"])


@KINDS
def test_f1_script_location(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    revision("scripts/versions/a.py", "a111")
    assert same(written(kind, {}), heads) == ["a111"]
    assert same(written(kind, {"script_location": "scripts"}), heads) == ["a111"]
    monkeypatch.syspath_prepend(str(folder))
    revision("pkg_of_f1/inner/versions/b.py", "b111")
    Path("pkg_of_f1/__init__.py").write_text("")
    assert same(written(kind, {"script_location": "pkg_of_f1:inner"}), heads) == ["b111"]
    assert same(written(kind, {"script_location": "nowhere"}), heads) == "refused"
    empty = Path("alembic.ini" if kind == "ini" else "pyproject.toml")
    empty.write_text("[alembic]\nx = 1\n" if kind == "ini" else "[tool.alembic]\nx = 1\n")
    assert same(empty, heads) == "refused"


@KINDS
@pytest.mark.parametrize(
    "template",
    [
        "%(rev)s_%(slug)s", "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d%(second).2d-%(rev)s",
        "%(epoch)s_%(rev)s", "%(slug)s", "%(year)d/%(month).2d/%(rev)s_%(slug)s",
    ],
)  # fmt: skip
def test_f2_file_template(folder: Path, kind: str, template: str) -> None:
    settings = {"file_template": template.replace("%", "%%"), "recursive_version_locations": True}
    path, _ = same(written(kind, settings), made())
    assert path.endswith(".py")


@KINDS
def test_f3_prepend_sys_path(folder: Path, kind: str) -> None:
    revision("scripts/versions/a.py", "a111", more="import module_of_f3\nrevision = module_of_f3.ID")
    Path("more", "deep").mkdir(parents=True)
    Path("more", "deep", "module_of_f3.py").write_text("ID = 'from_f3'\n")
    value: Any = ["more", "more/deep"] if kind == "toml" else "more more/deep"
    settings = {"prepend_sys_path": value, **({"path_separator": "space"} if kind == "ini" else {})}
    before = list(sys.path)
    try:
        assert same(written(kind, settings), heads) == ["from_f3"]
    finally:
        sys.modules.pop("module_of_f3", None)
    assert sys.path == before


@KINDS
@pytest.mark.parametrize("zone", ["UTC", "utc", "europe/berlin", "Nowhere/At_All"])
def test_f4_timezone(folder: Path, kind: str, zone: str) -> None:
    def offset(config: Any, script: Any) -> Any:
        one = script.generate_revision("abc1", "x")
        text = Path(one.path).read_text()
        Path(one.path).unlink()
        found = re.search(r"Create Date: [^+\n]+?\d\.\d+(.*)", text)
        assert found
        return found[1]

    theirs, ours = on_both(written(kind, {"timezone": zone}), offset)
    assert ours == theirs


@KINDS
@pytest.mark.parametrize("length", [10, 11, 14, 40])
def test_f5_truncate_slug_length(folder: Path, kind: str, length: int) -> None:
    file = written(kind, {"truncate_slug_length": length})
    same(file, made(message="add the orders and everything that belongs to them"))


@KINDS
def test_f7_sourceless(folder: Path, kind: str) -> None:
    revision("scripts/versions/a.py", "a111")
    revision("scripts/versions/b.py", "b111", "a111")
    compileall.compile_dir("scripts/versions", quiet=1, legacy=True)
    Path("scripts/versions/b.py").unlink()
    shutil.rmtree("scripts/versions/__pycache__", ignore_errors=True)
    assert same(written(kind, {"sourceless": True}), heads) == ["b111"]
    assert same(written(kind, {"sourceless": False}), heads) == ["a111"]


@KINDS
def test_f8_b7_version_locations(folder: Path, kind: str) -> None:
    revision("one/a.py", "a111")
    revision("two/b.py", "b111", "a111")
    value: Any = ["%(here)s/one", "%(here)s/two"] if kind == "toml" else "%(here)s/one %(here)s/two"
    settings = {"version_locations": value, **({"path_separator": "space"} if kind == "ini" else {})}
    file = written(kind, settings)
    assert same(file, heads) == ["b111"]
    # B7: the parent decides on the folder; without one it must be said, and be one of them
    path, _ = same(file, made())
    assert path.startswith("two/")
    assert same(file, lambda c, s: s.generate_revision("n1", "n", head="base").path) == "refused"
    assert (
        same(file, lambda c, s: s.generate_revision("n1", "n", head="base", version_path="scripts"))
        == "refused"
    )
    shutil.rmtree("one")
    Path("two/b.py").unlink()
    ours = nbmigrate.script.ScriptDirectory.from_config(
        nbmigrate.config.Config(str(file))
        if kind == "ini"
        else nbmigrate.config.Config(None, toml_file=str(file))
    )
    assert (
        Path(ours.generate_revision("n1", "n", head="base", version_path="one").path).parent == folder / "one"
    )


@KINDS
def test_f8_a_folder_twice_is_warned_of(folder: Path, kind: str) -> None:
    revision("one/a.py", "a111")
    value: Any = ["one", "one"] if kind == "toml" else "one one"
    file = written(
        kind, {"version_locations": value, **({"path_separator": "space"} if kind == "ini" else {})}
    )
    for config_class, directory in BOTH.values():
        config = config_class(str(file)) if kind == "ini" else config_class(None, toml_file=str(file))
        with pytest.warns(UserWarning, match="loaded twice! ignoring"):
            assert directory.from_config(config).get_heads() == ["a111"]


@KINDS
def test_f9_recursive_version_locations(folder: Path, kind: str) -> None:
    revision("scripts/versions/a.py", "a111")
    revision("scripts/versions/deep/er/b.py", "b111", "a111")
    assert same(written(kind, {"recursive_version_locations": True}), heads) == ["b111"]
    assert same(written(kind, {"recursive_version_locations": False}), heads) == ["a111"]


@pytest.mark.parametrize("key", ["path_separator", "version_path_separator"])
@pytest.mark.parametrize(
    ("separator", "joined"),
    [
        ("space", "one two"), ("newline", "one\n  two"), (":", "one:two"), (";", "one;two"),
        ("os", "one:two"),
        ("nonsense", "one two"), (None, "one two"), (None, "one, two"),
    ],
)  # fmt: skip
def test_f10_f11_separators(folder: Path, key: str, separator: str | None, joined: str) -> None:
    revision("one/a.py", "a111")
    revision("two/b.py", "b111")
    settings = {"version_locations": joined, **({} if separator is None else {key: separator})}
    same(written("ini", settings), lambda config, script: heads(config, script))


def test_f10_f11_what_is_old_is_warned_of(folder: Path) -> None:
    for settings in (
        {"version_locations": "one two"},
        {"version_locations": "one two", "version_path_separator": "space"},
    ):
        file = written("ini", settings)
        for config_class, directory in BOTH.values():
            with pytest.warns(DeprecationWarning):
                directory.from_config(config_class(str(file)))


@KINDS
def test_f12_output_encoding(folder: Path, kind: str) -> None:
    file = written(kind, {"output_encoding": "latin-1"})
    mako = Path("scripts/script.py.mako")
    # as an expression: Mako would take the comment for its own
    mako.write_text("${'# -*- coding: latin-1 -*-'}\n" + MAKO)
    _, text = same(file, made(message="größer"))
    assert "größer".encode("latin-1") in text


def test_f13_the_url_is_for_env_py_alone(folder: Path) -> None:
    revision("scripts/versions/a.py", "a111")
    file = written("ini", {"sqlalchemy.url": "no url at all", "sqlalchemy.echo": "true"})
    assert same(file, heads) == ["a111"]
    section = same(file, lambda config, script: config.get_section("alembic"))
    assert section["sqlalchemy.url"] == "no url at all"


def test_f14_databases_is_for_env_py_alone(folder: Path) -> None:
    """The multidb template runs in tests/migrator/test_revision_with_env.py."""
    file = written("ini", {"databases": "one, two"})
    file.write_text(
        file.read_text() + "\n[one]\nsqlalchemy.url = sqlite:///one.db\n[two]\nsqlalchemy.url = x%%y\n"
    )
    assert same(file, lambda config, script: config.get_main_option("databases")) == "one, two"
    assert same(file, lambda config, script: config.get_section("two"))["sqlalchemy.url"] == "x%y"
    assert same(file, lambda config, script: config.get_section_option("one", "sqlalchemy.url"))


HOOK = """import sys, pathlib
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    path.write_text(path.read_text() + {mark!r})
"""


@KINDS
def test_f15_h1_hooks_of_each_kind(folder: Path, kind: str) -> None:
    """H1: exec and module, options and cwd; in the order in which they stand."""
    Path("tools").mkdir()
    for mark in ("one", "two"):
        Path("tools", f"{mark}_of_h1.py").write_text(HOOK.format(mark=f"# {mark}\n"))
    python = sys.executable
    if kind == "ini":
        file = written("ini", {})
        file.write_text(
            file.read_text() + "[post_write_hooks]\nhooks = first, second\nfirst.type = exec\n"
            f"first.executable = {python}\nfirst.options = one_of_h1.py REVISION_SCRIPT_FILENAME\n"
            "first.cwd = %(here)s/tools\nsecond.type = exec\n"
            f"second.executable = {python}\nsecond.options = two_of_h1.py REVISION_SCRIPT_FILENAME\n"
            "second.cwd = %(here)s/tools\n"
        )
    else:
        file = written("toml", {})
        file.write_text(
            file.read_text()
            + "".join(
                f"[[tool.alembic.post_write_hooks]]\nname = '{mark}'\ntype = 'exec'\n"
                f"executable = '{python}'\n"
                f"options = '{mark}_of_h1.py REVISION_SCRIPT_FILENAME'\ncwd = '%(here)s/tools'\n"
                for mark in ("one", "two")
            )
        )
    _, text = same(file, made())
    assert text.endswith(b"# one\n# two\n")


def test_h1_h3_a_module_and_what_a_hook_must_say(folder: Path) -> None:
    file = written("ini", {})
    start = file.read_text()
    for options, refused in (
        ("a.type = module\na.module = no_such_module_of_h3\n", True),
        ("a.executable = x\n", True),
        ("a.type = exec\n", True),
        ("a.type = module\n", True),
        ("a.type = console_scripts\n", True),
        ("a.type = console_scripts\na.entrypoint = no_such_thing_of_h3\n", True),
        ("a.type = unheard_of\n", True),
        ("a.type = module\na.module = tabnanny\n", False),
    ):
        file.write_text(f"{start}[post_write_hooks]\nhooks = a\n{options}")
        found = same(file, made())
        assert (found == "refused") == refused, options
        for path in Path("scripts", "versions").glob("*.py"):
            path.unlink()


def test_h2_registered_hooks_run_for_revision_and_merge(folder: Path) -> None:
    from nbmigrate.script import write_hooks

    seen: list[tuple[str, str]] = []

    @write_hooks.register("note_of_h2")
    def note(filename: str, options: dict[str, Any]) -> None:
        seen.append((Path(filename).name.split("_")[0], options["word"]))

    file = written("ini", {})
    file.write_text(
        file.read_text() + "[post_write_hooks]\nhooks = a, b\na.type = note_of_h2\na.word = x\n"
        "b.type = note_of_h2\nb.word = y\n"
    )
    config = nbmigrate.config.Config(str(file))
    command.revision(config, "one", rev_id="r1")
    command.revision(config, "two", rev_id="r2", head="base")
    command.merge(config, "heads", "m", rev_id="m1")
    assert seen == [(name, word) for name in ("r1", "r2", "m1") for word in "xy"]


def test_h3_the_exit_code_of_the_tool_is_checked(folder: Path) -> None:
    file = written("ini", {})
    file.write_text(
        file.read_text() + f"[post_write_hooks]\nhooks = a\na.type = exec\na.executable = {sys.executable}\n"
        "a.options = -c 'raise SystemExit(3)' REVISION_SCRIPT_FILENAME\n"
    )
    with pytest.raises(CommandError, match="3"):
        command.revision(nbmigrate.config.Config(str(file)), "one")


def test_f16_sections_of_logging_are_for_env_py(folder: Path) -> None:
    file = written("ini", {})
    file.write_text(
        file.read_text() + "[loggers]\nkeys=root,mine\n[handlers]\nkeys=h\n[formatters]\nkeys=f\n"
        "[logger_root]\nlevel=WARN\nhandlers=h\n[logger_mine]\nlevel=DEBUG\nhandlers=\nqualname=logger_of_f16\n"
        "[handler_h]\nclass=StreamHandler\nargs=(sys.stderr,)\nformatter=f\n[formatter_f]\n"
    )
    Path("scripts/env.py").write_text(
        "from logging.config import fileConfig\nimport logging\nfrom alembic import context\n"
        "fileConfig(context.config.config_file_name)\n"
        "context.config.attributes['level'] = logging.getLogger('logger_of_f16').level\n"
        "context.configure(dialect_name='sqlite')\ncontext.run_migrations()\n"
    )
    config = nbmigrate.config.Config(str(file))
    Migrator.from_config(config).upgrade("head", sql=True)
    assert config.attributes["level"] == logging.DEBUG


@pytest.mark.parametrize("value", ["true", "True", "yes", "1", "on", "false", ""])
@pytest.mark.parametrize("key", ["sourceless", "recursive_version_locations", "revision_environment"])
def test_f17_booleans_of_ini(folder: Path, key: str, value: str) -> None:
    file = written("ini", {key: value})
    ask = (lambda c, s: c.get_alembic_boolean_option(key)) if key != "revision_environment" else (
        lambda c, s: (c.get_main_option(key), s.sourceless))  # fmt: skip
    same(file, ask)


@pytest.mark.parametrize("value", ["true", "false", "'yes'", "1"])
@pytest.mark.parametrize("key", ["sourceless", "recursive_version_locations", "revision_environment"])
def test_f17_booleans_of_toml(folder: Path, key: str, value: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.alembic]\nscript_location = 'scripts'\n{key} = {value}\n")
    same(Path("pyproject.toml"), lambda c, s: c.get_alembic_boolean_option(key))


# -- templates and files


def test_t3_variables_of_a_customised_template(folder: Path) -> None:
    Path("scripts/script.py.mako").write_text(
        "# ${up_revision}|${down_revision}|${branch_labels}|${depends_on}|${message}|${comma(('a', 'b'))}|"
        "${imports}|${extra}|${config.get_main_option('script_location')}|${create_date.year > 2000}\n"
        "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n"
        "branch_labels = ${repr(branch_labels)}\n${upgrades}\n"
    )
    file = written("ini", {})

    def ask(config: Any, script: Any) -> str:
        one = script.generate_revision(
            "abc1", None, branch_labels=["x"], imports="I", extra="E", upgrades="# U", config=config
        )
        text = Path(one.path).read_text()
        Path(one.path).unlink()
        return text

    first = same(file, ask).splitlines()[0]
    assert first == f"# abc1|None|('x',)|None|empty message|a, b|I|E|{folder}/scripts|True"


@pytest.mark.parametrize(
    "text",
    [
        "revision = 'x1'\ndown_revision = None\nbranch_labels = 'lab'\n",
        "revision = 'x1'\ndown_revision = None\nbranch_labels = ('lab', 'other')\ndepends_on = None\n",
        "'''Message\n\nMore.\n'''\nrevision = 'x1'\ndown_revision = ()\n",
        "down_revision = None\n",
    ],
)
def test_t4_what_is_read_of_a_file(folder: Path, text: str) -> None:
    Path("scripts/versions/ab12.py").write_text(text)

    def ask(config: Any, script: Any) -> Any:
        (one,) = script.walk_revisions()
        return (one.revision, one.down_revision or None, sorted(one.branch_labels), one.dependencies, one.doc,
                one.longdoc)  # fmt: skip

    assert same(written("ini", {}), ask)[0] in ("x1", "ab12")


def test_t5_which_files_count_and_what_is_wrong_with_them(folder: Path) -> None:
    revision("scripts/versions/a.py", "a111")
    for name in (".#a.py", "__init__.py", "__init__x.py", "a.py~", "a.py.bak", "#a.py#", "a.pyc"):
        Path("scripts/versions", name).write_text("not python")
    assert same(written("ini", {}), heads) == ["a111"]
    # every kind of circle is named with its ids, and ours with its files
    for first, second, word in (
        (("b111", "c111", ""), ("c111", "b111", ""), "Cycle is detected"),
        (("b111", "b111", ""), ("c111", None, ""), "Self-loop is detected"),
        (("b111", None, "depends_on = 'c111'"), ("c111", None, "depends_on = 'b111'"), "Dependency cycle"),
        (("b111", None, "depends_on = 'b111'"), ("c111", None, ""), "Dependency self-loop"),
    ):
        for name, (key, down, more) in (("b.py", first), ("c.py", second)):
            revision(f"scripts/versions/{name}", key, down, more)
        assert same(written("ini", {}), heads) == "refused"
        with pytest.raises(CommandError, match=word):
            nbmigrate.script.ScriptDirectory("scripts").get_heads()


@pytest.mark.parametrize("broken", ["${nothing_of_that_name}", "% if True:\n", "${1/0}"])
def test_t8_a_template_that_fails_names_its_line(folder: Path, broken: str) -> None:
    Path("scripts/script.py.mako").write_text("# one\n# two\n" + broken)
    with pytest.raises(ScriptError, match=r"script\.py\.mako, line [34]"):
        nbmigrate.script.ScriptDirectory("scripts").generate_revision("abc1", "x")
    assert list(Path("scripts/versions").iterdir()) == []


def test_t9_labels_that_the_template_leaves_out_are_noticed(folder: Path) -> None:
    Path("scripts/script.py.mako").write_text(MAKO.replace("branch_labels = ${repr(branch_labels)}", ""))
    file = written("ini", {})
    assert same(file, lambda c, s: s.generate_revision("abc1", "x", branch_labels=["l"])) == "refused"
