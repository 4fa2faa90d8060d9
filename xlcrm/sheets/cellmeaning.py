"""What a single cell shows, from its XML: the same that `sheetcells` reads by whole columns, for sheets too small for that to pay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlcrm.sheets.xmlbits import day_of_number, unescape_cell
from xlcrm.tables.celltext import cell_text

if TYPE_CHECKING:
    import polars as pl

NOT_PLAIN = r"&|_x[0-9A-Fa-f]{4}_"
"""Text that holds an escape."""
INLINE_TEXT = r"^\s*<is><t[^>]*>([^<]*)</t></is>"
VALUE = r"<v[^>]*>([^<]*)</v>"
SHORT_WHOLE_NUMBER = r"^-?[0-9]{1,15}$"
_RUN_TEXT = re.compile(r"<t\b[^>]*>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_TYPE = re.compile(r'\st="(\w+)"')
_STYLE = re.compile(r'\ss="(\d+)"')
_NOT_PLAIN = re.compile(NOT_PLAIN)
_INLINE_TEXT = re.compile(INLINE_TEXT)
_VALUE = re.compile(VALUE)
_SHORT_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def string_text(item: str) -> str:
    """The text of a string item (`<si>` or `<is>`), its formatted runs joined, reading aids left out."""
    if "<rPh" in item:
        item = _PHONETIC.sub("", item)
    return unescape_cell("".join(_RUN_TEXT.findall(item)))


def style_of(attrs: str) -> str:
    """The style id in a cell's attributes; empty where it has none."""
    found = _STYLE.search(attrs)
    return found[1] if found else ""


def type_of(attrs: str) -> str:
    """The type in a cell's attributes; `n`, a number, where none is named."""
    found = _TYPE.search(attrs)
    return found[1] if found else "n"


class CellMeanings:
    """Cells of one workbook to texts; the same cell is worked out once.

    shared: the shared strings. date_styles: ids of the styles that show a day. as_date: all numbers are days.
    """

    def __init__(self, shared: pl.Series, date_styles: frozenset[str], date1904: bool, as_date: bool) -> None:
        self._shared, self._date_styles, self._date1904, self._as_date = shared, date_styles, date1904, as_date
        self._known: dict[tuple[str, str], str | None] = {}

    def text(self, attrs: str, rest: str) -> str | None:
        """What a cell means; None where there is nothing. `attrs` stands in its start tag behind the address, `rest` behind that tag."""
        cell = (attrs, rest)
        if cell not in self._known:
            self._known[cell] = None if attrs.endswith("/") else self._of_kind(type_of(attrs), attrs, rest)
        return self._known[cell]

    def _of_kind(self, kind: str, attrs: str, rest: str) -> str | None:
        if kind == "inlineStr":
            inline = _INLINE_TEXT.match(rest)
            if inline is not None:
                return _unescaped(inline[1])
            return string_text(rest) if "<t" in rest else None
        found = _VALUE.search(rest)
        if found is None:
            return None
        value = found[1]
        if kind == "s":
            place = int(value) if value.isdecimal() else self._shared.len()
            return self._shared[place] if place < self._shared.len() else None
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            return self._number(value, attrs)
        return _unescaped(value)

    def _number(self, value: str, attrs: str) -> str:
        if self._as_date or style_of(attrs) in self._date_styles:
            return self._day(value) or number_text(value)
        return number_text(value)

    def _day(self, value: str) -> str | None:
        number = float(value) if _NUMBER.fullmatch(value) else -1.0
        if not (0 if self._date1904 else 1) <= number:
            return None
        moment = day_of_number(number, self._date1904)
        if moment is None:
            return None
        return moment.strftime("%Y-%m-%d") if number == int(number) else moment.strftime("%Y-%m-%d %H:%M:%S")


def _unescaped(text: str) -> str:
    return unescape_cell(text) if _NOT_PLAIN.search(text) else text


def number_text(value: str) -> str:
    """A number as a person reads it: `12`, `0.1`; one with too many digits keeps an exponent. What is no number stays."""
    if _SHORT_WHOLE_NUMBER.fullmatch(value) or not _NUMBER.fullmatch(value):
        return value
    number = float(value)
    written = repr(number)
    return cell_text(number) if "e" in written or abs(number) >= 1e15 else written.removesuffix(".0")


def cut_row(row: str) -> list[tuple[str, str, str]]:
    """The cells of a row: column letters, the start tag's text behind the address, what comes after the tag."""
    cells = []
    for piece in row.rstrip().removesuffix("</row>").split('<c r="')[1:]:
        tag, _, rest = piece.partition(">")
        address, _, attrs = tag.partition('"')
        cells.append((address.rstrip("0123456789"), attrs, rest))
    return cells
