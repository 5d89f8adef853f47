"""``%%models``: cells with models that can be run again, in any order, any number of times.

SQLAlchemy's registries only grow: a model cell that is run again meets the tables of its first run, and
what was renamed or deleted stays as a ghost. So nothing is patched here: the source of each cell is kept, and
every run builds all of them on a fresh ``Base``. If anything fails, the notebook's names are what they were.

The cells run in the notebook's own namespace, restored when they fail, not in a copy: methods must see names
that are defined later, and SQLAlchemy looks annotations up in the module that a class says it is from.
"""

from __future__ import annotations
import __future__

import ast
import types
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from nbmigrate.errors import CommandError
from nbmigrate.results.result import Result

__all__ = ["ModelCell", "ModelCells", "Models"]

BASE = "Base"
_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag


@dataclass(frozen=True)
class ModelCell:
    """One cell: the name of its group, its source, the classes that it defines at its top level."""

    group: str
    source: str
    classes: tuple[str, ...]
    named: bool = True


@dataclass(frozen=True)
class Models(Result):
    """``%%models`` and ``%models list``: the cells that are known, and what the models hold.

    ``notes`` say which foreign keys and relationships name what no cell defines yet.
    """

    cells: tuple[ModelCell, ...]
    tables: tuple[str, ...]
    group: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The counts in words."""
        if not self.cells:
            return "No model cells"
        cells = "1 model cell" if len(self.cells) == 1 else f"{len(self.cells)} model cells"
        tables = "1 table" if len(self.tables) == 1 else f"{len(self.tables)} tables"
        return f"{cells}, {tables}: {', '.join(self.tables)}" if self.tables else f"{cells}, no table"

    @property
    def rows(self) -> tuple[Any, ...]:
        """The cells."""
        return self.cells

    def __str__(self) -> str:
        """The counts, a line for each cell, then the notes."""
        width = max((len(cell.group) for cell in self.cells), default=0)
        lines = [f"  {cell.group.ljust(width)}  {', '.join(cell.classes)}".rstrip() for cell in self.cells]
        return "\n".join([self.summary, *lines, *(f"note: {note}" for note in self.notes)])


class ModelCells:
    """The model cells of one notebook.

    ``cache`` takes a source and gives the file name under which tracebacks find its lines.
    """

    def __init__(
        self,
        namespace: Callable[[], MutableMapping[str, Any]],
        cache: Callable[[str], str] = lambda source: "<models>",
        flags: Callable[[], int] = lambda: 0,
    ) -> None:
        self._namespace = namespace
        self._cache = cache
        self._flags = flags
        self._cells: dict[str, ModelCell] = {}
        self._made: dict[str, Any] = {}  # what the cells put into the namespace
        self._base: Any = None  # the one that was made here
        self._pattern: Any = None  # the notebook's own, after which it is made
        self._result = Models((), ())

    @property
    def result(self) -> Models:
        """The cells as they are now."""
        return self._result

    def run(self, group: str | None, source: str) -> Models:
        """Take a cell in, or its new source, and build all models anew.

        Without a group a cell is the one that shares a class with it, else a new one: two cells without a
        name must not push each other out. Raises ``CommandError``, and changes nothing, where a cell fails.
        """
        classes = _classes(source, group)
        named = group is not None
        if group is None:
            group = self._nameless(classes)
        for other in self._cells.values():
            twice = [name for name in classes if name in other.classes]
            if other.group != group and twice:
                raise CommandError(
                    f"class {twice[0]} is in the model cell {other.group} already: give it another name "
                    f"here, or, where that cell is gone, run %models reset {other.group}"
                )
        cell = ModelCell(group, source, classes, named)
        return self._build({**self._cells, group: cell}, group)

    def reset(self, groups: Iterable[str] = ()) -> Models:
        """Forget some cells, or all, and the names that they defined."""
        gone = list(groups)
        for group in gone:
            if group not in self._cells:
                known = ", ".join(self._cells) or "none"
                raise CommandError(f"No model cell {group}; there are: {known}")
        kept = {key: cell for key, cell in self._cells.items() if gone and key not in gone}
        return self._build(kept, None)

    def _nameless(self, classes: tuple[str, ...]) -> str:
        """The group of a cell without a name."""
        for cell in self._cells.values():
            if not cell.named and set(cell.classes) & set(classes):
                return cell.group
        number = 1
        while f"cell{number}" in self._cells:
            number += 1
        return f"cell{number}"

    def _build(self, cells: dict[str, ModelCell], group: str | None) -> Models:
        """All cells on a fresh base; the namespace gets the new names, or stays as it was."""
        namespace = self._namespace()
        before = dict(namespace)
        present = namespace.get(BASE)
        # a Base that the notebook defined itself is the pattern, the one that was put there is not
        if present is not None and present is not self._base and present is not self._made.get(BASE):
            self._pattern = present
        clean = {key: value for key, value in before.items() if not self._is_stale(key, value)}
        order = sorted(cells, key=lambda key: BASE not in cells[key].classes)
        try:
            made, base = self._in_some_order(cells, order, namespace, clean)
        except BaseException:
            _replace(namespace, before)
            raise
        if not cells:
            _replace(namespace, {**clean, BASE: self._pattern} if self._pattern is not None else clean)
        if self._result.notes and self._base is not None:
            # mappers that could not be configured stay in the way of every other one until they are gone
            self._base.registry.dispose()
        self._cells, self._made, self._base = cells, made, base
        tables = tuple(base.metadata.tables) if base is not None else ()
        notes = tuple(_unresolved(base)) if base is not None else ()
        self._result = Models(tuple(cells.values()), tables, group, notes)
        return self._result

    def _in_some_order(
        self,
        cells: dict[str, ModelCell],
        order: list[str],
        namespace: MutableMapping[str, Any],
        clean: dict[str, Any],
    ) -> tuple[dict[str, Any], Any]:
        """Run the cells, one that misses a name behind the others; what they defined, and their base."""
        tried: set[tuple[str, ...]] = set()
        while cells:
            tried.add(tuple(order))
            base = _fresh_base(self._pattern)
            _replace(namespace, {**clean, BASE: base})
            for group in order:
                try:
                    self._execute(cells[group], namespace)
                except Exception as error:
                    base.registry.dispose()  # half a set of models is in the way of configure_mappers()
                    later = [*(key for key in order if key != group), group]
                    if isinstance(error, NameError) and tuple(later) not in tried:
                        order = later
                        break
                    raise CommandError(_told(error, cells[group], self._cache)) from error
            else:
                made = {
                    key: value
                    for key, value in namespace.items()
                    if key not in clean or clean[key] is not value
                }
                return made, namespace.get(BASE, base)
        return {}, None

    def _execute(self, cell: ModelCell, namespace: MutableMapping[str, Any]) -> None:
        code = compile(cell.source, self._cache(cell.source), "exec", self._flags() & _FUTURE, True)
        exec(code, namespace)  # type: ignore[arg-type]  # IPython's namespace is a dict

    def _is_stale(self, key: str, value: Any) -> bool:
        """Whether a name is one that a cell defined, and the notebook has not given it to something else."""
        if key not in self._made or self._made[key] is not value or isinstance(value, types.ModuleType):
            return False
        if isinstance(value, (type, types.FunctionType)):
            return bool(value.__module__ == self._namespace().get("__name__", value.__module__))
        return True


def _replace(namespace: MutableMapping[str, Any], content: dict[str, Any]) -> None:
    """Make a namespace hold these names and no others, without ever being empty."""
    namespace.update(content)
    for key in [key for key in namespace if key not in content]:
        del namespace[key]


def _classes(source: str, group: str | None) -> tuple[str, ...]:
    """The classes at the top level of a cell."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        where = f"model cell {group}" if group else "model cell"
        raise CommandError(
            f"{where}, line {error.lineno}: {error.msg}; the models stay as they were"
        ) from error
    return tuple(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _told(error: Exception, cell: ModelCell, cache: Callable[[str], str]) -> str:
    """A failure in a cell in one line: where, what, and that nothing has changed."""
    line, name, trace = None, cache(cell.source), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    place = f", line {line}" if line is not None else ""
    message = str(error).partition("\n(Background on this error at:")[0]
    return f"model cell {cell.group}{place}: {type(error).__name__}: {message}; the models stay as they were"


def _fresh_base(pattern: Any) -> Any:
    """A declarative base without models: like the notebook's own where it has one."""
    from sqlalchemy import MetaData
    from sqlalchemy.orm import DeclarativeBase

    if not (isinstance(pattern, type) and issubclass(pattern, DeclarativeBase)):
        return types.new_class(BASE, (DeclarativeBase,), {}, lambda body: body.update(__module__="__main__"))
    old = pattern.metadata
    metadata = MetaData(schema=old.schema, naming_convention=old.naming_convention, info=dict(old.info))
    own = {
        key: value
        for key, value in vars(pattern).items()
        if key not in ("registry", "metadata", "__dict__", "__weakref__") and not key.startswith("_sa_")
    }
    own.update(metadata=metadata, type_annotation_map=dict(pattern.registry.type_annotation_map))
    return types.new_class(pattern.__name__, pattern.__bases__, {}, lambda body: body.update(own))


def _unresolved(base: Any) -> Iterable[str]:
    """What names a table or a class that is not there: to be said, because its cell may come later."""
    from sqlalchemy.exc import SQLAlchemyError

    missing = False
    for table in base.metadata.tables.values():
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent)):
            try:
                _ = key.column
            except SQLAlchemyError:
                missing = True
                yield f"{key.parent} refers to {key.target_fullname}, which no cell defines yet"
    if missing:
        return
    try:
        base.registry.configure()
    except SQLAlchemyError as error:
        yield " ".join(str(error).partition("\n(Background on this error at:")[0].split())
