"""The sheets that hold tables: heads, the first row, formulas, dropdowns, what changes its look by its value."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.rules.kpis import SHARES as KPI_SHARES
from xlcrm.sheets import places
from xlcrm.sheets.styles import COUNT, GROUP, SHARE, TOKENS, Edge
from xlcrm.sheets.template_book import TABLE_STYLE, put, px_height, px_width, side, solid
from xlcrm.sheets.template_formulas import excel_formula
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import LAST_ROW
from xlcrm.tables.choices import choice_names
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.schema import ColumnSpec, TableSpec
from xlcrm.texts import Language, in_every_language, starting_with, text

HIDDEN = ";;;"
HEAD_HEIGHT_PX = 38
ROW_HEIGHT_PX = 24
TWO_LINES_PX = 40
FILTER_BUTTON_PX = 20

_CENTERED = {c.ROUTE, c.BATCH, c.VISIT_ORDER, c.POSITION, c.SIZE, c.STATE, c.PERIOD}
_MARKED = {c.SHOWN}
"""Columns whose text ends in a state's mark; the grade that a formula looks up is one too."""
_CHANGES = {c.CHANGE, c.QUANTITY_CHANGE, c.AMOUNT_CHANGE}
"""Shares that are a change, shown with their sign; the others are shares of a whole."""
_SPARSE = ("daily_summary", "month_summary")
"""Tables of counts of which most are 0: these stand back."""
_COMPUTED = {
    K.CODE: "crm.computed.code",
    K.TEXT: "crm.computed",
    K.CHOICE: "crm.computed",
    K.GRADE: "crm.computed.center",
    K.QUARTER: "crm.computed.center",
    K.DATE: "crm.computed.date",
    K.COUNT: "crm.computed.int",
    K.QUANTITY: "crm.computed.int",
    K.MONEY: "crm.computed.money",
    K.SHARE: "crm.computed.change",
    K.NUMBER: "crm.computed.number",
}
_TYPED = {
    K.CODE: "crm.code",
    K.TEXT: "crm.text",
    K.CHOICE: "crm.text",
    K.GRADE: "crm.grade",
    K.QUARTER: "crm.center",
    K.DATE: "crm.date",
    K.COUNT: "crm.int",
    K.QUANTITY: "crm.int",
    K.MONEY: "crm.money",
    K.SHARE: "crm.change",
    K.NUMBER: "crm.number",
}
_RIGHT = {K.COUNT, K.QUANTITY, K.MONEY, K.SHARE, K.NUMBER}


def is_marked(column: ColumnSpec) -> bool:
    """Whether the column shows a grade with its state's mark."""
    return column.id in _MARKED or (column.id == c.GRADE and column.filled_by == "formula")


def body_style(column: ColumnSpec) -> str:
    """The cell style of a column's rows: typed cells white, computed ones on wash."""
    if column.filled_by == "user":
        if column.id == c.CUSTOMER_NAME:
            return "crm.name"
        return "crm.center" if column.id in _CENTERED else _TYPED[column.kind]
    if is_marked(column):
        return "crm.computed.grade"
    if column.kind is K.SHARE and column.id not in _CHANGES:
        return "crm.computed.share"
    return "crm.computed.center" if column.id in _CENTERED else _COMPUTED[column.kind]


def is_input(spec: TableSpec, column: ColumnSpec) -> bool:
    """Whether a person types into that column: what a run, a formula or the template itself fills is computed or explained."""
    if spec.id == "settings":
        return column.id == c.VALUE
    return column.filled_by == "user" and spec.id not in ("problems", "dictionary")


def head_style(column: ColumnSpec) -> str:
    """The head aligns with its column."""
    if column.id in _CENTERED or is_marked(column) or column.kind in (K.GRADE, K.QUARTER, K.DATE):
        return "crm.head.center"
    return "crm.head.right" if column.kind in _RIGHT else "crm.head"


def text_width_px(words: str) -> float:
    """How wide bold text of 10 pt stands, wide characters counted twice."""
    return sum(13.5 if unicodedata.east_asian_width(sign) in "WF" else 7.2 for sign in words)


