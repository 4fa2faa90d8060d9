"""The buttons on Home: drawing shapes that run a macro, in a band under the page, where nothing else stands and nothing is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlcrm.hosts.classic.naming import control_id, sub_name
from xlcrm.hosts.icons import icon_png
from xlcrm.macros.catalog import GROUPS, MACROS, Macro
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import OFFICE, Sheet, Workbook, add_content_type, add_relationship, relationships, rels_name
from xlcrm.sheets.styles import FONTS, TOKENS
from xlcrm.sheets.template_home import card_column
from xlcrm.sheets.xmlbits import escape, quote
from xlcrm.texts import Language, text

_EMU_PER_PX = 9525
_CAPTION_PX, _HEIGHT_PX, _GAP_PX = 30, 32, 8
_ICON_PX, _ICON_LEFT_PX, _ICON_GAP_PX = 16, 9, 7
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_SPREADSHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_DRAWING_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CAPTION_SIZE, _LABEL_SIZE = 1150, 1000
"""Hundredths of a point: a section's title, and data."""


def add_home_buttons(workbook: Workbook, language: Language) -> None:
    """Draws a button for each macro under the printed page of Home: a group a card, its buttons below one another."""
    home = workbook.sheet(text("sheets.home", language))
    assert home is not None  # every template has it
    package = workbook.package
    number = 1
    while package.has(f"xl/drawings/drawing{number}.xml"):
        number += 1
    drawing = f"xl/drawings/drawing{number}.xml"
    package.replace(drawing, b"")
    add_content_type(package, drawing, _DRAWING_TYPE)
    shapes = _Shapes(package, drawing, language)
    top = _first_free_row(workbook, home)
    lines = 1
    for place, group in enumerate(GROUPS):
        macros = [macro for macro in MACROS.values() if macro.group == group]
        shapes.caption(text(f"macros.group_{group}", language), card_column(place), top)
        for line, macro in enumerate(macros):
            shapes.button(macro, card_column(place), top + 1 + 2 * line)
        lines = max(lines, len(macros))
    package.replace(drawing, shapes.xml().encode())
    _add_rows(package, home, top, [_CAPTION_PX, *[_HEIGHT_PX, _GAP_PX] * lines])
    _show_drawing(package, home, drawing)


def _first_free_row(workbook: Workbook, home: Sheet) -> int:
    """The row (from 1) under the printed page, one row left free."""
    area = workbook.defined_name("_xlnm.Print_Area", home)
    found = re.search(r":\$?[A-Z]+\$?(\d+)$", area.refers_to) if area else None
    assert found is not None  # every template has it
    return int(found[1]) + 2


def _add_rows(package: Package, sheet: Sheet, top: int, heights_px: Sequence[int]) -> None:
    """Gives the rows under the page the heights of what lies on them: default heights differ between programs."""
    xml = package.read(sheet.part).decode()
    rows = "".join(f'<row r="{top + place}" ht="{pixels * 0.75}" customHeight="1"/>' for place, pixels in enumerate(heights_px))
    package.replace(sheet.part, xml.replace("</sheetData>", rows + "</sheetData>", 1).encode())


def _show_drawing(package: Package, sheet: Sheet, drawing: str) -> None:
    assert not any(each.type.endswith("/drawing") for each in relationships(package, sheet.part).values()), rels_name(sheet.part)
    relation = add_relationship(package, sheet.part, f"{OFFICE}/drawing", f"../drawings/{drawing.rpartition('/')[2]}")
    xml = package.read(sheet.part).decode()
    element = f'<drawing xmlns:r="{OFFICE}" r:id="{relation}"/>'
    # The order of a sheet's elements is fixed: a drawing stands before these.
    later = re.search(r"<(?:legacyDrawing|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>", xml)
    assert later is not None
    package.replace(sheet.part, (xml[: later.start()] + element + xml[later.start() :]).encode())


