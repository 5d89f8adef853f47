"""The verbs that draw the schema: erd, walk. The database is read at most; what is drawn is replayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nbmigrate.errors import CommandError
from nbmigrate.migrator.core import Core, Heads, metadata_of, revision_info, source_of
from nbmigrate.model.drawing import Drawing, DrawnTable, laid_over
from nbmigrate.model.walk import reach

if TYPE_CHECKING:
    from nbmigrate import plans
    from nbmigrate.runtime.migration import MigrationContext
    from nbmigrate.script import Script, ScriptDirectory


class PicturingVerbs(Core):
    """Verbs that show tables, columns and keys; they change nothing."""

    def erd(
        self, revision: str | None = None, *, diff: bool = False, tables: Sequence[str] = ()
    ) -> plans.SchemaPicture:
        """The schema as a picture: of the database as it is, or as the history makes it up to a revision.

        With ``diff`` what is pending is marked: what the models ask for, else what the revisions that have
        not run would do; with a revision, what that one changes. ``tables`` are names, or patterns such as
        ``order*``: only these are drawn, with those that they refer to or that refer to them. Raises
        ``CommandError`` where a revision can't be replayed, or no table has such a name.
        """
        from nbmigrate import plans

        script = self._script_or_empty()
        found: list[plans.SchemaPicture] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            if revision is None:
                found.append(self._of_database(script, heads, context, diff))
                return ()
            named = [one for one in script.get_revisions(revision) if one is not None]
            wanted = reach([one.revision for one in named], script.revision_map.structure.needs)
            before, now, notes = Drawing(), Drawing(), []
            for step in _replayed(script, wanted, context):
                before, now = now, step.drawing
                notes += [f"{step.revision.id}: {step.note}"] if step.note else []
            title = f"schema at {', '.join(one.revision for one in named) or 'base'}"
            drawing = laid_over(before, now) if diff else now
            found.append(plans.SchemaPicture(title, context.dialect.name, drawing, "; ".join(notes)))
            return ()

        if revision is None:
            self._environment(look, script, dont_mutate=True)
        else:
            self._look_offline_if_unreachable(look, script)
        from dataclasses import replace  # every verb imports this module, few need that

        picture = found[0]
        return replace(picture, drawing=_only(picture.drawing, tables)) if tables else picture

    def walk(self, target: str = "heads") -> plans.Walk:
        """The history step by step: at each revision the schema with what changed, Python, SQL, and words.

        Everything is replayed in memory: no database is changed, and none is needed.
        """
        from nbmigrate import plans

        script = self.script
        found: list[plans.Walk] = []

        def look(heads: Heads, context: MigrationContext) -> tuple[()]:
            named = [one.revision for one in script.get_revisions(target) if one is not None]
            wanted = reach(named, script.revision_map.structure.needs)
            before = Drawing()
            steps: list[plans.WalkStep] = []
            tell = self.progress or (lambda done, total, doing: None)
            for step in _replayed(script, wanted, context):
                tell(len(steps), len(wanted), f"{step.revision.id} {step.revision.message}")
                marked = laid_over(before, step.drawing)
                before = step.drawing
                steps.append(plans.WalkStep(step.revision, step.operations, marked, step.source, step.note))
            tell(len(steps), len(steps), "")
            found.append(plans.Walk(target, context.dialect.name, tuple(steps)))
            return ()

        self._look_offline_if_unreachable(look, script)
        return found[0]

    def _of_database(
        self, script: ScriptDirectory, heads: Heads, context: MigrationContext, diff: bool
    ) -> plans.SchemaPicture:
        from sqlalchemy import MetaData

        from nbmigrate import plans
        from nbmigrate.compare.drawn import drawing_of
        from nbmigrate.runtime.records import own_tables

        if context.connection is None:
            raise CommandError("The database can't be read while SQL text is written")
        own = own_tables(context.version_table)
        metadata = MetaData()
        metadata.reflect(context.connection)
        now = drawing_of(metadata, context.dialect, own)
        title, note = self._name_of(context), ""
        if diff:
            now, note = self._with_pending(script, heads, context, now)
        return plans.SchemaPicture(title, context.dialect.name, now, note)

    def _with_pending(
        self, script: ScriptDirectory, heads: Heads, context: MigrationContext, now: Drawing
    ) -> tuple[Drawing, str]:
        """What is there with what is to come: by the models, else by the revisions that have not run."""
        from nbmigrate.compare.drawn import drawing_of
        from nbmigrate.compare.sketch import Sketch
        from nbmigrate.migrator.telling import Teller

        models = context.opts.get("target_metadata")
        if models is not None:
            wanted = metadata_of(models)
            several = wanted if isinstance(wanted, list) else [wanted]
            drawings = [drawing_of(one, context.dialect) for one in several]
            tables = tuple(table for one in drawings for table in one.tables)
            keys = tuple(key for one in drawings for key in one.keys)
            return laid_over(now, Drawing(tables, keys)), "marked: what the models ask for"
        sketch = Sketch.of(now, context.dialect)
        teller = Teller(context)
        edges = script.revision_map.structure
        ran = reach(heads, edges.needs)
        for one in _in_order(script, set(edges.needs) - ran):
            teller.tell(one, "upgrade")
            for operation in teller.operations:
                sketch.take(operation)
        return laid_over(now, sketch.drawing()), "marked: what the revisions that have not run would do"


def _only(drawing: Drawing, patterns: Sequence[str]) -> Drawing:
    """The tables of these names, with their neighbours."""
    from difflib import get_close_matches
    from fnmatch import fnmatchcase

    named: list[DrawnTable] = []
    for pattern in patterns:
        found = [one for one in drawing.tables if fnmatchcase(one.name, pattern)]
        if not found:
            near = get_close_matches(pattern, [one.name for one in drawing.tables], 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise CommandError(f"No table {pattern} in this schema{hint}")
        named += found
    return drawing.around(named)


class Replayed:
    """One revision of a replay, and the schema after it."""

    def __init__(self, revision: Any, operations: Any, drawing: Drawing, source: str, note: str) -> None:
        self.revision = revision
        self.operations = operations
        self.drawing = drawing
        self.source = source
        self.note = note


def _replayed(script: ScriptDirectory, wanted: set[str], context: MigrationContext) -> Iterator[Replayed]:
    """The revisions in the order in which they run, each told, and followed on a sketch."""
    from nbmigrate.compare.sketch import Sketch
    from nbmigrate.migrator.telling import Teller

    teller, sketch = Teller(context, live=False), Sketch(context.dialect)
    for one in _in_order(script, wanted):
        told, note = teller.tell(one, "upgrade")
        for operation in teller.operations:
            sketch.take(operation)
        if not note and teller.has_plain_sql:
            note = "what plain SQL does is not in the picture"
        yield Replayed(revision_info(one), told, sketch.drawing(), source_of(one), note)


def _in_order(script: ScriptDirectory, wanted: set[str]) -> list[Script]:
    rank = script.revision_map.structure.rank
    return [script.get_revision(key) for key in sorted(wanted, key=rank.__getitem__)]  # type: ignore[misc]
