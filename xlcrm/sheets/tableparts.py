"""Excel tables of a closed workbook: where each stands, its columns, and the change of its size."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from xlcrm.sheets.parts import Sheet, Workbook, decode, relationships
from xlcrm.sheets.xmlbits import Area, attributes, quote, unescape_cell, with_attribute

_COLUMN = re.compile(r"<tableColumn\b(?:[^>]*?/>|.*?</tableColumn>)", re.DOTALL)
_FORMULA = re.compile(r"<calculatedColumnFormula\b([^>]*)>([^<]*)</calculatedColumnFormula>")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: its header, and the XML of its formula (empty: none; `array`: an array formula)."""

    header: str
    formula: str
    array: bool

    @classmethod
    def of(cls, element: str) -> TableColumn:
        """From a `tableColumn` element."""
        found = _FORMULA.search(element)
        header = unescape_cell(html.escape(attributes(element).get("name", ""), quote=False))
        if found is None:
            return cls(header, "", False)
        return cls(header, found[2], attributes(f"<f{found[1]}>").get("array") in ("1", "true"))


@dataclass(slots=True)
class Table:
    """One Excel table: its part, the sheet that it stands on now, its range with heads and totals."""

    part: str
    sheet: Sheet
    xml: str
    name: str
    area: Area
    header_rows: int
    totals_rows: int
    columns: list[TableColumn]

    @classmethod
    def parse(cls, part: str, sheet: Sheet, xml: str) -> Table | None:
        """The table of a part, or None when it has no range."""
        root = re.search(r"<table\b[^>]*>", xml)
        if root is None:
            return None
        given = attributes(root[0])
        area = Area.parse(given.get("ref", ""))
        if area is None:
            return None
        columns = [TableColumn.of(element) for element in _COLUMN.findall(xml)]
        return cls(
            part, sheet, xml, given.get("displayName", given.get("name", "")), area,
            int(given.get("headerRowCount", "1")), int(given.get("totalsRowCount", "0")), columns,
        )  # fmt: skip

    @property
    def body(self) -> Area:
        """The data rows."""
        return Area(self.area.left, self.area.top + self.header_rows, self.area.right, self.area.bottom - self.totals_rows)

    def resize(self, rows: int) -> None:
        """Gives the table that many data rows (at least one, as Excel wants it)."""
        old, old_body = self.area, self.body
        bottom = old_body.top + max(rows, 1) - 1
        self._set_area(Area(old.left, old.top, old.right, bottom + self.totals_rows))
        for element in re.findall(r"<sort(?:State|Condition)\b[^>]*>", self.xml):
            area = Area.parse(attributes(element).get("ref", ""))
            if area is not None and (area.top, area.bottom) == (old_body.top, old_body.bottom):
                new = Area(area.left, area.top, area.right, bottom)
                self.xml = self.xml.replace(element, with_attribute(element, "ref", str(new)))

    def _set_area(self, area: Area) -> None:
        self.area = area
        filtered = Area(area.left, area.top, area.right, area.bottom - self.totals_rows)
        self.xml = re.sub(r"<table\b[^>]*>", lambda match: with_attribute(match[0], "ref", str(area)), self.xml, count=1)
        self.xml = re.sub(r"<autoFilter\b[^>]*>", lambda match: with_attribute(match[0], "ref", str(filtered)), self.xml, count=1)

    def add_column(self, header: str) -> int:
        """Adds a column at the right end and returns its number on the sheet."""
        ids = [int(attributes(element).get("id", "0")) for element in _COLUMN.findall(self.xml)]
        name = quote(header).replace("&#10;", "_x000a_")
        element = f'<tableColumn id="{max(ids, default=0) + 1}" name="{name}"/>'
        self.xml = self.xml.replace("</tableColumns>", element + "</tableColumns>")
        self.columns.append(TableColumn(header, "", False))
        count = str(len(self.columns))
        self.xml = re.sub(r"<tableColumns\b[^>]*>", lambda match: with_attribute(match[0], "count", count), self.xml, count=1)
        self._set_area(Area(self.area.left, self.area.top, self.area.right + 1, self.area.bottom))
        return self.area.right


def tables_of(workbook: Workbook) -> dict[str, Table]:
    """Every table of the workbook by its name in lower case, wherever it stands."""
    found = {}
    for sheet in workbook.sheets:
        if not sheet.part or not workbook.package.has(sheet.part):
            continue
        for relation in relationships(workbook.package, sheet.part).values():
            if relation.type.endswith("/table") and workbook.package.has(relation.target):
                xml = decode(workbook.package.read(relation.target), relation.target, workbook.package.file)
                table = Table.parse(relation.target, sheet, xml)
                if table is not None:
                    found[table.name.casefold()] = table
    return found
