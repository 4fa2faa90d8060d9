"""A typed frame written into an Excel table of a closed workbook.

Rows are matched to the rows that stand there by the table's key. What belongs to a row and is not ours stays with its key: cell
styles, height and hidden mark of the row, the cells of added columns, cells beside a record table. Cells that another table or
a merged cell beside the table covers, and cells beside a result table, stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.sheets.below import shift_below
from xlcrm.sheets.carrying import carried_cells
from xlcrm.sheets.cellwriter import CellColumn, rows_xml
from xlcrm.sheets.parts import Workbook
from xlcrm.sheets.rowmatch import Matching, key_texts, match_rows
from xlcrm.sheets.sheetcells import CellReader, RowTemplate, Scanned, scan
from xlcrm.sheets.sheetxml import RowIndex, SheetXml
from xlcrm.sheets.storereading import ids_of_headers
from xlcrm.sheets.tableparts import Table, TableColumn
from xlcrm.sheets.tablerows import Kept, typed
from xlcrm.sheets.tailedits import follow_rows, grow_names, grow_ranges, header_cells
from xlcrm.sheets.xmlbits import MAX_ROWS, Area
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.check import clean_column
from xlcrm.tables.schema import ColumnKind, TableSpec, header_key

NEW_COLUMN_PX = 100


@dataclass(slots=True)
class TableWriter:
    """Writes tables into the parts of one workbook."""

    workbook: Workbook
    reader: CellReader
    tables: dict[str, Table]
    settings: Settings

    def write(self, table: Table, spec: TableSpec, frame: pl.DataFrame, kept: Kept, origins: pl.Series | None = None) -> None:
        """Puts the frame into the table. Raises CannotDo where that would break something of the user's.

        origins: see `WorkbookChanges`.
        """
        package = self.workbook.package
        sheet = SheetXml.parse(package.read(table.sheet.part), table.sheet.part, package.file)
        others = [other for other in self.tables.values() if other.sheet is table.sheet and other is not table]
        self._add_columns(table, spec, frame, sheet, others)
        old_body = table.body
        named = columns_by_id(table, spec)
        written = {name: named[name] for name in frame.columns if name in named}
        formulas = {table.area.left + place: column for place, column in enumerate(table.columns) if column.formula}
        owned = {number for name, number in written.items()} | {
            number for name, number in named.items() if name in spec.by_id and spec.by_id[name].filled_by == "formula"
        }
        matching, scanned = self._match(sheet, table, spec, frame, kept, written, owned, origins)
        height = max(matching.height, 1)
        bottom = old_body.top + height - 1
        if bottom + table.totals_rows > MAX_ROWS:
            raise CannotDo(
                Problem("too_many_rows", file=package.file, sheet=table.sheet.name, details={"table": table.name, "rows": height})
            )
        sheet, moved = shift_below(self.workbook, sheet, table, others, height)
        if moved:  # what was read below the table stands elsewhere now
            scanned = scanned.until(old_body.bottom)
        fixed = fixed_columns(table, spec, sheet, others, height)
        columns = self._columns(table, spec, frame, scanned, matching, written, formulas, owned, kept, fixed, height)
        self._put(table, sheet, scanned, matching, columns, fixed, height, moved)

    # -- the steps of a write

    def _add_columns(self, table: Table, spec: TableSpec, frame: pl.DataFrame, sheet: SheetXml, others: list[Table]) -> None:
        named = columns_by_id(table, spec)
        for name in frame.columns:
            if name in named or (name in spec.by_id and spec.by_id[name].filled_by == "formula"):
                continue
            header = spec.by_id[name].label(self.settings.language) if name in spec.by_id else name
            place = Area(table.area.right + 1, table.area.top, table.area.right + 1, table.area.bottom)
            if any(_overlap(place, other.area) for other in others) or any(_overlap(place, area) for area in sheet.merged()):
                raise CannotDo(Problem("no_room_for_column", file=self.workbook.package.file, sheet=table.sheet.name, value=header))
            taken = scan(sheet.index().between(place.top, place.bottom), self.reader, {place.left: False}, None).texts[place.left]
            if taken.null_count() < taken.len():
                raise CannotDo(Problem("no_room_for_column", file=self.workbook.package.file, sheet=table.sheet.name, value=header))
            used = {header_key(column.header) for column in table.columns}
            unique, number = header, 2
            while header_key(unique) in used:
                unique, number = f"{header} ({number})", number + 1
            column = table.add_column(unique)
            header_cells(sheet, table, column, unique, NEW_COLUMN_PX)
            named[name] = column

    def _match(
        self, sheet: SheetXml, table: Table, spec: TableSpec, frame: pl.DataFrame, kept: Kept, written: Mapping[str, int], owned: set[int],
        origins: pl.Series | None,
    ) -> tuple[Matching, Scanned]:  # fmt: skip
        keys = [name for name in spec.key if name in written]
        body = table.body
        last = max(body.bottom, body.top + max(frame.height + len(kept.rows), 1) - 1)
        wanted = {written[name]: spec.by_id[name].kind == ColumnKind.DATE for name in keys}
        rescued = {written[name] for name in kept.cells if name in written}
        scanned = scan(sheet.index().between(body.top, last), self.reader, wanted, set() if kept.rows else owned - rescued)
        in_body = scanned.numbers <= body.bottom
        old = [clean_column(spec.by_id[name], scanned.texts[written[name]].filter(in_body), self.settings).values for name in keys]
        numbers = scanned.numbers.filter(in_body)
        new = key_texts([frame[name] for name in keys])
        matching = match_rows(numbers, key_texts(old), new, frame.height, kept.rows, bool(keys), origins)
        return matching, scanned

    def _columns(
        self, table: Table, spec: TableSpec, frame: pl.DataFrame, scanned: Scanned, matching: Matching,
        written: Mapping[str, int], formulas: Mapping[int, TableColumn], owned: set[int], kept: Kept, fixed: frozenset[int], height: int,
    ) -> list[CellColumn]:  # fmt: skip
        names = {number: name for name, number in written.items()}
        spread = matching.spread(height)
        default = default_template(scanned, table.body)
        by_position = matching.positions(scanned.numbers, table.body.top, height)
        # A new row that reaches below the old table finds cells beside it there: they stay in their place.
        below = scanned.numbers > table.body.bottom
        only_below = by_position.set(~below.gather(by_position).fill_null(True), None) if below.len() else by_position
        beside = pl.select(pl.coalesce(spread, only_below)).to_series()
        rows_kept = matching.kept_rows(scanned.numbers, height)
        result = []
        for number in sorted({*range(table.area.left, table.area.right + 1), *scanned.raw}):
            inside = table.area.left <= number <= table.area.right
            origin = by_position if number in fixed else spread if inside else beside
            raw = None
            if number in scanned.raw:
                raw = carried_cells(scanned.raw[number], scanned.numbers, origin, table.body.top, number)
                if number in owned:
                    allowed = rows_kept
                    if number in names and names[number] in kept.cells:
                        bad = scanned.numbers.is_in(list(kept.cells[names[number]]))
                        allowed = allowed | bad.gather(origin).fill_null(False)
                    raw = raw.set(~allowed, None)
            styles = styles_of(number, scanned, origin, default if inside else None)
            values, scale = None, 1
            if number in names:
                values, scale = typed(frame[names[number]], spec.by_id.get(names[number]), self.settings.language)
                values = matching.gather(values, height)
            column = formulas.get(number)
            formula = "" if column is None else formula_xml(column, number)
            result.append(CellColumn(number, values, styles, raw, formula, scale))
        return result

    def _put(
        self, table: Table, sheet: SheetXml, scanned: Scanned, matching: Matching, columns: list[CellColumn], fixed: frozenset[int],
        height: int, below_moved: int,
    ) -> None:  # fmt: skip
        package, old_body = self.workbook.package, table.body
        top, bottom = old_body.top, old_body.top + height - 1
        index = sheet.index()
        freed = scanned.numbers.filter(scanned.numbers > bottom)
        if not below_moved:
            last = max(bottom, old_body.bottom)
        else:
            last = bottom
            freed = freed.clear()
        numbers = pl.int_range(top, bottom + 1, eager=True)
        default = default_template(scanned, old_body)
        attributes = row_attributes(scanned, matching.spread(height), default)
        rows = rows_xml(numbers, attributes, columns, self.workbook.date1904)
        left_over = freed_rows(freed, scanned, fixed)
        before, after = index.before(top), index.after(last)
        tail_rows = [after] if after else []
        had_formulas = sheet.has_formulas() or any(column.formula for column in columns)
        lowest_row = index.numbers[-1] if index.numbers else 0
        sheet.rows, index = b"", RowIndex(b"", [], [], 0, 0)  # the old rows are not needed any more, and they may be large
        same_places = height == old_body.height and matching.unmoved
        table.resize(height)
        grow_ranges(sheet, old_body, table.body)
        grow_names(self.workbook, table.sheet, old_body, table.body)
        if not same_places:
            follow_rows(self.workbook, table.sheet, sheet, old_body, matching.row_moves(scanned.numbers, top))
        area = sheet.area()
        if area is not None:
            lowest = max(bottom + table.totals_rows, lowest_row)
            if not after and not left_over:
                lowest = bottom
            sheet.set_area(Area(min(area.left, table.area.left), min(area.top, table.area.top), max(area.right, table.area.right), lowest))
        chunks = [sheet.head.encode(), before, *rows, left_over, *tail_rows, sheet.tail.encode()]
        package.replace(table.sheet.part, chunks)
        package.replace(table.part, table.xml.encode())
        if had_formulas and not same_places:
            self.workbook.drop_calculation_chain()
        self.workbook.recalculate_on_load()


def columns_by_id(table: Table, spec: TableSpec) -> dict[str, int]:
    """Column ids, and headers that are no column of ours, with their column numbers on the sheet. The first of a kind wins."""
    return ids_of_headers([column.header for column in table.columns], table.area.left, spec)


def formula_xml(column: TableColumn, number: int) -> str:
    """The `<f>` element of a calculated column."""
    return f"<f>{column.formula}</f>" if column.formula else ""


def default_template(scanned: Scanned, body: Area) -> RowTemplate:
    """How a new row looks: like most rows of the table."""
    ids = scanned.template_ids.filter(scanned.numbers <= body.bottom)
    if not ids.len():
        return RowTemplate("", {})
    counts = ids.value_counts(sort=False)
    most = counts["count"].max()
    chosen = min(counts.filter(counts["count"] == most)[ids.name].to_list())
    template = scanned.templates[chosen]
    return RowTemplate(re.sub(r'\s(?:hidden|collapsed)="[^"]*"', "", template.attributes), template.styles)


def styles_of(number: int, scanned: Scanned, origin: pl.Series, default: RowTemplate | None) -> str | pl.Series:
    """The style attribute of one column's cells: that of the row it came from, else the default."""
    first = _style(default.styles.get(number, "")) if default is not None else ""
    options = [_style(template.styles.get(number, "")) for template in scanned.templates]
    if default is None:  # beside the table only carried cells exist, which have their style in themselves
        return ""
    if all(option == first for option in options):
        return first
    ids = scanned.template_ids.gather(origin)
    return pl.Series("style", options, dtype=pl.String).gather(ids).fill_null(first)


