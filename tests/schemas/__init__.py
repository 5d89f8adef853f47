"""Random schemas with rows, and random edits to them: one generator for every test that wants pairs.

A schema is plain data (tables by name, each with columns, keys, constraints and indexes; views, sequences and
enum types beside them), so that what fails is printed as something to read. ``pairs`` draws a schema and a
list of edits; what comes out is legal on the database that it was drawn for, and the rows of the first
satisfy the second. ``kinds`` says what a database can do, ``drawing`` draws, ``edits`` edits, ``models``
makes SQLAlchemy models and rows of it.

What no tool could do is not asked for, and only that:

- A column that must not be NULL and has no default is not dropped: on the way back its rows have no value.
- A column under a unique constraint has no default, and one under NULLS NOT DISTINCT neither comes new to a
  filled table nor is dropped: there, or on the way back, all rows hold the same.
- No row refers to one of a table that goes: on the way back the table is empty, and the key can't be.
- A value of an enum type that rows hold is not removed.
- Keys that foreign keys of others stand on stay (the foreign key may go in the same step).
"""

from schemas.drawing import pairs
from schemas.kinds import KINDS, Kind
from schemas.models import build, fill, renames, rows_of

__all__ = ["KINDS", "Kind", "build", "fill", "pairs", "renames", "rows_of"]
