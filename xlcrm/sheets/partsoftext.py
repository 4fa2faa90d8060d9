"""Where texts stand in the parts of a workbook file: in cells, in shared strings, between tags and in attributes.

A text is looked for as a person sees it; pieces of one text with different looks count as one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xlcrm.rules.erasure import Pattern
from xlcrm.sheets import places
from xlcrm.sheets.foundtexts import OWN_TABLES, Found
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Sheet, Workbook, decode, relationships
from xlcrm.sheets.sheetcells import string_text
from xlcrm.sheets.tableparts import tables_of
from xlcrm.sheets.xmlbits import unescape_cell

SHARED_CELL = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*?\st="s"[^>]*><v>([0-9]+)</v></c>')
SHARED_STRING = re.compile(r"<si\b[^>]*?(?:/>|>.*?</si>)", re.DOTALL)
TEXT_OF_PIECES = re.compile(r"<(si|is|text|a:p|xdr:txBody|rich)\b[^>]*>.*?</\1>", re.DOTALL)
_PIECE = re.compile(r">([^<]+)<")
_XML_PARTS = (".xml", ".rels", ".vml")
# Attributes whose values a person may have written; all others are words of the format.
WRITTEN_ATTRIBUTES = frozenset({
    "tooltip", "display", "prompt", "promptTitle", "error", "errorTitle", "descr", "title", "alt", "v", "Target", "location", "name",
    "caption", "displayName", "author", "userId", "c",
})  # fmt: skip


@dataclass
class Rooms:
    """The sheets and parts of one workbook: which are ours and which the user's own."""

    workbook: Workbook

    @cached_property
    def own(self) -> list[Sheet]:
        """The sheets that hold a table of ours or that a name of ours points to; all others are the user's."""
        ours = {table.sheet.part for name, table in tables_of(self.workbook).items() if name in OWN_TABLES}
        for name in self.workbook.names:
            if name.name.startswith("crm."):
                sheet = self.workbook.sheet(name.refers_to.rpartition("!")[0].removeprefix("'").removesuffix("'").replace("''", "'"))
                ours |= {sheet.part} if sheet is not None else set()
        hidden = {places.STYLES_SHEET.casefold(), places.ROUTE_PATTERN.casefold()}
        return [sheet for sheet in self.workbook.sheets if sheet.part in ours or sheet.name.casefold() in hidden]

    @cached_property
    def users(self) -> list[Sheet]:
        """The user's own sheets."""
        ours = {sheet.part for sheet in self.own}
        return [sheet for sheet in self.workbook.sheets if sheet.part not in ours and self.workbook.package.has(sheet.part)]

    @cached_property
    def users_parts(self) -> dict[str, str]:
        """Parts that only sheets of the user's own lead to (drawings, comments), with the name of the sheet."""
        ours = {part for sheet in self.own for part in self._reached(sheet.part)}
        found: dict[str, str] = {}
        for sheet in self.users:
            for part in self._reached(sheet.part) - ours:
                if "/pivot" not in part:  # a pivot's cache is a copy of what stands elsewhere
                    found.setdefault(part, sheet.name)
        return found

    def _reached(self, part: str) -> set[str]:
        seen: set[str] = set()
        ahead = [part]
        while ahead:
            for relation in relationships(self.workbook.package, ahead.pop()).values():
                if not relation.external and relation.target not in seen and self.workbook.package.has(relation.target):
                    seen.add(relation.target)
                    ahead.append(relation.target)
        return seen


def xml_text(package: Package, part: str) -> str | None:
    """A part as text; None where it is no XML."""
    return decode(package.read(part), part, package.file) if part.lower().endswith(_XML_PARTS) else None


def shared_strings(package: Package, part: str | None) -> list[str]:
    """The texts that cells point to by number."""
    if part is None or not package.has(part):
        return []
    return [string_text(match[0]) for match in SHARED_STRING.finditer(decode(package.read(part), part, package.file))]


