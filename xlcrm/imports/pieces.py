"""A recognised sheet -> text tables, one for each table of ours (and each quarter of a wide sheet) that it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from xlcrm.imports.headers import Header, HeaderColumn
from xlcrm.imports.sources import FIGURES
from xlcrm.imports.textsheet import TextSheet
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c
from xlcrm.tables import periods
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import TextTable
from xlcrm.tables.schema import header_key
from xlcrm.tables.surveys import FEEDBACK, named_kind

_TOTAL_WORD = r"(?:[合总總小共累]\s*[计計]|[总總]\s*[数數]|[汇匯彙]\s*[总總]|(?:grand\s+|sub-?\s*)?totals?|sum)"
# In the code's column such a word alone; elsewhere, where the code is blank, also `合计：35 户` and `一线小计`.
_TOTAL_CODE = rf"(?i)^\s*\S{{0,8}}?{_TOTAL_WORD}\s*[:：]?\s*$"
_TOTAL_ELSEWHERE = rf"(?i)^\s*(?:\S{{0,8}}?{_TOTAL_WORD}\s*[:：]?\s*$|{_TOTAL_WORD}\s*(?:[:：\d(（]|$))"


@dataclass(frozen=True, slots=True)
class Pieces:
    """tables: (table id, text table), in order. dropped: total rows, notes and repeated headers, which are no data. problems: what had to
    be left out."""

    tables: list[tuple[str, TextTable]]
    dropped: int = 0
    problems: list[Problem] = field(default_factory=list)


def cut(sheet: TextSheet, header: Header, given_quarter: str, file_stem: str) -> Pieces:
    """Cuts a sheet. `given_quarter` (`2017Q1` or empty) counts where the columns name none; then a title, the sheet's and the
    file's name do. Raises CannotDo when a quarter is needed and nothing names it."""
    body, rows, dropped = _body(sheet, header)
    cutter = _Cutter(sheet, header, body, rows)
    time = given_quarter or _time_by_place(sheet, header, file_stem, months=header.format.kind == "purchases")
    kind = header.format.kind
    pieces: list[tuple[str, TextTable]] = []
    problems: list[Problem] = []
    if kind in ("routes", "customers"):
        pieces.append(("customers", cutter.customers(with_route=kind == "routes")))
        if kind == "routes":
            route_piece = cutter.routes()
            pieces.append(("routes", route_piece))
            pieces += [("grades", piece) for piece in cutter.wide((c.GRADE,), c.QUARTER)]
            if header.of(c.GRADE):
                if time or header.of(c.QUARTER):
                    pieces.append(("grades", cutter.long_grades(time)))
                else:
                    place = f"{header.of(c.GRADE)[0].letter}{header.first_row}"
                    problems.append(Problem("grades_need_quarter", sheet.file, sheet.name, place, header.of(c.GRADE)[0].header))
    elif kind == "grades":
        pieces += [("grades", piece) for piece in cutter.wide((c.GRADE,), c.QUARTER)]
        if header.of(c.GRADE):
            if not time and not header.of(c.QUARTER):
                raise CannotDo(Problem("quarter_needed", file=sheet.file, sheet=sheet.name, details={"kind": kind}))
            pieces.append(("grades", cutter.long_grades(time)))
    elif kind == "purchases":
        pieces += [("purchases", piece) for piece in cutter.wide(FIGURES, c.PERIOD)]
        if any(header.of(figure) for figure in FIGURES):
            timed = any(header.of(column) for column in (c.DATE, c.PERIOD, c.QUARTER))
            if not time and not timed:
                raise CannotDo(Problem("quarter_needed", file=sheet.file, sheet=sheet.name, details={"kind": kind}))
            pieces.append(("purchases", cutter.long_purchases("" if timed else time)))
    elif kind == "surveys":
        pieces.append((kind, cutter.answers(file_stem)))
    else:
        pieces.append((kind, cutter.plain(kind)))
    return Pieces(pieces, dropped, problems)


def _time_by_place(sheet: TextSheet, header: Header, file_stem: str, months: bool) -> str:
    for text in (header.title, sheet.name, file_stem):
        found = periods.find_quarter(text) or (periods.find_month(text) if months else None)
        if found:
            return found[0]
    return ""


