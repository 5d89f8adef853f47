"""What is offered at the cursor: by grammar, files and notebook; in a terminal and in kernels."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import start_new_kernel
from sqlalchemy import MetaData, create_engine

from nbmigrate.notebook import load, matcher, unload
from nbmigrate.notebook.completion import Completion
from nbmigrate.notebook.grammar import line_parser, models_line_parser, models_parser, revision_parser
from nbmigrate.notebook.session import Session

Offered = Callable[[str], list[str]]


def write_history(folder: Path, count: int = 3, label: str | None = "shop") -> list[str]:
    """So many revisions in a row, the first with a branch label; their ids."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    ids: list[str] = []
    for number in range(count):
        below = repr(ids[-1]) if ids else None
        ids.append(f"{number * 2654435761 % 2**32:08x}aa")
        labels = repr(label) if label and not number else None
        text = f'"""step {number}"""\nrevision = "{ids[-1]}"\ndown_revision = {below}\n'
        text += f"branch_labels = {labels}\n"
        (versions / f"{ids[-1]}_.py").write_text(text)
    return ids


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def completion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, namespace: dict[str, Any]) -> Completion:
    monkeypatch.chdir(tmp_path)
    parsers: dict[str, Callable[[], Any]] = {
        "%migrate": lambda: line_parser()[0],
        "%models": models_line_parser,
        "%%models": models_parser,
        "%%revision": revision_parser,
    }
    return Completion(Session(lambda: namespace), lambda: namespace, parsers, lambda: ["users", "posts"])


@pytest.fixture
def offered(completion: Completion) -> Offered:
    def texts(line: str) -> list[str]:
        found = completion.complete(line, line.count("\n"))
        assert found is not None
        assert line.endswith(found.fragment)
        assert all(one.text.startswith(found.fragment) for one in found.candidates)
        return [one.text for one in found.candidates]

    return texts


def test_verbs_and_flags(offered: Offered) -> None:
    assert offered("%migrate up") == ["upgrade"]
    assert offered("x = %migrate up") == ["upgrade"]
    assert offered("left, right = %nbmigrate up") == ["upgrade"]
    assert offered("a = 1\n    %migrate dow") == ["downgrade"]
    assert {"upgrade", "connect", "diff", "graph", "stamp"} <= set(offered("%migrate "))
    manner = ["--lock-timeout", "--statement-timeout", "--audit", "--resume", "--undo", "--help"]
    assert offered("%migrate upgrade --") == ["--sql", "--tag", *manner]
    assert offered("%migrate upgrade head --sql --") == ["--tag", *manner]  # what was given is not offered
    assert offered("%migrate revision -m") == ["-m"]
    assert "--branch-label" in offered("%migrate revision --branch-label a --branch")
    assert offered("%migrate sql head --dialect my") == ["mysql"]
    assert offered("%migrate sql head --dialect postgresql ma") == ["mariadb"]
    assert offered("%migrate sql head --dialect postgresql -") == ["--dialect", "-h", "--help"]
    assert offered("%models res") == ["reset"]
    assert offered("%%models us") == ["users"]
    assert offered("%models reset users p") == ["posts"]
    assert offered("%%revision add_email --a") == ["--apply", "--amend"]
    assert offered("\n%%revision add_email --m") == ["--message"]


def test_where_nothing_is_ours_or_nothing_is_known(completion: Completion, offered: Offered) -> None:
    for line in ("migrate up", "%migratex up", "%migrate", "print('%migrate up", "%%migrate up", "%%other x"):
        assert completion.complete(line) is None, line
    assert completion.complete("%%revision x\nop.add", 1) is None  # a cell's body is Python
    assert completion.complete("a = 1\n%%revision x --", 1) is None
    assert completion.complete("%migrate up", 0, 4) is None  # the cursor is still in the name
    for line in ('%migrate revision -m "add ', "%migrate init ", "%migrate revision -m ad", "%migrate xy up"):
        assert offered(line) in ([], offered("%migrate init ")), line


def test_revisions_and_branches_come_from_the_files(offered: Offered, tmp_path: Path) -> None:
    assert offered("%migrate upgrade ")[:3] == ["head", "heads", "+1"]  # no folder yet
    ids = write_history(tmp_path)
    assert offered("%migrate upgrade ")[:9] == [
        "head", "heads", "+1", "shop", "shop@head", "shop@+1", *reversed(ids),
    ]  # fmt: skip
    assert offered("%migrate downgrade -")[0] == "-1"
    assert offered("%migrate downgrade b") == ["base"]
    assert offered(f"%migrate show {ids[1][:4]}") == [ids[1]]
    assert offered("%migrate upgrade shop@") == ["shop@head", "shop@+1"]
    assert offered("%migrate history -r cur") == ["current"]
    assert offered(f"%migrate history -r current:{ids[2][:5]}") == [ids[2]]
    assert offered(f"%%revision x --head {ids[2][:5]}") == [ids[2]]
    assert offered(f"%migrate merge {ids[0]} {ids[2][:5]}") == [ids[2]]
    assert offered(f"%migrate sql {ids[0]}:h") == ["head", "heads"]
    more = write_history(tmp_path, 4)
    assert offered(f"%migrate show {more[3][:5]}") == [more[3]]  # written since
    (tmp_path / "migrations" / "versions" / f"{more[3]}_.py").unlink()
    assert offered(f"%migrate show {more[3][:5]}") == []