def is_written(xml: str, place: int) -> bool:
    """Whether a place in a part is text: between tags, not in a formula; or in an attribute that a person may have written."""
    opened, closed = xml.rfind("<", 0, place), xml.rfind(">", 0, place)
    if opened < closed:
        return not re.match(r"<(?:\w+:)?(?:f|formula|formula1|formula2|calculatedColumnFormula)\b", xml[opened : opened + 40])
    name = re.search(r'([\w:]+)=["\'][^"\'=<>]*$', xml[opened:place])
    return name is not None and name[1].rpartition(":")[2] in WRITTEN_ATTRIBUTES


def find(workbook: Workbook, texts: tuple[str, ...]) -> list[Found]:
    """Every place of each of these texts in the file, each place once."""
    pattern = Pattern(texts)
    if not pattern:
        return []
    package, rooms = workbook.package, Rooms(workbook)
    strings = workbook.related("sharedStrings")
    shared = {number: text for number, text in enumerate(shared_strings(package, strings)) if pattern.found_in(text)}
    sheets = {sheet.part: sheet for sheet in workbook.sheets}
    own = {sheet.part for sheet in rooms.own}
    found: dict[tuple[str, str], Found] = {}
    for part in package.names():
        users = part in rooms.users_parts or (part in sheets and part not in own)
        name = sheets[part].name if part in sheets else rooms.users_parts.get(part, "")
        for text, address in _in_part(package, part, pattern, shared, part in sheets):
            place = f"{name}!{address}" if address else f"{name} ({part})" if name else part
            found.setdefault((text.casefold(), place), Found(text, place, users))
    for number, text in _left_over(package, sheets, shared):
        found.setdefault((text.casefold(), "shared"), Found(pattern.expression.findall(text)[0], f"{strings} ({number})", False))
    if strings is not None:
        found = {key: each for key, each in found.items() if each.place != strings}
    return list(found.values())


def _in_part(package: Package, part: str, pattern: Pattern, shared: dict[int, str], is_sheet: bool) -> Iterator[tuple[str, str]]:
    """Texts of one part, with the cell where there is one."""
    xml = xml_text(package, part)
    if xml is None:
        yield from ((text, "") for text in _in_bytes(package.read(part), pattern))
        return
    seen = xml if "&" not in xml else html.unescape(xml)
    if pattern.found_in(seen):
        for match in Pattern(pattern.texts, escaped=True).matches(xml):
            if is_written(xml, match.start()) or _between_tags(xml, match.start()):
                yield unescape_cell(match[0]), _cell_around(xml, match.start()) if is_sheet else ""
    for piece in TEXT_OF_PIECES.finditer(xml):
        runs = _PIECE.findall(piece[0])
        if len(runs) > 1 and (hit := pattern.expression.search(unescape_cell("".join(runs)))) is not None:
            yield hit[0], _cell_around(xml, piece.start()) if is_sheet else ""
    if is_sheet and shared:
        for match in SHARED_CELL.finditer(xml):
            if int(match[1]) in shared:
                yield pattern.expression.findall(shared[int(match[1])])[0], _cell_around(xml, match.end() - 1)


def _between_tags(xml: str, place: int) -> bool:
    return xml.rfind("<", 0, place) < xml.rfind(">", 0, place)


def _cell_around(xml: str, place: int) -> str:
    """The address of the cell that a place in a sheet's XML belongs to; empty outside of cells."""
    start = xml.rfind("<c ", 0, place)
    if start < 0 or xml.find("</c>", start, place) >= 0 or xml.find("<sheetData", 0, place) < 0 or xml.find("</sheetData>", 0, place) >= 0:
        return ""
    address = re.match(r'<c r="([A-Z]+[0-9]+)"', xml[start : start + 40])
    return address[1] if address else ""


def _in_bytes(data: bytes, pattern: Pattern) -> Iterator[str]:
    for text in pattern.texts:
        if text.encode() in data or text.encode("utf-16-le") in data:
            yield text


def _left_over(package: Package, sheets: dict[str, Sheet], shared: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Shared strings that no cell points to any more."""
    if shared:
        used = referenced(package, sheets)
        yield from ((number, text) for number, text in shared.items() if number not in used)


def referenced(package: Package, sheets: dict[str, Sheet]) -> set[int]:
    """Numbers of the shared strings that cells point to."""
    return {
        int(number) for part in sheets if package.has(part)
        for number in re.findall(rb'\st="s"[^>]*>\s*<v>([0-9]+)</v>', package.read(part))
    }  # fmt: skip
