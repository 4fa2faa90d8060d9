"""A sheet part taken apart by bytes: what stands before its rows, the rows, what stands after them.

The rows are never made into objects: they are cut into text, one string a row, and read in columns of such strings.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.xmlbits import Area, attributes, with_attribute

CHUNK_ROWS = 4096
"""Rows written at a time: small enough to stay in the processor's cache, large enough to be counted in columns."""
READ_BYTES = 6 << 20
"""XML of the rows read at a time."""

_ROW = re.compile(rb'<row r="([0-9]+)"')
_RANGES = re.compile(r'(<(?:conditionalFormatting|dataValidation|ignoredError|protectedRange)\b[^>]*?\ssqref=")([^"]*)(")')
_EXT_RANGES = re.compile(r"(<xm:sqref>)([^<]*)(</xm:sqref>)")


class SheetXml:
    """head: the part up to and with `<sheetData>`; rows: its rows; tail: from `</sheetData>` on.

    The rows of a large sheet are some hundred megabytes, so they stay in the part's own bytes until they are changed.
    """

    __slots__ = ("_data", "_end", "_start", "head", "tail")

    def __init__(self, head: str, rows: bytes, tail: str) -> None:
        self.head, self.tail = head, tail
        self._data, self._start, self._end = rows, 0, len(rows)

    @property
    def rows(self) -> bytes:
        """The rows' XML; a copy when they were not changed yet."""
        whole = self._start == 0 and self._end == len(self._data)
        return self._data if whole else self._data[self._start : self._end]

    @rows.setter
    def rows(self, rows: bytes) -> None:
        self._data, self._start, self._end = rows, 0, len(rows)

    @classmethod
    def parse(cls, data: bytes, part: str, file: str) -> SheetXml:
        """Raises CannotDo when the sheet is written in a way that cannot be edited safely (a name space prefix, cells without address)."""
        found = re.search(rb"<sheetData\s*(/?)>", data)
        if found is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise CannotDo(Problem("workbook_unusual", file=file, details={"part": part}))
        start = found.end()
        end = start if found[1] else data.rfind(b"</sheetData>")

        def count(mark: bytes) -> int:
            return data.count(mark, start, end)

        broken_line = data.find(b"\n", start, end) >= 0 and data.find(b"<c\n", start, end) >= 0
        odd = end < start or broken_line or count(b'<c r="') != count(b"<c ")
        if odd or data.find(b"<![CDATA[", start, end) >= 0 or count(b"<row") != count(b'<row r="'):
            raise CannotDo(Problem("workbook_unusual", file=file, details={"part": part}))
        tail = data[end:].decode("utf-8", "strict")
        sheet = cls(
            data[: found.start()].decode("utf-8", "strict") + "<sheetData>", b"",
            tail if tail.startswith("</sheetData>") else "</sheetData>" + tail,
        )  # fmt: skip
        sheet._data, sheet._start, sheet._end = data, start, end
        return sheet

    def index(self) -> RowIndex:
        """Where each row begins."""
        numbers, starts = [], []
        for match in _ROW.finditer(self._data, self._start, self._end):
            numbers.append(int(match[1]))
            starts.append(match.start())
        return RowIndex(self._data, numbers, starts, self._start, self._end)

    def has_formulas(self) -> bool:
        """Whether any cell holds a formula."""
        return self._data.find(b"<f", self._start, self._end) >= 0

    def area(self) -> Area | None:
        """The cells that the sheet says it has."""
        found = re.search(r'<dimension\b[^>]*\sref="([^"]*)"', self.head)
        return Area.parse(found[1]) if found else None

    def set_area(self, area: Area) -> None:
        """Changes what the sheet says it has."""
        self.head = re.sub(r"<dimension\b[^>]*>", lambda match: with_attribute(match[0], "ref", str(area)), self.head, count=1)

    def move_ranges(self, moved: Callable[[Area], Area | None]) -> None:
        """Applies a change to every range of conditional formats and validations; None takes a range out."""

        def changed(match: re.Match[str]) -> str:
            return match[1] + move_list(match[2], moved) + match[3]

        self.tail = _EXT_RANGES.sub(changed, _RANGES.sub(changed, self.tail))

    def move_references(self, moved: Callable[[Area], Area | None]) -> None:
        """Applies a change to the cells of hyperlinks and to merged cells; None takes the element out."""

        def changed(match: re.Match[str]) -> str:
            area = Area.parse(attributes(match[0]).get("ref", ""))
            if area is None:
                return match[0]
            new = moved(area)
            if new == area:
                return match[0]
            return "" if new is None else with_attribute(match[0], "ref", str(new))

        self.tail = re.sub(r"<hyperlink\b[^>]*?/>|<mergeCell\b[^>]*?/>", changed, self.tail)
        merges = len(re.findall(r"<mergeCell\b", self.tail))
        self.tail = re.sub(r"<mergeCells\b[^>]*>", lambda match: with_attribute(match[0], "count", str(merges)), self.tail)
        self.tail = re.sub(r"<mergeCells\b[^>]*>\s*</mergeCells>|<hyperlinks\b[^>]*>\s*</hyperlinks>", "", self.tail)

    def merged(self) -> list[Area]:
        """The merged cells."""
        areas = (Area.parse(ref) for ref in re.findall(r'<mergeCell\b[^>]*?\sref="([^"]*)"', self.tail))
        return [area for area in areas if area is not None]


