"""Where things stand in the workbook: the only sheet names, defined names and addresses.

Sheet names follow the workbook's language; Excel table names and defined names are the same in both.
"""

from __future__ import annotations

import re

from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

SHEET_IDS: tuple[str, ...] = (
    "home",
    "today",
    "dashboard",
    "card",
    "intake",
    "import",
    "customers",
    "follow_ups",
    "follow_up_summary",
    "visit_plan",
    "purchases",
    "grades",
    "routes",
    "change_statistics",
    "minimums",
    "what_if",
    "route_summary",
    "charts",
    "grade_changes",
    "grade_flow",
    "gaps",
    "value",
    "segments",
    "lifecycle",
    "warnings",
    "kpis",
    "nowcast",
    "baskets",
    "duplicates",
    "handovers",
    "playbook",
    "surveys",
    "consents",
    "products",
    "problems",
    "audit",
    "settings",
    "dictionary",
)
"""The template's sheets in their order; the sheet of styles comes last and is never shown."""

IMPORT_PASTE = "crm.import"
"""The cell of the Import sheet from which an export is pasted; what stands in its row and below is read."""
IMPORT_ROW = 6
"""The row of that cell in a new workbook; its column is A, so that a pasted export keeps its own column letters."""

ROUTE_PATTERN = "crm.route"
"""The veryHidden sheet with a route sheet's print set-up and nothing on it: a program that cannot set one up makes a copy of it."""

STYLES_SHEET = "crm.styles"
"""The veryHidden sheet whose column A holds every style name in a cell of that style."""

TABLES_ON_SHEET: dict[str, tuple[str, ...]] = {
    "settings": ("settings", "business_types", "grade_rules", "quarters"),
    "charts": ("chart_grades", "chart_changes", "chart_pareto", "chart_rfm"),
    "today": ("due",),
    "value": ("rfm", "activity", "clv", "pareto"),
    "segments": ("segments", "segment_members", "rfm_cuts", "clv_model"),
    "baskets": ("baskets", "suggestions"),
    "lifecycle": ("stages", "transitions"),
    "warnings": ("warnings", "win_back"),
    "follow_up_summary": ("month_summary", "daily_summary"),
    "visit_plan": ("visit_plan", "adherence"),
    "surveys": ("surveys", "voice", "loyalty"),
    "what_if": ("what_if", "what_if_flips"),
    "kpis": ("kpis", "visit_effect"),
    "playbook": ("playbook", "stage_rules"),
}
"""Sheets that hold other tables than the one of their own id."""

HEADER_ROW = 5
"""The row of a table's heads; rows are written from the next one on."""
FIRST_COLUMN = 2
"""Column B: column A is the margin."""

CURRENT_QUARTER = "crm.current_quarter"
PREVIOUS_QUARTER = "crm.previous_quarter"
LANGUAGE = "crm.language"
AS_OF = "crm.as_of"
"""The day of the last run: a date before it is overdue."""
CHANGE_MARKED = "crm.change_marked"
"""The share from which a change is shown bold, read from the Settings table."""
AUDIT_HEAD = "crm.audit.head"
"""The end of the audit's chain: number and seal of the newest entry and number of its run, so that rows cut off the end are missed."""
VALUE_NOTE = "crm.value.note"
"""Above the lifetime value: why its columns are blank, where they are."""
LIST_CUSTOMER_CODES = "crm.list.customer_codes"
LIST_ROUTES = "crm.list.routes"
LIST_PRODUCTS = "crm.list.products"
LIST_QUARTERS = "crm.list.quarters"
CARD_FIND = "crm.card.find"
"""The card's cell in which a customer is searched: a code, a part of a name or phone, or a hit chosen as `code  name`."""
CARD_CODE = "crm.card.code"
"""The code of the customer that is meant there, worked out by a formula; blank for none."""
HOME_PREFIX = "crm.home."
SHEET_PREFIX = "crm.sheet."
"""`crm.sheet.customers` is where a link to that sheet leads; the name follows a sheet that a user renames."""
PAGE_PREFIX = "crm.page."


def sheet_name(sheet_id: str, language: Language) -> str:
    """The name on the tab."""
    return text(f"sheets.{sheet_id}", language)


def sheet_of_table(table_id: str) -> str:
    """The id of the sheet that holds a table. The statistics and minimums stand on page sheets of the same id."""
    for sheet_id, tables in TABLES_ON_SHEET.items():
        if table_id in tables:
            return sheet_id
    return table_id


def tables_of_sheet(sheet_id: str) -> tuple[str, ...]:
    """The ids of the tables on a sheet, from left to right."""
    if sheet_id in TABLES_ON_SHEET:
        return TABLES_ON_SHEET[sheet_id]
    return (sheet_id,) if sheet_id in TABLES and sheet_id not in PAGE_SHEETS else ()


PAGE_SHEETS: tuple[str, ...] = ("change_statistics", "minimums", "card", "dashboard")
"""Sheets of the template that a run paints as a page."""


def page_name(page_id: str) -> str:
    """The defined name that marks a page's sheet: `route:3` -> `crm.page.route.3`.

    Letters of any script, digits and `_` stay; `:` becomes `.`; anything else becomes its code point between `_x` and `_`.
    """
    kept = page_id.replace(":", ".", 1)
    return PAGE_PREFIX + re.sub(r"[^\w.]", lambda found: f"_x{ord(found.group()):x}_", kept)


def page_id_of(name: str) -> str:
    """The page that a defined name marks: `crm.page.route.3` -> `route:3`."""
    kept = name.removeprefix(PAGE_PREFIX).replace(".", ":", 1)
    return re.sub(r"_x([0-9a-f]+)_", lambda found: chr(int(found[1], 16)), kept)


def quoted(name: str) -> str:
    """A sheet name as it stands in a formula."""
    return "'" + name.replace("'", "''") + "'"