def column_width_px(column: ColumnSpec, language: Language) -> float:
    """The width asked for, or what the head needs on at most two lines beside its filter button."""
    label = column.label(language)
    words = label.split() if language == "en" else [label]
    one_line = text_width_px(label)
    needed = max(max(text_width_px(word) for word in words), one_line / 2 if len(words) > 1 else one_line)
    return max(column.width_px, needed + 10 + FILTER_BUTTON_PX)


def add_table(
    sheet: Worksheet,
    spec: TableSpec,
    language: Language,
    first_column: int,
    header_row: int = places.HEADER_ROW,
    rows: Sequence[Sequence[object]] = (),
) -> int:
    """Puts a table's heads, its rows (one blank row without any), formulas, dropdowns and looks; returns its last column.

    Rows hold what a person sees, in the order of the spec's columns; a formula column's value is ignored.
    """
    body = list(rows) or [[None] * len(spec.columns)]
    table_columns = []
    # Rows of sentences that a run writes take this height too: programs do not grow them when they open a file.
    height = TWO_LINES_PX if spec.id == "problems" else ROW_HEIGHT_PX
    heights: dict[int, float] = dict.fromkeys(range(header_row + 1, header_row + 1 + len(body)), height)
    for offset, column in enumerate(spec.columns):
        position = first_column + offset
        letter = get_column_letter(position)
        put(sheet, header_row, position, column.label(language), head_style(column))
        width = column_width_px(column, language)
        if not wraps(spec, column):
            width = max([width, *(text_width_px(str(row[offset])) * 0.95 + 14 for row in rows if row[offset])])
        px_width(sheet, position, width)
        sheet.column_dimensions[letter].hidden = column.hidden
        formula = excel_formula(spec, column, language) if column.filled_by == "formula" else ""
        for number, row in enumerate(body, start=header_row + 1):
            border: dict[str, Edge] | None = {"right": GROUP} if spec.id == "customers" and column.id == c.CUSTOMER_NAME else None
            put(sheet, number, position, f"={formula}" if formula else row[offset], _style_in(spec, column), border=border)
            sheet.cell(number, position).protection = Protection(locked=not is_input(spec, column))
        table_columns.append(
            TableColumn(
                id=offset + 1, name=column.label(language), calculatedColumnFormula=TableFormula(attr_text=formula) if formula else None
            )
        )
        _restrict(sheet, spec, column, language, f"{letter}{header_row + 1}", f"{letter}{header_row + 1}:{letter}{LAST_ROW}")
        _change_look(sheet, spec, column, f"{letter}{header_row + 1}", f"{letter}{header_row + 1}:{letter}{LAST_ROW}", first_column)
        if wraps(spec, column):
            for number, row in enumerate(rows, start=header_row + 1):
                lines = math.ceil(text_width_px(str(row[offset] or "")) * 0.95 / (width - 14))
                heights[number] = max(heights.get(number, ROW_HEIGHT_PX), 8 + 16 * lines)
    _keep_computed(sheet, spec, language, first_column, header_row + 1, header_row + len(body))
    for number, pixels in heights.items():
        px_height(sheet, number, pixels)
    last = first_column + len(spec.columns) - 1
    px_height(sheet, header_row, HEAD_HEIGHT_PX)
    ref = f"{get_column_letter(first_column)}{header_row}:{get_column_letter(last)}{header_row + len(body)}"
    sheet.add_table(
        Table(
            displayName=spec.excel_name,
            ref=ref,
            tableColumns=table_columns,
            autoFilter=AutoFilter(ref=ref),
            totalsRowShown=False,
            tableStyleInfo=TableStyleInfo(
                name=TABLE_STYLE, showFirstColumn=False, showLastColumn=False, showRowStripes=False, showColumnStripes=False
            ),
        )
    )
    return last


def _style_in(spec: TableSpec, column: ColumnSpec) -> str:
    if spec.id == "settings" and column.id == c.VALUE:
        return "crm.input.left"
    if column.sentences:
        return "crm.computed.wrap"
    return "crm.text.wrap" if wraps(spec, column) else body_style(column)


def has_sentences(spec: TableSpec) -> bool:
    """Whether a run fills columns of the table with sentences: its rows have no height of their own, so that programs fit them."""
    return any(column.sentences for column in spec.columns)


