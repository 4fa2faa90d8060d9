"""Columns by their letters, as a sheet names them."""

from __future__ import annotations

from functools import lru_cache

LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
"""Of a sheet, from 1."""


@lru_cache(maxsize=4096)
def column_letters(number: int) -> str:
    """Column letters of a 1-based number: 1 -> A, 28 -> AB."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
