"""What the What if sheet of a template has besides its tables: looks that show which minimums were changed, and zeros that stand back."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import places
from xlcrm.sheets.template_tables import format_when, look
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import LAST_ROW
from xlcrm.tables.results_effect import WHAT_IF

_COUNTS = (c.RISING_IN, c.FALLING_IN, c.RISING_OUT, c.FALLING_OUT)


def mark_changes(sheet: Worksheet) -> None:
    """A new minimum that differs from the one beside it is bold; so is a count of customers that it changes."""
    top, left = places.HEADER_ROW + 1, places.FIRST_COLUMN
    letters = {name: get_column_letter(left + place) for place, name in enumerate(WHAT_IF.column_ids)}
    pairs = ((c.NEW_MIN_QUANTITY, c.MIN_QUANTITY), (c.NEW_MIN_AMOUNT, c.MIN_AMOUNT), (c.CUSTOMERS_AFTER, c.CUSTOMERS_BEFORE))
    for new, old in pairs:
        cells, compared = f"{letters[new]}{top}:{letters[new]}{LAST_ROW}", f"${letters[new]}{top}<>${letters[old]}{top}"
        format_when(sheet, cells, compared, look(color="action", fill="wash", bold=True))
    for name in _COUNTS:
        first = f"{letters[name]}{top}"
        format_when(sheet, f"{first}:{letters[name]}{LAST_ROW}", f'AND({first}=0,{first}<>"")', look(color="ink-3"))
        format_when(sheet, f"{first}:{letters[name]}{LAST_ROW}", f"N({first})>0", look(color="action", bold=True))
