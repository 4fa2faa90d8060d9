"""A closed workbook: its tables are read, and written together with its pages and single values in one atomic save."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.erasure import OF_PERSONS
from xlcrm.settings import Settings, default_settings
from xlcrm.sheets import places
from xlcrm.sheets.bigsheets import LARGE_BYTES, read_large
from xlcrm.sheets.cellvalues import Value, cell_text, set_cells
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.encryption import AskPassword, Password, decrypt, encrypt, is_encrypted
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Sheet, Workbook
from xlcrm.sheets.rowheights import fit_rows
from xlcrm.sheets.saving import Stamp, backup_path, check_free, read_stamped, remove_left_overs, save_atomically
from xlcrm.sheets.sheetcells import CellReader, scan
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.storereading import kept_of, settings_of
from xlcrm.sheets.tableappend import append_rows
from xlcrm.sheets.tableparts import Table, tables_of
from xlcrm.sheets.tablerows import Kept
from xlcrm.sheets.tablewriter import TableWriter, columns_by_id
from xlcrm.sheets.xmlbits import Area
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import Checked, TextTable, check
from xlcrm.tables.schema import ColumnKind, TableSpec
from xlcrm.texts import Language

if TYPE_CHECKING:
    from xlcrm.sheets.foundtexts import Found


class _Parts:
    """A workbook file's bytes taken apart; never read again once a save has begun to change them, so that one that fails leaves nothing."""

    def __init__(self, data: bytes, file: str) -> None:
        self.package = Package.from_bytes(data, file)
        self.workbook = Workbook(self.package)

    @cached_property
    def tables(self) -> dict[str, Table]:
        return tables_of(self.workbook)

    @cached_property
    def reader(self) -> CellReader:
        return CellReader.of(self.workbook)

    def named_cell(self, name: str) -> tuple[Sheet, Area] | None:
        """Where a defined name points to, when that is a cell or a range of a sheet."""
        found = self.workbook.defined_name(name)
        if found is None:
            return None
        place, _, cells = found.refers_to.rpartition("!")
        sheet = self.workbook.sheet(place.removeprefix("'").removesuffix("'").replace("''", "'"))
        area = Area.parse(cells)
        return None if sheet is None or area is None else (sheet, area)


