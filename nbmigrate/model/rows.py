"""Rows for ``bulk_insert``, whatever holds them, read once and in pieces.

A million rows must not stand in memory three times: as what the script has, as parameters, and as the record
of what ran. So a source that is not a short list becomes a ``RowStream``: executors take pieces of it, and
what is left of it afterwards is a count and its first rows.

No library is imported for this. A pandas or Polars frame and an Arrow table bring along the methods that are
used here; only what offers nothing but the Arrow C stream, or the interchange protocol of data frames, needs
pyarrow, which is asked for then.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from nbmigrate.errors import CommandError

__all__ = ["PIECE", "RowStream", "count_of", "pieces"]

PIECE = 5_000
"""Rows in one executemany: enough that calls do not count, few enough to be forgotten."""
SHOWN = 3

Row = Mapping[str, Any]


class RowStream:
    """The rows of a source, in pieces.

    ``one_by_one`` is ``multiinsert=False``: an INSERT for each row. ``count`` are the rows that have been
    read so far, ``first`` the first few of them; when all have been read the source is let go.
    """

    def __init__(self, source: Any, *, one_by_one: bool = False) -> None:
        if isinstance(source, (str, bytes, Mapping)) or not _is_source(source):
            raise TypeError(
                "List expected: bulk_insert takes a list or iterator of dictionaries, a data frame, or an "
                f"Arrow table, not {type(source).__name__}"
            )
        if inspect.isgenerator(source) and inspect.getgeneratorstate(source) == inspect.GEN_CLOSED:
            raise CommandError(
                "bulk_insert: the rows' generator has been read to its end already; make it inside "
                "upgrade(), so that each run has its own"
            )
        self._source: Any = source
        self.known: int | None = count_of(source)
        self.one_by_one = one_by_one
        self.count = 0
        self.first: tuple[Row, ...] = ()
        self.exhausted = False

    def pieces(self, size: int = PIECE) -> Iterator[list[Row]]:
        """Lists of at most ``size`` rows that have the same columns, in order.

        Raises ``TypeError`` at the first row that is not a mapping.
        """
        if self.exhausted:
            return
        for piece in pieces(_rows(self._source, size), size):
            if len(self.first) < SHOWN:
                self.first = (*self.first, *piece[: SHOWN - len(self.first)])
            self.count += len(piece)
            yield piece
        self.exhausted, self._source = True, ()

    def __iter__(self) -> Iterator[Row]:
        """The rows one by one; like ``pieces``, once."""
        for piece in self.pieces():
            yield from piece

    def excerpt(self) -> tuple[tuple[Row, ...], int | None]:
        """The first rows as far as they are to be had, and how many there are as far as that is known.

        An iterator that was not read yet is left alone: its rows come only once.
        """
        if self.exhausted:
            return self.first, self.count
        once = iter(self._source) is self._source if hasattr(self._source, "__iter__") else True
        if self.count or once or hasattr(self._source, "read_next_batch"):
            return self.first, self.known
        return tuple(islice(_rows(self._source, SHOWN), SHOWN)), self.known


def pieces(rows: Iterable[Any], size: int = PIECE) -> Iterator[list[Row]]:
    """Cut rows into lists of at most ``size``, and wherever the set of columns changes.

    One executemany has the columns of its first row: a row with others would lose values silently.
    """
    piece: list[Row] = []
    for row in rows:
        if not isinstance(row, Mapping):
            mapping = getattr(row, "_mapping", None)  # a Row of SQLAlchemy's
            if mapping is None:
                raise TypeError(f"List of dictionaries expected; one row is a {type(row).__name__}")
            row = mapping
        if piece and (len(piece) >= size or row.keys() != piece[0].keys()):
            yield piece
            piece = []
        piece.append(row)
    if piece:
        yield piece


def count_of(source: Any) -> int | None:
    """How many rows a source says that it has; None where only reading would tell."""
    for name in ("num_rows", "height"):
        count = getattr(source, name, None)
        if isinstance(count, int):
            return count
    try:
        return len(source)
    except TypeError:
        return None


def _is_source(source: Any) -> bool:
    names = ("__iter__", "to_batches", "__arrow_c_stream__", "__dataframe__")
    return any(hasattr(source, name) for name in names)


def _rows(source: Any, size: int) -> Iterator[Any]:
    """The rows of a source, the ones of a frame or table as dictionaries of Python values."""
    if hasattr(source, "iter_rows") and hasattr(source, "columns"):  # Polars
        return iter(source.iter_rows(named=True, buffer_size=min(size, 512)))
    if hasattr(source, "itertuples") and hasattr(source, "columns"):  # pandas
        return _rows_of_pandas(source)
    if hasattr(source, "to_pylist") and hasattr(source, "num_rows") and not hasattr(source, "to_batches"):
        return _rows_of_batches([source], size)  # one Arrow batch
    if hasattr(source, "to_batches"):  # an Arrow table or dataset
        return _rows_of_batches(source.to_batches(), size)
    if hasattr(source, "read_next_batch"):  # an Arrow reader
        return _rows_of_batches(source, size)
    if hasattr(source, "__arrow_c_stream__"):
        return _rows_of_batches(_pyarrow(source).RecordBatchReader.from_stream(source), size)
    if hasattr(source, "__dataframe__") and not isinstance(source, (list, tuple)):
        from importlib import import_module

        _pyarrow(source)
        return _rows_of_batches(
            import_module("pyarrow.interchange").from_dataframe(source).to_batches(), size
        )
    return iter(source)


def _rows_of_batches(batches: Iterable[Any], size: int) -> Iterator[Any]:
    for batch in batches:
        for start in range(0, batch.num_rows, size):
            yield from batch.slice(start, size).to_pylist()


def _rows_of_pandas(frame: Any) -> Iterator[Row]:
    names = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield {name: _python_value(value) for name, value in zip(names, values, strict=True)}


def _python_value(value: Any) -> Any:
    """A value of a pandas frame as the driver knows it; what pandas has for "missing" as None."""
    if isinstance(value, float):
        return None if value != value else float(value)
    kind = type(value)
    if kind.__name__ in ("NaTType", "NAType"):
        return None
    if kind.__module__.partition(".")[0] not in ("pandas", "numpy"):
        return value
    for convert in ("to_pydatetime", "to_pytimedelta", "tolist"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    return value


def _pyarrow(source: Any) -> Any:
    from importlib import import_module

    try:
        return import_module("pyarrow")
    except ImportError:
        raise CommandError(
            f"bulk_insert: reading rows out of a {type(source).__name__} takes pyarrow: pip install pyarrow"
        ) from None
