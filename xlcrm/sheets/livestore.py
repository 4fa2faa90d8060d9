"""The store of a workbook that is open in Excel: the same tables, pages and values as in a closed file, through xlwings.

It keeps to what xlwings does on every host: everything is read before anything is written, formulas and looks are only ever set.
What differs from a closed file: a user's formats and cells beside a table stay in their place when rows change theirs, and on a
page sheet what a user typed is carried along as a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings, default_settings
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.livegrid import LiveBook, LiveTable
from xlcrm.sheets.livetables import LiveTableWriter
from xlcrm.sheets.livevalues import column_texts, stands
from xlcrm.sheets.livewriting import writing
from xlcrm.sheets.storereading import ids_of_headers, kept_of, settings_of
from xlcrm.sheets.tablerows import Kept
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import Checked, TextTable, check
from xlcrm.tables.schema import ColumnKind, TableSpec
from xlcrm.texts import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings

    from xlcrm.sheets.foundtexts import Found


class LiveStore:
    """The store of an open workbook. One store serves one run: after `save` the snapshot that it read is out of date."""

    def __init__(self, book: xlwings.Book) -> None:
        self._book = LiveBook(book)
        self._kept: dict[str, Kept] = {}
        self._read: dict[str, Checked] = {}
        self._settings: Settings | None = None

    @property
    def name(self) -> str:
        """The workbook's name, for messages."""
        return self._book.name

    @property
    def language(self) -> Language:
        """The workbook's language."""
        return self.settings().language

    def has(self, table_id: str) -> bool:
        """Whether the workbook has that table."""
        return TABLES[table_id].excel_name.casefold() in self._book.tables

    def may_hold(self, table_id: str, written: str) -> bool:
        """Whether a cell of the table holds that text."""
        texts = self.read(table_id).frame.select(pl.col(pl.String))
        return any((column == written).any() for column in texts)

    def page_ids(self) -> list[str]:
        """The pages that the workbook has a sheet for."""
        from xlcrm.sheets.livepages import page_sheets

        return list(page_sheets(self._book))

    def settings(self) -> Settings:
        """The workbook's settings. Raises CannotDo naming the cell that holds a value that is not allowed."""
        if self._settings is None:
            spec, heads = TABLES["settings"], self._book.tables.get(TABLES["customers"].excel_name.casefold())
            table = self._book.tables.get(spec.excel_name.casefold())
            self._settings = settings_of(
                self._texts(table, spec) if table is not None else None, heads.headers if heads is not None else (),
                self.value(places.CURRENT_QUARTER), self.value(places.PREVIOUS_QUARTER), self.name,
            )  # fmt: skip
        return self._settings

    def value(self, name: str) -> str:
        """What a named cell holds, as text; empty where it is blank or there is no such name."""
        found = self._book.place(name)
        if found is None:
            return ""
        return (column_texts([self._book.rows(*found)[0][0]], as_date=False)[0] or "").strip()

    def read(self, table_id: str, only: Sequence[str] = ()) -> Checked:
        """One table as a typed frame, with the problems of its cells. Columns that a formula of ours fills are left out.

        Raises CannotDo when the workbook does not have the table.
        """
        if only:
            spec = TABLES[table_id]
            return check(spec, self._texts(self._table(spec), spec, only), self.settings())
        if table_id not in self._read:  # nothing changes in a snapshot
            spec = TABLES[table_id]
            cells = self._texts(self._table(spec), spec)
            checked = check(spec, cells, self.settings() if table_id != "settings" else default_settings())
            self._kept[table_id] = kept_of(checked, cells)
            self._read[table_id] = checked
        return self._read[table_id]

    def _table(self, spec: TableSpec) -> LiveTable:
        table = self._book.tables.get(spec.excel_name.casefold())
        if table is None:
            raise CannotDo(Problem("table_missing", file=self.name, value=spec.excel_name))
        return table

    def _texts(self, table: LiveTable, spec: TableSpec, only: Sequence[str] = ()) -> TextTable:
        wanted = {
            name: number for name, number in ids_of_headers(table.headers, table.area.left, spec).items()
            if (name in only if only else name not in spec.by_id or spec.by_id[name].filled_by != "formula")
        }  # fmt: skip
        columns = self._book.columns(table.sheet, table.body, list(wanted.values()))
        dates = {name for name in wanted if name in spec.by_id and spec.by_id[name].kind == ColumnKind.DATE}
        frame = pl.DataFrame([column_texts(columns[number], name in dates).alias(name) for name, number in wanted.items()])
        headers = {name: table.headers[number - table.area.left] for name, number in wanted.items()}
        letters = {name: column_letters(number) for name, number in wanted.items()}
        rows = pl.int_range(table.body.top, table.body.bottom + 1, eager=True)
        return TextTable(frame, self.name, table.sheet, rows, letters, headers)

    def save(self, changes: WorkbookChanges) -> None:
        """Writes all changes. Raises CannotDo, with nothing changed, where one of them is not possible; HalfDone where Excel stops it."""
        if changes.erasure is not None:
            self._book.written = {}
        writer = LiveTableWriter(self._book, self.settings())
        steps = []
        grown = {table_id: pl.concat([self.read(table_id).frame, rows], how="diagonal_relaxed") for table_id, rows in changes.added.items()}
        for table_id, frame in {**changes.tables, **grown}.items():
            spec = TABLES[table_id]
            table = self._book.tables.get(spec.excel_name.casefold())
            if table is None and spec.kind == "result":  # a result that the user does not want to see as a table
                continue
            table = self._table(spec)
            if spec.kind == "record":
                self.read(table_id)  # to know what cannot be read, so that it is not overwritten
            # Everything that can refuse comes before the first cell is written.
            steps.append(writer.planned(table, spec, frame, self._kept.get(table_id, Kept()), changes.origins.get(table_id)))
        with writing(at_once=not self._book.remote):
            for step in steps:
                writer.write(step)
            self._write_cells(changes)
            self._write_values(changes)
            if changes.pages or changes.removed_pages:
                from xlcrm.sheets.livepages import LivePagePainter

                LivePagePainter(self._book).paint(changes.pages, changes.removed_pages)
            if changes.erasure is not None:
                from xlcrm.sheets.liveerasing import erase

                erase(self._book, changes.erasure)
        self._kept, self._read, self._settings = {}, {}, None

    @property
    def reaches_file(self) -> bool:
        """No: of an open workbook only cells can be read, neither tips of links nor comments nor the file's properties."""
        return False

    def find_texts(self, texts: Sequence[str]) -> list[Found]:
        """Every cell of the open workbook that shows one of these texts; see `liveerasing.find`."""
        from xlcrm.sheets.liveerasing import find

        return find(self._book, texts)

    def remove_backups(self) -> list[str]:
        """None: what Excel keeps beside an open workbook is Excel's own."""
        return []

    def _write_cells(self, changes: WorkbookChanges) -> None:
        """The single cells of tables; what a formula shows is Excel's own affair."""
        for cell in changes.cells:
            spec, table = TABLES[cell.table_id], self._table(TABLES[cell.table_id])
            column = ids_of_headers(table.headers, table.area.left, spec).get(cell.column)
            if column is not None and (cell.column not in spec.by_id or spec.by_id[cell.column].filled_by != "formula"):
                self._book.write(table.sheet, cell.row, column, [[cell.value]])

    def _write_values(self, changes: WorkbookChanges) -> None:
        for name, value in changes.values.items():
            found = self._book.place(name)
            if found is not None and stands(self._book.rows(*found)[0][0]) != (None if value == "" else value):
                self._book.write(found[0], found[1].top, found[1].left, [[value]])
