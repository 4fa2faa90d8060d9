"""The Charts sheet: grades per business type, changes per batch, 80/20 and the RFM grid, native charts over small tables."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import charts, places
from xlcrm.sheets.styles import FONTS, SIZE_COLORS, TOKENS
from xlcrm.sheets.template_book import put, px_height, px_width
from xlcrm.sheets.template_tables import add_table
from xlcrm.tables import columns as c
from xlcrm.tables.results import CHART_CHANGES, CHART_GRADES, CHART_PARETO, CHART_RFM
from xlcrm.tables.schema import TableSpec
from xlcrm.texts import Language, text

CHART_ROW = 5
CHART_ROWS = 15
SECOND_COLUMN = 7
_COLUMN_PX = 132
_GAP_ROWS = 3
_CHART_COLUMNS = 4
_DARK = ("up", "down", "action", "brand")
"""Colours on which figures are white."""
_OFTEN_COLORS = ("wash-2", "size-3", "size-2", "action", "brand")


@dataclass(frozen=True)
class _Drawn:
    """One chart and the table below that it draws. columns: those drawn, as many as colours."""

    spec: TableSpec
    title: str
    first: int
    chart_row: int
    rows: int
    columns: tuple[str, ...]
    colors: tuple[str, ...]
    labels: str = ""

    @property
    def head_row(self) -> int:
        return self.chart_row + CHART_ROWS + _GAP_ROWS

    @property
    def width(self) -> int:
        return max(_CHART_COLUMNS, len(self.spec.columns))


_SECOND_ROW = CHART_ROW + CHART_ROWS + _GAP_ROWS + charts.TYPE_ROWS + _GAP_ROWS
_COUNTS, _SHARES = "#,##0;;;", "0%"
_SIZES, _STATES = CHART_GRADES.column_ids[1:], CHART_CHANGES.column_ids[1:]
DRAWN = (
    # The bars of a small business type are too short for figures; the table below has them.
    _Drawn(CHART_GRADES, "chart_grades", places.FIRST_COLUMN, CHART_ROW, charts.TYPE_ROWS, _SIZES, SIZE_COLORS),
    _Drawn(CHART_CHANGES, "chart_changes", SECOND_COLUMN, CHART_ROW, charts.BATCH_ROWS, _STATES, ("up", "bar-past", "down"), _COUNTS),
    _Drawn(CHART_PARETO, "chart_pareto", places.FIRST_COLUMN, _SECOND_ROW, charts.PARETO_ROWS, (c.AMOUNT_SHARE,), ("size-2",), _SHARES),
    _Drawn(CHART_RFM, "chart_rfm", SECOND_COLUMN, _SECOND_ROW, charts.RFM_ROWS, c.FREQUENCY_SCORES, _OFTEN_COLORS, _COUNTS),
)


def fill_charts_sheet(sheet: Worksheet, language: Language) -> None:
    """Charts, each with the table that it draws below."""
    right = bottom = 0
    for drawn in DRAWN:
        put(sheet, drawn.head_row - 1, drawn.first, drawn.spec.label(language), "crm.section", span=len(drawn.spec.columns))
        blank: list[list[object]] = [[None] * len(drawn.spec.columns) for _ in range(drawn.rows)]
        last = add_table(sheet, drawn.spec, language, drawn.first, drawn.head_row, blank)
        for column in range(drawn.first, last + 1):
            px_width(sheet, column, _COLUMN_PX)
        sheet.add_chart(_chart(sheet, drawn, language))
        px_height(sheet, drawn.head_row - 1, 28)
        right, bottom = max(right, last), max(bottom, drawn.head_row + drawn.rows)
        if drawn.spec is CHART_RFM:
            scale = ColorScaleRule(start_type="min", start_color=TOKENS["white"], end_type="max", end_color=TOKENS["size-2"])
            grid = f"{get_column_letter(drawn.first + 1)}{drawn.head_row + 1}:{get_column_letter(last)}{drawn.head_row + drawn.rows}"
            sheet.conditional_formatting.add(grid, scale)
    px_width(sheet, SECOND_COLUMN - 1, 28)
    sheet.print_area = f"A1:{get_column_letter(right)}{bottom}"
    sheet.row_breaks.append(Break(id=_SECOND_ROW - 2))


def _chart(sheet: Worksheet, drawn: _Drawn, language: Language) -> BarChart:
    """Stacked bars, the first row at the top, values inside, no grid."""
    chart = BarChart()
    chart.type = "bar"
    chart.grouping = "stacked"
    chart.overlap = 100
    chart.gapWidth = 55
    head, ids = drawn.head_row, drawn.spec.column_ids
    names = Reference(sheet, min_col=drawn.first, min_row=head + 1, max_row=head + drawn.rows)
    for column_id, color in zip(drawn.columns, drawn.colors, strict=True):
        column = drawn.first + ids.index(column_id)
        series = Series(Reference(sheet, min_col=column, min_row=head + 1, max_row=head + drawn.rows))
        series.tx = SeriesLabel(strRef=StrRef(f"{places.quoted(sheet.title)}!${get_column_letter(column)}${head}"))
        series.graphicalProperties = GraphicalProperties(solidFill=TOKENS[color], ln=LineProperties(solidFill="FFFFFF", w=9525))
        if drawn.labels:
            series.dLbls = _labels("white" if color in _DARK else "ink", drawn.labels, language)
        chart.series.append(series)
    chart.set_categories(names)
    chart.title = _title(text(f"sheets.{drawn.title}", language), language)
    chart.legend.position = "b"
    chart.legend.txPr = chart_words(9, "ink-2", language)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = False
    chart.x_axis.txPr = chart_words(9.5, "ink", language)
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=TOKENS["line-2"], w=9525))
    chart.x_axis.majorTickMark = "none"
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(solidFill=TOKENS["line"], w=9525))
    start, end = (
        AnchorMarker(col=drawn.first - 1, row=drawn.chart_row - 1),
        AnchorMarker(col=drawn.first + drawn.width - 1, row=drawn.chart_row + CHART_ROWS - 1),
    )
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=start, to=end)
    return chart


def _title(words: str, language: Language) -> Title:
    look = _look(11.5, "brand", language, bold=True)
    run = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
    title = Title(tx=Text(rich=RichText(p=[run])), overlay=False)
    title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.02, y=0.025))
    return title


def _labels(color: str, number_format: str, language: Language) -> DataLabelList:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = number_format
    labels.txPr = chart_words(9, color, language)
    return labels


def chart_words(size: float, color: str, language: Language) -> RichText:
    """How a chart writes: size in points, a colour token."""
    look = _look(size, color, language)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _look(size: float, color: str, language: Language, bold: bool = False) -> CharacterProperties:
    """Chart text names the font too, for Latin and for Chinese signs."""
    font = Font(typeface=FONTS[language])
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=TOKENS[color], latin=font, ea=font)
