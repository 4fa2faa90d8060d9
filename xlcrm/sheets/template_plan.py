"""The Visit plan sheet beside its tables: a line between days, weekdays, what is done and overdue."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import places
from xlcrm.sheets.styles import TOKENS, Edge
from xlcrm.sheets.template_book import px_width, side
from xlcrm.sheets.template_tables import is_marked
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import LAST_ROW
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language

_DATE_PX = 150
_WITH_WEEKDAY: dict[Language, str] = {"en": "yyyy\\-mm\\-dd\\ ddd", "zh": "[$-804]yyyy\\-mm\\-dd\\ aaaa"}


def set_up_plan(sheet: Worksheet, language: Language) -> None:
    """Looks of the sheet, whose tables stand there already."""
    spec = TABLES["visit_plan"]
    letters = {name: get_column_letter(places.FIRST_COLUMN + place) for place, name in enumerate(spec.column_ids)}
    first = places.HEADER_ROW + 1
    date, done = f"${letters[c.DATE]}{first}", f"${letters[c.DONE_ON]}{first}"
    new_day = f'{date}<>"",{date}<>${letters[c.DATE]}{first - 1}'
    overdue, is_done = f'ISNUMBER({date}),{date}<{places.AS_OF},{done}=""', f'{done}<>""'
    line, quiet = Border(top=side(Edge("thin", "brand"))), Font(color="FF" + TOKENS["ink-2"])
    warn = Font(bold=True, color="FF" + TOKENS["warn"])
    for column in spec.columns:
        cells = f"{letters[column.id]}{first}:{letters[column.id]}{LAST_ROW}"
        looks: list[tuple[str, Border | None, Font | None]] = []
        if column.id == c.DATE:
            looks += [(f"{new_day},{overdue}", line, warn), (overdue, None, warn)]
        if not is_marked(column):  # a grade keeps its mark
            looks += [(f"{new_day},{is_done}", line, quiet), (is_done, None, quiet)]
        # One look a cell, each with all it needs: LibreOffice shows only the first that holds.
        for formula, border, font in (*looks, (new_day, line, None)):
            wanted = DifferentialStyle(border=border, font=font)
            sheet.conditional_formatting.add(cells, Rule(type="expression", formula=[f"AND({formula})"], dxf=wanted, stopIfTrue=True))
    sheet[f"{letters[c.DATE]}{first}"].number_format = _WITH_WEEKDAY[language]
    px_width(sheet, places.FIRST_COLUMN, _DATE_PX)
