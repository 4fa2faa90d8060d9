"""Where the header of a sheet stands, what each of its columns means, and which format it makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import polars as pl

from xlcrm.imports.sources import FIGURES, Format, formats
from xlcrm.imports.textsheet import TextSheet, column_letter
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c
from xlcrm.tables import periods
from xlcrm.tables.catalog import CUSTOMERS, GRADES, PURCHASES
from xlcrm.tables.cleaning import clean_number
from xlcrm.tables.schema import header_key
from xlcrm.tables.width import fold_width

HEADER_WITHIN_ROWS = 10
_UNIT = re.compile(r"[(\[【{].*?[)\]】}]")
_DECORATION = " \t\r\n*:：_-—·.,，、()[]【】{}/|"
_FIRST_OF_MONTH = re.compile(r"((?:19|20|21)\d\d-\d\d)-01(?: 00:00:00)?")


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column: its place from 0, its header as written, the column id that it means (empty: a column of the user's own), and
    for a wide column the quarter or month."""

    index: int
    header: str
    field: str = ""
    time: str = ""

    @property
    def letter(self) -> str:
        """The column's letter on the sheet."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header. first_row: index (from 0) of the first row of data. title: the text above the header."""

    format: Format
    columns: Sequence[HeaderColumn]
    row: int
    first_row: int
    title: str

    def of(self, field: str, wide: bool = False) -> list[HeaderColumn]:
        """The columns that mean a field: the plain one, or the wide ones."""
        return [column for column in self.columns if column.field == field and bool(column.time) == wide]


def find_header(sheet: TextSheet) -> Header | None:
    """The first row that makes a known kind, among ten from the first filled one on; None when none does.

    Raises CannotDo when it makes two kinds, or two columns mean the same field.
    """
    blank = _blank_rows_above(sheet)
    last = blank + HEADER_WITHIN_ROWS
    top = [[cell or "" for cell in row] for row in sheet.frame.head(last + 1).rows()]
    for place, row in enumerate(top[:last]):
        below = top[place + 1] if place + 1 < len(top) else []
        composed = _composed(row, below)
        if composed is not None:
            header = _recognised(sheet, top, composed, place, place + 2)
            if header is not None:
                return header
        header = _recognised(sheet, top, row, place, place + 1)
        if header is not None:
            return header
    return None


def _blank_rows_above(sheet: TextSheet) -> int:
    filled = sheet.frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series() if sheet.frame.width else pl.Series()
    return int(filled[0]) if len(filled) else 0


def seen_headers(sheet: TextSheet) -> str:
    """The texts of the fullest of the first rows, for a message."""
    rows = [[cell for cell in row if cell] for row in sheet.frame.head(_blank_rows_above(sheet) + HEADER_WITHIN_ROWS).rows()]
    fullest = max(rows, key=len, default=[])
    shown = ", ".join(" ".join(cell.split())[:24] for cell in fullest[:10])
    return shown + (" …" if len(fullest) > 10 else "")


def _recognised(sheet: TextSheet, top: list[list[str]], row: list[str], place: int, first_row: int) -> Header | None:
    title = " ".join(cell for above in top[:place] for cell in above if cell)
    names_route = periods.route_of_sheet(sheet.name) is not None or periods.find_route(title) is not None
    fitting: list[tuple[Format, tuple[HeaderColumn, ...]]] = []
    bare = _meaning_of_bare_times(sheet, row, title, first_row)
    for place_of_form, form in enumerate(formats()):
        columns = _columns(place_of_form, tuple(row), bare)
        if form.fits(frozenset(column.field for column in columns if column.field), names_route):
            fitting.append((form, columns))
            if form.own_table:
                break
    if not fitting:
        return None
    if len(fitting) > 1:
        details = {"first": fitting[0][0].kind, "second": fitting[1][0].kind, "seen": ", ".join(cell for cell in row if cell)[:200]}
        raise CannotDo(Problem("two_kinds", file=sheet.file, sheet=sheet.name, cell=f"A{first_row}", details=details))
    form, columns = fitting[0]
    _refuse_same_field(sheet, columns, first_row)
    return Header(form, columns, place, first_row, title)


def _refuse_same_field(sheet: TextSheet, columns: Sequence[HeaderColumn], header_row: int) -> None:
    seen: dict[tuple[str, str], HeaderColumn] = {}
    for column in columns:
        if not column.field:
            continue
        first = seen.setdefault((column.field, column.time), column)
        if first is not column:
            field = f"{column.field} {column.time}".strip()
            shown = {"field": field, "first": f"{first.header} ({first.letter})", "second": f"{column.header} ({column.letter})"}
            cell = f"{column.letter}{header_row}"
            raise CannotDo(Problem("same_field_twice", file=sheet.file, sheet=sheet.name, cell=cell, value=column.header, details=shown))


