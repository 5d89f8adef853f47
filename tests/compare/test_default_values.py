"""Server defaults of number and boolean columns are compared by their values; of others by their text."""

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
        ("1000.0", "1e3", "FLOAT", True),
        ("'5'", "'5.0'", "VARCHAR(10)", False),
        ("'1.10'", "'1.1'", "TEXT", False),
        ("5", "5.0", "INTERVAL", False),
        ("(false)", "'0'", "BOOLEAN", True),
        ("1", "true", "TINYINT(1)", True),
        ("true", "'f'", "BOOLEAN", False),
        ("true", "'1'", "VARCHAR(5)", False),
    ],
)
def test_numbers_and_truth_by_value(there: str, wanted: str, type_text: str, same: bool) -> None:
    assert same_default(there, wanted, type_text) is same
