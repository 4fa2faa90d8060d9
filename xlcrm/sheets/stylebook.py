"""Cell styles of a closed workbook by name: where `crm.name` and the other styles of ours stand in it now.

Excel renumbers styles when it saves, so the ids are read from the sheet of styles, whose cells carry them. A number format of a
cell's own becomes a further style, added behind the others; nothing in the style sheet is ever changed or taken out.
"""

from __future__ import annotations

import re
from functools import cached_property

from xlcrm.sheets.parts import Workbook, decode
from xlcrm.sheets.places import STYLES_SHEET
from xlcrm.sheets.sheetcells import CellReader, scan
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import attributes, quote, with_attribute

_XFS = re.compile(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", re.DOTALL)
_XF = re.compile(r"<xf\b(?:[^>]*?/>|.*?</xf>)", re.DOTALL)
_FORMATS = re.compile(r"<numFmts\b[^>]*>(.*?)</numFmts>", re.DOTALL)
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "@": 49}
FIRST_OWN_FORMAT = 164


class StyleBook:
    """The style ids of one workbook."""

    def __init__(self, workbook: Workbook, reader: CellReader) -> None:
        self._workbook = workbook
        self._part = workbook.related("styles") or ""
        self._names = self._read_names(workbook, reader)
        self._found: dict[tuple[str, str], str] = {}
        self._same: dict[tuple[str, str], bool] = {}
        self._xml = decode(workbook.package.read(self._part), self._part, workbook.package.file) if self._part else ""
        self._changed = False

    @staticmethod
    def _read_names(workbook: Workbook, reader: CellReader) -> dict[str, str]:
        sheet = workbook.sheet(STYLES_SHEET)
        if sheet is None:
            return {}
        parsed = SheetXml.parse(workbook.package.read(sheet.part), sheet.part, workbook.package.file)
        scanned = scan(parsed.index(), reader, {1: False}, ())
        names = scanned.texts[1].to_list()
        ids = scanned.template_ids.to_list()
        return {name: scanned.templates[place].styles.get(1, "") for name, place in zip(names, ids, strict=True) if name}

    def style_id(self, name: str, number_format: str = "") -> str:
        """The id of a style, with a number format of its own where one is given. Adds that style when the workbook lacks it.

        A variant that the workbook does not know (`crm.grade.up`) falls back to the style it varies; without any, to the plain one.
        """
        key = (name, number_format)
        if key not in self._found:
            base = self._base(name)
            self._found[key] = base if not number_format else self._with_format(base, number_format)
        return self._found[key]

    def same_look(self, one: str, other: str) -> bool:
        """Whether two style ids look the same. A program marks a text that was typed with an apostrophe in the cell's style."""
        if one == other:
            return True
        places = [int(number) for number in (one, other) if number.isdecimal() and int(number) < len(self._xfs)]
        if (one, other) not in self._same:
            shapes = {_shape(with_attribute(self._xfs[place], "quotePrefix", None)) for place in places}
            self._same[one, other] = len(places) == 2 and len(shapes) == 1
        return self._same[one, other]

    def _base(self, name: str) -> str:
        while name not in self._names and "." in name:
            name = name.rpartition(".")[0]
        return self._names.get(name, "") or "0"

    @cached_property
    def _xfs(self) -> list[str]:
        block = _XFS.search(self._xml)
        return _XF.findall(block[1]) if block else []

    def _with_format(self, base: str, number_format: str) -> str:
        if int(base) >= len(self._xfs):
            return base
        wanted = with_attribute(with_attribute(self._xfs[int(base)], "numFmtId", self._format_id(number_format)), "applyNumberFormat", "1")
        shape = _shape(wanted)
        for place, xf in enumerate(self._xfs):
            if _shape(xf) == shape:
                return str(place)
        self._xfs.append(wanted)
        self._xml = self._xml.replace("</cellXfs>", wanted + "</cellXfs>", 1)
        count = str(len(self._xfs))
        self._xml = re.sub(r"<cellXfs\b[^>]*>", lambda match: with_attribute(match[0], "count", count), self._xml, count=1)
        self._changed = True
        return str(len(self._xfs) - 1)

    def _format_id(self, code: str) -> str:
        if code in _BUILT_IN:
            return str(_BUILT_IN[code])
        block = _FORMATS.search(self._xml)
        known = [attributes(element) for element in re.findall(r"<numFmt\b[^>]*>", block[1])] if block else []
        for each in known:
            if each.get("formatCode") == code:
                return each["numFmtId"]
        number = max([FIRST_OWN_FORMAT - 1, *(int(each["numFmtId"]) for each in known)]) + 1
        element = f'<numFmt numFmtId="{number}" formatCode="{quote(code)}"/>'
        if block:
            self._xml = self._xml.replace("</numFmts>", element + "</numFmts>", 1)
            self._xml = re.sub(
                r"<numFmts\b[^>]*>", lambda match: with_attribute(match[0], "count", str(len(known) + 1)), self._xml, count=1
            )
        else:
            self._xml = re.sub(
                r"(<styleSheet\b[^>]*>)", lambda match: f'{match[1]}<numFmts count="1">{element}</numFmts>', self._xml, count=1
            )
        self._changed = True
        return str(number)

    def write(self) -> None:
        """Puts added styles into the package."""
        if self._changed:
            self._workbook.package.replace(self._part, self._xml.encode())
            self._changed = False


def _shape(xf: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """What makes two cell formats the same, however they are written."""
    given = {name: value for name, value in attributes(xf).items() if not name.startswith("apply") and value not in ("0", "false")}
    inner = re.search(r">(.*)</xf>", xf, re.DOTALL)
    parts = (
        sorted((match[0], tuple(sorted(attributes(match[0]).items()))) for match in re.finditer(r"<\w[^>]*>", inner[1])) if inner else []
    )
    return tuple(sorted(given.items())), str([each for _, each in parts])
