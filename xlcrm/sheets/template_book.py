"""What every sheet of a template shares: an empty book with its styles, cells, print set-up, and bytes that repeat."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.table import TableStyle, TableStyleElement
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml

from xlcrm.sheets import places
from xlcrm.sheets.styles import BASE_SIZE, FONTS, STYLES, TOKENS, Edge, StyleSpec
from xlcrm.texts import Language, text

TABLE_STYLE = "crm.table"
CREATED = dt.datetime(2026, 1, 1)
"""Stands in the file as its date: a template is the same whenever it is built."""

MARGINS_MM = (10.0, 10.0, 11.0, 12.0, 6.0)
"""Left, right, top, bottom, footer of a printed page."""


def solid(token: str) -> PatternFill:
    """A plain ground."""
    return PatternFill("solid", fgColor="FF" + TOKENS[token], bgColor="FF" + TOKENS[token])


def side(edge: Edge | None) -> Side:
    """One border line."""
    return Side(edge.stroke, color="FF" + TOKENS[edge.color]) if edge else Side()


def new_book(language: Language) -> Workbook:
    """A workbook without sheets, with the language's font, all `crm.*` styles and the table style."""
    book = Workbook()
    book.remove(book.worksheets[0])
    normal = book._named_styles["Normal"]
    normal.font = Font(name=FONTS[language], size=BASE_SIZE, color="FF" + TOKENS["ink"], family=2)
    book._fonts[0] = normal.font  # the default font of every cell
    normal.bind(book)
    for name, spec in STYLES.items():
        book.add_named_style(_named_style(name, spec, language))
    _add_table_style(book)
    book.loaded_theme = _theme(language)
    book.properties.creator = "xlcrm"
    book.properties.title = "xlcrm"
    book.properties.created = CREATED
    return book


def _named_style(name: str, spec: StyleSpec, language: Language) -> NamedStyle:
    return NamedStyle(
        name=name,
        font=Font(name=FONTS[language], size=spec.size, bold=spec.bold, color="FF" + TOKENS[spec.color], family=2),
        fill=solid(spec.fill) if spec.fill else PatternFill(),
        border=Border(left=side(spec.left), right=side(spec.right), top=side(spec.top), bottom=side(spec.bottom)),
        alignment=Alignment(
            horizontal=spec.horizontal,
            vertical=spec.vertical,
            indent=spec.indent,
            wrap_text=spec.wrap or None,
            shrink_to_fit=spec.shrink or None,
        ),
        number_format=spec.number_format,
        protection=Protection(locked=spec.locked),
    )


def _add_table_style(book: Workbook) -> None:
    """`crm.table`: what a row looks like that a user adds in Excel."""
    line = Border(horizontal=side(Edge("thin", "line")), bottom=side(Edge("thin", "line")))
    looks = {
        "wholeTable": DifferentialStyle(border=line),
        "headerRow": DifferentialStyle(font=Font(bold=True, color="FFFFFFFF"), fill=solid("brand")),
        "totalRow": DifferentialStyle(font=Font(bold=True), fill=solid("wash-2"), border=Border(top=side(Edge("medium", "brand")))),
    }
    elements = [TableStyleElement(type=part, dxfId=book._differential_styles.add(look)) for part, look in looks.items()]
    style = TableStyle(name=TABLE_STYLE, pivot=False, table=True, count=len(elements), tableStyleElement=elements)
    book._table_styles.tableStyle = [style]
    book._table_styles.defaultTableStyle = TABLE_STYLE


def _theme(language: Language) -> bytes:
    """Office's theme with our colours and font, so that a user's own chart fits in."""
    theme = str(theme_xml)
    accents = ("brand", "size-2", "up", "down", "warn", "bar-past")
    for number, token in enumerate(accents, start=1):
        theme = re.sub(rf"(<a:accent{number}><a:srgbClr val=)\"[0-9A-F]{{6}}\"", rf'\1"{TOKENS[token]}"', theme)
    theme = re.sub(r"(<a:(?:dk2)><a:srgbClr val=)\"[0-9A-F]{6}\"", rf'\1"{TOKENS["brand"]}"', theme)
    theme = re.sub(r"(<a:(?:hlink|folHlink)><a:srgbClr val=)\"[0-9A-F]{6}\"", rf'\1"{TOKENS["action"]}"', theme)
    theme = re.sub(r"<a:latin typeface=\"(?:Cambria|Calibri)\"", f'<a:latin typeface="{FONTS[language]}"', theme)
    if language == "zh":
        theme = re.sub(r'(<a:font script="Hans" typeface=)"[^"]*"', rf'\1"{FONTS["zh"]}"', theme)
    return theme.encode()


def px_width(sheet: Worksheet, column: int, pixels: float) -> None:
    """Sets a column's width in pixels: the file counts in digits of the Normal font, 7 px each, padding included."""
    sheet.column_dimensions[get_column_letter(column)].width = round(pixels / 7, 4)