def move_list(written: str, moved: Callable[[Area], Area | None]) -> str:
    """A change applied to ranges that stand one behind the other, divided by spaces. What is no range stays; never empty."""
    out = []
    for each in written.split():
        area = Area.parse(each)
        new = area if area is None else moved(area)
        if area is None or new == area:
            out.append(each)
        elif new is not None:
            out.append(str(new))
    return " ".join(out) or written


@dataclass(slots=True)
class RowIndex:
    """Rows of a sheet with the place where each begins; `first` and `end` are the edges of the rows in the data."""

    data: bytes
    numbers: list[int]
    starts: list[int]
    first: int
    end: int

    def between(self, first: int, last: int) -> RowIndex:
        """The rows numbered from `first` to `last`."""
        start, end = bisect_left(self.numbers, first), bisect_left(self.numbers, last + 1)
        return RowIndex(self.data, self.numbers[start:end], self.starts[start:end], self.place(start), self.place(end))

    def place(self, position: int) -> int:
        """Where the row at that position begins; behind the last row for one past the end."""
        return self.starts[position] if position < len(self.starts) else self.end

    def before(self, first: int) -> bytes:
        """The rows above a row number, as they are."""
        return self.data[self.first : self.place(bisect_left(self.numbers, first))]

    def after(self, last: int) -> bytes:
        """The rows below a row number, as they are."""
        return self.data[self.place(bisect_left(self.numbers, last + 1)) : self.end]

    @property
    def size(self) -> int:
        """Bytes of the rows' XML."""
        return self.place(len(self.numbers)) - self.place(0)

    def texts(self) -> Iterator[str]:
        """Each row as text."""
        edges = itertools.pairwise([*self.starts, self.end])
        return (self.data[begin:end].decode() for begin, end in edges)

    def chunks(self) -> Iterator[tuple[list[int], pl.Series]]:
        """Row numbers and rows as text, some thousands at a time."""
        size = self.size // max(len(self.numbers), 1)
        step = max(READ_BYTES // max(size, 1), 64)
        for start in range(0, len(self.numbers), step):
            numbers = self.numbers[start : start + step]
            edges = [self.place(start + offset) for offset in range(len(numbers) + 1)]
            texts = [self.data[begin:end] for begin, end in itertools.pairwise(edges)]
            yield numbers, pl.Series("row", texts, dtype=pl.Binary).cast(pl.String)


def moved_down(rows: bytes, by: int) -> bytes:
    """Rows with every row number changed by that many; formulas stay as they are."""
    shift = lambda match: match[1] + str(int(match[2]) + by).encode() + match[3]  # noqa: E731
    rows = re.sub(rb'(<row\b[^>]*?\sr=")([0-9]+)(")', shift, rows)
    return re.sub(rb'(<c r="[A-Z]+)([0-9]+)(")', shift, rows)
