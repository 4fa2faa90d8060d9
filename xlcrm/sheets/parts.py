"""The parts of a workbook that tie the others together: content types, relationships, workbook.xml.

Sheets and defined names are kept as the text of their elements; an element that is not changed is written back as it was.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.package import Package
from xlcrm.sheets.xmlbits import attributes, escape, quote, with_attribute

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONSHIP = re.compile(r"<Relationship\b[^>]*?/>|<Relationship\b[^>]*?>\s*</Relationship>")
_OVERRIDE = r"<Override\b[^>]*?/>"
_SHEETS = re.compile(r"<sheets\b[^>]*>(.*?)</sheets>", re.DOTALL)
_NAMES = re.compile(r"<definedNames\b[^>]*>(.*?)</definedNames>|<definedNames\s*/>", re.DOTALL)
_NAME = re.compile(r"<definedName\b[^>]*>[^<]*</definedName>|<definedName\b[^>]*/>")


def decode(data: bytes, name: str, file: str) -> str:
    """The text of an XML part. Raises CannotDo for another encoding than UTF-8 and for a document type (which may hold entities)."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": name})) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": f"{name}: DOCTYPE"}))
    return text


@dataclass(frozen=True, slots=True)
class Relationship:
    """One arrow from a part to another part (`target`: its name in the package) or to somewhere outside."""

    id: str
    type: str
    target: str
    external: bool


