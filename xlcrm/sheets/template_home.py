"""Home: what this workbook is, the quarter's figures, what to do next, where to go. `home.py` fills it after a run."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import places
from xlcrm.sheets.styles import Edge
from xlcrm.sheets.template_book import define, put, px_height, px_width, select, set_footer, set_up_sheet
from xlcrm.sheets.template_formulas import column_reference
from xlcrm.sheets.template_tables import format_when, look
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

CARDS = 6
FIRST = 2
LAST = 18
NOTES_COLUMN = 20
"""Hidden: what the looks of Home depend on, one defined name a cell."""
SELECTOR_FORMAT = 'General;General;General;@"  ▾"'

ROW_TITLE, ROW_ABOUT, ROW_GLANCE, ROW_CARDS, ROW_STEPS, ROW_GOTO, ROW_BAND = 2, 3, 5, 6, 10, 17, 27
STEPS = 5
PROBLEM_LINES = 5
_HEIGHTS = {
    1: 22,
    2: 40,
    3: 26,
    4: 10,
    5: 28,
    6: 26,
    7: 44,
    8: 28,
    9: 14,
    10: 28,
    11: 32,
    12: 32,
    13: 32,
    14: 32,
    15: 32,
    16: 14,
    17: 28,
    18: 27,
    19: 22,
    20: 8,
    21: 27,
    22: 22,
    23: 8,
    24: 27,
    25: 22,
    26: 16,
    27: 28,
    28: 24,
}
_LINE = Edge("thin", "line")


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: its id (`crm.home.<id>` and `crm.home.<id>_note`), its style, the colour of its upper rule, the sheet behind it."""

    id: str
    style: str
    color: str
    leads_to: str = ""