def px_height(sheet: Worksheet, row: int, pixels: float) -> None:
    """Sets a row's height in pixels."""
    sheet.row_dimensions[row].height = pixels * 0.75


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: object,
    style: str,
    *,
    span: int = 1,
    number_format: str = "",
    link: str = "",
    name: str = "",
    border: dict[str, Edge] | None = None,
) -> None:
    """Writes one cell in a named style, merged over `span` columns.

    link: the defined name of a place in the workbook. name: a defined name that a run finds the cell by. border: lines besides
    the style's own.
    """
    for position in range(column, column + span):
        cell = sheet.cell(row, position)
        cell.style = style
        if border:
            spec = STYLES[style]
            lines = {edge: border.get(edge) or getattr(spec, edge) for edge in ("left", "right", "top", "bottom")}
            if position > column:
                lines["left"] = None
            if position < column + span - 1:
                lines["right"] = None
            cell.border = Border(**{edge: side(line) for edge, line in lines.items()})
        if number_format:
            cell.number_format = number_format
    first = sheet.cell(row, column)
    first.value = link_formula(link, str(value)) if link else value
    if span > 1:
        styles = [sheet.cell(row, position)._style for position in range(column, column + span)]
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + span - 1)
        for position, kept in zip(range(column, column + span), styles, strict=True):
            sheet.cell(row, position)._style = kept
    if name:
        define(sheet, name, row, column)


def link_formula(target: str, words: str) -> str:
    """A link inside the workbook. As a formula it keeps the cell's own look in every program; a hyperlink turns blue in LibreOffice."""
    return f'=HYPERLINK("#{target}","{words}")'


def define(sheet: Worksheet, name: str, row: int, column: int, hidden: bool = False) -> None:
    """Gives a cell a defined name."""
    target = f"{places.quoted(sheet.title)}!${get_column_letter(column)}${row}"
    assert sheet.parent is not None
    sheet.parent.defined_names[name] = DefinedName(name, attr_text=target, hidden=hidden or None)


def define_formula(book: Workbook, name: str, formula: str) -> None:
    """A defined name for a formula or a list."""
    book.defined_names[name] = DefinedName(name, attr_text=formula)


def set_up_sheet(
    sheet: Worksheet, *, tab: str, landscape: bool = True, grid: bool = False, one_page: bool = False, repeat_rows: str = ""
) -> None:
    """Tab colour, screen and print set-up: A4, one page wide, footer, head rows repeated."""
    left, right, top, bottom, footer = (millimetres / 25.4 for millimetres in MARGINS_MM)
    sheet.sheet_properties.tabColor = "FF" + TOKENS[tab]
    sheet.sheet_view.showGridLines = grid
    sheet.sheet_view.showRowColHeaders = grid
    sheet.sheet_view.zoomScale = 100
    sheet.sheet_format.defaultRowHeight = 18
    sheet.sheet_format.customHeight = True
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.page_margins.left, sheet.page_margins.right = round(left, 4), round(right, 4)
    sheet.page_margins.top, sheet.page_margins.bottom = round(top, 4), round(bottom, 4)
    sheet.page_margins.header = sheet.page_margins.footer = round(footer, 4)
    sheet.print_options.horizontalCentered = True
    if repeat_rows:
        sheet.print_title_rows = repeat_rows


def set_footer(sheet: Worksheet, language: Language) -> None:
    """What the page is at the left, its number at the right."""
    for part, words in ((sheet.oddFooter.left, "xlcrm  ·  &A"), (sheet.oddFooter.right, text("sheets.page", language))):
        part.text, part.size, part.color = words, 8, TOKENS["ink-3"]


def select(sheet: Worksheet, cell: str) -> None:
    """The sheet opens with this cell selected; under frozen heads that is the pane below them, at the left."""
    view = sheet.sheet_view
    if view.pane is not None:
        view.pane.activePane = "bottomLeft"
    for selection in view.selection:
        if view.pane is None or selection.pane == "bottomLeft":
            selection.activeCell = selection.sqref = cell


def finished(book: Workbook) -> bytes:
    """The workbook's file: the same bytes whenever it is built from the same code."""
    raw = io.BytesIO()
    book.save(raw)
    done = io.BytesIO()
    with zipfile.ZipFile(raw) as built, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in _part_order(built.namelist()):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, _mended(name, built.read(name)), compresslevel=zlib.Z_BEST_COMPRESSION)
    return done.getvalue()


def _part_order(names: Sequence[str]) -> list[str]:
    """The content types come first, as Excel writes them."""
    first = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    return [*first, *(name for name in names if name not in first)]


def _mended(name: str, part: bytes) -> bytes:
    """What openpyxl writes differently each time or unlike Excel."""
    if name == "docProps/app.xml":
        return (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            b"<Application>Microsoft Excel</Application><DocSecurity>0</DocSecurity><AppVersion>16.0300</AppVersion></Properties>"
        )
    if name == "docProps/core.xml":
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
    if name == "xl/workbook.xml":
        return part.replace(b'calcId="124519"', b'calcId="191029"')
    if name.startswith("xl/worksheets/sheet"):
        return _without_green_corners(_LINK_CELL.sub(_with_shown_words, part))
    return part


_LINK_CELL = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?)>(<f>HYPERLINK\("[^"]*","([^"]*)"\)</f>)<v ?/>')


def _with_shown_words(found: re.Match[bytes]) -> bytes:
    """A link's words as the formula's result, for a viewer that does not calculate."""
    return found[1] + b' t="str">' + found[2] + b"<v>" + found[3] + b"</v>"


def _without_green_corners(part: bytes) -> bytes:
    """Codes are text on purpose: Excel need not mark each of them as a number stored as text."""
    ignored = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
    before = next((tag for tag in (b"<drawing ", b"<tableParts") if tag in part), None)
    return part if before is None or b"<tableParts" not in part else part.replace(before, ignored + before, 1)
