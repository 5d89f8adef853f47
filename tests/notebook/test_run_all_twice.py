"""A lesson is run from top to bottom twice, with parameters too, and printed: same files, nothing lost."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import LatexExporter

LESSON = (
    "%load_ext nbmigrate\nimport sqlalchemy as sa\nfrom sqlalchemy.orm import Mapped, mapped_column",
    "database = 'sqlite:///lesson.db'\nmessage = 'people have names'",
    "%migrate connect $database",
    "%%models people\nclass Person(Base):\n    __tablename__ = 'person'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str]",
    "%migrate diff",
    "%migrate revision --autogenerate -m $message",
    "%migrate plan",
    "%migrate upgrade",
    "%%models pets\nclass Pet(Base):\n    __tablename__ = 'pet'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    owner_id: Mapped[int] = mapped_column(sa.ForeignKey('person.id'))",
    "%%revision pets -m 'people have pets' --apply\n"
    "op.create_table('pet', sa.Column('id', sa.Integer, primary_key=True),\n"
    "    sa.Column('owner_id', sa.Integer, sa.ForeignKey('person.id'), nullable=False))",
    "%%revision nickname -m 'and nicknames'\n"
    "op.add_column('person', sa.Column('nickname', sa.String(30)))\n"
    "op.alter_column('person', 'name', existing_type=sa.String(), existing_nullable=False, nullable=True)",
    "%migrate upgrade; \n",
    "%migrate downgrade -1",
    "%migrate upgrade head",
    "%migrate history",
    "%migrate sql head --dialect postgresql mysql",
    "%migrate explain head",
    "%migrate",
)


def lesson() -> Any:
    cells = [nbformat.v4.new_code_cell(source) for source in LESSON]
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def run(notebook: Any, folder: Path) -> Any:
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    return notebook


def files(folder: Path) -> dict[str, bytes]:
    every = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".db", ".pyc"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(every)}


def test_restart_and_run_all_twice_leaves_the_same_files(folder: Path) -> None:
    first = run(lesson(), folder)
    written = files(folder)
    assert len([name for name in written if "versions" in name]) == 3
    second = run(lesson(), folder)
    assert files(folder) == written
    assert first.cells[-1].outputs[0].data == second.cells[-1].outputs[0].data
    # nobody was asked, nothing was printed beside the results
    kinds = {output.output_type for cell in second.cells for output in cell.outputs}
    assert kinds == {"execute_result"}

    printed, _ = LatexExporter().from_notebook_node(first)
    for words in ("+ add", "CREATE TABLE person", "people have pets", "! rebuild person", "Ran upgrade",
                  "the database is here", "mysql"):  # fmt: skip
        assert words in printed or words.replace("_", r"\_") in printed, words


@pytest.mark.skipif(find_spec("papermill") is None, reason="papermill is not installed")
def test_papermill_gives_parameters_to_the_lines(folder: Path) -> None:
    import papermill

    nbformat.write(lesson(), folder / "lesson.ipynb")
    papermill.execute_notebook(
        str(folder / "lesson.ipynb"),
        str(folder / "out.ipynb"),
        parameters={"database": "sqlite:///other.db", "message": "from outside"},
        cwd=str(folder),
        progress_bar=False,
    )
    assert (folder / "other.db").exists()
    assert not (folder / "lesson.db").exists()
    assert any("from_outside" in name for name in files(folder))