@lru_cache(maxsize=1024)
def _columns(place_of_form: int, row: tuple[str, ...], bare: str) -> tuple[HeaderColumn, ...]:
    """`read_columns`; the sheets of a workbook often have the same header."""
    return tuple(read_columns(formats()[place_of_form], row, bare))


def read_columns(form: Format, row: Sequence[str], bare: str = "") -> list[HeaderColumn]:
    """What each column means in that format; `bare` is what a header that is only a quarter or month stands for.

    A header that matches only without its unit (`购进额（元）`) means the field unless another column matches it as it is.
    """
    columns = [_exact_meaning(form, index, header, bare) for index, header in enumerate(row)]
    taken = {(column.field, column.time) for column in columns if column.field}
    for place, column in enumerate(columns):
        if not column.field and column.header:
            unitless = _UNIT.sub("", fold_width(column.header)).strip(_DECORATION)
            guess = _exact_meaning(form, column.index, unitless, bare)
            if guess.field and (guess.field, guess.time) not in taken:
                columns[place] = HeaderColumn(column.index, column.header, guess.field, guess.time)
                taken.add((guess.field, guess.time))
    # An account manager in an export is the customer's owner, unless the export has an owner as well.
    if c.ACCOUNT_MANAGER in {column.field for column in columns} and c.OWNER not in {column.field for column in columns}:
        columns = [
            HeaderColumn(column.index, column.header, c.OWNER) if column.field == c.ACCOUNT_MANAGER else column for column in columns
        ]
    return columns


def _exact_meaning(form: Format, index: int, header: str, bare: str) -> HeaderColumn:
    written = header.strip()
    field = form.fields.get(header_key(written)) or form.fields.get(header_key(written.strip(_DECORATION)))
    if field:
        return HeaderColumn(index, written, field)
    if form.wide and written:
        found = _time_in(written)
        if found:
            time, rest = found
            field = form.fields.get(header_key(rest)) if rest else bare if form.bare_wide else ""
            if field and field in form.wide and (field != c.GRADE or "Q" in time):
                return HeaderColumn(index, written, field, time)
    return HeaderColumn(index, written)


@lru_cache(maxsize=4096)
def _time_in(header: str) -> tuple[str, str] | None:
    """The quarter or month in a header, and the rest of the header."""
    first = _FIRST_OF_MONTH.fullmatch(header)
    found = (first.group(1), "") if first else periods.find_quarter(header) or periods.find_month(header)
    return (found[0], found[1].strip(_DECORATION)) if found else None


def _meaning_of_bare_times(sheet: TextSheet, row: Sequence[str], title: str, first_row: int) -> str:
    """What columns under a bare `2017Q1` or `2017-01` hold: grades, or the figure that the title, the sheet's or the file's name
    speaks of. Raises CannotDo for numbers of which nothing says what they count."""
    bare = [index for index, header in enumerate(row) if (found := _time_in(header.strip())) and not found[1]]
    if not bare:
        return ""
    below = sheet.frame.slice(first_row, 200)
    cells = pl.concat([below.to_series(index).rename("cell") for index in bare]).drop_nulls()
    good = clean_number(cells, 1)
    if good.values.is_not_null().sum() * 2 <= len(cells):
        return c.GRADE
    figure = named_figure(title, sheet.name, sheet.file)
    if not figure and any(header_key(header) in CUSTOMERS.by_id[c.CUSTOMER_CODE].header_keys for header in row):
        columns = ", ".join(row[index] for index in bare[:4])
        raise CannotDo(Problem("figure_unnamed", file=sheet.file, sheet=sheet.name, cell=f"A{first_row}", details={"columns": columns}))
    return figure


def _composed(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """A header of two rows as one: quarters or months above (each over several columns), figures below. None when it is not one."""
    figures = [header_key(cell) in _figure_keys() for cell in lower]
    if sum(figures) < 2 or len(lower) != len(upper):
        return None
    times = [bool(periods.find_quarter(cell) or periods.find_month(cell)) for cell in upper]
    if not any(times):
        return None
    header, time = [], ""
    for above, is_time, below, is_figure in zip(upper, times, lower, figures, strict=True):
        time = above if is_time else "" if above else time
        header.append(f"{time} {below}" if is_figure and time else below or above)
    return header


@cache
def _figure_keys() -> frozenset[str]:
    keys = [PURCHASES.by_id[figure].header_keys for figure in FIGURES]
    return frozenset().union(*keys, GRADES.by_id[c.GRADE].header_keys)


def named_figure(*texts: str) -> str:
    """The figure (quantity or amount) that a title, sheet or file name speaks of; empty when none, or both."""
    together = header_key(" ".join(texts))
    named = {figure for figure in FIGURES for key in PURCHASES.by_id[figure].header_keys if len(key) > 1 and key in together}
    return named.pop() if len(named) == 1 else ""
