"""What stands around a table's rows and has to follow them: formats, validations, links, comments, defined names, heads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlcrm.sheets.parts import Sheet, Workbook, decode, relationships
from xlcrm.sheets.places import quoted
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.tableparts import Table
from xlcrm.sheets.xmlbits import Area, attributes, escape_cell, with_attribute
from xlcrm.tables.addresses import column_letters


def _grown(area: Area, old: Area, new: Area) -> Area:
    """A range that reached from the table's first row (or above) to its last one does so again."""
    if area.bottom == old.bottom and area.top <= old.top and area.left <= old.right and area.right >= old.left:
        return Area(area.left, area.top, area.right, new.bottom)
    return area


def grow_ranges(sheet: SheetXml, old: Area, new: Area) -> None:
    """Conditional formats and validations that covered the table's rows cover the new rows."""
    if old.bottom != new.bottom:
        sheet.move_ranges(lambda area: _grown(area, old, new))


def grow_names(workbook: Workbook, sheet: Sheet, old: Area, new: Area) -> None:
    """Defined names that covered the table's rows cover the new rows."""
    if old.bottom == new.bottom:
        return
    for name in workbook.names:
        place, _, cells = name.refers_to.rpartition("!")
        if place.strip("'").replace("''", "'").casefold() != sheet.name.casefold():
            continue
        area = Area.parse(cells)
        if area is not None and _grown(area, old, new) != area:
            workbook.set_defined_name(name.name, f"{place}!{_grown(area, old, new).absolute}", name.sheet)


def follow_rows(workbook: Workbook, owner: Sheet, sheet: SheetXml, body: Area, moves: Mapping[int, int]) -> None:
    """Links and comments on single rows of the table go with their row; those of rows that are gone go too.

    moves: old row number -> new row number.
    """
    moves = dict(moves.items())
    if all(old == new for old, new in moves.items()) and all(number in moves for number in range(body.top, body.bottom + 1)):
        return

    def moved(area: Area) -> Area | None:
        inside = area.top == area.bottom and body.top <= area.top <= body.bottom and area.left <= body.right and area.right >= body.left
        if not inside:
            return area
        new = moves.get(area.top)
        return None if new is None else Area(area.left, new, area.right, new)

    sheet.move_references(moved)
    for relation in relationships(workbook.package, owner.part).values():
        kind = relation.type.rpartition("/")[2]
        if relation.external or not workbook.package.has(relation.target):
            continue
        if kind in ("comments", "threadedComment"):
            _edit(workbook, relation.target, r"<(?:comment|threadedComment)\b[^>]*?(?:/>|>.*?</(?:comment|threadedComment)>)", moved)
        elif kind == "vmlDrawing":
            _edit_shapes(workbook, relation.target, moved)


def _edit(workbook: Workbook, part: str, pattern: str, moved: object) -> None:
    xml = decode(workbook.package.read(part), part, workbook.package.file)

    def changed(match: re.Match[str]) -> str:
        area = Area.parse(attributes(match[0]).get("ref", ""))
        new = area if area is None else moved(area)  # type: ignore[operator]  # the function of follow_rows
        if area is None or new == area:
            return match[0]
        return "" if new is None else with_attribute(match[0], "ref", str(new))

    new_xml = re.sub(pattern, changed, xml, flags=re.DOTALL)
    if new_xml != xml:
        workbook.package.replace(part, new_xml.encode())


def _edit_shapes(workbook: Workbook, part: str, moved: object) -> None:
    """The boxes of comments say which cell they belong to; other shapes are left alone."""
    xml = decode(workbook.package.read(part), part, workbook.package.file)

    def changed(match: re.Match[str]) -> str:
        shape = match[0]
        row, column = re.search(r"<x:Row>(\d+)</x:Row>", shape), re.search(r"<x:Column>(\d+)</x:Column>", shape)
        if 'ObjectType="Note"' not in shape or row is None or column is None:
            return shape
        number = int(row[1]) + 1
        new: Area | None = moved(Area(int(column[1]) + 1, number, int(column[1]) + 1, number))  # type: ignore[operator]  # see above
        if new is None:
            return ""
        return shape if new.top == number else _box_moved(shape, row[0], new.top - number, new.top)

    new_xml = re.sub(r"<v:shape\b.*?</v:shape>", changed, xml, flags=re.DOTALL)
    if new_xml != xml:
        workbook.package.replace(part, new_xml.encode())