def wraps(spec: TableSpec, column: ColumnSpec) -> bool:
    """Whether a column holds sentences: its rows grow with the text, so they have no height of their own."""
    return column.sentences or (
        spec.id in ("settings", "dictionary", "problems") and column.id in (c.MESSAGE, c.REMEDY, c.ROW_TEXT, c.ABOUT, c.LABEL)
    )


def _keep_computed(sheet: Worksheet, spec: TableSpec, language: Language, first_column: int, first_row: int, last_row: int) -> None:
    """Typing into a computed column is refused with a sentence; sheet protection would stop tables from growing.

    Where people add rows it reaches down the whole column, as the dropdowns do. A table that is computed as a whole is covered as far
    as it goes and the range grows with it, so that a note or a sum can be typed below.
    """
    computed = [first_column + place for place, column in enumerate(spec.columns) if column.filled_by != "user"]
    if not computed:
        return
    # A formula that is never true: whatever is typed is refused. Formulas, fills, pastes and programs are not asked.
    validation = DataValidation(type="custom", formula1="FALSE", errorStyle="stop", allowBlank=True, showErrorMessage=True)
    has_inputs = any(is_input(spec, column) for column in spec.columns)
    validation.errorTitle = text("sheets.computed_title", language)
    validation.error = text(f"sheets.computed_{'column' if has_inputs else 'table'}", language)
    bottom = LAST_ROW if has_inputs and spec.kind == "record" else last_row
    for first, last in _runs(computed):
        validation.add(f"{get_column_letter(first)}{first_row}:{get_column_letter(last)}{bottom}")
    sheet.add_data_validation(validation)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each run without a gap."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        first = found.pop()[0] if found and found[-1][1] == number - 1 else number
        found.append((first, number))
    return found


def _restrict(sheet: Worksheet, spec: TableSpec, column: ColumnSpec, language: Language, first: str, cells: str) -> None:
    """Dropdowns and limits, down the whole column, so that new rows have them too."""
    if column.filled_by != "user" or spec.kind == "result" or spec.id in ("settings", "problems"):
        return
    wanted = _limit(spec, column, language, first)
    if wanted is None:
        return
    validation, message = wanted
    validation.showErrorMessage = True
    validation.allowBlank = True
    title = f"sheets.{message}_title" if message != "ask_batch" else "sheets.ask_choice_title"
    validation.errorTitle = text(title, language)
    validation.error = text(f"sheets.{message}", language)
    validation.add(cells)
    sheet.add_data_validation(validation)


def _limit(spec: TableSpec, column: ColumnSpec, language: Language, first: str) -> tuple[DataValidation, str] | None:
    """What a column takes, and the text for anything else."""
    lists = {
        "customers.customer_code": (places.LIST_CUSTOMER_CODES, "stop", "ask_customer_code"),
        "products.product_code": (places.LIST_PRODUCTS, "warning", "ask_product"),
    }
    if column.link:
        name, sternness, message = lists[column.link]
        return DataValidation(type="list", formula1=name, errorStyle=sternness), message
    if column.id == c.ROUTE and spec.id != "routes":
        return DataValidation(type="list", formula1=places.LIST_ROUTES, errorStyle="warning"), "ask_route"
    if column.choices:
        offered = ",".join(text(f"choices.{choice}", language) for choice in column.choices)
        return DataValidation(type="list", formula1=f'"{offered}"', errorStyle="stop"), "ask_choice"
    if column.terms:
        offered = ",".join(text(column.terms + each, language) for each in starting_with(column.terms))
        return DataValidation(type="list", formula1=f'"{offered}"', errorStyle="stop"), "ask_choice"
    if column.id == c.BATCH:
        offered = ",".join(text(f"choices.{day}", language) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        return DataValidation(type="list", formula1=f'"{offered}"', errorStyle="warning"), "ask_batch"
    if column.kind is K.DATE:
        return DataValidation(type="date", operator="greaterThanOrEqual", formula1="1"), "ask_date"
    if column.id == c.WITHIN_DAYS:
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0"), "ask_days"
    if column.id == c.SCORE:
        return DataValidation(type="whole", operator="between", formula1="0", formula2="10"), "ask_score"
    if column.kind is K.COUNT:
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1="1"), "ask_count"
    if column.kind in (K.QUANTITY, K.MONEY):
        return DataValidation(type="decimal", operator="between", formula1="-1000000000000", formula2="1000000000000"), "ask_number"
    if column.kind is K.QUARTER:
        formula = f'AND(LEN({first})=6,ISNUMBER(VALUE(LEFT({first},4))),MID({first},5,1)="Q",ISNUMBER(FIND(RIGHT({first},1),"1234")))'
        return DataValidation(type="custom", formula1=formula), "ask_quarter"
    return None


