"""The quickstart in JupyterLab, in Chromium, in both themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "01_quickstart.ipynb"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_runs_from_top_to_bottom(open_lab: Callable[..., Any], theme: str) -> None:
    with open_lab(QUICKSTART, theme) as lab:
        lab.run_all()
        lab.shoot(f"quickstart-{theme.split()[-1].lower()}")
        # the checks of the exercises fail until somebody solves them
        errors = [
            output
            for cell in lab.cells()
            if "raises-exception" not in cell["metadata"].get("tags", ())
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]
        assert not errors, errors[0]
        page = lab.page
        shown = page.locator(".jp-OutputArea")
        assert page.evaluate("document.body.dataset.jpThemeLight") == str("Light" in theme).lower()
        # tables, the words of a change, and a picture of the history, as a person sees them
        assert shown.locator("table").count() >= 5
        assert shown.locator("table", has_text="customer").first.is_visible()
        boxes = [svg.bounding_box() for svg in shown.locator(".jp-RenderedHTMLCommon svg").all()]
        pictures = [box for box in boxes if box and box["width"] > 100 and box["height"] > 100]
        assert len(pictures) >= 3, boxes
        # nothing is fetched from anywhere else
        assert page.foreign == []
