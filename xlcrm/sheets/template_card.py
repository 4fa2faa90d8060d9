"""The Customer card's sheet of a template: the page of nobody as a run would paint it, its chart, and the search beside it.

The search needs no Python: it is a wildcard search in the hidden column `search` of Customers, one hit after another, with functions
that Excel 2007 and later, WPS and LibreOffice have. `rules/search.py` does the same for the terminal.
"""

from __future__ import annotations

import datetime as dt

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import RichTextProperties
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.rules.search import BETWEEN, MOST_HITS
from xlcrm.settings import default_settings
from xlcrm.sheets import cardpage, places
from xlcrm.sheets.cardcells import COLUMNS
from xlcrm.sheets.pagerecord import RECORD_COLUMNS
from xlcrm.sheets.styles import TOKENS
from xlcrm.sheets.template_book import define, put, px_width, select, set_footer, set_up_sheet
from xlcrm.sheets.template_charts import chart_words
from xlcrm.sheets.template_formulas import column_reference
from xlcrm.sheets.template_page import paint
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

FIRST_FREE = COLUMNS + RECORD_COLUMNS + 1
GUTTER, FIND, RANK, CODE = range(FIRST_FREE, FIRST_FREE + 4)
"""Columns right of the page and its record; rank and code of a hit are hidden."""
ROW_BACK, ROW_TITLE, ROW_FIND, ROW_HELP, ROW_THEN, ROW_COUNT = 1, 2, 4, 6, 7, 9
ROW_HITS = cardpage.PROFILE_LINE + 1
"""The hits stand beside the ten lines of the profile."""
FIND_PX = 340


def build_card(book: Workbook, language: Language) -> None:
    """The sheet. It carries the record of a painted page, so that a run replaces the page alone and the search stays."""
    sheet = book.create_sheet(places.sheet_name("card", language))
    set_up_sheet(sheet, tab="brand", landscape=False, one_page=True)
    set_footer(sheet, language)
    page = cardpage.card_page(None, default_settings(language), dt.date.min)
    paint(sheet, page)
    sheet.add_chart(_chart(sheet, language))
    _search(sheet, language)
    define(sheet, places.page_name(cardpage.PAGE_ID), 1, 1, hidden=True)
    define(sheet, places.SHEET_PREFIX + "card", 1, 1)
    select(sheet, f"{get_column_letter(FIND)}{ROW_FIND}")


def _search(sheet: Worksheet, language: Language) -> None:
    """The cell to type in, how many match, and the first hits; the dropdown of the cell offers the hits."""
    px_width(sheet, GUTTER, 28)
    px_width(sheet, FIND, FIND_PX)
    for column in (RANK, CODE):
        px_width(sheet, column, 63)
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    find, rank = f"${get_column_letter(FIND)}${ROW_FIND}", get_column_letter(RANK)
    meant, needle, pattern = (f"${rank}${row}" for row in (ROW_FIND, ROW_FIND + 1, ROW_FIND + 2))
    customers = TABLES["customers"]
    codes, names, search = (column_reference(customers, name, language) for name in (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.SEARCH))
    put(sheet, ROW_BACK, FIND, text("sheets.back", language), "crm.back", link=places.SHEET_PREFIX + "home")
    put(sheet, ROW_TITLE, FIND, text("card.find", language), "crm.section")
    put(sheet, ROW_FIND, FIND, None, "crm.input.left", name=places.CARD_FIND)
    put(sheet, ROW_HELP, FIND, text("card.find_help", language), "crm.help")
    put(sheet, ROW_THEN, FIND, text("card.find_then", language), "crm.caption")
    # What stands before two blanks is a code that was chosen; signs that are wildcards stand for themselves.
    sheet[meant.replace("$", "")] = f'=TRIM(LEFT({find}&"",FIND("{BETWEEN}",{find}&"{BETWEEN}")-1))'
    exact = f"MATCH({_escaped(meant)},{codes},0)"
    sheet[needle.replace("$", "")] = f'=IF(ISNUMBER({exact}),{meant},TRIM({find}&""))'
    sheet[pattern.replace("$", "")] = f'="*"&{_escaped(needle)}&"*"'
    first_code = f"${get_column_letter(CODE)}${ROW_HITS}"
    found = f'=IF(TRIM({find}&"")="","",IFERROR(INDEX({codes},{exact})&"",{first_code}))'
    sheet.cell(ROW_FIND, CODE, found)
    define(sheet, places.CARD_CODE, ROW_FIND, CODE)
    count = f"COUNTIF({search},{pattern})"
    none, some = text("card.find_none", language), text("card.find_count", language)
    put(sheet, ROW_COUNT, FIND, f'=IF({count}=0,"{none}",{count}&" {some}")', "crm.caption")
    for row in range(ROW_HITS, ROW_HITS + MOST_HITS):
        own, above = f"${rank}{row}", f"${rank}{row - 1}"
        if row == ROW_HITS:
            hit = f'=IFERROR(MATCH({pattern},{search},0),"")'
        else:  # the rest of the column behind the hit above
            rest = f"INDEX({search},{above}+1):INDEX({search},ROWS({search}))"
            hit = f'=IF({above}="","",IFERROR({above}+MATCH({pattern},{rest},0),""))'
        sheet.cell(row, RANK, hit)
        code = f"${get_column_letter(CODE)}{row}"
        sheet.cell(row, CODE, f'=IF({own}="","",INDEX({codes},{own})&"")')
        put(sheet, row, FIND, f'=IF({own}="","",{code}&"{BETWEEN}"&INDEX({names},{own}))', "crm.customer.hit")
    _offer_hits(sheet, find)


