"""Make the pictures of README and of the site's first page: what nbmigrate itself displays, nothing else.

``python docs/images/make.py`` writes ``tour.png`` (a difference, the schema with what is pending, the
history; by Chromium, through playwright) and ``graph.svg`` beside this file. It needs ``dot`` and Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.notebook.displays import html_of
from nbmigrate.notebook.pictures import Picture

HERE = Path(__file__).parent

REVISIONS = {
    "1c0ffee0": (None, "customers", "op.create_table('customer', *COLUMNS, sa.Column('name', sa.Text()))"),
    "2beef002": (
        "1c0ffee0",
        "orders",
        "op.create_table('order', *COLUMNS, "
        "sa.Column('customer_id', sa.Integer(), sa.ForeignKey('customer.id'), nullable=False))",
    ),
    "3ada0003": ("2beef002", "Ada: mail", "op.add_column('customer', sa.Column('mail', sa.Text()))"),
    "4face004": ("2beef002", "Grace: price", "op.add_column('order', sa.Column('price', sa.Integer()))"),
    "5deed005": (("3ada0003", "4face004"), "both", "pass"),
    "6cafe006": ("5deed005", "points", "op.add_column('customer', sa.Column('points', sa.Integer()))"),
}
FILE = '''"""{message}"""
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {parent!r}

COLUMNS = (sa.Column("id", sa.Integer(), primary_key=True),)


def upgrade():
    {body}


def downgrade():
    pass
'''
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ font: 15px/1.4 system-ui, "DejaVu Sans", sans-serif; color: #1f2328; background: white; margin: 0; }}
main {{ display: grid; grid-template-columns: 1fr 1fr; gap: 8px 32px; padding: 20px 24px; width: 1120px; }}
h2 {{ font: 15px "DejaVu Sans Mono", monospace; color: #0550ae; margin: 4px 0 8px; }}
section.wide {{ grid-column: 1 / 3; }}
svg {{ max-width: 100%; height: auto; max-height: 420px; }}
</style><main>
<section class="wide"><h2>%migrate diff</h2>{diff}</section>
<section><h2>%migrate erd --diff</h2>{erd}</section>
<section><h2>%migrate graph</h2>{graph}</section>
</main>"""


def models() -> sa.MetaData:
    """What the shop shall be."""
    metadata = sa.MetaData()
    sa.Table(
        "customer",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("points", sa.Integer),
    )
    sa.Table(
        "order",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("price", sa.Integer),
        sa.Column("paid", sa.Date),
    )
    return metadata


def shop(folder: Path) -> Migrator:
    """A database with some rows, between two revisions."""
    migrator = Migrator(
        f"sqlite:///{folder}/shop.db", metadata=models(), directory=folder / "migrations", show_status=True
    )
    migrator.init()
    for revision, (parent, message, body) in REVISIONS.items():
        text = FILE.format(message=message, revision=revision, parent=parent, body=body)
        (folder / "migrations" / "versions" / f"{revision}.py").write_text(text)
    migrator.upgrade("head")
    engine = sa.create_engine(f"sqlite:///{folder}/shop.db")
    with engine.begin() as connection:
        rows = "(1, 'Ada', 'ada@example.org', 5), (2, 'Grace', 'grace@example.org', 7), (3, NULL, NULL, 0)"
        connection.exec_driver_sql(f"INSERT INTO customer VALUES {rows}")
    engine.dispose()
    return migrator


def page(migrator: Migrator) -> tuple[str, Picture]:
    """The tour as HTML, and the graph, of a database that stands at the merge."""
    diff, erd = migrator.diff(), migrator.erd(diff=True)
    migrator.stamp(["5deed005"])
    graph = Picture(migrator.graph())
    shown = {"diff": html_of(diff), "erd": html_of(erd), "graph": html_of(graph)}
    address = str(migrator.database.name if migrator.database else "")
    html = PAGE.format(**{name: str(text) for name, text in shown.items()})
    return html.replace(address, "sqlite:///shop.db"), graph


def main() -> None:
    """Write both pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        html, graph = page(shop(Path(name)))
        if graph.engine != "dot":
            sys.exit("the pictures are drawn by dot, which is not installed")
        graph.save(HERE / "graph.svg")
        svg = (HERE / "graph.svg").read_text(encoding="utf-8")
        (HERE / "graph.svg").write_text(svg.replace(f"sqlite:///{name}/", "sqlite:///"), encoding="utf-8")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        view = chromium.new_page(device_scale_factor=1.5, viewport={"width": 1168, "height": 400})
        view.set_content(html)
        view.locator("main").screenshot(path=HERE / "tour.png")
        chromium.close()


if __name__ == "__main__":
    main()