def _body(sheet: TextSheet, header: Header) -> tuple[pl.DataFrame, pl.Series, int]:
    """The rows below the header, with their row numbers: without blank rows, and without totals, notes and repeated headers, which are
    counted."""
    frame = sheet.frame.slice(header.first_row)
    rows = pl.Series("row", range(header.first_row + 1, header.first_row + 1 + frame.height), dtype=pl.Int64)
    for first_row, first_column, last_row, last_column in sheet.merged:
        if first_column == last_column and first_row >= header.first_row and first_column < frame.width and last_row - first_row < 1000:
            name, start = frame.columns[first_column], first_row - header.first_row
            values = frame[name]
            stop = min(last_row - header.first_row + 1, frame.height)
            if start < stop:
                frame = frame.with_columns(values.scatter(range(start, stop), values[start]).alias(name))
    key = header.of(c.CUSTOMER_CODE) or header.of(c.PRODUCT_CODE)
    code = pl.col(frame.columns[key[0].index])
    looked = frame.select(
        _CELLS,
        _TOTAL_ANYWHERE,
        (code.is_null() | (code.str.strip_chars() == "")).alias("blank_code"),
        (code.str.contains(_TOTAL_CODE) | (code == key[0].header)).fill_null(False).alias("total_or_header"),
        # `制表人：张三` alone on its row, below the table, is no code.
        code.str.contains(r"\S\s*[:：]").fill_null(False).alias("colon"),
    ).select(_FILLED, _DATA)
    filled, data = looked.get_columns()
    if data.all():
        return frame, rows, 0
    return frame.filter(data), rows.filter(data), int((filled & ~data).sum())


def _filled(cells: pl.Expr) -> pl.Expr:
    """Whether a cell has a text beyond blanks."""
    return cells.str.strip_chars().str.len_chars().fill_null(0) > 0


_CELLS = pl.sum_horizontal(_filled(pl.all()).cast(pl.Int64)).alias("cells")
_TOTAL_ANYWHERE = pl.any_horizontal(pl.all().str.contains(_TOTAL_ELSEWHERE).fill_null(False)).alias("total_anywhere")
_FILLED = (pl.col("cells") > 0).alias("filled")
_TOTAL = pl.col("total_or_header") | (pl.col("blank_code") & pl.col("total_anywhere"))
_DATA = (_FILLED & ~_TOTAL & ~((pl.col("cells") == 1) & pl.col("colon"))).alias("data")