_FORMAT_IDS = {HIDDEN: 200, SHARE: 201, COUNT: 202}


def look(*, color: str = "", fill: str = "", bold: bool = False, box: str = "", number_format: str = "") -> DifferentialStyle:
    """What a conditional format changes."""
    edge = side(Edge("thin", box)) if box else None
    return DifferentialStyle(
        font=Font(bold=bold or None, color="FF" + TOKENS[color]) if color else None,
        fill=solid(fill) if fill else None,
        border=Border(left=edge, right=edge, top=edge, bottom=edge) if edge else None,
        numFmt=NumberFormat(numFmtId=_FORMAT_IDS[number_format], formatCode=number_format) if number_format else None,
    )


def format_when(sheet: Worksheet, cells: str, formula: str, wanted: DifferentialStyle) -> None:
    """A conditional format; the first that holds stops."""
    sheet.conditional_formatting.add(cells, Rule(type="expression", formula=[formula], dxf=wanted, stopIfTrue=True))


def mark_grades(sheet: Worksheet, cells: str, first: str) -> None:
    """A grade with a mark: promoted an outlined tint, demoted a dark ground, the other states quiet."""
    format_when(sheet, cells, f'RIGHT({first},1)="↑"', look(color="up", fill="up-tint", bold=True, box="up"))
    format_when(sheet, cells, f'RIGHT({first},1)="↓"', look(color="white", fill="down", bold=True))
    format_when(sheet, cells, f'AND({first}<>"",ISNUMBER(FIND(RIGHT({first},1),"○≠×?")))', look(color="ink-2"))


def _change_look(sheet: Worksheet, spec: TableSpec, column: ColumnSpec, first: str, cells: str, first_column: int) -> None:
    """Looks that follow the value."""
    if is_marked(column):
        if spec.id != "purchases":  # there a customer's grade stands on every row: hundreds of pills say nothing
            mark_grades(sheet, cells, first)
    elif column.kind is K.SHARE:
        format_when(sheet, cells, f"AND(ISNUMBER({first}),{first}<=-{places.CHANGE_MARKED})", look(color="down", bold=True))
    elif column.id == c.NEXT_ACTION_ON:
        format_when(sheet, cells, f"AND(ISNUMBER({first}),{first}<{places.AS_OF})", look(color="warn", bold=True))
    elif column.id == c.MESSAGE and spec.id != "problems":  # there every row is one
        format_when(sheet, cells, f'{first}<>""', look(color="down"))
    elif column.kind is K.NUMBER:
        if spec.id == "kpis":
            figure = f"${get_column_letter(first_column + spec.column_ids.index(c.KPI))}{first.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
            names = [name for kpi in KPI_SHARES for name in in_every_language(f"lifecycle.kpi_{kpi}")]
            is_share = ",".join(f'{figure}="{name}"' for name in names)
            format_when(sheet, cells, f"OR({is_share})", look(number_format=SHARE))
        # `0.####` leaves the point of a whole number standing.
        format_when(sheet, cells, f"AND(ISNUMBER({first}),{first}=INT({first}))", look(number_format=COUNT))
    elif column.id == c.SENTIMENT:
        bad = ",".join(f'{first}="{name}"' for name in choice_names("negative"))
        format_when(sheet, cells, f"OR({bad})", look(color="down", bold=True))
    elif column.kind is K.COUNT and spec.id in _SPARSE:
        format_when(sheet, cells, f'AND({first}=0,{first}<>"")', look(color="ink-3"))
    if column.filled_by == "formula" and column.kind in (K.QUANTITY, K.MONEY):
        key = f"${get_column_letter(first_column)}{first.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
        format_when(sheet, cells, f'{key}=""', look(number_format=HIDDEN))