class _Shapes:
    """The shapes of one drawing, in the order in which they lie over each other."""

    def __init__(self, package: Package, drawing: str, language: Language) -> None:
        self._package, self._drawing, self._language = package, drawing, language
        self._anchors: list[str] = []

    def xml(self) -> str:
        """The drawing part."""
        namespaces = f'xmlns:xdr="{_SPREADSHEET_DRAWING}" xmlns:a="{_DRAWING_MAIN}" xmlns:r="{OFFICE}"'
        anchors = "".join(self._anchors)
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr {namespaces}>{anchors}</xdr:wsDr>'

    def caption(self, words: str, column: int, row: int) -> None:
        """A group's title."""
        properties = f'<xdr:cNvPr id="{self._next_id()}" name="{quote(words)}"/>'
        body = self._text(words, _CAPTION_SIZE, 0)
        self._over_card(f'<xdr:sp macro="" textlink="">{_shape(properties, "")}{body}</xdr:sp>', column, row)

    def button(self, macro: Macro, column: int, row: int) -> None:
        """A macro's button and the icon on it; a click on either runs the macro."""
        label, run = macro.label(self._language), f"[0]!{sub_name(macro)}"
        help_text = quote(macro.help(self._language))
        properties = f'<xdr:cNvPr id="{self._next_id()}" name="{control_id(macro)}" descr="{help_text}"/>'
        body = self._text(label, _LABEL_SIZE, _ICON_LEFT_PX + _ICON_PX + _ICON_GAP_PX)
        self._over_card(f'<xdr:sp macro="{run}" textlink="">{_shape(properties, "action-tint")}{body}</xdr:sp>', column, row)
        part = f"xl/media/{macro.id}.png"
        self._package.replace(part, icon_png(macro.id, 64))
        relation = add_relationship(self._package, self._drawing, f"{OFFICE}/image", f"../media/{macro.id}.png")
        properties = f'<xdr:cNvPr id="{self._next_id()}" name="{control_id(macro)}_icon" descr="{quote(label)}"/>'
        self._icon(
            f'<xdr:pic macro="{run}"><xdr:nvPicPr>{properties}<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
            f'<xdr:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
            f"<xdr:spPr>{_FRAME}</xdr:spPr></xdr:pic>",
            column,
            row,
        )

    def _text(self, words: str, size: int, indent_px: int) -> str:
        font, spoken = FONTS[self._language], "zh-CN" if self._language == "zh" else "en-US"
        color = f'<a:solidFill><a:srgbClr val="{TOKENS["brand"]}"/></a:solidFill>'
        letters = f'<a:rPr lang="{spoken}" sz="{size}" b="1">{color}<a:latin typeface="{font}"/><a:ea typeface="{font}"/></a:rPr>'
        inside = f'lIns="{indent_px * _EMU_PER_PX}" tIns="0" rIns="0" bIns="0"'
        box = f'<a:bodyPr vertOverflow="overflow" horzOverflow="overflow" wrap="none" {inside} anchor="ctr"/>'
        return f'<xdr:txBody>{box}<a:p><a:pPr algn="l"/><a:r>{letters}<a:t>{escape(words)}</a:t></a:r></a:p></xdr:txBody>'

    def _over_card(self, inner: str, column: int, row: int) -> None:
        """Spans a row of a card's two columns, however wide a program draws them."""
        start, end = _corner(column, 0, row, 0), _corner(column + 2, 0, row + 1, 0)
        anchor = f'<xdr:twoCellAnchor editAs="oneCell"><xdr:from>{start}</xdr:from><xdr:to>{end}</xdr:to>'
        self._anchors.append(f"{anchor}{inner}<xdr:clientData/></xdr:twoCellAnchor>")

    def _icon(self, inner: str, column: int, row: int) -> None:
        size = f'<xdr:ext cx="{_ICON_PX * _EMU_PER_PX}" cy="{_ICON_PX * _EMU_PER_PX}"/>'
        start = f"<xdr:from>{_corner(column, _ICON_LEFT_PX, row, (_HEIGHT_PX - _ICON_PX) // 2)}</xdr:from>"
        self._anchors.append(f"<xdr:oneCellAnchor>{start}{size}{inner}<xdr:clientData/></xdr:oneCellAnchor>")

    def _next_id(self) -> int:
        return len(self._anchors) + 2


def _corner(column: int, right_px: int, row: int, below_px: int) -> str:
    """A place in a cell."""
    across = f"<xdr:col>{column - 1}</xdr:col><xdr:colOff>{right_px * _EMU_PER_PX}</xdr:colOff>"
    return f"{across}<xdr:row>{row - 1}</xdr:row><xdr:rowOff>{below_px * _EMU_PER_PX}</xdr:rowOff>"


def _shape(properties: str, fill: str) -> str:
    painted = f'<a:solidFill><a:srgbClr val="{TOKENS[fill]}"/></a:solidFill>' if fill else "<a:noFill/>"
    return f"<xdr:nvSpPr>{properties}<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>{_FRAME}{painted}<a:ln><a:noFill/></a:ln></xdr:spPr>"


_FRAME = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
"""The anchor says where and how large a shape is."""
