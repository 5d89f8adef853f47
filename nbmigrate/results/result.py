"""What every result offers beside its own fields: its rows for a program or a data frame, and its SQL."""

from __future__ import annotations

from typing import Any

__all__ = ["Result"]


class Result:
    """The base of what verbs return.

    ``rows`` are the parts that a table would have a row for; a result without such parts is one row itself.
    Where ``holds_sql`` is true, the result or each of its rows has ``statements``.
    """

    # no annotation: those of a value's class are its fields
    holds_sql = False

    @property
    def rows(self) -> tuple[Any, ...]:
        """The parts of which there are several, in order."""
        return (self,)

    @property
    def sql(self) -> str:
        """Its statements as one script.

        Raises ``AttributeError`` where a result holds none.
        """
        if not self.holds_sql:
            raise AttributeError(
                f"a {type(self).__name__} holds no SQL: ask plan, sql or explain, or upgrade with --sql"
            )
        holders = (self,) if hasattr(self, "statements") else self.rows
        return "\n".join(f"{text.strip().rstrip(';')};" for one in holders for text in one.statements)

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dictionary of plain values for each row; a revision stands there by its id and its message."""
        return [_plain_row(row) for row in self.rows]

    def to_pandas(self) -> Any:
        """The same as a pandas DataFrame.

        Raises ``CommandError`` where pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            from nbmigrate.errors import CommandError

            raise CommandError(
                "to_pandas() needs pandas: pip install pandas; to_dicts() gives the same rows without it"
            ) from error
        return pandas.DataFrame(self.to_dicts())


def _plain_row(row: Any) -> dict[str, Any]:
    from dataclasses import fields

    if isinstance(row, dict):
        return {name: _plain(value) for name, value in row.items()}
    plain: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if hasattr(value, "down_revision"):
            plain["revision"], plain["message"] = value.id, value.message
        else:
            plain[field.name] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    """A value of values as lists and dictionaries."""
    from dataclasses import is_dataclass

    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return _plain_row(value) if is_dataclass(value) else value