def _box_moved(shape: str, row: str, by: int, number: int) -> str:
    shape = shape.replace(row, f"<x:Row>{number - 1}</x:Row>")

    def anchor(match: re.Match[str]) -> str:
        edges = [int(edge) for edge in match[2].split(",")]
        edges[2], edges[6] = max(edges[2] + by, 0), max(edges[6] + by, 1)
        return match[1] + ", ".join(map(str, edges)) + match[3]

    return re.sub(r"(<x:Anchor>)((?:\s*\d+\s*,){7}\s*\d+\s*)(</x:Anchor>)", anchor, shape)


def header_cells(sheet: SheetXml, table: Table, column: int, header: str, width_px: int) -> None:
    """Writes the head of a new column at the table's right end, in the style of its neighbour, and widens the column."""
    row = table.area.top
    index = sheet.index()
    line = index.between(row, row)
    text = index.data[line.starts[0] : line.place(1)].decode() if line.numbers else f'<row r="{row}"></row>'
    neighbour = re.search(rf'<c r="{column_letters(column - 1)}{row}"[^>]*?\ss="(\d+)"', text)
    style = f' s="{neighbour[1]}"' if neighbour else ""
    cell = f'<c r="{column_letters(column)}{row}"{style} t="inlineStr"><is><t xml:space="preserve">{escape_cell(header)}</t></is></c>'
    text = re.sub(rf'<c r="{column_letters(column)}{row}"(?:[^>/]*/>|[^>]*>.*?</c>)', "", text, flags=re.DOTALL)
    if re.match(r"<row\b[^>]*/>", text):
        text = re.sub(r"^(<row\b[^>]*?)/>", r"\1></row>", text)
    place = len(text) - len("</row>") if text.rstrip() == text else text.rindex("</row>")
    for match in re.finditer(r'<c r="([A-Z]+)\d+"', text):
        if (len(match[1]), match[1]) > (len(column_letters(column)), column_letters(column)):
            place = match.start()
            break
    text = re.sub(r'\sspans="[^"]*"', "", text[:place] + cell + text[place:], count=1)
    end = line.place(1) if line.numbers else index.first + len(index.before(row))
    start = line.starts[0] if line.numbers else end
    sheet.rows = index.data[index.first : start] + text.encode() + index.data[end : index.end]
    _set_width(sheet, column, width_px)


def _set_width(sheet: SheetXml, column: int, width_px: int) -> None:
    """Gives a column its width where the user gave it none."""
    found = re.search(r"<cols>(.*?)</cols>", sheet.head, re.DOTALL)
    element = f'<col min="{column}" max="{column}" width="{(width_px - 5) / 7:.5f}" customWidth="1"/>'
    if found is None:
        sheet.head = sheet.head.replace("<sheetData>", f"<cols>{element}</cols><sheetData>")
        return
    columns = re.findall(r"<col\b[^>]*/>", found[1])
    out: list[str] = []
    placed = False
    for each in columns:
        given = attributes(each)
        first, last = int(given["min"]), int(given["max"])
        if first <= column <= last:
            if last - first < 1000:  # the user's own choice for this column
                return
            parts = ((first, column - 1), (column, column), (column + 1, last))  # a rest of the sheet, said in one go
            for low, high in parts:
                if low == high == column:
                    out.append(element)
                elif low <= high:
                    out.append(with_attribute(with_attribute(each, "min", str(low)), "max", str(high)))
            placed = True
            continue
        if first > column and not placed:
            out.append(element)
            placed = True
        out.append(each)
    if not placed:
        out.append(element)
    sheet.head = sheet.head[: found.start(1)] + "".join(out) + sheet.head[found.end(1) :]


def refers_to(sheet_name: str, area: Area) -> str:
    """A range as a defined name holds it."""
    return f"{quoted(sheet_name)}!{area.absolute}"
