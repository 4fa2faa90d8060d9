"""The Dashboard's sheet of a template: the page of a workbook without a quarter, and the chart over the cells that it draws."""

from __future__ import annotations

import datetime as dt

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.settings import default_settings
from xlcrm.sheets import dashboardpage as page
from xlcrm.sheets import places
from xlcrm.sheets.dashboardlinks import DashboardLinks
from xlcrm.sheets.styles import SIZE_COLORS, TOKENS
from xlcrm.sheets.template_book import define, select, set_footer, set_up_sheet
from xlcrm.sheets.template_charts import chart_words
from xlcrm.sheets.template_page import paint
from xlcrm.texts import Language

BELOW_RULE_EMU = 19_050
"""Two pixels: the chart leaves the rule above it to be seen."""


def build_dashboard(book: Workbook, language: Language) -> None:
    """The sheet."""
    sheet = book.create_sheet(places.sheet_name("dashboard", language))
    set_up_sheet(sheet, tab="brand", one_page=True)
    set_footer(sheet, language)
    settings = default_settings(language)
    paint(sheet, page.dashboard_page(page.nothing_known(settings), settings, dt.date.min, {}, DashboardLinks()))
    sheet.add_chart(_chart(sheet, language))
    define(sheet, places.page_name(page.PAGE_ID), 1, 1, hidden=True)
    define(sheet, places.SHEET_PREFIX + "dashboard", 1, 1)
    select(sheet, "A1")


def _chart(sheet: Worksheet, language: Language) -> BarChart:
    """Lying stacked bars, one a line of the page, the legend over the line of the heads."""
    head = page.CHART_LINE + 1
    first, last = head + 1, head + page.BAR_LINES
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    for offset, color in enumerate(SIZE_COLORS):
        column = page.CHART_COLUMN + 1 + offset
        series = Series(Reference(sheet, min_col=column, min_row=first, max_row=last))
        series.tx = SeriesLabel(strRef=StrRef(f"{places.quoted(sheet.title)}!${get_column_letter(column)}${head}"))
        series.graphicalProperties = GraphicalProperties(solidFill=TOKENS[color], ln=LineProperties(solidFill="FFFFFF", w=9525))
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    chart.title = None
    share = page.HEAD_PX / (page.HEAD_PX + page.BAR_LINES * page.BAR_PX)
    chart.legend.position = "t"
    chart.legend.txPr = chart_words(9, "ink-2", language)
    chart.legend.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.12, y=0.0, w=0.76, h=share))
    chart.layout = Layout(manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.0, y=share, w=1.0, h=1 - share))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.graphical_properties = GraphicalProperties(solidFill=TOKENS["white"], ln=LineProperties(noFill=True))
    left, right = page.CHART_COLUMN, page.CHART_COLUMN + page.CHART_SPAN
    top_left, bottom_right = AnchorMarker(col=left, row=head - 1, rowOff=BELOW_RULE_EMU), AnchorMarker(col=right, row=last)
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=top_left, to=bottom_right)
    return chart