@dataclass(frozen=True, slots=True)
class _Cutter:
    sheet: TextSheet
    header: Header
    body: pl.DataFrame
    rows: pl.Series

    def _table(self, columns: Iterable[tuple[str, HeaderColumn | str]]) -> TextTable:
        """A text table of columns by name: each a column of the sheet, or one text for all rows."""
        series: list[pl.Series] = []
        letters: dict[str, str] = {}
        headers: dict[str, str] = {}
        for name, origin in columns:
            if isinstance(origin, str):
                series.append(pl.Series(name, [origin], dtype=pl.String).new_from_index(0, self.body.height))
            else:
                series.append(self.body.to_series(origin.index).alias(name))
                letters[name], headers[name] = origin.letter, origin.header
        sheet = self.sheet
        return TextTable(
            pl.DataFrame(series), sheet.file, sheet.name, self.rows, letters, headers, original=self.body, decimal_comma=sheet.decimal_comma
        )

    def _one(self, fields: Iterable[str]) -> list[tuple[str, HeaderColumn | str]]:
        return [(field, self.header.of(field)[0]) for field in fields if self.header.of(field)]

    def _with_any(self, columns: list[HeaderColumn]) -> _Cutter:
        """The rows that have a text in one of those columns."""
        names = [self.body.columns[column.index] for column in columns]
        there = self.body.select(pl.any_horizontal(_filled(pl.col(name)) for name in names)).to_series()
        return self if there.all() else _Cutter(self.sheet, self.header, self.body.filter(there), self.rows.filter(there))

    def _custom(self, table_id: str) -> list[tuple[str, HeaderColumn | str]]:
        """The user's own columns, under their own headers; one without a header but with values under its letter."""
        spec = TABLES[table_id]
        taken = set(spec.column_ids)
        custom: list[tuple[str, HeaderColumn | str]] = []
        for column in self.header.columns:
            if column.field or column.time:
                continue
            name = " ".join(column.header.split())
            if not name:
                if self.body.to_series(column.index).is_null().all():
                    continue
                name = column.letter
            # A header that a computed column of ours has (State, Change) is told apart from it.
            while name in taken or header_key(name) in spec.by_header:
                name = f"{name} (2)"
            taken.add(name)
            custom.append((name, column))
        return custom

    def plain(self, table_id: str) -> TextTable:
        """One row a row of the sheet, columns as they are."""
        fields = [column.id for column in TABLES[table_id].columns if column.filled_by == "user"]
        return self._table(self._one(fields) + self._custom(table_id))

    def answers(self, file_stem: str) -> TextTable:
        """Answers of customers. Where no column says of which kind they are, the score's header, a title, the sheet's or the file's name
        does; without a score they are words."""
        fields = [column.id for column in TABLES["surveys"].columns if column.filled_by == "user"]
        columns = self._one(fields)
        if not self.header.of(c.KIND):
            score = self.header.of(c.SCORE)
            named = (named_kind(each) for each in (score[0].header, self.header.title, self.sheet.name, file_stem)) if score else iter(())
            columns.append((c.KIND, next(filter(None, named), "") if score else FEEDBACK))
        return self._table(columns + self._custom("surveys"))

    def customers(self, with_route: bool) -> TextTable:
        """The customers, with the route of their row; `with_route`: else of the sheet's name or of the title."""
        fields = [column.id for column in TABLES["customers"].columns if column.filled_by == "user" and column.id != c.ROUTE]
        route = self._route() if with_route else self._one((c.ROUTE,))
        return self._table(self._one(fields) + route + self._custom("customers"))

    def routes(self) -> TextTable:
        """Route, batch and manager of each row; to be summed up to one row a route."""
        manager = self.header.of(c.ACCOUNT_MANAGER) or self.header.of(c.OWNER)
        named: list[tuple[str, HeaderColumn | str]] = [(c.ACCOUNT_MANAGER, manager[0])] if manager else []
        return self._table(self._route() + self._one((c.BATCH,)) + named)

    def _route(self) -> list[tuple[str, HeaderColumn | str]]:
        own = self._one((c.ROUTE,))
        return own or [(c.ROUTE, periods.route_of_sheet(self.sheet.name) or periods.find_route(self.header.title) or "")]

    def wide(self, fields: tuple[str, ...], time_column: str) -> list[TextTable]:
        """One piece for each quarter or month that has columns of its own; rows without any value in them are left out."""
        found: dict[str, list[tuple[str, HeaderColumn | str]]] = {}
        for field_id in fields:
            for column in self.header.of(field_id, wide=True):
                found.setdefault(column.time, []).append((field_id, column))
        table_id = "grades" if time_column == c.QUARTER else "purchases"
        same = self._one((c.CUSTOMER_CODE,))
        pieces = []
        for time in sorted(found):
            figures = found[time]
            kept = self._with_any([column for _, column in figures if isinstance(column, HeaderColumn)])
            custom = self._custom(table_id) if self.header.format.kind == table_id else []
            pieces.append(kept._table([*same, (time_column, time), *figures, *custom]))
        return pieces

    def long_grades(self, time: str) -> TextTable:
        """One row a customer; the quarter from its column, else `time`."""
        quarter = self._one((c.QUARTER,)) or [(c.QUARTER, time)]
        custom = self._custom("grades") if self.header.format.kind == "grades" else []
        source = self._one((c.SOURCE,)) if self.header.format.kind == "grades" else []
        return self._table([*self._one((c.CUSTOMER_CODE,)), *quarter, *self._one((c.GRADE,)), *source, *custom])

    def long_purchases(self, time: str) -> TextTable:
        """One row a purchase or a total; the time from its columns, else `time`. A row without any figure is none."""
        kept = self._with_any([column for figure in FIGURES for column in self.header.of(figure)])
        return kept._long_purchases(time)

    def _long_purchases(self, time: str) -> TextTable:
        period = self._one((c.PERIOD,))
        if not period and not self.header.of(c.DATE):
            period = [(c.PERIOD, self.header.of(c.QUARTER)[0])] if self.header.of(c.QUARTER) else [(c.PERIOD, time)]
        fields = self._one((c.CUSTOMER_CODE, c.DATE))
        return self._table([*fields, *period, *self._one((c.ORDER_NUMBER, c.PRODUCT_CODE, *FIGURES)), *self._custom("purchases")])
