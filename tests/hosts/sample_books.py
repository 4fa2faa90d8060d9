"""Workbooks that host tests start from, and what is compared between them afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import polars as pl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook

from tests.hosts import openbooks
from tests.hosts.office import cell_values
from tests.sheets.filling import fill_table
from xlcrm.functions import Function
from xlcrm.functions.catalog import Argument, Grid
from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.importing import import_sheets
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.recording import fixed_pen, written_with
from xlcrm.problems import CannotDo
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Situation:
    """What the user did before the button: pasted an export on Import, selected cells, chose quarters on Home, typed rows into tables.

    In what is pasted or typed, `{3}` is the code of the customer in that place. logged: a follow-up was written down.
    """

    pasted: Rows = ()
    typed: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    select_customer: bool = False
    chosen: dict[str, str] = field(default_factory=dict)
    logged: bool = False


INTAKE: Sequence[Mapping[str, object]] = (
    {c.DATE: dt.date(2018, 1, 3), c.CUSTOMER_CODE: "{2}", c.KIND: "visit", c.NOTE: "ordered two", c.AUTHOR: "Lee"},
    {c.DATE: dt.date(2018, 1, 3), c.CUSTOMER_CODE: "{3}", c.KIND: "call", c.NEXT_ACTION: "samples", c.NEXT_ACTION_ON: "soon", c.AUTHOR: "Lee"},
    {c.DATE: dt.date(2018, 1, 4), c.CUSTOMER_CODE: "{4}", c.KIND: "call", c.NEXT_ACTION: "samples", c.NEXT_ACTION_ON: dt.date(2018, 1, 9),
     c.PRIORITY: 1, c.AUTHOR: "Lee"},
    {c.DATE: dt.date(2018, 1, 4), c.CUSTOMER_CODE: "nobody", c.KIND: "visit"},
    {c.DATE: dt.date(2018, 1, 3), c.CUSTOMER_CODE: "{2}", c.KIND: "visit", c.NOTE: "ordered two", c.AUTHOR: "Lee"},
)  # fmt: skip
FOLLOW_UPS: Sequence[Mapping[str, object]] = (
    {c.DATE: dt.date(2018, 1, 3), c.CUSTOMER_CODE: "{2}", c.KIND: "visit", c.AUTHOR: "Lee", c.FOLLOW_UP_ID: "A1",
     c.NEXT_ACTION: "samples", c.NEXT_ACTION_ON: dt.date(2018, 1, 4)},
    {c.DATE: dt.date(2018, 1, 4), c.CUSTOMER_CODE: "{2}", c.KIND: "call", c.AUTHOR: "Lee", c.FOLLOW_UP_ID: "A2"},
    {c.DATE: dt.date(2017, 12, 4), c.CUSTOMER_CODE: "{5}", c.KIND: "note", c.FOLLOW_UP_ID: "A3"},
)  # fmt: skip

TWINS: Sequence[Mapping[str, object]] = (
    {c.CODE_A: "{2}", c.CODE_B: "{5}", c.SCORE: 0.9, c.REASONS: "same phone", c.DECISION: "keep B"},
    {c.CODE_A: "{1}", c.CODE_B: "{3}", c.SCORE: 0.4, c.REASONS: "same name", c.DECISION: "different"},
)  # fmt: skip
HANDOVERS: Sequence[Mapping[str, object]] = (
    {c.CUSTOMER_CODE: "{2}", c.TO_OWNER: "Ben"},
    {c.CUSTOMER_CODE: "nobody", c.TO_OWNER: "Ben"},
    {c.TO_OWNER: "Ana", c.NOTE: "the selected one"},
)  # fmt: skip
ERASURES: Sequence[Mapping[str, object]] = (
    {c.CUSTOMER_CODE: "{2}", c.PURPOSE: "erasure", c.GIVEN_ON: dt.date(2018, 1, 2)},
    {c.CUSTOMER_CODE: "{4}", c.PURPOSE: "marketing", c.GIVEN_ON: dt.date(2018, 1, 2), c.NOTE: "by phone"},
)

MINIMUMS: Sequence[Mapping[str, object]] = (
    {c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.NEW_MIN_QUANTITY: 45},
    {c.BUSINESS_TYPE: "CB", c.SIZE: "2", c.NEW_MIN_QUANTITY: 12, c.NEW_MIN_AMOUNT: 150.5},
    {c.BUSINESS_TYPE: "CS", c.SIZE: "9", c.NEW_MIN_QUANTITY: 3},
)

SITUATIONS: dict[str, Situation] = {
    "import_exports": Situation(pasted=((c.CUSTOMER_CODE, "2018Q1"), ("{0}", "CS1"), ("{7}", "CS3"), ("{9}", "no grade"))),
    "compare_quarters": Situation(chosen={places.CURRENT_QUARTER: "2017Q3", places.PREVIOUS_QUARTER: "2017Q2"}),
    "erase_customers": Situation(typed={"consents": ERASURES, "follow_ups": FOLLOW_UPS}),
    "undo_last": Situation(logged=True),
    "today": Situation(typed={"follow_ups": FOLLOW_UPS}),
    "why_this_grade": Situation(select_customer=True),
    "customer_card": Situation(select_customer=True),
    "next_on_route": Situation(select_customer=True),
    "previous_on_route": Situation(select_customer=True),
    "take_in": Situation(typed={"intake": INTAKE}),
    "find_duplicates": Situation(typed={"duplicates": TWINS}),
    "merge_customers": Situation(typed={"duplicates": TWINS, "follow_ups": FOLLOW_UPS}),
    "hand_over": Situation(typed={"handovers": HANDOVERS, "follow_ups": FOLLOW_UPS}, select_customer=True),
    "summarise": Situation(typed={"follow_ups": FOLLOW_UPS}),
    "apply_playbook": Situation(typed={"follow_ups": FOLLOW_UPS}),
    "what_if": Situation(typed={"what_if": MINIMUMS}),
}
"""By macro; a macro that is not here starts from the workbook as it is."""


QUARTERS = ("2017Q2", "2017Q3", "2017Q4")
CUSTOMERS, ROUTES = 24, 3
SAMPLE_DAY = dt.date(2018, 1, 5)
_TYPES = ("CS", "CB")


def sample_book(folder: Path, language: Language) -> Path:
    """A small workbook with every state in it: two dozen customers on three routes, three quarters, the last one closed."""
    book = folder / f"book-{language}.xlsx"
    FileStore.create(book, language)
    sheets = [TextSheet(book.name, f"export {number}", frame_of_rows(rows)) for number, rows in enumerate(_exports())]
    report = import_sheets(FileStore.open(book), book.name, sheets)
    assert not report.problems, report.problems
    close_quarter(FileStore.open(book), QUARTERS[2], QUARTERS[1], as_of=SAMPLE_DAY)
    return book


def _exports() -> list[list[list[object]]]:
    codes = [f"00{1000 + 7 * number}" for number in range(CUSTOMERS)]
    kinds = [_TYPES[number % 2] for number in range(CUSTOMERS)]
    routes: list[list[object]] = [["route", "customer_code", "customer_name", "phone", "address", "business_type"]]
    grades: list[list[object]] = [["customer_code", *QUARTERS]]
    purchases: list[list[object]] = [["customer_code", "date", "quantity", "amount"]]
    for number, (code, kind) in enumerate(zip(codes, kinds, strict=True)):
        routes.append([str(number % ROUTES + 1), code, f"Shop {number + 1}", f"0571-{number:04}", f"{number + 1} Lake Road", kind])
        sizes = [1 + (number // 2 + quarter * (number % 3)) % 3 for quarter in range(3)]
        marks: list[object] = [f"{kind}{size}" for size in sizes]
        if number % 11 == 5:
            marks[1] = None  # new
        if number % 11 == 8:
            marks[2] = None  # lost
        if number % 11 == 10:
            marks[1:] = [None, None]  # ungraded
        if number % 12 == 7:
            marks[1] = f"{_TYPES[0]}{sizes[1]}" if kind == _TYPES[1] else marks[1]  # another type
        grades.append([code, *marks])
        for quarter, size in enumerate(sizes):
            for month in range(1 + number % 3):
                day = dt.date(2017, 4 + 3 * quarter + month, 3 + number)
                purchases.append([code, day.isoformat(), f"{40 // size + number}", f"{(40 // size + number) * 12.5:,.2f}"])
    return [routes, grades, purchases]


@dataclass(frozen=True)
class Prepared:
    """A workbook in its situation: the sheet in front (None: as it is) and the selected cells, the customers that are meant by them,
    and the pasted rows as a desk hands them over, from row 1 of their sheet on."""

    book: Path
    front: str | None
    selection: str
    codes: list[str]
    pasted: list[tuple[str, Rows]]


def prepare(book: Path, situation: Situation) -> Prepared:
    """Brings a workbook into a situation."""
    if situation.chosen:
        FileStore.open(book).save(WorkbookChanges(values=dict(situation.chosen)))
    codes = FileStore.open(book).read("customers").frame[c.CUSTOMER_CODE].to_list()
    if situation.logged:
        with written_with(fixed_pen("Lee", dt.datetime(2018, 1, 5, 10, 20))):
            log_follow_up(FileStore.open(book), FollowUp(codes[3], "visit", "to be taken back", next_action="samples"), SAMPLE_DAY)
    if not (situation.pasted or situation.typed or situation.select_customer):
        return Prepared(book, None, "A1", [], [])
    workbook = openbooks.load(book)
    pasted: list[tuple[str, Rows]] = []
    if situation.pasted:
        rows = [[str(value).format(*codes) for value in row] for row in situation.pasted]
        sheet, left, top = _paste_place(workbook)
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                workbook[sheet].cell(top + down, left + across, value)
        pasted = [(sheet, [*([] for _ in range(top - 1)), *rows])]
    for table_id, typed in situation.typed.items():
        language: Language = "zh" if TABLES["customers"].zh in workbook.sheetnames else "en"
        filled = [{name: value.format(*codes) if isinstance(value, str) else value for name, value in row.items()} for row in typed]
        fill_table(workbook, table_id, filled, language)
    if situation.pasted or situation.typed:
        workbook.save(book)
    if not situation.select_customer:
        return Prepared(book, None, "A1", [], pasted)
    table_name = TABLES["customers"].excel_name
    front, table = next((sheet.title, sheet.tables[table_name]) for sheet in workbook.worksheets if table_name in sheet.tables)
    left, top, _, _ = range_boundaries(table.ref)
    chosen = 4
    return Prepared(book, front, f"{get_column_letter(left + 1)}{top + 1 + chosen}", [codes[chosen]], pasted)


def twin(at: Prepared, folder: Path) -> Prepared:
    """The same situation in a copy of its workbook, in that folder."""
    return replace(at, book=copied(at.book, folder))


def copied(book: Path, folder: Path) -> Path:
    """A copy to work in, under the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / book.name
    target.write_bytes(book.read_bytes())
    return target