def _escaped(cell: str) -> str:
    """A text in which `~`, `*` and `?` stand for themselves."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},"~","~~"),"*","~*"),"?","~?")'


def _offer_hits(sheet: Worksheet, find: str) -> None:
    """The dropdown: as many hits as there are. Anything else may be typed, so nothing is refused."""
    first, rank, last = f"${get_column_letter(FIND)}${ROW_HITS}", get_column_letter(RANK), ROW_HITS + MOST_HITS - 1
    ranks = f"${rank}${ROW_HITS}:${rank}${last}"
    hits = DataValidation(type="list", formula1=f"OFFSET({first},0,0,MAX(1,COUNT({ranks})),1)", showErrorMessage=False, allowBlank=True)
    hits.add(find.replace("$", ""))
    sheet.add_data_validation(hits)


def _chart(sheet: Worksheet, language: Language) -> BarChart:
    """Bars of the quarters, this one in the brand's colour, and the next tier's minimum as a dashed line; over the cells they draw."""
    first, last = cardpage.CHART_LINE + 1, cardpage.CHART_LINE + cardpage.CHART_LINES
    quarters = Reference(sheet, min_col=1, min_row=first, max_row=last)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "clustered", 100, 50
    for column, color, place in ((2, "bar-past", "inBase"), (3, "brand", "outEnd")):
        series = Series(Reference(sheet, min_col=column, min_row=first, max_row=last))
        series.graphicalProperties = GraphicalProperties(solidFill=TOKENS[color], ln=LineProperties(noFill=True))
        series.dLbls = DataLabelList()
        series.dLbls.showVal, series.dLbls.dLblPos, series.dLbls.numFmt = True, place, "#,##0;;"
        series.dLbls.showSerName = series.dLbls.showCatName = series.dLbls.showLegendKey = series.dLbls.showPercent = False
        series.dLbls.txPr = chart_words(9, "ink", language)
        chart.series.append(series)
    chart.set_categories(quarters)
    minimum = LineChart()
    dashed = Series(Reference(sheet, min_col=4, min_row=first, max_row=last))
    dashed.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=TOKENS["warn"], prstDash="dash", w=15875))
    dashed.marker.symbol = "none"
    dashed.smooth = False
    minimum.series.append(dashed)
    minimum.set_categories(quarters)
    chart += minimum
    chart.legend = None
    chart.title = None
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.x_axis.majorTickMark = "none"
    chart.x_axis.txPr = chart_words(8, "ink-2", language)
    chart.x_axis.txPr.bodyPr = RichTextProperties(rot=0, vert="horz")
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=TOKENS["line-2"], w=9525))
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.graphical_properties = GraphicalProperties(solidFill=TOKENS["white"], ln=LineProperties(noFill=True))
    chart.anchor = TwoCellAnchor(
        editAs="oneCell", _from=AnchorMarker(col=0, row=first - 1), to=AnchorMarker(col=cardpage.CHART_COLUMNS, row=last)
    )
    return chart
