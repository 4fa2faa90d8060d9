"""The Charts sheet: grades per business type and changes per batch, native charts over two small tables."""

from __future__ import annotations

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
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xlcrm.sheets import charts, places
from xlcrm.sheets.styles import FONTS, TOKENS
from xlcrm.sheets.template_book import put, px_height, px_width
from xlcrm.sheets.template_tables import add_table
from xlcrm.tables.results import CHART_CHANGES, CHART_GRADES
from xlcrm.tables.schema import TableSpec
from xlcrm.texts import Language, text

CHART_ROW = 5
CHART_ROWS = 15
HEAD_ROW = CHART_ROW + CHART_ROWS + 3
SECOND_COLUMN = 7
_COLUMN_PX = 132


def fill_charts_sheet(sheet: Worksheet, language: Language) -> None:
    """Two charts above, the tables that they draw below."""
    last = 0
    for first, spec, title, colors, rows in (
        (places.FIRST_COLUMN, CHART_GRADES, "chart_grades", ("size-1", "size-2", "size-3"), charts.TYPE_ROWS),
        (SECOND_COLUMN, CHART_CHANGES, "chart_changes", ("up", "bar-past", "down"), charts.BATCH_ROWS),
    ):
        put(sheet, HEAD_ROW - 1, first, spec.label(language), "crm.section", span=len(spec.columns))
        blank: list[list[object]] = [[None] * len(spec.columns) for _ in range(rows)]
        last = add_table(sheet, spec, language, first, HEAD_ROW, blank)
        for column in range(first, last + 1):
            px_width(sheet, column, _COLUMN_PX)
        sheet.add_chart(_chart(sheet, spec, first, rows, text(f"sheets.{title}", language), colors, language))
    px_width(sheet, SECOND_COLUMN - 1, 28)
    px_height(sheet, HEAD_ROW - 1, 28)
    sheet.print_area = f"A1:{sheet.cell(1, last).column_letter}{HEAD_ROW + charts.TYPE_ROWS}"


def _chart(sheet: Worksheet, spec: TableSpec, first: int, rows: int, title: str, colors: tuple[str, ...], language: Language) -> BarChart:
    """Stacked bars, the first row at the top, values inside, no grid."""
    chart = BarChart()
    chart.type = "bar"
    chart.grouping = "stacked"
    chart.overlap = 100
    chart.gapWidth = 55
    names = Reference(sheet, min_col=first, min_row=HEAD_ROW + 1, max_row=HEAD_ROW + rows)
    for offset, color in enumerate(colors, start=1):
        values = Reference(sheet, min_col=first + offset, min_row=HEAD_ROW + 1, max_row=HEAD_ROW + rows)
        series = Series(values)
        letter = get_column_letter(first + offset)
        series.tx = SeriesLabel(strRef=StrRef(f"{places.quoted(sheet.title)}!${letter}${HEAD_ROW}"))
        series.graphicalProperties = GraphicalProperties(solidFill=TOKENS[color], ln=LineProperties(solidFill="FFFFFF", w=9525))
        if spec is CHART_CHANGES:  # the bars of a small business type are too short for figures; the table below has them
            series.dLbls = _labels("ink" if color == "bar-past" else "white", language)
        chart.series.append(series)
    chart.set_categories(names)
    chart.title = _title(title, language)
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
        AnchorMarker(col=first - 1, row=CHART_ROW - 1),
        AnchorMarker(col=first + len(spec.columns) - 1, row=CHART_ROW + CHART_ROWS - 1),
    )
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=start, to=end)
    return chart


def _title(words: str, language: Language) -> Title:
    look = _look(11.5, "brand", language, bold=True)
    run = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
    title = Title(tx=Text(rich=RichText(p=[run])), overlay=False)
    title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.02, y=0.025))
    return title


def _labels(color: str, language: Language) -> DataLabelList:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = "#,##0;;"
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
