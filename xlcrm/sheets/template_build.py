"""Builds a template: all sheets of a new workbook in one language. `template.py` ships what is built here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.settings import default_settings
from xlcrm.sheets import places, routesheet
from xlcrm.sheets.starter_rules import starter_rules, starter_stage_rules
from xlcrm.sheets.styles import STYLES, TITLE
from xlcrm.sheets.template_book import (
    define,
    define_formula,
    finished,
    new_book,
    put,
    px_height,
    px_width,
    select,
    set_footer,
    set_up_sheet,
)
from xlcrm.sheets.template_card import build_card
from xlcrm.sheets.template_charts import fill_charts_sheet
from xlcrm.sheets.template_dashboard import build_dashboard
from xlcrm.sheets.template_formulas import column_reference
from xlcrm.sheets.template_home import build_home
from xlcrm.sheets.template_plan import set_up_plan
from xlcrm.sheets.template_tables import add_table, has_sentences, text_width_px
from xlcrm.sheets.template_today import add_counts, add_looks
from xlcrm.sheets.template_whatif import mark_changes
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import LAST_ROW
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import TableSpec
from xlcrm.tables.settings_table import setting_rows
from xlcrm.texts import Language, text

_LAST_ROW = 1_048_575
RECORD_SHEETS = {"purchases", "grades", "routes", "grade_changes", "grade_flow", "gaps", "products", "problems", "settings", "dictionary"}
"""Sheets of settings and records: a quiet tab."""
_OF_NO_QUARTER = {
    "settings", "dictionary", "products", "problems", "today", "consents", "audit", "intake", "follow_up_summary", "playbook",
    "duplicates", "handovers", "visit_plan", "value", "lifecycle", "warnings", "kpis", "surveys",
    "segments", "baskets", "nowcast",
}  # fmt: skip
"""Sheets that say nothing of the compared quarters."""
_PRINTED_IN_TURN = ("value", "segments", "lifecycle", "warnings", "baskets", "surveys", "kpis", "what_if", "playbook")
"""Sheets whose tables side by side are printed one after the other."""
PROFILE = (
    c.OWNER,
    c.CONTACT,
    c.PHONE,
    c.ADDRESS,
    c.STATUS,
    c.SOURCE,
    c.LICENCE_NUMBER,
    c.OPENED_ON,
    c.BIRTHDAY,
)
"""Columns of Customers that open with the + above the heads: the route and the grades stay on one screen."""


def build(language: Language) -> bytes:
    """Builds the template of that language; the same bytes every time."""
    book = new_book(language)
    for sheet_id in places.SHEET_IDS:
        if sheet_id == "home":
            build_home(book, language)
        elif sheet_id == "import":
            _import_sheet(book, language)
        elif sheet_id == "card":
            build_card(book, language)
        elif sheet_id == "dashboard":
            build_dashboard(book, language)
        elif sheet_id in places.PAGE_SHEETS:
            _page_sheet(book, sheet_id, language)
        else:
            _table_sheet(book, sheet_id, language)
    _route_pattern(book, language)
    _styles_sheet(book)
    _names(book, language)
    book.active = 0
    book.views[0].tabRatio = 850  # room for the names of the sheets
    return finished(book)


def _title(sheet: Worksheet, sheet_id: str, title: str, language: Language, last_column: int) -> None:
    """Way back, title over a rule, the quarters at its right, one line of help."""
    px_width(sheet, 1, 14)
    for row, pixels in ((1, 22), (2, 34), (3, 24), (4, 12)):
        px_height(sheet, row, pixels)
    first = places.FIRST_COLUMN
    put(sheet, 1, first, text("sheets.back", language), "crm.back", link=places.SHEET_PREFIX + "home")
    shown = [column for column in range(first, last_column + 1) if not _dimension(sheet, column).hidden]
    widths = {column: _dimension(sheet, column).width * 7 for column in shown}
    title_end = _reaching(widths, text_width_px(title) * 1.7)
    put(sheet, 2, first, title, "crm.title", span=title_end - first + 1)
    note_end = _reaching({column: width for column, width in widths.items() if column > title_end}, 170) if title_end < last_column else 0
    for column in range(title_end + 1, last_column + 1):
        put(sheet, 2, column, None, "crm.title.note")
    if note_end and sheet_id not in _OF_NO_QUARTER:
        against = text("sheets.note_pair", language)
        pair = f'=IF({places.CURRENT_QUARTER}="","",{places.CURRENT_QUARTER}&"  {against}  "&{places.PREVIOUS_QUARTER})'
        put(sheet, 2, title_end + 1, pair, "crm.title.note", span=note_end - title_end)
    help_text = text(f"sheets.{sheet_id}_help", language)
    if sheet_id in _PRINTED_IN_TURN:  # the help goes with the first table
        end = next(iter(_table_columns(sheet_id).values()))[1]
        widths = {column: width for column, width in widths.items() if column <= end}
    help_end = _reaching(widths, text_width_px(help_text))
    put(sheet, 3, first, help_text, "crm.help", span=help_end - first + 1)
    lines = math.ceil(text_width_px(help_text) / (sum(width for column, width in widths.items() if column <= help_end) - 10))
    px_height(sheet, 3, 8 + 17 * lines)


def _dimension(sheet: Worksheet, column: int) -> ColumnDimension:
    return sheet.column_dimensions[get_column_letter(column)]


def _reaching(widths: Mapping[int, float], pixels: float) -> int:
    """The first column at which columns of these widths are together that wide, else the last one."""
    total = 0.0
    for column, width in widths.items():
        total += width
        if total >= pixels:
            return column
    return max(widths, default=0)


def _table_sheet(book: Workbook, sheet_id: str, language: Language) -> None:
    sheet = book.create_sheet(places.sheet_name(sheet_id, language))
    charts = sheet_id == "charts"
    set_up_sheet(
        sheet,
        tab="line-2" if sheet_id in RECORD_SHEETS else "brand",
        grid=not charts,
        one_page=charts,
        repeat_rows="" if charts else f"{places.HEADER_ROW}:{places.HEADER_ROW}",
    )
    set_footer(sheet, language)
    head = places.HEADER_ROW
    if charts:
        fill_charts_sheet(sheet, language)
        last = sheet.max_column
    else:
        last = _tables(sheet, sheet_id, language)
        sheet.freeze_panes = f"{'D' if sheet_id == 'customers' else 'A'}{head + 1}"
    visible = [column for column in range(places.FIRST_COLUMN, last + 1) if not _dimension(sheet, column).hidden]
    _title(sheet, sheet_id, places.sheet_name(sheet_id, language), language, visible[-1])
    legend = {"customers": "legend", "grade_changes": "legend_states"}.get(sheet_id)
    if legend:
        words = text(f"sheets.{legend}", language)
        end = _reaching({column: _dimension(sheet, column).width * 7 for column in visible}, text_width_px(words))
        put(sheet, 4, places.FIRST_COLUMN, words, "crm.caption", span=end - places.FIRST_COLUMN + 1)
        px_height(sheet, 4, 24)
    if len(places.tables_of_sheet(sheet_id)) > 1 and not charts:
        px_height(sheet, places.HEADER_ROW - 1, 28)  # each table's name stands above it
    if sheet_id == "audit":
        words = f'General;General;General;"{text("jobs.head", language)}"@'
        end = _reaching({column: _dimension(sheet, column).width * 7 for column in visible}, 900)
        span = end - places.FIRST_COLUMN + 1
        put(sheet, 4, places.FIRST_COLUMN, None, "crm.caption", span=span, number_format=words, name=places.AUDIT_HEAD)
        px_height(sheet, 4, 24)
    if sheet_id == "today":
        add_counts(sheet, language)
        add_looks(sheet, language)
    if sheet_id == "what_if":
        mark_changes(sheet)
    if sheet_id == "visit_plan":
        set_up_plan(sheet, language)
    if sheet_id == "follow_up_summary":
        _print_tables_apart(sheet, sheet_id)
    if sheet_id in _PRINTED_IN_TURN:
        _print_tables_in_turn(sheet, sheet_id)
    if any(has_sentences(TABLES[table_id]) for table_id in places.tables_of_sheet(sheet_id)):
        sheet.row_dimensions[head + 1].height = None
        sheet.sheet_format.customHeight = None
    if sheet_id == "value":
        _value_note(sheet)
    if sheet_id == "settings":
        px_height(sheet, places.HEADER_ROW - 1, 28)
    select(sheet, _first_typed_cell(sheet_id))
    define(sheet, places.SHEET_PREFIX + sheet_id, head + 1 if not charts else 2, places.FIRST_COLUMN)


def _tables(sheet: Worksheet, sheet_id: str, language: Language) -> int:
    """The tables of a sheet from left to right; the last column used."""
    first = places.FIRST_COLUMN
    last = first
    tables = [TABLES[table_id] for table_id in places.tables_of_sheet(sheet_id)]
    for spec in tables:
        rows = _first_rows(spec, language)
        last = add_table(sheet, spec, language, first, rows=rows)
        if len(tables) > 1:
            put(
                sheet,
                places.HEADER_ROW - 1,
                first,
                spec.label(language),
                "crm.section",
                span=max(1, len(spec.columns)),
            )
            px_width(sheet, last + 1, 28)
        first = last + 2
    if sheet_id == "customers":
        for column in PROFILE:
            place = places.FIRST_COLUMN + tables[0].column_ids.index(column)
            dimension = _dimension(sheet, place)
            dimension.outlineLevel = 1
            dimension.hidden = True
        after = places.FIRST_COLUMN + tables[0].column_ids.index(PROFILE[-1]) + 1
        _dimension(sheet, after).collapsed = True
        sheet.column_dimensions.max_outline = 1
    return last


def _print_tables_apart(sheet: Worksheet, sheet_id: str) -> None:
    """Two wide tables side by side, a page wide each: on one page their figures would be too small to read.

    LibreOffice heeds no break where it fits to pages, but fills the first page: so the second table is made a little wider than all
    before it, and its first column is the first that finds no room.
    """
    first, second = (TABLES[table_id] for table_id in places.tables_of_sheet(sheet_id))
    sheet.page_setup.fitToWidth = 2
    between = places.FIRST_COLUMN + len(first.columns)
    sheet.col_breaks.append(Break(id=between, max=_LAST_ROW))
    before = sum(_dimension(sheet, column).width for column in range(1, between + 1))
    columns = range(between + 1, between + 1 + len(second.columns))
    wider = (before + 2) / sum(_dimension(sheet, column).width for column in columns)
    for column in columns:
        _dimension(sheet, column).width *= max(wider, 1)


def _print_tables_in_turn(sheet: Worksheet, sheet_id: str) -> None:
    """Each of the tables is printed on pages of its own, as wide as they are; all on one would be too small to read."""
    areas = [f"{get_column_letter(first)}1:{get_column_letter(last)}{LAST_ROW}" for first, last in _table_columns(sheet_id).values()]
    sheet.print_area = ",".join(areas)


def _table_columns(sheet_id: str) -> dict[str, tuple[int, int]]:
    """The first and the last column of each table of a sheet."""
    found, first = {}, places.FIRST_COLUMN
    for table_id in places.tables_of_sheet(sheet_id):
        last = first + len(TABLES[table_id].columns) - 1
        found[table_id] = (first, last)
        first = last + 2
    return found


def _value_note(sheet: Worksheet) -> None:
    """Room above the lifetime value for the reason why its columns are blank."""
    first, last = _table_columns("value")["clv"]
    put(sheet, 3, first, None, "crm.help", span=last - first + 1, name=places.VALUE_NOTE)
    px_height(sheet, 3, 8 + 17 * 2)


def _first_rows(spec: TableSpec, language: Language) -> Sequence[Sequence[object]]:
    """The rows that a new workbook has already: the settings, the dictionary, rules to start from."""
    if spec.id == "settings":
        return setting_rows(default_settings(language))
    if spec.id == "dictionary":
        return dictionary_rows(language)
    if spec.id == "playbook":
        return starter_rules(language)
    if spec.id == "stage_rules":
        return starter_stage_rules(language)
    return ()


def dictionary_rows(language: Language) -> list[tuple[str, ...]]:
    """Every column of every table as a row of the Dictionary."""
    rows: list[tuple[str, ...]] = []
    for table in TABLES.values():
        for column in table.columns:
            unit = text(f"sheets.unit_{column.unit.replace(' ', '_')}", language) if column.unit else ""
            about = column.about(language)
            rows.append(
                (
                    table.label(language),
                    column.label(language),
                    text(f"sheets.kind_{column.kind}", language),
                    unit,
                    text(f"sheets.group_{column.group}", language),
                    text(f"sheets.filled_{column.filled_by}", language),
                    about,
                    ", ".join(column.aliases),
                )
            )
    return rows


def _first_typed_cell(sheet_id: str) -> str:
    return f"{'C' if sheet_id == 'settings' else 'B'}{places.HEADER_ROW + 1}" if sheet_id != "charts" else "B2"


def _page_sheet(book: Workbook, sheet_id: str, language: Language) -> None:
    """A sheet that a run paints: its title and what to do first."""
    sheet = book.create_sheet(places.sheet_name(sheet_id, language))
    set_up_sheet(sheet, tab="brand", landscape=sheet_id == "change_statistics")
    set_footer(sheet, language)
    px_width(sheet, 1, 14)
    for column in range(2, 12):
        px_width(sheet, column, 76)
    for row, pixels in ((1, 22), (2, 34), (3, 30)):
        px_height(sheet, row, pixels)
    put(sheet, 1, 2, text("sheets.back", language), "crm.back", link=places.SHEET_PREFIX + "home")
    put(sheet, 2, 2, text(f"sheets.{sheet_id}_title", language), "crm.title", span=10, border={"bottom": TITLE})
    put(sheet, 3, 2, text(f"sheets.{sheet_id}_help", language), "crm.subtitle", span=10)
    define(sheet, places.page_name(sheet_id), 1, 1, hidden=True)
    define(sheet, places.SHEET_PREFIX + sheet_id, 1, 1)


def _import_sheet(book: Workbook, language: Language) -> None:
    """Where an export is pasted: three lines that say so, and room from column A on, so that its cells keep their letters."""
    sheet = book.create_sheet(places.sheet_name("import", language))
    set_up_sheet(sheet, tab="brand", grid=True)
    set_footer(sheet, language)
    width = 10
    for column in range(1, width + 1):
        px_width(sheet, column, 112)
    for row, pixels in ((1, 22), (2, 34), (3, 40), (4, 8), (5, 26)):
        px_height(sheet, row, pixels)
    put(sheet, 1, 1, text("sheets.back", language), "crm.back", link=places.SHEET_PREFIX + "home")
    put(sheet, 2, 1, text("sheets.import_title", language), "crm.title", span=width)
    put(sheet, 3, 1, text("sheets.import_help", language), "crm.help", span=width)
    put(sheet, places.IMPORT_ROW - 1, 1, text("sheets.import_paste", language), "crm.caption", span=width, border={"bottom": TITLE})
    define(sheet, places.IMPORT_PASTE, places.IMPORT_ROW, 1)
    define(sheet, places.SHEET_PREFIX + "import", places.IMPORT_ROW, 1)
    sheet.freeze_panes = f"A{places.IMPORT_ROW}"
    select(sheet, f"A{places.IMPORT_ROW}")


def _route_pattern(book: Workbook, language: Language) -> None:
    """The print set-up of a route sheet, for programs that can copy a sheet but not set one up."""
    sheet = book.create_sheet(places.ROUTE_PATTERN)
    set_up_sheet(sheet, tab="brand", repeat_rows=f"1:{routesheet.HEAD_ROWS}")
    set_footer(sheet, language)
    left, right, top, bottom, footer = (millimetres / 25.4 for millimetres in routesheet.MARGINS_MM)
    sheet.page_margins = PageMargins(*(round(inches, 4) for inches in (left, right, top, bottom, footer, footer)))
    for column, pixels in enumerate(routesheet.COLUMN_WIDTHS_PX, start=1):
        px_width(sheet, column, pixels - 5)
    sheet.freeze_panes = f"A{routesheet.HEAD_ROWS + 1}"
    sheet.sheet_state = "veryHidden"


def _styles_sheet(book: Workbook) -> None:
    """Every style name in a cell of that style: a painter finds a style by it, whatever number a program gave it."""
    sheet = book.create_sheet(places.STYLES_SHEET)
    for row, name in enumerate(STYLES, start=1):
        put(sheet, row, 1, name, name)
    sheet.sheet_state = "veryHidden"


def _names(book: Workbook, language: Language) -> None:
    """Lists for dropdowns, and what formulas and looks read from the Settings table."""
    for name, table_id, column_id in (
        (places.LIST_CUSTOMER_CODES, "customers", c.CUSTOMER_CODE),
        (places.LIST_ROUTES, "routes", c.ROUTE),
        (places.LIST_PRODUCTS, "products", c.PRODUCT_CODE),
        (places.LIST_QUARTERS, "quarters", c.QUARTER),
    ):
        define_formula(book, name, column_reference(TABLES[table_id], column_id, language))
    define_formula(book, places.LANGUAGE, f'"{language}"')
    settings = TABLES["settings"]
    names, values = (column_reference(settings, column, language) for column in (c.SETTING, c.VALUE))
    wanted = text("settings.change_marked_percent", language)
    define_formula(book, places.CHANGE_MARKED, f'IFERROR(VALUE(INDEX({values},MATCH("{wanted}",{names},0)))/100,0.2)')
