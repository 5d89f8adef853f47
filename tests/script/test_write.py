"""New revision files: Alembic's names, places and refusals, and never half a file."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory as AlembicDirectory
from hypothesis import given
from hypothesis import strategies as st

from nbmigrate.config import Config
from nbmigrate.errors import CommandError, MultipleHeads, ScriptError
from nbmigrate.script import ScriptDirectory, write, write_hooks
from nbmigrate.script.environment_files import init_environment


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    init_environment(Config("alembic.ini"), "migrations")
    return tmp_path / "migrations"


def test_a_revision_is_written_and_read_by_both(folder: Path) -> None:
    directory = ScriptDirectory(folder)
    first = directory.generate_revision("aaaa", "First one!", branch_labels="shop")
    second = directory.generate_revision("bbbb", None, upgrades="op.execute('select 1')")
    assert Path(first.path).name == "aaaa_first_one.py"
    assert Path(second.path).name == "bbbb_.py"
    assert (first.doc, second.doc) == ("First one!", "empty message")
    assert second.down_revision == "aaaa"
    assert directory.get_current_head() == "bbbb"
    theirs = AlembicDirectory(folder).get_revision("bbbb")
    assert theirs.down_revision == "aaaa"
    assert theirs.branch_labels == {"shop"}
    assert "    op.execute('select 1')\n" in second.source
    assert not [p for p in (folder / "versions").iterdir() if p.suffix == ".tmp"]


@given(
    message=st.one_of(st.none(), st.text(max_size=70)),
    template=st.sampled_from(
        ["%(rev)s_%(slug)s", "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
         "%(epoch)s_%(second)s_%(rev)s"]
    ),
    length=st.integers(1, 50),
)  # fmt: skip
def test_file_names_are_alembic_s(message: str | None, template: str, length: int) -> None:
    theirs = AlembicDirectory(".", file_template=template, truncate_slug_length=length)
    date = datetime.datetime(2024, 3, 1, 9, 5, 7, tzinfo=datetime.UTC)
    expected = str(theirs._rev_path("v", "abc", message, date))
    assert str(Path("v") / write.file_name(template, "abc", message, date, length)) == expected


def test_time_zones(folder: Path) -> None:
    assert str(write.create_date("europe/vienna".title()).tzinfo) == "Europe/Vienna"
    assert str(write.create_date("utc").tzinfo) == "UTC"
    assert write.create_date(None).tzinfo is None
    with pytest.raises(CommandError, match="Can't locate timezone: Mars/Olympus"):
        write.create_date("Mars/Olympus")


@pytest.mark.parametrize(
    ("revid", "text"),
    [
        ("a@b", r"Character\(s\) '@' not allowed in revision identifier 'a@b'"),
        ("a+b-c", r"Character\(s\) '\+, -' not allowed"),
        ("a:b", "not allowed"),
        ("x" * 33, "has 33 characters; the version table holds 32"),
        ("head", "can't be a revision identifier"),
        ("a b", "can't be a revision identifier"),
        ("../a", "can't be a revision identifier"),
        ("", "can't be a revision identifier"),
    ],
)
def test_ids_that_could_not_be_used_are_refused(folder: Path, revid: str, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        ScriptDirectory(folder).generate_revision(revid, "x")
    assert not list((folder / "versions").iterdir())


def test_an_id_that_is_taken_is_refused_with_its_file(folder: Path) -> None:
    directory = ScriptDirectory(folder)
    directory.generate_revision("aaaa", "x", branch_labels="shop")
    for taken in ("aaaa", "shop"):
        with pytest.raises(CommandError, match=rf"'{taken}' is taken by aaaa \(.*aaaa_x\.py\)"):
            directory.generate_revision(taken, "y")


def test_heads_and_splice(folder: Path) -> None:
    directory = ScriptDirectory(folder)
    directory.generate_revision("aaaa", "a")
    directory.generate_revision("bbbb", "b")
    with pytest.raises(CommandError, match="aaaa is not a head revision; please specify --splice"):
        directory.generate_revision("cccc", "c", head="aaaa")
    directory.generate_revision("cccc", "c", head="aaaa", splice=True)
    with pytest.raises(
        MultipleHeads, match="Multiple heads are present; please specify the head revision on which"
    ):
        directory.generate_revision("dddd", "d")
    with pytest.raises(CommandError, match="Duplicate head revisions specified"):
        directory.generate_revision("dddd", "d", head=("bbbb", "bbb"))
    merged = directory.generate_revision("dddd", "d", head="heads", depends_on=None)
    assert merged.down_revision == ("bbbb", "cccc")
    other = directory.generate_revision(
        "eeee", "e", head="base", depends_on=["ddd"], branch_labels=("x", "y")
    )
    assert (other.down_revision, other.dependencies, other.branch_labels) == (None, "dddd", {"x", "y"})
    assert AlembicDirectory(folder).get_revision("eeee").dependencies == "dddd"


def test_depends_on_keeps_labels(folder: Path) -> None:
    directory = ScriptDirectory(folder)
    directory.generate_revision("aaaa", "a", branch_labels="shop")
    assert directory.generate_revision("bbbb", "b", head="base", depends_on="shop").dependencies == "shop"
    with pytest.raises(CommandError, match="Can't locate revision identified by 'zzzz'"):
        directory.generate_revision("cccc", "c", head="bbbb", depends_on="zzzz")


def test_the_folder_of_a_new_revision(folder: Path) -> None:
    places = [folder / "versions", folder / "more"]
    directory = ScriptDirectory(folder, version_locations=places)
    with pytest.raises(
        CommandError, match="Multiple version locations present, please specify --version-path"
    ):
        directory.generate_revision("aaaa", "a")
    with pytest.raises(CommandError, match="is not represented in current version locations"):
        directory.generate_revision("aaaa", "a", version_path=folder / "elsewhere")
    first = directory.generate_revision("aaaa", "a", version_path=folder / "more")
    assert Path(first.path).parent == folder / "more"
    assert Path(directory.generate_revision("bbbb", "b").path).parent == folder / "more"


def test_file_names_may_hold_folders(folder: Path) -> None:
    directory = ScriptDirectory(
        folder, file_template="%(year)d/%(month).2d/%(rev)s", recursive_version_locations=True
    )
    first = directory.generate_revision("aaaa", "a")
    assert Path(first.path).relative_to(folder / "versions").parts[0] == str(datetime.date.today().year)
    second = directory.generate_revision("bbbb", "b")
    assert Path(second.path).parent == Path(first.path).parent
    assert ScriptDirectory(folder, recursive_version_locations=True).get_heads() == ["bbbb"]


def test_a_template_that_fails_leaves_no_file_and_names_its_line(folder: Path) -> None:
    (folder / "script.py.mako").write_text("one\n${no_such_name.x}\n")
    with pytest.raises(ScriptError, match=r"script\.py\.mako, line 2"):
        ScriptDirectory(folder).generate_revision("aaaa", "a")
    assert not list((folder / "versions").iterdir())


def test_a_template_without_labels_is_found_out(folder: Path) -> None:
    mako = folder / "script.py.mako"
    mako.write_text("\n".join(line for line in mako.read_text().splitlines() if "branch_labels" not in line))
    with pytest.raises(CommandError, match=r"does not have them; have you upgraded your script\.py\.mako"):
        ScriptDirectory(folder).generate_revision("aaaa", "a", branch_labels="shop")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.py"
    path.write_text("old")
    path.chmod(0o640)
    write.write_text(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ScriptError, match=r"x\.py: disk full"):
        write.write_text(path, "newer")
    assert [p.name for p in tmp_path.iterdir()] == ["x.py"]
    assert path.read_text() == "new"
    with pytest.raises(CommandError, match="can't be written in output_encoding ascii"):
        write.write_text(path, "é", "ascii")


def hook(**options: str) -> list[dict[str, str]]:
    return [{"_hook_name": "mine", **options}]


def test_hooks_run_over_the_new_file(folder: Path) -> None:
    append = "import sys; p = sys.argv[1]; open(p, 'a').write('# ' + ' '.join(sys.argv[2:]) + chr(10))"
    hooks = hook(type="exec", executable=sys.executable, options=f'-c "{append}" REVISION_SCRIPT_FILENAME x')
    script = ScriptDirectory(folder, hooks=hooks).generate_revision("aaaa", "a")
    assert script.source.endswith("# x\n")
    (folder / "fix_of_this_test.py").write_text(append)
    hooks = hook(type="module", module="fix_of_this_test", options="y", cwd=str(folder))
    with pytest.raises(CommandError, match="Could not find module fix_of_this_test"):
        ScriptDirectory(folder, hooks=hooks).generate_revision("bbbb", "b")


def test_a_registered_hook(folder: Path) -> None:
    seen: list[tuple[str, dict[str, str]]] = []
    write_hooks.register("of_this_test")(lambda path, options: seen.append((path, options)))
    try:
        script = ScriptDirectory(folder, hooks=hook(type="of_this_test", a="b")).generate_revision(
            "aaaa", "a"
        )
    finally:
        del write_hooks._registry["of_this_test"]
    assert seen == [(script.path, {"_hook_name": "mine", "type": "of_this_test", "a": "b"})]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, r"Key 'mine\.type' \(or 'type' in toml\) is required for post write hook 'mine'"),
        ({"type": "blackk"}, "No formatter with name 'blackk' registered"),
        ({"type": "exec"}, r"Key mine\.executable is required for post write hook 'mine'"),
        ({"type": "exec", "executable": "no-such-program"}, "no executable no-such-program"),
        ({"type": "console_scripts", "entrypoint": "no-such"},
         r"Could not find entrypoint console_scripts\.no-such"),
        ({"type": "exec", "executable": sys.executable,
          "options": '-c "import sys; sys.exit(\'boo\')" REVISION_SCRIPT_FILENAME'},
         r"Post write hook 'mine' failed with exit code 1; .*aaaa_a\.py is written: boo"),
    ],
)  # fmt: skip
def test_hooks_that_fail_are_errors(folder: Path, options: dict[str, str], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        ScriptDirectory(folder, hooks=hook(**options)).generate_revision("aaaa", "a")


def test_a_console_script_hook(folder: Path) -> None:
    hooks = hook(type="console_scripts", entrypoint="mako-render", options="REVISION_SCRIPT_FILENAME")
    ScriptDirectory(folder, hooks=hooks).generate_revision("aaaa", "a")
