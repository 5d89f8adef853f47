"""Server defaults of number columns are compared by their values; of others by their text."""

from __future__ import annotations

import pytest

from nbmigrate.compare.lenient import same_default


@pytest.mark.parametrize(
    ("there", "wanted", "type_text", "same"),
    [
        ("5", "5.0", "DOUBLE PRECISION", True),
        ("'5'::numeric", "5.00", "NUMERIC(10, 2)", True),
        ("0", "'0'", "INTEGER", True),
        ("5", "5.1", "FLOAT", False),
        ("'5'", "'5.0'", "VARCHAR(10)", False),
        ("'1.10'", "'1.1'", "TEXT", False),
        ("5", "5.0", "INTERVAL", False),
    ],
)
def test_numbers_by_value(there: str, wanted: str, type_text: str, same: bool) -> None:
    assert same_default(there, wanted, type_text) is same
