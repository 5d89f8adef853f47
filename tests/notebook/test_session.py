"""Names to databases and models, as they stand now."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from nbmigrate.errors import CommandError, ConnectError
from nbmigrate.notebook.line import Argument, split
from nbmigrate.notebook.metadata import find_metadata
from nbmigrate.notebook.session import Session
from nbmigrate.notebook.targets import EMBEDDED, resolve


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def models(name: str = "user") -> type[DeclarativeBase]:
    class Base(DeclarativeBase):
        pass

    class Model(Base):
        __tablename__ = name
        id: Mapped[int] = mapped_column(primary_key=True)

    return Base


def test_without_a_target_the_project_above_is_taken_else_sqlite_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resolve(None, {}).database == EMBEDDED
    ini = tmp_path / "alembic.ini"
    ini.write_text("[alembic]\nscript_location = %(here)s/db\n")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert resolve(None, {}).config == ini


def test_a_url_an_engine_a_file_and_an_environment_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine("sqlite://")
    namespace = {"engine": engine, "url": make_url("sqlite:///a.db"), "app": SimpleNamespace(db=engine)}
    asynchronous = SimpleNamespace(sync_engine=engine)
    assert resolve(Argument("sqlite:///x.db"), {}).database == "sqlite:///x.db"
    assert resolve(Argument("engine"), namespace).database is engine
    assert resolve(Argument("app.db"), namespace).database is engine
    assert resolve(Argument("$url"), namespace).database == make_url("sqlite:///a.db")
    assert resolve(Argument("{url}"), namespace).url == make_url("sqlite:///a.db")
    assert resolve(Argument("a"), {"a": asynchronous}).database is asynchronous
    assert resolve(Argument("a"), {"a": asynchronous}).url == engine.url
    monkeypatch.setenv("DATABASE_URL", "sqlite:///env.db")
    assert resolve(Argument("$DATABASE_URL"), {}).database == "sqlite:///env.db"
    assert resolve(Argument("$DATABASE_URL"), {"DATABASE_URL": engine}).database is engine
    ini = tmp_path / "alembic.ini"
    ini.write_text("[alembic]\n")
    assert resolve(Argument("alembic.ini"), {}).config == Path("alembic.ini")
    assert resolve(Argument(str(tmp_path)), {}).config == ini
    with engine.connect() as connection:
        found = resolve(Argument("c"), {"c": connection})
        assert found.database is connection
        assert found.url == engine.url
    engine.dispose()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("enginee", "did you mean engine?"),
        ("nothing", r"no variable of this notebook, no file and no URL .* Engines here: engine"),
        ("missing.ini", "No file missing.ini"),
        ("$NOWHERE", "neither the notebook nor the environment has a variable NOWHERE"),
        ("{nowhere}", "the notebook has no variable nowhere"),
        ("number", "number is of type int"),
        ("words", "words is a text that is no URL"),
        ("engine.nothing", "engine has no attribute nothing"),
    ],
)
def test_what_names_no_database_is_said_in_one_line(text: str, message: str) -> None:
    engine = create_engine("sqlite://")
    with pytest.raises(CommandError, match=message) as caught:
        resolve(Argument(text), {"engine": engine, "number": 3, "words": "hello"})
    assert "\n" not in str(caught.value)
    engine.dispose()


def test_a_database_file_is_no_configuration_file() -> None:
    engine = create_engine("sqlite:///shop.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
    engine.dispose()
    with pytest.raises(ConnectError, match=r"write sqlite:///shop\.db"):
        resolve(Argument("shop.db"), {})


def test_a_single_quoted_variable_is_no_variable() -> None:
    with pytest.raises(ConnectError, match="no variable of this notebook"):
        resolve(split("'$url'")[0], {"url": "sqlite://"})


def test_models_by_name() -> None:
    base = models()
    namespace = {"Base": base, "m": base.metadata, "db": SimpleNamespace(metadata=base.metadata), "x": 3}
    for name in ("Base", "Base.metadata", "m", "db", "db.metadata"):
        assert find_metadata(name, namespace) == (name, base.metadata)
    with pytest.raises(CommandError, match="x is of type int; a MetaData or a declarative base is needed"):
        find_metadata("x", namespace)
    with pytest.raises(CommandError, match=r"no variable Bas; did you mean Base\?"):
        find_metadata("Bas", namespace)
    with pytest.raises(CommandError, match="no variable Model: run the cell that defines it first"):
        find_metadata("Model", {})
    with pytest.raises(CommandError, match="Base has no attribute meta"):
        find_metadata("Base.meta", namespace)


def test_models_without_a_name_are_the_only_ones_there_are() -> None:
    base, other = models(), models("other")
    assert find_metadata(None, {"Base": base, "M": base.metadata, "_": other})[1] is base.metadata
    with pytest.raises(CommandError, match=r"Several models in this notebook \(Base, Other\): say which by "):
        find_metadata(None, {"Base": base, "Other": other})
    with pytest.raises(CommandError, match="No models in this notebook"):
        find_metadata(None, {"x": 3, "In": [], "Out": {}})


def test_a_base_without_tables_gives_way_to_one_that_has_some() -> None:
    class Empty(DeclarativeBase):
        pass

    base = models()
    assert find_metadata(None, {"Empty": Empty, "Base": base}) == ("Base", base.metadata)
    assert find_metadata(None, {"Empty": Empty}) == ("Empty", Empty.metadata)


def test_core_tables_registries_and_imported_models() -> None:
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer))
    assert find_metadata(None, {"metadata": metadata}) == ("metadata", metadata)
    mapper = registry()
    assert find_metadata(None, {"reg": mapper}) == ("reg", mapper.metadata)
    model = models().registry._class_registry["Model"]
    assert find_metadata(None, {"User": model}) == ("User.metadata", model.metadata)


def test_objects_of_other_libraries_are_not_asked_for_attributes() -> None:
    class Loud:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    base = models()
    assert find_metadata(None, {"a": Loud(), "Base": base})[0] == "Base"


def test_engines_and_models_are_looked_up_again_at_every_verb() -> None:
    namespace: dict[str, object] = {"engine": create_engine("sqlite:///one.db"), "Base": models()}
    session = Session(lambda: namespace)
    session.connect(Argument("engine"), "Base")
    first, _ = session.with_models()
    namespace.update(engine=create_engine("sqlite:///two.db"), Base=models("other"))
    second, name = session.with_models()
    assert name == "Base"
    assert first.diff().changes[0].name == "user"
    assert second.diff().changes[0].name == "other"
    assert second.diff().database == "sqlite:///two.db"


def test_connect_says_which_database(tmp_path: Path) -> None:
    session = Session(dict)
    connected = session.connect(Argument("sqlite:///one.db"), "Base")
    assert connected.database == "sqlite:///one.db"
    assert connected.dialect == "sqlite"
    assert connected.metadata == "Base"
    assert session.metadata == "Base"
    assert session.migrator().current().database == "sqlite:///one.db"


def test_secrets_are_kept_out_of_messages() -> None:
    session = Session(lambda: {"url": "postgresql://me:hunter2@h/db?token=abcdef"})
    session._target = Argument("$url")
    assert session.scrub("login as hunter2 with abcdef failed") == "login as *** with *** failed"
    session._target = Argument("$gone")
    assert session.scrub("text") == "text"
    Path("alembic.ini").write_text("[alembic]\nsqlalchemy.url = mysql://me:swordfish@h/db\n")
    session._target = Argument("alembic.ini")
    assert session.scrub("swordfish") == "***"


def test_a_project_in_the_working_folder_says_where_revisions_go(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/db\n")
    session = Session(dict)
    session.connect(Argument("sqlite:///one.db"), None)
    assert session.migrator().directory == "db"


def test_models_can_be_named_anew_without_naming_the_database(tmp_path: Path) -> None:
    session = Session(dict)
    session.connect(Argument("sqlite:///one.db"), None)
    assert session.connect(None, "Other").database == "sqlite:///one.db"
    assert session.metadata == "Other"
    assert session.connect(None, None).database == EMBEDDED


def test_secrets_of_a_database_that_could_not_be_reached_are_kept_out_too() -> None:
    session = Session(dict)
    with pytest.raises(ConnectError):
        session.connect(Argument("postgresql://me:hunter2@localhost:1/x"), None)
    assert session.scrub("hunter2") == "***"


def test_after_a_connect_that_failed_no_verb_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session(dict)
    session.connect(Argument("sqlite:///one.db"), None)
    with pytest.raises(ConnectError):
        session.connect(Argument("sqlite:////no/such/folder/two.db"), None)
    with pytest.raises(ConnectError, match="connect again"):
        session.migrator()
    session.connect(Argument("sqlite:///one.db"), None)
    assert session.migrator().current().database == "sqlite:///one.db"


def test_a_password_in_the_line_is_remarked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_URL", "sqlite:///one.db?password=hunter2&uri=true")
    session = Session(dict)
    monkeypatch.setattr(
        "nbmigrate.notebook.session._migrator",
        lambda target, metadata: SimpleNamespace(
            card=lambda: SimpleNamespace(database="x", dialect="d", directory=None)
        ),
    )
    for text in ("postgresql://me:hunter2@host/db", "mysql://host/db?password=hunter2"):
        connected = session.connect(Argument(text), None)
        assert "name a variable instead" in connected.note
        assert "note: the password in this line" in str(connected)
        assert "hunter2" not in str(connected)
    for text in ("$SHOP_URL", "sqlite:///one.db", "postgresql://me@host/db"):
        assert session.connect(Argument(text), None).note == ""
