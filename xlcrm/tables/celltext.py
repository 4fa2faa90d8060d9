"""A value that a spreadsheet reader gives -> the text that the cell means. Free of frames."""

from __future__ import annotations

import datetime as dt
import math

# Fifteen digits are what Excel keeps of a number; in thousandths, fifteen also fit 64 bits.
MOST_DIGITS = 15
_EXACT = 10.0**MOST_DIGITS
# What a cell of a workbook can hold.
MOST_CHARACTERS = 32_767


def cell_text(value: object) -> str:
    """A value that a spreadsheet reader gave, as the text that the cell means.

    A whole number loses its `.0`; one of more than 15 digits, of which a spreadsheet has lost some, keeps an exponent
    (`1.23456789012346E+17`), so that it is seen as damaged.
    """
    if type(value) is float:
        return _number_text(value)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def _number_text(value: int | float) -> str:
    if not -_EXACT < value < _EXACT:
        return f"{value:.14E}" if math.isfinite(value) else str(value)
    written = f"{value:.15g}"
    if "e" in written:
        written = f"{value:.20f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written
