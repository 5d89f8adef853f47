"""The documentation site: Sphinx, myst-nb, pydata's theme; nothing is fetched while it is built or read.

``NBMIGRATE_DOCS_EXECUTE`` is myst-nb's ``nb_execution_mode``: ``force`` runs the notebooks while the site is
built; ``off`` takes the outputs that are saved in them, which the tests hold current by running them.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

from pygments.lexers import find_lexer_class_by_name  # noqa: E402  the path first

from nbmigrate import __version__  # noqa: E402

project = "nbmigrate"
author = "the nbmigrate developers"
project_copyright = "the nbmigrate developers, MIT licence"
version = release = __version__

extensions = ["myst_nb", "reference"]
suppress_warnings = ["misc.highlighting_failure"]  # an error's text is not always a traceback's
exclude_patterns = ["_build", "**.ipynb_checkpoints"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# notebooks: copied in beside the tutorial's page, so that one folder holds all sources of the site
_copies = HERE / "tutorial"
for _old in _copies.glob("*.ipynb"):
    _old.unlink()
for _notebook in sorted((HERE.parent / "notebooks").glob("*.ipynb")):
    _text = _notebook.read_text(encoding="utf-8")
    for _link, _title, _name in re.findall(r"(\[([^\]\n]*)\]\((\w+\.ipynb)\))", _text):
        if not (_notebook.parent / _name).is_file():
            # a lesson that is not written yet is named without a link
            _text = _text.replace(_link, _title)
    _text = _text.replace("](../docs/", "](../")
    (_copies / _notebook.name).write_text(_text, encoding="utf-8")

nb_execution_mode = os.environ.get("NBMIGRATE_DOCS_EXECUTE", "force")
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 120
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # static pictures only; the default comes from a CDN
nb_merge_streams = True

html_theme = "pydata_sphinx_theme"
html_title = "nbmigrate"
html_static_path = ["_static"]
html_css_files = ["nbmigrate.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def setup(app: Any) -> None:
    """Read Python as a notebook does, with its magics."""
    app.add_lexer("python", find_lexer_class_by_name("ipython3"))
