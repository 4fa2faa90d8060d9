"""Erases a person's texts from the parts of a closed workbook: sheets of ours, pages, shared strings, comments, caches, properties.

Sheets of the user's own are left as they are, with the drawings and comments on them; `partsoftext.find` says what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from xlcrm.rules.erasure import Pattern
from xlcrm.sheets import places
from xlcrm.sheets.cellvalues import cell_xml, set_cells
from xlcrm.sheets.changes import Erasure
from xlcrm.sheets.pagememory import OldCell, PageMemory, read_memory, text_of
from xlcrm.sheets.pagerecord import BLOCK_MARK, NAMELESS_STYLES
from xlcrm.sheets.parts import Sheet, Workbook
from xlcrm.sheets.partsoftext import SHARED_CELL, SHARED_STRING, Rooms, is_written, referenced, xml_text
from xlcrm.sheets.sheetcells import CellReader, string_text
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import Area, escape, unescape_cell

_FORMULA = re.compile(r"<f\b(?:[^>]*/>|[^>]*>.*?</f>)", re.DOTALL)
_COMMENT = re.compile(r"<((?:\w+:)?(?:comment|threadedComment))\b([^>]*)>(.*?)</\1>", re.DOTALL)
_COMMENT_TEXT = re.compile(r"<((?:\w+:)?text)\b[^>]*>.*?</\1>", re.DOTALL)
_CHART_POINT = re.compile(r"(<c:v>)([^<]*)(</c:v>)")
_DEFINED_NAME = re.compile(r"(<definedName\b[^>]*>)([^<]*)(</definedName>)")
_TIP = re.compile(r'(\stooltip=")([^"]*…)(")')
_LEAST_OF_TIP = 2
_IN_CELL = re.compile(r"<is>.*?</is>", re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"|&quot;.*?&quot;')


class Eraser:
    """Erases from one workbook, after everything else was written into its parts.

    rows: part of a sheet -> numbers of the rows that are about the person: comments on them go whole.
    """

    def __init__(self, workbook: Workbook, reader: CellReader, erasure: Erasure, rows: Mapping[str, set[int]]) -> None:
        self._workbook, self._package, self._reader, self._erasure, self._rows = workbook, workbook.package, reader, erasure, rows
        self._plain, self._escaped = Pattern(erasure.texts), Pattern(erasure.texts, escaped=True)
        self._rooms = Rooms(workbook)
        shared = reader.shared.to_list()
        self._shared = {number: text for number, text in enumerate(shared) if text and self._plain.found_in(text)}

    def erase(self) -> None:
        """Everything, in the order in which one step may uncover what the next one takes."""
        from xlcrm.sheets.pagepaint import PagePainter, family_of

        for page_id, sheet in PagePainter(self._workbook, self._reader).page_sheets().items():
            self._erase_blocks(sheet, family_of(page_id))
        sheets = {sheet.part: sheet for sheet in self._workbook.sheets}
        for sheet in self._rooms.own:
            if self._package.has(sheet.part) and not self._is_audit(sheet):
                self._change(sheet.part, self._without_cells)
        strings = self._workbook.related("sharedStrings")
        if strings is not None and self._package.has(strings):
            used = referenced(self._package, sheets)
            self._change(strings, lambda xml: _without_strings(xml, used))
        for part in self._package.names():
            if part in sheets or part in (strings, self._workbook.part) or part.endswith(("styles.xml", "[Content_Types].xml")):
                continue
            if part in self._rooms.users_parts:
                self._change(part, self._without_points)
            elif "omment" in part:
                self._change(part, lambda xml, part=part: self._without_comments(xml, self._rows_of_comments(part)))  # type: ignore[misc]  # a default binds the loop's part
            else:
                self._change(part, self._without_texts)
        self._change(self._workbook.part, self._without_names)

    def _change(self, part: str, changed: Callable[[str], str]) -> None:
        xml = xml_text(self._package, part)
        if xml is not None and (new := changed(xml)) != xml:
            self._package.replace(part, new.encode())

    def _is_audit(self, sheet: Sheet) -> bool:
        """Entries are erased by whoever knows their seals."""
        named = self._workbook.defined_name(places.AUDIT_HEAD)
        place = named.refers_to.rpartition("!")[0] if named is not None else ""
        return place.removeprefix("'").removesuffix("'").replace("''", "'").casefold() == sheet.name.casefold()

    # -- pages

    def _erase_blocks(self, sheet: Sheet, family: str) -> None:
        """The person's blocks keep figures, grades and the code: texts there are often shortened, so they cannot be told by their words.

        What the user wrote there goes too, and of the card of the person everything.
        """
        parsed = SheetXml.parse(self._package.read(sheet.part), sheet.part, self._package.file)
        memory = read_memory(parsed, self._reader, family)
        if memory is None:
            return
        blocks = {BLOCK_MARK + code for code in self._erasure.codes}
        card = family == "card" and self._names_a_code(memory)
        cells: list[tuple[Area, str | None, bool]] = []
        for (_, key, _), line in memory.lines.items():
            for column, cell in line.cells.items() if card or key in blocks else ():
                painted = line.painted.get(column - 1)
                style = painted.style[0].split(".") if painted is not None and not painted.empty else []
                if card and column > memory.columns:
                    continue  # the search beside the card
                if cell.filled and (card or not NAMELESS_STYLES.intersection(style)):
                    mark = self._erasure.mark if "name" in style and not card else None
                    cells.append((Area(column, line.row, column, line.row), mark, False))
        for number, (_, extra) in memory.extra.items():
            if 1 in extra and text_of(extra[1], self._reader) in self._erasure.codes:  # notes on a customer who is on no page any more
                cells += [(Area(column, number, column, number), None, False) for column in extra]
        if cells:
            set_cells(parsed, cells, self._workbook.date1904)
            self._package.replace(sheet.part, [parsed.head.encode(), parsed.rows, parsed.tail.encode()])

    def _names_a_code(self, memory: PageMemory) -> bool:
        def codes(cells: Mapping[int, OldCell]) -> set[str]:
            # The search beside the card may offer the person while the card shows somebody else.
            shown = (cell for column, cell in cells.items() if column <= memory.columns)
            return {word for cell in shown for word in text_of(cell, self._reader).split()}

        return any(codes(line.cells) & self._erasure.codes for line in memory.lines.values())

    # -- texts

    def _without_cells(self, xml: str) -> str:
        """A sheet: cells that show such a text show the mark in its place; so do tips and messages."""
        xml = _TIP.sub(self._without_cut_line, xml)
        spans: dict[int, int] = {}
        start, end = xml.find("<sheetData"), xml.rfind("</sheetData>")
        for match in self._escaped.matches(xml):
            if not start < match.start() < end:
                if is_written(xml, match.start()):
                    spans[match.start()] = match.end()
                continue
            left = xml.rfind("<c ", start, match.start())
            if left >= 0 and xml.find("</c>", left, match.start()) < 0:
                spans[left] = xml.find("</c>", match.end()) + 4
        if self._shared:
            spans |= {match.start(): match.end() for match in SHARED_CELL.finditer(xml) if int(match[1]) in self._shared}
        for match in _IN_CELL.finditer(xml) if "<r>" in xml else ():  # one text in pieces of different looks
            if "<r>" in match[0] and self._plain.found_in(string_text(match[0])):
                left = xml.rfind("<c ", start, match.start())
                spans[left] = xml.find("</c>", match.end()) + 4
        pieces, done = [], 0
        for left, right in sorted(spans.items()):
            if left >= done:
                old = xml[left:right]
                pieces += [xml[done:left], self._without_cell(old) if old.startswith("<c ") else escape(self._erasure.mark)]
                done = right
        return "".join([*pieces, xml[done:]])

    def _without_cut_line(self, match: re.Match[str]) -> str:
        """A tip that was cut off may end in the beginning of a name."""
        kept, divider, last = match[2].removesuffix("…").rpartition("&#10;")
        begun = unescape_cell(last).strip().casefold()
        if len(begun) >= _LEAST_OF_TIP and any(text.casefold().startswith(begun) for text in self._erasure.texts):
            return f"{match[1]}{kept}{divider}…{match[3]}"
        return match[0]

    def _without_cell(self, cell: str) -> str:
        head = re.match(r'<c r="([A-Z]+[0-9]+)"([^>]*)>', cell)
        assert head is not None  # it was found by this
        style = re.search(r'\ss="([0-9]+)"', head[2])
        formula = _FORMULA.search(cell)
        value = re.search(r"<v[^>]*>([^<]*)</v>", cell)
        if 't="s"' in head[2] and value is not None:
            shown = self._shared.get(int(value[1]), "")
        else:
            shown = string_text(cell) if "<is" in cell else unescape_cell(value[1]) if value is not None else ""
        new = self._plain.replaced(shown, self._erasure.mark)
        if new == shown:  # it stands in the formula only, which is the user's
            return cell
        return cell_xml(head[1], style[1] if style else "", new, self._workbook.date1904, formula[0] if formula else "")

    def _without_texts(self, xml: str) -> str:
        """Any other part of ours: what stands between tags, and what a person may have written into an attribute."""
        pieces, done = [], 0
        for match in self._escaped.matches(xml):
            if is_written(xml, match.start()):
                pieces += [xml[done : match.start()], escape(self._erasure.mark)]
                done = match.end()
        return "".join([*pieces, xml[done:]])

    def _without_points(self, xml: str) -> str:
        """A part of the user's own: only what a chart remembers of cells elsewhere."""
        return _CHART_POINT.sub(
            lambda match: match[1] + escape(self._plain.replaced(unescape_cell(match[2]), self._erasure.mark)) + match[3], xml
        )

    def _without_names(self, xml: str) -> str:
        """Texts in defined names; never a sheet's name."""

        def quoted(match: re.Match[str]) -> str:
            return self._escaped.replaced(match[0], escape(self._erasure.mark))

        return _DEFINED_NAME.sub(lambda match: match[1] + _QUOTED.sub(quoted, match[2]) + match[3], xml) if self._escaped else xml

    # -- comments

    def _rows_of_comments(self, part: str) -> set[int]:
        from xlcrm.sheets.parts import relationships

        return {
            number for sheet, numbers in self._rows.items() for number in numbers
            if any(relation.target == part for relation in relationships(self._package, sheet).values())
        }  # fmt: skip

    def _without_comments(self, xml: str, rows: set[int]) -> str:
        """Comments on the person's rows lose their text; from others the person's texts go."""

        def changed(match: re.Match[str]) -> str:
            place = re.search(r'\sref="\$?[A-Z]+\$?([0-9]+)', match[2])
            about = place is not None and int(place[1]) in rows
            threaded = "threaded" in match[1]
            shown = unescape_cell(re.sub(r"<[^>]*>", "", match[3])) if threaded else string_text(match[3])
            new = self._erasure.mark if about else self._plain.replaced(shown, self._erasure.mark)
            if new == shown:
                return match[0]
            inner = escape(new) if threaded else f"<t>{escape(new)}</t>"
            return _COMMENT_TEXT.sub(lambda text: f"<{text[1]}>{inner}</{text[1]}>", match[0])

        return self._without_texts(_COMMENT.sub(changed, xml))


def _without_strings(xml: str, used: set[int]) -> str:
    """Shared strings without those that no cell points to: programs leave there what once stood in a cell."""
    numbers = iter(range(len(xml)))

    def changed(match: re.Match[str]) -> str:
        return match[0] if next(numbers) in used else "<si><t/></si>"

    return SHARED_STRING.sub(changed, xml)