def rels_name(part: str) -> str:
    """The part that holds the relationships of a part."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def relationships(package: Package, part: str) -> dict[str, Relationship]:
    """The relationships of a part by id; none when it has none."""
    name = rels_name(part)
    if not package.has(name):
        return {}
    found = {}
    for element in _RELATIONSHIP.findall(decode(package.read(name), name, package.file)):
        given = attributes(element)
        external = given.get("TargetMode") == "External"
        target = given.get("Target", "")
        if not external:
            target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        found[given["Id"]] = Relationship(given["Id"], given.get("Type", ""), target, external)
    return found


def add_relationship(package: Package, part: str, kind: str, target: str) -> str:
    """Adds a relationship to a part; `target` as it shall stand there. Returns its new id."""
    taken, number = set(relationships(package, part)), 1
    while f"rId{number}" in taken:
        number += 1
    _write_relationships(package, part, [Relationship(f"rId{number}", kind, target, False)])
    return f"rId{number}"


def _write_relationships(package: Package, part: str, added: Iterable[Relationship]) -> None:
    name = rels_name(part)
    empty = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    xml = decode(package.read(name), name, package.file) if package.has(name) else empty
    elements = "".join(f'<Relationship Id="{each.id}" Type="{each.type}" Target="{quote(each.target)}"/>' for each in added)
    xml = re.sub(r"<Relationships\b([^>]*)/>", r"<Relationships\1></Relationships>", xml)
    package.replace(name, xml.replace("</Relationships>", elements + "</Relationships>").encode())


def remove_relationship(package: Package, part: str, target: str) -> None:
    """Takes out the relationships of a part that lead to that part."""
    name = rels_name(part)
    gone = {each.id for each in relationships(package, part).values() if each.target == target and not each.external}
    if not gone:
        return
    xml = decode(package.read(name), name, package.file)
    package.replace(name, _RELATIONSHIP.sub(lambda match: "" if attributes(match[0])["Id"] in gone else match[0], xml).encode())


def add_content_type(package: Package, part: str, content_type: str) -> None:
    """Says what a new part is."""
    _write_content_types(package, [part], content_type)


def _write_content_types(package: Package, parts: Iterable[str], content_type: str) -> None:
    xml = decode(package.read(_CONTENT_TYPES), _CONTENT_TYPES, package.file)
    elements = "".join(f'<Override PartName="/{quote(part)}" ContentType="{content_type}"/>' for part in parts)
    package.replace(_CONTENT_TYPES, xml.replace("</Types>", elements + "</Types>").encode())


def remove_part(package: Package, part: str) -> None:
    """Takes a part out with its relationships and its content type."""
    package.remove(part)
    package.remove(rels_name(part))
    xml = decode(package.read(_CONTENT_TYPES), _CONTENT_TYPES, package.file)
    path = f"/{part}".lower()
    kept = re.sub(_OVERRIDE, lambda match: "" if attributes(match[0]).get("PartName", "").lower() == path else match[0], xml)
    if kept != xml:
        package.replace(_CONTENT_TYPES, kept.encode())


@dataclass(slots=True)
class Sheet:
    """One sheet: its element in workbook.xml, its name and its part."""

    element: str
    name: str
    part: str


@dataclass(slots=True)
class DefinedName:
    """One defined name. `sheet` is the sheet it belongs to (None: the workbook); `refers_to` without `=`."""

    element: str
    name: str
    sheet: Sheet | None
    refers_to: str


class Workbook:
    """workbook.xml: the sheets, the defined names, how the workbook counts days. `write` puts changes into the package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        roots = [each for each in relationships(package, "").values() if each.type.endswith("/officeDocument")]
        if not roots:
            raise CannotDo(Problem("workbook_damaged", file=package.file, details={"reason": "_rels/.rels"}))
        self.part = roots[0].target
        self._xml = decode(package.read(self.part), self.part, package.file)
        found = _SHEETS.search(self._xml)
        if found is None:
            raise CannotDo(Problem("workbook_unusual", file=package.file, details={"part": self.part}))
        targets = relationships(package, self.part)
        self._targets = targets
        self.sheets: list[Sheet] = []
        for element in re.findall(r"<sheet\b[^>]*?/?>", found[1]):
            given = attributes(element)
            target = targets.get(next((value for key, value in given.items() if key.endswith(":id")), ""))
            self.sheets.append(Sheet(element, given["name"], target.target if target else ""))
        self._original_sheets = list(self.sheets)
        self._original_elements = [sheet.element for sheet in self.sheets]
        names = _NAMES.search(self._xml)
        self.names = [self._name(element) for element in _NAME.findall(names[0])] if names else []
        self._original_names = [(name.element, name.sheet) for name in self.names]
        properties = re.search(r"<workbookPr\b[^>]*>", self._xml)
        self.date1904 = bool(properties) and attributes(properties[0]).get("date1904", "0") in ("1", "true") if properties else False
        self._recalculate = False
        self._added: dict[str, Relationship] = {}  # new sheets by part, not yet known to the package
        self._sheet_ids = max((int(attributes(sheet.element).get("sheetId", "0")) for sheet in self.sheets), default=0)
        self._found_names: tuple[list[DefinedName], dict[tuple[str, int], DefinedName]] = ([], {})

    def _name(self, element: str) -> DefinedName:
        given = attributes(element)
        local = given.get("localSheetId")
        sheet = self.sheets[int(local)] if local is not None and local.isdigit() and int(local) < len(self.sheets) else None
        inner = re.search(r">([^<]*)<", element)
        return DefinedName(element, given.get("name", ""), sheet, html.unescape(inner[1]) if inner else "")

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, compared without regard to case."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)

    def related(self, kind: str) -> str | None:
        """The part that workbook.xml points to by a relationship of that kind (`styles`, `sharedStrings`)."""
        return next((each.target for each in self._targets.values() if each.type.endswith(f"/{kind}") and not each.external), None)

    def defined_name(self, name: str, sheet: Sheet | None = None) -> DefinedName | None:
        """The defined name of the workbook, or of one sheet."""
        names, found = self._found_names
        if names is not self.names or len(names) != len(found):  # names were taken out, or stand there twice
            found = {}
            for each in self.names:
                found.setdefault((each.name.casefold(), id(each.sheet)), each)
            self._found_names = self.names, found
        return found.get((name.casefold(), id(sheet)))

    def set_defined_name(self, name: str, refers_to: str, sheet: Sheet | None = None, hidden: bool = False) -> None:
        """Adds or changes a defined name."""
        found = self.defined_name(name, sheet)
        if found is None:
            found = DefinedName(f'<definedName name="{quote(name)}"></definedName>', name, sheet, "")
            if hidden:
                found.element = with_attribute(found.element, "hidden", "1")
            self.names.append(found)
            self._found_names[1][name.casefold(), id(sheet)] = found
        if found.refers_to != refers_to:
            found.refers_to = refers_to
            found.element = re.sub(r"/>$|>[^<]*</definedName>$", "", found.element) + f">{escape(refers_to)}</definedName>"

    def remove_defined_name(self, name: str, sheet: Sheet | None = None) -> None:
        """Takes a defined name out; one that is not there is no error."""
        self.names = [each for each in self.names if not (each.name.casefold() == name.casefold() and each.sheet is sheet)]

    def add_sheet(self, wanted: str, xml: bytes, after: Sheet | None = None) -> Sheet:
        """Adds a sheet, behind another one or at the end. The name gets a number when it is taken."""
        name, number = wanted, 2
        while self.sheet(name) is not None:
            name, number = f"{wanted[:26]} ({number})", number + 1
        folder, number = posixpath.dirname(self.part), len(self._added) + 1
        while self.package.has(f"{folder}/worksheets/sheet{number}.xml"):
            number += 1
        part = f"{folder}/worksheets/sheet{number}.xml"
        self.package.replace(part, xml)
        relation = f"crmSheet{number}"  # no id that `add_relationship` gives away before these are written
        while relation in self._targets:
            relation += "x"
        self._added[part] = Relationship(relation, f"{OFFICE}/worksheet", f"worksheets/sheet{number}.xml", False)
        self._sheet_ids = sheet_id = self._sheet_ids + 1
        # The namespace is repeated here, since the root may know it by another prefix than r.
        element = f'<sheet name="{quote(name)}" sheetId="{sheet_id}" r:id="{relation}" xmlns:r="{OFFICE}"/>'
        sheet = Sheet(element, name, part)
        self.sheets.insert(self.sheets.index(after) + 1 if after in self.sheets else len(self.sheets), sheet)
        return sheet

    def remove_sheet(self, sheet: Sheet) -> None:
        """Takes a sheet out with its names and the parts that only it leads to."""
        self.sheets.remove(sheet)
        self.names = [name for name in self.names if name.sheet is not sheet]
        self._added.pop(sheet.part, None)
        remove_relationship(self.package, self.part, sheet.part)
        self._remove_orphan(sheet.part)

    def _remove_orphan(self, part: str) -> None:
        below = [each.target for each in relationships(self.package, part).values() if not each.external]
        remove_part(self.package, part)
        for target in below:
            if target != self.part and self.package.has(target) and not self._reached(target):
                self._remove_orphan(target)

    def _reached(self, part: str) -> bool:
        owners = [name for name in self.package.names() if name.endswith(".rels")]
        for rels in owners:
            folder, base = posixpath.split(rels)
            owner = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
            if any(each.target == part for each in relationships(self.package, owner).values() if not each.external):
                return True
        return False

    def recalculate_on_load(self) -> None:
        """Asks the spreadsheet program to calculate everything when it opens the workbook."""
        self._recalculate = True

    def drop_calculation_chain(self) -> None:
        """Takes out the list of formula cells, which is wrong once formula cells moved; Excel makes a new one."""
        chain = self.related("calcChain")
        if chain is not None and self.package.has(chain):
            remove_relationship(self.package, self.part, chain)
            remove_part(self.package, chain)

    def write(self) -> None:
        """Puts the changes into the package; writes nothing when there are none."""
        if self._added:  # all at once: a workbook may get hundreds of route sheets
            _write_content_types(self.package, self._added, SHEET_TYPE)
            _write_relationships(self.package, self.part, self._added.values())
            self._targets = relationships(self.package, self.part)
            self._added.clear()
        xml = self._xml
        if self.sheets != self._original_sheets or [sheet.element for sheet in self.sheets] != self._original_elements:
            inner = "".join(sheet.element for sheet in self.sheets)
            xml = _SHEETS.sub(lambda match: match[0].replace(match[1], inner) if match[1] else match[0], xml, count=1)
            xml = self._with_shown_sheets(xml)
        moved = self.sheets != self._original_sheets
        if moved or [(name.element, name.sheet) for name in self.names] != self._original_names:
            xml = self._with_names(xml)
        if self._recalculate:
            xml = _with_full_calculation(xml)
        if xml != self._xml:
            self.package.replace(self.part, xml.encode())
            self._xml = xml

    def _with_names(self, xml: str) -> str:
        written = []
        for name in self.names:
            local = None if name.sheet is None else str(self.sheets.index(name.sheet))
            element = (
                name.element
                if attributes(name.element).get("localSheetId") == local
                else with_attribute(name.element, "localSheetId", local)
            )
            written.append(element)
        elements = "".join(written)
        block = f"<definedNames>{elements}</definedNames>" if elements else ""
        if _NAMES.search(xml):
            return _NAMES.sub(lambda _: block, xml, count=1)
        place = re.search(
            r"</sheets>(\s*<functionGroups.*?(?:/>|</functionGroups>))?(\s*<externalReferences>.*?</externalReferences>)?", xml, re.DOTALL
        )
        assert place is not None  # a workbook without sheets was refused before
        return xml[: place.end()] + block + xml[place.end() :]

    def _with_shown_sheets(self, xml: str) -> str:
        """The open sheet and the first tab stay the ones they were, though their numbers moved."""

        def moved(match: re.Match[str]) -> str:
            view = match[0]
            for name in ("activeTab", "firstSheet"):
                old = attributes(view).get(name)
                if old is not None and old.isdigit() and int(old) < len(self._original_sheets):
                    sheet = self._original_sheets[int(old)]
                    view = with_attribute(view, name, str(self.sheets.index(sheet) if sheet in self.sheets else 0))
            return view

        return re.sub(r"<workbookView\b[^>]*>", moved, xml)


def _with_full_calculation(xml: str) -> str:
    found = re.search(r"<calcPr\b[^>]*>", xml)
    if found:
        if attributes(found[0]).get("fullCalcOnLoad") in ("1", "true"):
            return xml
        return xml[: found.start()] + with_attribute(found[0], "fullCalcOnLoad", "1") + xml[found.end() :]
    place = (
        re.search(r"</definedNames>|<definedNames\s*/>", xml) or re.search(r"</externalReferences>", xml) or re.search(r"</sheets>", xml)
    )
    assert place is not None  # a workbook without sheets was refused before
    return f'{xml[: place.end()]}<calcPr fullCalcOnLoad="1"/>{xml[place.end() :]}'