def row_attributes(scanned: Scanned, origin: pl.Series, default: RowTemplate) -> str | pl.Series:
    """The attributes of each row."""
    options = [template.attributes for template in scanned.templates]
    if all(option == default.attributes for option in options):
        return default.attributes
    ids = scanned.template_ids.gather(origin)
    return pl.Series("row", options, dtype=pl.String).gather(ids).fill_null(default.attributes)


def _style(style: str) -> str:
    return f' s="{style}"' if style else ""


def fixed_columns(table: Table, spec: TableSpec, sheet: SheetXml, others: list[Table], height: int) -> frozenset[int]:
    """Columns beside the table whose cells stay in their row, whatever becomes of the table's rows."""
    rows = Area(1, table.body.top, 16_384, max(table.body.bottom, table.body.top + height - 1))
    blocks = [other.area for other in others if _overlap(rows, other.area)] + [area for area in sheet.merged() if _overlap(rows, area)]
    fixed = {number for block in blocks for number in range(block.left, block.right + 1)}
    if spec.kind == "result":
        fixed |= set(range(1, 16_385))
    return frozenset(fixed - set(range(table.area.left, table.area.right + 1)))


def freed_rows(freed: pl.Series, scanned: Scanned, fixed: frozenset[int]) -> bytes:
    """Rows below a table that became shorter: the cells in them that stay in their place."""
    written: list[str] = []
    if fixed.isdisjoint(scanned.raw):
        return b""
    for number in freed.to_list():
        place = scanned.numbers.index_of(number) or 0
        kept = [(column, series[place]) for column, series in sorted(scanned.raw.items()) if column in fixed and series[place] is not None]
        if kept:
            written.append(
                f'<row r="{number}">' + "".join(f'<c r="{column_letters(column)}{number}{raw}' for column, raw in kept) + "</row>"
            )
    return "".join(written).encode()


def _overlap(one: Area, other: Area) -> bool:
    return one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom
