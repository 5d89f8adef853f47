"""The verbs that look: current, heads, branches, history, show, graph. They change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbmigrate import results
from nbmigrate.errors import CommandError, ConnectError, DatabaseNotAtHead
from nbmigrate.migrator.core import (
    Core,
    Heads,
    Position,
    applied_ids,
    known_ids,
    lost_file,
    refuse_lost,
    revision_info,
    source_of,
)
from nbmigrate.model.identifiers import parse_range
from nbmigrate.model.value import replaced
from nbmigrate.model.walk import reach
from nbmigrate.script import Script, ScriptDirectory


class LookingVerbs(Core):
    """Verbs that read files, and the version table where they are asked for the position."""

    def current(self, *, verbose: bool = False, check_heads: bool = False) -> results.Current:
        """Where the database stands; changes nothing, not even the version table.

        With ``check_heads`` raises ``DatabaseNotAtHead`` unless it stands at every head. Where env.py serves
        several databases, one after another.
        """
        script = self._script_or_empty()
        found = [self._current_of(one, script, verbose, check_heads) for one in self._positions(script)]
        if len(found) == 1:
            return found[0]
        return results.Current(
            ", ".join(dict.fromkeys(one.database for one in found)),
            tuple(info for one in found for info in one.revisions),
            tuple(revision for one in found for revision in one.missing),
            "\n".join(one.text for one in found if one.text),
            tuple(note for one in found for note in one.notes),
            "\n".join(one.unfinished for one in found if one.unfinished),
        )

    def _current_of(
        self, place: Position, script: ScriptDirectory, verbose: bool, check_heads: bool
    ) -> results.Current:
        known, missing = known_ids(script, place.heads)
        newest = script.get_heads(consider_depends_on=True) if check_heads else place.heads
        if set(place.heads) != set(newest):
            raise DatabaseNotAtHead(
                f"Database is not on all head revisions: it is at {results.position(place.heads)}, "
                f"heads are {results.position(newest)}; run: upgrade heads"
            )
        everything = script.get_all_current(known)
        shown = sorted(everything, key=lambda revision: revision.revision)
        infos = tuple(revision_info(revision, place) for revision in shown)
        lines = [f"Current revision(s) for {place.database}:"] if verbose else []
        text = "\n".join(lines + [revision.cmd_format(verbose) for revision in shown])
        notes = tuple(lost_file(script, one) for one in missing)
        return results.Current(place.database, infos, missing, text, notes, place.unfinished)

    def heads(self, *, verbose: bool = False, resolve_dependencies: bool = False) -> results.Revisions:
        """The revisions that no other follows; of several also what stands between them (``open``)."""
        script = self._script_or_empty()
        revisions = script.get_revisions("heads" if resolve_dependencies else script.get_heads())
        text = "\n".join(
            r.cmd_format(verbose, include_branches=True, tree_indicators=False) for r in revisions
        )
        found = self._revisions("heads", script, revisions, text)
        # a terminal prints Alembic's lines and nothing else
        between = self._between(script) if self.quiet and len(script.get_heads()) > 1 else []
        if not between:
            return found
        place = self._position_if_shown(script)
        applied = applied_ids(script, place)
        return replaced(found, open=tuple(revision_info(one, place, applied) for one in between))

    def _between(self, script: ScriptDirectory) -> list[Script]:
        """What not every head has, newest first, and the newest that they have in common."""
        graph = script.revision_map
        down = graph.structure.down
        had = [reach([head], down) for head in graph.heads]
        common = set.intersection(*had)
        apart = set.union(*had) - common
        forks = {parent for key in apart for parent in down[key] if parent in common}
        return [one for one in script.walk_revisions() if one.revision in apart or one.revision in forks]

    def branches(self, *, verbose: bool = False) -> results.Revisions:
        """The revisions that several others follow, each with its children."""
        script = self._script_or_empty()
        points = [revision for revision in script.walk_revisions() if revision.is_branch_point]
        lines = []
        for revision in points:
            children = (script.get_revision(child) for child in sorted(revision.nextrev))
            arrows = "\n".join(
                f"{' ' * len(str(revision.revision))} -> "
                f"{child.cmd_format(False, include_branches=True, include_doc=verbose)}"
                for child in children
                if child is not None
            )
            lines.append(f"{revision.cmd_format(verbose, include_branches=True)}\n{arrows}\n")
        return self._revisions("branches", script, points, "\n".join(lines))

    def history(
        self,
        rev_range: str | None = None,
        *,
        verbose: bool = False,
        indicate_current: bool = False,
        audit: bool = False,
    ) -> results.Revisions:
        """The revisions from the newest to the oldest; ``rev_range`` is ``start:end``, either may be absent.

        ``current`` may stand at either end. The database is asked only for that, or to mark its position.
        With ``audit`` the audit log is shown too, and which scripts were edited since they ran; where the
        configuration keeps one, also whenever the database is asked anyway.
        """
        script = self._script_or_empty()
        base, head = parse_range(rev_range) if rev_range is not None else (None, None)
        place = None
        asks = "current" in (base, head)
        if indicate_current or asks or self.show_status or self._always_runs_env():
            place = self._position(script)
            if asks:
                refuse_lost(script, place.heads)
        lower, upper = (
            (place.heads or "base") if end == "current" and place is not None else end for end in (base, head)
        )
        revisions = script.walk_revisions(base=lower or "base", head=upper or "heads")
        current = set(place.heads) if place is not None else set()
        shown, lines = [], []
        for revision in revisions:
            shown.append(revision)
            if indicate_current:
                revision._db_current_indicator = revision.revision in current
            lines.append(
                revision.cmd_format(
                    verbose=verbose, include_branches=True, include_doc=True, include_parents=True
                )
            )
        found = self._revisions("history", script, shown, "\n".join(lines), place)
        if audit or (place is not None and self._keeps_audit()):
            return replaced(found, audit=self._audited(script))
        return found

    def _keeps_audit(self) -> bool:
        """Whether the configuration asks every run to keep an audit log."""
        # imported here: a history that asks no database has no need of it
        from nbmigrate.runtime.settings import run_settings

        return run_settings(self.options, self.config).audit

    def _audited(self, script: ScriptDirectory) -> results.Audit:
        """The audit log, and what was edited since it ran."""
        logs: list[tuple[Any, ...]] = []

        def look(heads: Heads, context: Any) -> tuple[()]:
            from nbmigrate.runtime.audit import AuditLog

            table = AuditLog(context.version_table, context.version_table_schema, context.connection)
            logs.append(table.entries())
            return ()

        self._environment(look, script, dont_mutate=True)
        entries = tuple(entry for log in logs for entry in log)
        from nbmigrate.runtime.records import script_digest

        ran = {entry.revision: entry.digest for entry in entries if entry.direction == "upgrade"}
        known, _ = known_ids(script, tuple(ran))
        edited = tuple(
            one.path
            for one in script.get_revisions(known)
            if one is not None and script_digest(one) != ran[one.revision]
        )
        return results.Audit(tuple(str(entry) for entry in entries), edited)

    def show(self, revision: str = "head") -> results.Revisions:
        """One revision, or several, with the source of their files."""
        script = self.script
        if revision == "current":
            place: Position | None = self._position(script)
            revision_ = place.heads if place is not None else ()
            refuse_lost(script, revision_)
        else:
            place, revision_ = self._position_if_shown(script), revision  # type: ignore[assignment]
        found = script.get_revisions(revision_)
        text = "\n".join(item.log_entry for item in found)
        source = "\n\n".join(source_of(item) for item in found)
        return self._revisions("show", script, found, text, place, source)

    def edit(self, revision: str) -> results.Edited:
        """Open the files of one revision, or several, in the editor; ``current`` is where the database is."""
        from nbmigrate import util

        script = self.script
        ends: str | Heads = revision
        if revision == "current":
            ends = self._position(script).heads
            refuse_lost(script, ends)
        if not ends:
            raise CommandError("No current revisions: the database stands at base")
        found = [one for one in script.get_revisions(ends) if one is not None]
        if not found:
            raise CommandError(f"No revision files indicated by symbol '{revision}'")
        for one in found:
            util.open_in_editor(one.path)
        return results.Edited(tuple(one.path for one in found))

    def _revisions(
        self,
        verb: Any,
        script: ScriptDirectory,
        revisions: Sequence[Any],
        text: str,
        place: Position | None = None,
        source: str = "",
    ) -> results.Revisions:
        place = place or self._position_if_shown(script)
        applied = applied_ids(script, place)
        return results.Revisions(
            verb=verb,
            revisions=tuple(revision_info(r, place, applied) for r in revisions if r is not None),
            text=text,
            total=len(script.revision_map.revisions),
            database=place.database if place is not None else None,
            current=place.heads if place is not None else (),
            source=source,
        )

    def graph(self) -> results.Graph:
        """Every revision and where the database stands, for a picture."""
        from nbmigrate.model.lanes import lanes_text

        script = self._script_or_empty()
        try:
            place: Position | None = self._position(script)
        except ConnectError:
            place = None
        applied = applied_ids(script, place)
        infos = tuple(revision_info(r, place, applied) for r in script.walk_revisions())
        current = place.heads if place is not None else ()
        _, missing = known_ids(script, current)
        database = place.database if place is not None else None
        return results.Graph(infos, database, current, missing, lanes_text(infos))
