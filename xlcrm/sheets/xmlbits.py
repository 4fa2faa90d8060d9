"""Small pieces of spreadsheet XML: attributes, escapes, cell addresses, ranges, day numbers.

Parts are edited as text, element by element, so that what is not touched stays as its program wrote it.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from functools import lru_cache

from xlcrm.tables.addresses import column_letters

_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)")

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
"""Longest text of a cell."""


def attributes(element: str) -> dict[str, str]:
    """The attributes of an element's start tag, unescaped."""
    tag = element[: element.index(">") + 1] if ">" in element else element
    return {match[1]: html.unescape(match[2] if match[2] is not None else match[3]) for match in _ATTRIBUTE.finditer(tag)}


def with_attribute(element: str, name: str, value: str | None) -> str:
    """The element with one attribute set, or taken out when the value is None."""
    end = element.index(">")
    tag, rest = element[:end], element[end:]
    found = re.search(rf"""\s{re.escape(name)}\s*=\s*("[^"]*"|'[^']*')""", tag)
    written = "" if value is None else f' {name}="{quote(value)}"'
    if found:
        return tag[: found.start()] + written + tag[found.end() :] + rest
    cut = len(tag) - 1 if tag.endswith("/") else len(tag)
    return tag[:cut] + written + tag[cut:] + rest


def quote(value: str) -> str:
    """Text as it stands in an attribute."""
    return escape(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def escape(value: str) -> str:
    """Text as it stands between tags; only the characters of XML."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_cell(value: str) -> str:
    """Text as it stands in a cell: control characters as `_x000D_`, and such a sequence in the text itself protected."""
    return escape(_CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", value))


def unescape_cell(value: str) -> str:
    """The text that a cell shows."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), html.unescape(value))


@lru_cache(maxsize=4096)
def column_number(column_letters: str) -> int:
    """The 1-based number of column letters."""
    number = 0
    for letter in column_letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Area:
    """A range of cells; all four 1-based and inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parse(cls, written: str) -> Area | None:
        """`B5:F9`, `$B$5:$F$9` or `B5`; None for anything else (whole columns, names)."""
        first, _, last = written.partition(":")
        start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
        if start is None or end is None:
            return None
        return cls(column_number(start[1]), int(start[2]), column_number(end[1]), int(end[2]))

    def __str__(self) -> str:
        start, end = f"{column_letters(self.left)}{self.top}", f"{column_letters(self.right)}{self.bottom}"
        return start if start == end else f"{start}:{end}"

    @property
    def absolute(self) -> str:
        """`$B$5:$F$9`, as in a defined name."""
        start, end = f"${column_letters(self.left)}${self.top}", f"${column_letters(self.right)}${self.bottom}"
        return start if start == end else f"{start}:{end}"

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1


def day_number(day: dt.date, date1904: bool) -> int | None:
    """The spreadsheet's number of a day, or None for a day that it has none for."""
    days = day.toordinal() - dt.date(1904, 1, 1).toordinal() if date1904 else day.toordinal() - dt.date(1899, 12, 30).toordinal()
    if not date1904 and days < 61:  # 1900 counts as a leap year there
        days -= 1
    return days if days >= (0 if date1904 else 1) else None


def day_of_number(number: float, date1904: bool) -> dt.datetime | None:
    """The moment of a spreadsheet's day number, or None outside the calendar of a spreadsheet (up to 9999-12-31)."""
    if not 0 <= number < 2_958_466:
        return None
    start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        return start + dt.timedelta(days=int(number), seconds=round((number - int(number)) * 86_400))
    except OverflowError:
        return None
