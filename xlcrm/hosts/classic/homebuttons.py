"""The buttons on Home: drawing shapes that run a macro, in a band under the page, where nothing else stands and nothing is printed."""

from __future__ import annotations

import re

from xlcrm.hosts.classic.naming import control_id, sub_name
from xlcrm.hosts.icons import icon_png
from xlcrm.macros.catalog import GROUPS, MACROS, Macro
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import OFFICE, Sheet, Workbook, add_content_type, add_relationship, relationships, rels_name
from xlcrm.sheets.styles import FONTS, TOKENS
from xlcrm.sheets.template_home import CARDS, card_column
from xlcrm.sheets.xmlbits import escape, quote
from xlcrm.texts import Language, text

_EMU_PER_PX = 9525
_WIDTH_PX, _HEIGHT_PX, _CAPTION_PX, _ICON_PX, _INDENT_PX = 174, 32, 26, 16, 10
"""A button is as wide as a card."""
_ROW_PX, _PITCH_PX = 20, 40
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_SPREADSHEET_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_DRAWING_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CAPTION_SIZE, _LABEL_SIZE = 1150, 1000
"""Hundredths of a point: a section's title, and data."""


def add_home_buttons(workbook: Workbook, language: Language) -> None:
    """Draws a button for each macro under the printed page of Home, group by group, each group two cards wide."""
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
    row = _first_free_row(workbook, home)
    for place, group in enumerate(GROUPS):
        macros = [macro for macro in MACROS.values() if macro.group == group]
        column = card_column(place * CARDS // len(GROUPS))
        shapes.caption(text(f"macros.group_{group}", language), column, row)
        for number, macro in enumerate(macros):
            across, down = number % 2, number // 2
            shapes.button(macro, card_column(place * CARDS // len(GROUPS) + across), row, _CAPTION_PX + 4 + down * _PITCH_PX)
    package.replace(drawing, shapes.xml().encode())
    _show_drawing(package, home, drawing)


def _first_free_row(workbook: Workbook, home: Sheet) -> int:
    """The row (from 1) under the printed page, one row left free."""
    area = workbook.defined_name("_xlnm.Print_Area", home)
    found = re.search(r":\$?[A-Z]+\$?(\d+)$", area.refers_to) if area else None
    assert found is not None  # every template has it
    return int(found[1]) + 2


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
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr xmlns:xdr="{_SPREADSHEET_DRAWING}" xmlns:a="{_DRAWING_MAIN}" '
            f'xmlns:r="{OFFICE}">{"".join(self._anchors)}</xdr:wsDr>'
        )

    def caption(self, words: str, column: int, row: int) -> None:
        """A group's title."""
        self._shape("", f"group {words}", "", words, column, row, 0, _CAPTION_PX, _CAPTION_SIZE, "", 0)

    def button(self, macro: Macro, column: int, row: int, below_px: int) -> None:
        """A macro's button and the icon on it; a click on either runs the macro."""
        label, run = macro.label(self._language), f"[0]!{sub_name(macro)}"
        indent = 2 * _INDENT_PX + _ICON_PX
        self._shape(
            run, control_id(macro), macro.help(self._language), label, column, row, below_px, _HEIGHT_PX, _LABEL_SIZE, "action-tint", indent
        )
        part = f"xl/media/{macro.id}.png"
        self._package.replace(part, icon_png(macro.id, 32))
        relation = add_relationship(self._package, self._drawing, f"{OFFICE}/image", f"../media/{macro.id}.png")
        picture = (
            f'<xdr:pic macro="{run}"><xdr:nvPicPr><xdr:cNvPr id="{self._next_id()}" name="{control_id(macro)}_icon" '
            f'descr="{quote(label)}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
            f'<xdr:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
            f"<xdr:spPr>{_frame(_ICON_PX, _ICON_PX)}</xdr:spPr></xdr:pic>"
        )
        self._anchor(picture, column, _INDENT_PX, row, below_px + (_HEIGHT_PX - _ICON_PX) // 2, _ICON_PX, _ICON_PX)

    def _shape(
        self, run: str, name: str, description: str, words: str, column: int, row: int, below_px: int, height_px: int, size: int, fill: str,
        indent_px: int,
    ) -> None:  # fmt: skip
        font = FONTS[self._language]
        letters = (
            f'<a:rPr lang="{"zh-CN" if self._language == "zh" else "en-US"}" sz="{size}" b="1"><a:solidFill><a:srgbClr val="{TOKENS["brand"]}"/>'
            f'</a:solidFill><a:latin typeface="{font}"/><a:ea typeface="{font}"/></a:rPr>'
        )
        painted = f'<a:solidFill><a:srgbClr val="{TOKENS[fill]}"/></a:solidFill>' if fill else "<a:noFill/>"
        shape = (
            f'<xdr:sp macro="{run}" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{self._next_id()}" name="{quote(name)}" descr="{quote(description)}"/>'
            f"<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>{_frame(_WIDTH_PX, height_px)}{painted}<a:ln><a:noFill/></a:ln></xdr:spPr>"
            f'<xdr:txBody><a:bodyPr wrap="square" lIns="{indent_px * _EMU_PER_PX}" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
            f"<a:p><a:r>{letters}<a:t>{escape(words)}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        )
        self._anchor(shape, column, 0, row, below_px, _WIDTH_PX, height_px)

    def _anchor(self, inner: str, column: int, right_px: int, row: int, below_px: int, width_px: int, height_px: int) -> None:
        """Hangs a shape on the cell it starts in, which must hold its offset; rows under the page have the default height."""
        down, rest = divmod(below_px, _ROW_PX)
        self._anchors.append(
            f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column - 1}</xdr:col><xdr:colOff>{right_px * _EMU_PER_PX}</xdr:colOff>"
            f"<xdr:row>{row - 1 + down}</xdr:row><xdr:rowOff>{rest * _EMU_PER_PX}</xdr:rowOff></xdr:from>"
            f'<xdr:ext cx="{width_px * _EMU_PER_PX}" cy="{height_px * _EMU_PER_PX}"/>{inner}<xdr:clientData/></xdr:oneCellAnchor>'
        )

    def _next_id(self) -> int:
        return len(self._anchors) + 2


def _frame(width_px: int, height_px: int) -> str:
    return (
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width_px * _EMU_PER_PX}" cy="{height_px * _EMU_PER_PX}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    )