def test_broken_files_break_no_completion(offered: Offered, tmp_path: Path) -> None:
    write_history(tmp_path)
    (tmp_path / "migrations" / "versions" / "broken.py").write_text("revision = (")
    assert offered("%migrate upgrade h") == ["head", "heads"]


def test_variables(offered: Offered, namespace: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Loud:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    engine = create_engine("sqlite://")
    namespace.update(engine=engine, url="sqlite:///x.db", rev="abc", _hidden="a://b", number=3, loud=Loud())
    namespace.update(meta=MetaData())
    monkeypatch.setenv("SHOP_URL", "sqlite:///shop.db")
    assert offered("%migrate connect ")[:2] == ["engine", "url"]
    assert offered("%migrate connect e") == ["engine"]
    assert "$SHOP_URL" in offered("%migrate connect $")
    assert "$engine" in offered("%migrate connect $e")
    assert offered("%migrate connect engine --metadata ") == ["meta"]
    assert offered("%migrate show $") == ["$url", "$rev", "$number"]
    assert offered("%migrate show {r") == ["{rev}"]
    engine.dispose()


def test_a_thousand_revisions_in_no_time_and_without_the_database(
    offered: Offered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = write_history(tmp_path, 1000)

    def asked(*args: object, **kw: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("nbmigrate.runtime.database.Database.__init__", asked)
    offered("%migrate upgrade ")
    seconds = []
    for _ in range(30):
        begin = time.process_time()  # of this process only: the machine may be busy
        assert offered(f"%migrate upgrade {ids[700]}") == [ids[700]]
        seconds.append(time.process_time() - begin)
    # 20 ms is the aim (see the benchmarks); what this machine does beside must not decide a test
    assert min(seconds) < 0.5, seconds


# in IPython


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def in_shell(shell: InteractiveShell, text: str) -> list[str]:
    with provisionalcompleter():
        return [text[: one.start] + one.text for one in shell.Completer.completions(text, len(text))]


@pytest.mark.parametrize("jedi", [True, False])
def test_the_matcher_is_registered_once_and_taken_away(shell: InteractiveShell, jedi: bool) -> None:
    shell.Completer.use_jedi = jedi
    before = list(shell.Completer.custom_matchers)
    load(shell)
    load(shell)
    assert len(shell.Completer.custom_matchers) == len(before) + 1
    assert in_shell(shell, "%migrate up") == ["%migrate upgrade"]
    assert in_shell(shell, "x = %migrate downgrade -")[0] == "x = %migrate downgrade -1"
    assert in_shell(shell, "impor") != []
    unload(shell)
    assert shell.Completer.custom_matchers == before
    assert "%migrate upgrade" not in in_shell(shell, "%migrate up")


def test_an_ipython_without_matchers_gets_a_hook(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher, "context_matcher", None)
    shell.Completer.use_jedi = False
    load(shell)
    load(shell)
    dispatcher = shell.strdispatchers["complete_command"]
    assert len([key for key in dispatcher.regexs if key == matcher._HOOK]) == 1
    assert "%migrate upgrade" in in_shell(shell, "%migrate up")
    assert "%migrate upgrade --sql" in in_shell(shell, "%migrate upgrade --s")
    unload(shell)
    assert "%migrate upgrade" not in in_shell(shell, "%migrate up")


def test_in_a_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "IPython", "--no-banner", "--no-confirm-exit", "--quick"],
        cwd=str(tmp_path),
        env=environment,
        timeout=60,
        dimensions=(50, 120),
        encoding="utf-8",
    )
    try:
        child.expect(r"In ")
        child.send("%load_ext nbmigrate\r")
        child.send("print('load' + 'ed')\r")
        child.expect("loaded")
        child.send("x = %migrate downg\t")
        child.expect("rade")  # only what is new on the screen is drawn
        child.send(" -h\r")
        child.expect("usage: %migrate downgrade")
    finally:
        child.close(force=True)


@pytest.mark.parametrize("jedi", [True, False])
def test_in_a_kernel(tmp_path: Path, jedi: bool) -> None:
    ids = write_history(tmp_path)
    manager, client = start_new_kernel(
        kernel_name="python3",
        cwd=str(tmp_path),
        extra_arguments=[f"--Completer.use_jedi={jedi}"],
        env={**os.environ, "IPYTHONDIR": str(tmp_path / "ipython")},
    )

    def offered(code: str) -> list[str]:
        content = client.complete(code, len(code), reply=True, timeout=60)["content"]
        return [code[: content["cursor_start"]] + one for one in content["matches"]]

    try:
        client.execute("%load_ext nbmigrate", reply=True, timeout=60)
        assert offered("%migrate upg") == ["%migrate upgrade"]
        assert offered("x = %migrate his") == ["x = %migrate history"]
        assert offered("%migrate upgrade h") == ["%migrate upgrade head", "%migrate upgrade heads"]
        line = f"a = 1\n%migrate show {ids[2][:3]}"
        assert offered(line) == [f"a = 1\n%migrate show {ids[2]}"]
        assert offered("%%revision x --ap") == ["%%revision x --apply"]
        assert not any("revision" in one for one in offered("%%revision x\nimpor"[-5:]))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
