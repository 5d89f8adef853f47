"""Notebook files for the tests that open one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat


def save_notebook(file: Path, cells: Sequence[str], kernel: str = "python3") -> Path:
    """A notebook file with these code cells."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in cells],
        metadata={"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
    )
    nbformat.write(made, file)
    return file