CARD_LIST = (
    Card("customers", "crm.figure", "brand"),
    Card("quantity", "crm.figure", "brand"),
    Card("amount", "crm.figure", "brand"),
    Card("up", "crm.figure.up", "up"),
    Card("down", "crm.figure.down", "down"),
    Card("overdue", "crm.figure.warn", "warn", "today"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A way to a sheet: what stands under its name, either rows counted by a formula or fixed words."""

    sheet_id: str
    counted: tuple[str, str] | None = None
    words: str = ""


TILES = (
    Tile("today", ("due", c.CUSTOMER_CODE), "home_tile_today"),
    Tile("card", None, "home_tile_card"),
    Tile("intake", ("intake", c.CUSTOMER_CODE), "home_tile_intake"),
    Tile("visit_plan", ("visit_plan", c.CUSTOMER_CODE), "home_tile_plan"),
    Tile("follow_ups", ("follow_ups", c.CUSTOMER_CODE), "home_tile_rows"),
    Tile("customers", ("customers", c.CUSTOMER_CODE), "home_tile_customers"),
    Tile("purchases", ("purchases", c.CUSTOMER_CODE), "home_tile_rows"),
    Tile("grades", ("grades", c.CUSTOMER_CODE), "home_tile_rows"),
    Tile("routes", ("routes", c.ROUTE), "home_tile_routes"),
    Tile("problems", ("problems", c.PROBLEM), "home_tile_problems"),
    Tile("duplicates", ("duplicates", c.CODE_A), "home_tile_pairs"),
    Tile("warnings", ("warnings", c.CUSTOMER_CODE), "home_tile_warnings"),
    Tile("route_summary", None, "home_tile_summary"),
    Tile("change_statistics", None, "home_tile_statistics"),
    Tile("minimums", None, "home_tile_minimums"),
    Tile("grade_changes", None, "home_tile_changes"),
    Tile("dashboard", None, "home_tile_dashboard"),
    Tile("settings", None, "home_tile_settings"),
)
"""Three rows: the day, the records, the quarter."""
STEP_TARGETS = ("import", "problems", "change_statistics", "route_summary", "follow_ups")


def card_column(number: int) -> int:
    """The first column of the card at that place, 0 is the left one."""
    return FIRST + 3 * number


def build_home(book: Workbook, language: Language) -> Worksheet:
    """Adds the Home sheet."""
    sheet = book.create_sheet(places.sheet_name("home", language))
    set_up_sheet(sheet, tab="brand", landscape=True, one_page=True)
    set_footer(sheet, language)
    px_width(sheet, 1, 18)
    for number in range(CARDS):
        for offset, pixels in enumerate((92, 82, 14)):
            px_width(sheet, card_column(number) + offset, pixels)
    px_width(sheet, LAST + 1, 18)
    px_width(sheet, NOTES_COLUMN, 90)
    sheet.column_dimensions["T"].hidden = True
    for row, pixels in _HEIGHTS.items():
        px_height(sheet, row, pixels)
    _title(sheet, language)
    _cards(sheet, language)
    _steps(sheet, language)
    _problems(sheet, language)
    _tiles(sheet, language)
    _band(sheet, language)
    sheet.print_area = f"A1:S{ROW_BAND + 1}"
    select(sheet, "K2")
    return sheet


def _named(value: str) -> str:
    return places.HOME_PREFIX + value


def _title(sheet: Worksheet, language: Language) -> None:
    put(sheet, ROW_TITLE, FIRST, "xlcrm", "crm.title.home", span=2)
    put(sheet, ROW_TITLE, card_column(2) + 1, text("sheets.home_quarter", language), "crm.selector", span=1)
    put(sheet, ROW_TITLE, card_column(3), None, "crm.input", span=2, number_format=SELECTOR_FORMAT, name=places.CURRENT_QUARTER)
    put(sheet, ROW_TITLE, card_column(4), text("sheets.home_compared", language), "crm.selector", span=2)
    put(sheet, ROW_TITLE, card_column(5), None, "crm.input", span=2, number_format=SELECTOR_FORMAT, name=places.PREVIOUS_QUARTER)
    for column in (card_column(3), card_column(5)):
        offered = DataValidation(type="list", formula1=places.LIST_QUARTERS, allow_blank=True, showErrorMessage=True, errorStyle="warning")
        offered.errorTitle, offered.error = text("sheets.ask_selector_title", language), text("sheets.ask_selector", language)
        offered.add(sheet.cell(ROW_TITLE, column).coordinate)
        sheet.add_data_validation(offered)
    put(sheet, ROW_ABOUT, FIRST, text("sheets.home_about", language), "crm.subtitle", span=LAST - FIRST + 1, border={"bottom": _LINE})
    put(sheet, ROW_GLANCE, FIRST, text("sheets.home_glance", language), "crm.section", span=5)


def _cards(sheet: Worksheet, language: Language) -> None:
    for number, card in enumerate(CARD_LIST):
        column = card_column(number)
        # The figure itself is written by runs, so the words above it are the link.
        label = text(f"sheets.home_card_{card.id}", language)
        put(
            sheet,
            ROW_CARDS,
            column,
            f"{label}  ›" if card.leads_to else label,
            "crm.card",
            span=2,
            link=places.SHEET_PREFIX + card.leads_to if card.leads_to else "",
            border={"top": Edge("thick", card.color)},
        )
        put(sheet, ROW_CARDS + 1, column, "–", card.style, span=2, name=_named(card.id))
        put(sheet, ROW_CARDS + 2, column, text("sheets.home_empty", language), "crm.card", span=2, name=_named(f"{card.id}_note"))


def _steps(sheet: Worksheet, language: Language) -> None:
    put(sheet, ROW_STEPS, FIRST, text("sheets.home_steps", language), "crm.section", span=5)
    hints = ("home_run_import", "home_all_settled", "home_run_quarter", "home_run_print", "home_after_print")
    for step in range(1, STEPS + 1):
        row = ROW_STEPS + step
        first = text("sheets.home_step_2_none" if step == 2 else f"sheets.home_step_{step}", language)
        put(sheet, row, FIRST, f"{step}   {first}", "crm.step", span=6, name=_named(f"step_{step}"))
        put(
            sheet,
            row,
            card_column(2),
            text(f"sheets.{hints[step - 1]}", language),
            "crm.step.note",
            span=3,
            name=_named(f"step_{step}_note"),
        )
        put(
            sheet,
            row,
            card_column(3),
            text(f"sheets.home_button_{step}", language),
            "crm.button",
            span=2,
            link=places.SHEET_PREFIX + STEP_TARGETS[step - 1],
            border={"bottom": Edge("thin", "white")},
        )
        put(sheet, row, NOTES_COLUMN, "now" if step == 1 else "open", "crm.note", name=_named(f"step_{step}_state"))
    rows = f"{ROW_STEPS + 1}:{{}}{ROW_STEPS + STEPS}"
    state = f"$T{ROW_STEPS + 1}"
    words, notes, buttons = (f"{left}{rows.format(right)}" for left, right in (("B", "G"), ("H", "J"), ("K", "L")))
    format_when(sheet, words, f'{state}="now"', look(color="ink", bold=True))
    format_when(sheet, words, f'{state}="waits"', look(color="ink-2"))
    format_when(sheet, notes, f'LEFT($H{ROW_STEPS + 1},1)="!"', look(color="down", bold=True))
    format_when(sheet, f"H{ROW_STEPS + 2}:J{ROW_STEPS + 2}", f'$T{ROW_STEPS + 2}="now"', look(color="warn"))
    format_when(sheet, buttons, f'{state}="now"', look(color="white", fill="action", bold=True))
    format_when(sheet, buttons, f'{state}="waits"', look(color="ink-2", fill="wash-2"))


def _problems(sheet: Worksheet, language: Language) -> None:
    column = card_column(4)
    put(sheet, ROW_STEPS, column, text("sheets.home_problems", language), "crm.section", span=4)
    for line in range(1, PROBLEM_LINES + 1):
        row = ROW_STEPS + line
        put(
            sheet,
            row,
            column,
            text("sheets.home_no_problems", language) if line == 1 else None,
            "crm.step",
            span=4,
            name=_named(f"problem_{line}"),
        )
        put(sheet, row, column + 4, None, "crm.step.count", name=_named(f"problem_{line}_count"))
    cells = f"N{ROW_STEPS + 1}:R{ROW_STEPS + PROBLEM_LINES}"
    format_when(sheet, cells, f'LEFT($N{ROW_STEPS + 1},1)="!"', look(color="down", bold=True))


def _tiles(sheet: Worksheet, language: Language) -> None:
    put(sheet, ROW_GOTO, FIRST, text("sheets.home_goto", language), "crm.section", span=5)
    for number, tile in enumerate(TILES):
        row = ROW_GOTO + 1 + 3 * (number // CARDS)
        column = card_column(number % CARDS)
        link = places.SHEET_PREFIX + tile.sheet_id
        around = {"left": _LINE, "right": _LINE}
        put(
            sheet,
            row,
            column,
            f"{places.sheet_name(tile.sheet_id, language)}  ›",
            "crm.tile",
            span=2,
            link=link,
            border={**around, "top": _LINE},
        )
        words = text(f"sheets.{tile.words}", language)
        if tile.counted:
            table_id, column_id = tile.counted
            formula = f"=COUNTA({column_reference(TABLES[table_id], column_id, language)})"
            put(
                sheet,
                row + 1,
                column,
                formula,
                "crm.tile.count",
                span=2,
                number_format=words,
                border={**around, "bottom": _LINE},
                name=_named(f"count_{table_id}"),
            )
        else:
            put(sheet, row + 1, column, words, "crm.tile.count", span=2, border={**around, "bottom": _LINE})


def _band(sheet: Worksheet, language: Language) -> None:
    width = LAST - FIRST + 1
    put(sheet, ROW_BAND, FIRST, text("sheets.home_not_compared", language), "crm.ok", span=width, name=_named("band"))
    put(sheet, ROW_BAND, NOTES_COLUMN, "open", "crm.note", name=_named("band_state"))
    put(sheet, ROW_BAND + 1, FIRST, text("sheets.home_foot_new", language), "crm.note", span=width, name=_named("foot"))
    cells = f"B{ROW_BAND}:R{ROW_BAND}"
    format_when(sheet, cells, f'$T${ROW_BAND}="stop"', look(color="down", fill="down-tint", bold=True))
    format_when(sheet, cells, f'$T${ROW_BAND}="open"', look(color="ink-2", fill="wash-2"))
    put(sheet, ROW_TITLE, NOTES_COLUMN, None, "crm.note", number_format="yyyy-mm-dd", name=places.AS_OF)
    define(sheet, places.SHEET_PREFIX + "home", ROW_TITLE, FIRST)