class FileStore:
    """The store of a closed workbook file."""

    def __init__(self, path: Path, data: bytes, stamp: Stamp, password: Password | None = None) -> None:
        self.path = path
        self._data, self._stamp, self._password = data, stamp, password
        self._taken_apart: _Parts | None = _Parts(data, path.name)
        self._kept: dict[str, Kept] = {}
        self._settings: Settings | None = None

    @property
    def _parts(self) -> _Parts:
        """The workbook as it was read, taken apart again after a save."""
        if self._taken_apart is None:
            self._taken_apart = _Parts(self._data, self.name)
        return self._taken_apart

    @classmethod
    def open(cls, path: Path | str, ask: AskPassword | None = None) -> FileStore:
        """Opens a workbook, also one with a password for opening, which it keeps when it is saved.

        ask: gets that password, when it is needed; without it such a workbook is refused.
        Raises CannotDo when there is no file, it is no workbook or damaged, or the password is missing or another.
        """
        path = Path(os.path.realpath(path))
        data, stamp = read_stamped(path)
        if not is_encrypted(data):
            return cls(path, data, stamp)
        if ask is None:
            raise CannotDo(Problem("password_needed", file=path.name))
        password = ask(path.name)
        return cls(path, decrypt(data, password, path.name), stamp, password)

    @classmethod
    def create(cls, path: Path | str, language: Language) -> FileStore:
        """Makes a new workbook from the template of that language. Raises CannotDo when the file exists already."""
        from xlcrm.sheets.template import template_bytes

        path = Path(path)
        data = template_bytes(language)
        save_atomically(path, lambda stream: _write_all(stream, data), None)
        return cls.open(path)

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    @property
    def language(self) -> Language:
        """The workbook's language."""
        return self.settings().language

    def check_free(self) -> None:
        """Raises CannotDo when the workbook is open elsewhere or changed since it was read: before a long job, and again at its end."""
        check_free(self.path, self._stamp)

    def has(self, table_id: str) -> bool:
        """Whether the workbook has that table."""
        return TABLES[table_id].excel_name.casefold() in self._parts.tables

    def may_hold(self, table_id: str, written: str) -> bool:
        """Whether a cell of the table may hold that text, which needs no escape; its sheet and the shared texts are searched."""
        sheet = self._parts.package.read(self._table(TABLES[table_id]).sheet.part)
        return written.encode() in sheet or bool((self._parts.reader.shared == written).any())

    def page_ids(self) -> list[str]:
        """The pages that the workbook has a sheet for."""
        from xlcrm.sheets.pagepaint import PagePainter

        return list(PagePainter(self._parts.workbook, self._parts.reader).page_sheets())

    def settings(self) -> Settings:
        """The workbook's settings. Raises CannotDo naming the cell that holds a value that is not allowed."""
        if self._settings is None:
            self._settings = self._read_settings()
        return self._settings

    def _read_settings(self) -> Settings:
        spec, customers = TABLES["settings"], self._parts.tables.get(TABLES["customers"].excel_name.casefold())
        table = self._parts.tables.get(spec.excel_name.casefold())
        return settings_of(
            self._texts(table, spec) if table is not None else None, [column.header for column in customers.columns] if customers else (),
            self.value(places.CURRENT_QUARTER), self.value(places.PREVIOUS_QUARTER), self.name,
        )  # fmt: skip

    def value(self, name: str) -> str:
        """What a named cell shows, as text; empty where it is blank or there is no such name."""
        found = self._parts.named_cell(name)
        return cell_text(self._sheet(found[0]), found[1], self._parts.reader).strip() if found is not None else ""

    def read(self, table_id: str, only: Sequence[str] = ()) -> Checked:
        """One table as a typed frame, with the problems of its cells. Columns that a formula fills are left out.

        only: these columns alone, where the table has them, with what the file shows of formulas; not to be written back.

        Raises CannotDo when the workbook does not have the table.
        """
        spec = TABLES[table_id]
        table = self._table(spec)
        settings = self.settings() if table_id != "settings" else default_settings()
        cells = self._texts(table, spec, only)
        checked = check(spec, cells, settings)
        if not only:
            self._kept[table_id] = kept_of(checked, cells)
        return checked

    def _table(self, spec: TableSpec) -> Table:
        table = self._parts.tables.get(spec.excel_name.casefold())
        if table is None:
            raise CannotDo(Problem("table_missing", file=self.name, value=spec.excel_name))
        return table

    def _sheet(self, sheet: Sheet) -> SheetXml:
        return SheetXml.parse(self._parts.package.read(sheet.part), sheet.part, self.name)

    def _texts(self, table: Table, spec: TableSpec, only: Sequence[str] = ()) -> TextTable:
        wanted = columns_by_id(table, spec)
        if only:
            wanted = {name: number for name, number in wanted.items() if name in only}
        else:
            formulas = {table.area.left + place for place, column in enumerate(table.columns) if column.formula}
            wanted = {
                name: number for name, number in wanted.items()
                if (spec.by_id[name].filled_by != "formula" if name in spec.by_id else number not in formulas)
            }  # fmt: skip
        dates = {number: name in spec.by_id and spec.by_id[name].kind == ColumnKind.DATE for name, number in wanted.items()}
        numbers, texts = self._columns(table, dates)
        frame = pl.DataFrame([texts[number].alias(name) for name, number in wanted.items()])
        headers = {name: table.columns[number - table.area.left].header for name, number in wanted.items()}
        cell_columns = {name: column_letters(number) for name, number in wanted.items()}
        return TextTable(frame, self.name, table.sheet.name, numbers, cell_columns, headers)

    def _columns(self, table: Table, wanted: dict[int, bool]) -> tuple[pl.Series, dict[int, pl.Series]]:
        """Row numbers and the texts of some columns of a table; of a large sheet never all is in memory."""
        package, part = self._parts.package, table.sheet.part
        if package.size(part) > LARGE_BYTES:
            return read_large(package.chunks(part), part, self.name, table.body, wanted, self._parts.reader)
        rows = self._sheet(table.sheet).index().between(table.body.top, table.body.bottom)
        scanned = scan(rows, self._parts.reader, wanted, None)
        return scanned.numbers, scanned.texts

    def save(self, changes: WorkbookChanges) -> None:
        """Writes all changes at once. Raises CannotDo, with nothing changed, where that is not possible."""
        self.check_free()
        settings = self.settings()
        parts, self._taken_apart = self._parts, None
        writer = TableWriter(parts.workbook, parts.reader, parts.tables, settings)
        results = []
        for table_id, frame in changes.tables.items():
            spec = TABLES[table_id]
            table = parts.tables.get(spec.excel_name.casefold())
            if table is None and spec.kind == "result":  # a result that the user does not want to see as a table
                continue
            if table is None:
                raise CannotDo(Problem("table_missing", file=self.name, value=spec.excel_name))
            if spec.kind == "record" and table_id not in self._kept:
                self.read(table_id)  # to know what cannot be read, so that it is not overwritten
            writer.write(table, spec, frame, self._kept.get(table_id, Kept()), changes.origins.get(table_id))
            results += [(table, spec, frame)] if spec.kind == "result" else []
        fit_rows(parts.workbook, results, settings.language)
        for table_id, frame in changes.added.items():
            self._add(parts, writer, table_id, frame)
        self._set_cells(parts, changes)
        if changes.pages or changes.removed_pages:
            from xlcrm.sheets.pagepaint import PagePainter

            PagePainter(parts.workbook, parts.reader).paint(changes.pages, changes.removed_pages)
        parts.workbook.write()
        if changes.erasure is not None:
            self._erase(parts, changes)
        keeps_old = changes.erasure is None
        if self._password is None:
            self._stamp = save_atomically(self.path, parts.package.write, self._stamp, keeps_old=keeps_old)
            self._data = self.path.read_bytes()
        else:  # in clear it is in memory alone
            clear = parts.package.to_bytes()
            sealed = encrypt(clear, self._password, self.name)
            self._stamp = save_atomically(self.path, lambda stream: _write_all(stream, sealed), self._stamp, keeps_old=keeps_old)
            self._data = clear
        self._taken_apart, self._kept, self._settings = None, {}, None

    def _erase(self, parts: _Parts, changes: WorkbookChanges) -> None:
        """Takes a person's texts out of all parts, once everything else stands in them."""
        from xlcrm.sheets.erasing import Eraser

        assert changes.erasure is not None  # the caller looked
        rows: dict[str, set[int]] = {}
        for cell in changes.cells:
            if cell.table_id in OF_PERSONS:
                rows.setdefault(parts.tables[TABLES[cell.table_id].excel_name.casefold()].sheet.part, set()).add(cell.row)
        Eraser(parts.workbook, parts.reader, changes.erasure, rows).erase()

    @property
    def reaches_file(self) -> bool:
        """Yes: all of it."""
        return True

    def find_texts(self, texts: Sequence[str]) -> list[Found]:
        """Every place of these texts in the file, which is opened anew: cells, hidden parts, properties. See `partsoftext.find`."""
        from xlcrm.sheets.partsoftext import find

        data, _ = read_stamped(self.path)
        if self._password is not None:
            data = decrypt(data, self._password, self.name)
        return find(Workbook(Package.from_bytes(data, self.name)), tuple(texts))

    def remove_backups(self) -> list[str]:
        """Deletes the backup, and what a killed save may have left beside the file; returns the names of what is gone.

        Raises CannotDo where one of them cannot be deleted.
        """
        backup = backup_path(self.path)
        there = backup.exists()
        try:
            backup.unlink(missing_ok=True)
            remove_left_overs(self.path)
        except OSError as error:
            raise CannotDo(Problem("backup_not_erased", file=backup.name)) from error
        return [backup.name] if there else []

    def _add(self, parts: _Parts, writer: TableWriter, table_id: str, frame: pl.DataFrame) -> None:
        """Puts rows below a table; where something stands in their way, the whole table is written."""
        spec, table = TABLES[table_id], parts.tables.get(TABLES[table_id].excel_name.casefold())
        if table is None:
            raise CannotDo(Problem("table_missing", file=self.name, value=spec.excel_name))
        if not append_rows(parts.workbook, table, spec, frame, self.settings().language):
            checked = self.read(table_id)
            shown = self.read(table_id, only=[*spec.key, *(name for name in spec.column_ids if name not in checked.frame.columns)])
            old = checked.frame
            if shown.rows.equals(checked.rows):
                old = old.hstack(shown.frame.drop(spec.key))
            writer.write(table, spec, pl.concat([old, frame], how="diagonal_relaxed"), self._kept[table_id])

    def _set_cells(self, parts: _Parts, changes: WorkbookChanges) -> None:
        by_sheet: dict[str, list[tuple[Area, Value, bool]]] = {}
        for cell in changes.cells:
            table = parts.tables[TABLES[cell.table_id].excel_name.casefold()]
            column = columns_by_id(table, TABLES[cell.table_id]).get(cell.column)
            if column is not None:
                by_sheet.setdefault(table.sheet.part, []).append((Area(column, cell.row, column, cell.row), cell.value, True))
        for name, value in changes.values.items():
            found = parts.named_cell(name)
            if found is not None:
                by_sheet.setdefault(found[0].part, []).append((found[1], value, False))
        for part, cells in by_sheet.items():
            sheet = SheetXml.parse(parts.package.read(part), part, self.name)
            before = sheet.rows
            set_cells(sheet, cells, parts.workbook.date1904)
            if sheet.rows != before:
                parts.package.replace(part, [sheet.head.encode(), sheet.rows, sheet.tail.encode()])
                if before.count(b"<f") != sheet.rows.count(b"<f"):
                    parts.workbook.drop_calculation_chain()
                parts.workbook.recalculate_on_load()


def _write_all(stream: object, data: bytes) -> None:
    stream.write(data)  # type: ignore[attr-defined]  # a binary stream