def _paste_place(workbook: Workbook) -> tuple[str, int, int]:
    """Where an export is pasted: sheet, first column, first row."""
    sheet, area = next(iter(workbook.defined_names[places.IMPORT_PASTE].destinations))
    left, top, _, _ = range_boundaries(area.replace("$", ""))
    return sheet, left, top


# --- What is compared.


OF_THE_MOMENT = (c.WRITTEN_AT, c.SALT, c.DIGEST, c.HASH)
"""Columns of the audit that are different in every run."""


def frames(book: Path) -> dict[str, pl.DataFrame]:
    """Every table of the workbook as a typed frame; of the audit what was told."""
    store, found = FileStore.open(book), {}
    for table_id in TABLES:
        try:
            frame = store.read(table_id).frame
            found[table_id] = frame.drop(OF_THE_MOMENT) if table_id == "audit" else frame
        except CannotDo as refused:
            if refused.problem.code != "table_missing":
                raise
    return found


# --- What functions are given.


def arguments(book: Path, function: Function) -> list[Grid | None]:
    """Every argument of a function from the workbook's own tables: whole tables with their heads, columns, a cell."""
    return [_argument(book, argument, longest=CUSTOMERS) for argument in function.arguments]


def _argument(book: Path, argument: Argument, longest: int) -> Grid | None:
    tables = _tables(book)
    if argument.shape == "table":
        return tables[argument.holds]
    columns = [
        [[row[number]] for row in grid[1:]]
        for table_id, grid in tables.items()
        if argument.holds in TABLES[table_id].by_id and (number := _place(table_id, argument.holds, grid[0])) is not None
    ]
    filled = [column for column in columns if any(row[0] not in (None, "") for row in column)]
    if not filled:
        return [[1 + number % 4] for number in range(longest)]  # a count that no table holds
    column = max(filled, key=lambda rows: min(len(rows), longest))
    return list(islice(cycle(column), longest)) if argument.shape == "column" else column[3:4]


def _place(table_id: str, column_id: str, heads: Sequence[object]) -> int | None:
    labels = {TABLES[table_id].by_id[column_id].label(language) for language in LANGUAGES}
    return next((number for number, head in enumerate(heads) if head in labels), None)


@cache
def _tables(book: Path) -> dict[str, Grid]:
    """Every table as a formula sees it: with heads, with the values that the file shows."""
    workbook, values, found = openbooks.load(book), cell_values(book), {}
    ids = {spec.excel_name: table_id for table_id, spec in TABLES.items()}
    # What a run computes comes first: its columns have the most ids, and no formula that nobody has calculated.
    for sheet in workbook.worksheets:
        for table in sheet.tables.values():
            if table.displayName in ids:
                left, top, right, bottom = range_boundaries(table.ref)
                rows = [list(row[left - 1 : right]) for row in values[sheet.title][top - 1 : bottom]]
                found[ids[table.displayName]] = rows
    return {table_id: found[table_id] for table_id in sorted(found, key=lambda name: TABLES[name].kind == "record")}
