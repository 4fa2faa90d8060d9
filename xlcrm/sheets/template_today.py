"""What the Today sheet of a template has besides its table: the counts above it, and looks that part what is overdue from what is ahead."""

from __future__ import annotations

from openpyxl.styles import Border
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.rules.due import GROUPS
from xlcrm.sheets import places
from xlcrm.sheets.styles import Edge
from xlcrm.sheets.template_book import put, px_height, side
from xlcrm.sheets.template_formulas import column_reference
from xlcrm.sheets.template_tables import format_when, look
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import LAST_ROW
from xlcrm.tables.results import DUE
from xlcrm.texts import Language, text

ROW_COUNTS = places.HEADER_ROW - 1


def add_counts(sheet: Worksheet, language: Language) -> None:
    """The day, and how many lines are overdue, of today, of this week, later: formulas, right after every filter and edit."""
    first = places.FIRST_COLUMN
    day = f'"{text("sheets.today_day", language)}"yyyy-mm-dd'
    put(sheet, ROW_COUNTS, first, f"={places.AS_OF}", "crm.section", span=2, number_format=day)
    groups = column_reference(DUE, c.GROUP, language)
    counts = '&"      "&'.join(
        f'"{text(f"due.group_{group}", language)} "&COUNTIF({groups},"{text(f"due.group_{group}", language)}")' for group in GROUPS
    )
    column = first + DUE.column_ids.index(c.GROUP)
    last = first + DUE.column_ids.index(c.REASON_TEXT)
    put(sheet, ROW_COUNTS, column, f"={counts}", "crm.section", span=last - column + 1)
    px_height(sheet, ROW_COUNTS, 30)


def add_looks(sheet: Worksheet, language: Language) -> None:
    """Overdue lines in the colour of a warning, a rule above the first line of each group.

    Each cell has one list of formats, and the first that holds counts: programs differ in how they join several.
    """
    top, left = places.HEADER_ROW + 1, places.FIRST_COLUMN
    letters = {name: get_column_letter(left + place) for place, name in enumerate(DUE.column_ids)}
    group = letters[c.GROUP]
    parted = f'AND(${group}{top}<>"",${group}{top}<>${group}{top - 1})'
    overdue, today = (f'${group}{top}="{text(f"due.group_{name}", language)}"' for name in GROUPS[:2])
    looks = {overdue: look(color="warn", bold=True), today: look(color="ink", bold=True)}
    for name, letter in letters.items():
        cells = f"{letter}{top}:{letter}{LAST_ROW}"
        shown = [overdue, today] if name == c.GROUP else [overdue] if name in (c.DUE_ON, c.DAYS_OVERDUE) else []
        for condition in shown:
            format_when(sheet, cells, f"AND({parted},{condition})", _with_rule(looks[condition]))
        format_when(sheet, cells, parted, _with_rule(DifferentialStyle()))
        for condition in shown:
            format_when(sheet, cells, condition, looks[condition])


def _with_rule(wanted: DifferentialStyle) -> DifferentialStyle:
    return DifferentialStyle(font=wanted.font, border=Border(top=side(Edge("thin", "ink-3"))))
