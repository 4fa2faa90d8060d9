"""A copy of a workbook that shows only the sheets to print; the workbook itself is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets import places
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Sheet, Workbook
from xlcrm.sheets.xmlbits import attributes, quote, with_attribute

PRINT_AREA = "_xlnm.Print_Area"
_FONT_NAME = re.compile(r'(<name\s+val=")([^"]*)(")')


def write_print_copy(book: Path, page_ids: Sequence[str], copy: Path, fonts: Mapping[str, str] | None = None) -> list[str]:
    """Writes the copy and returns the names of the sheets that it shows, in the workbook's order.

    page_ids: ids of pages (`route:3`, `minimums`). fonts: fonts to put in place of others. Links go, since LibreOffice paints
    linked texts in a colour of its own, and so do the print areas of hidden sheets, which LibreOffice would print all the same.
    Raises CannotDo when a page has no sheet in the workbook yet.
    """
    package = Package.open(book)
    workbook = Workbook(package)
    wanted = [sheet_of_page(workbook, page_id, book.name) for page_id in page_ids]
    for sheet in workbook.sheets:
        sheet.element = with_attribute(sheet.element, "state", None if sheet in wanted else "hidden")
        if sheet not in wanted:
            workbook.remove_defined_name(PRINT_AREA, sheet)
        else:
            _without_links(package, sheet)
    workbook.write()
    if fonts:
        _with_fonts(package, workbook, fonts)
    _open_on(package, workbook, next(index for index, sheet in enumerate(workbook.sheets) if sheet in wanted))
    copy.write_bytes(package.to_bytes())
    return [sheet.name for sheet in workbook.sheets if sheet in wanted]


def sheet_of_page(workbook: Workbook, page_id: str, file: str) -> Sheet:
    """The sheet that holds a page: the one its defined name refers to, whatever the user called it."""
    name = workbook.defined_name(places.page_name(page_id))
    referred = re.match(r"(?:'((?:[^']|'')+)'|([^'!]+))!", name.refers_to) if name else None
    sheet = workbook.sheet((referred[1] or referred[2]).replace("''", "'")) if referred else None
    if sheet is None:
        raise CannotDo(Problem("no_page_sheet", file=file, value=page_id))
    return sheet


def font_names(book: Path) -> set[str]:
    """The fonts that the cells of a workbook name."""
    package = Package.open(book)
    styles = Workbook(package).related("styles")
    return {found[2] for found in _FONT_NAME.finditer(package.read(styles).decode("utf-8-sig"))} if styles else set()


def _with_fonts(package: Package, workbook: Workbook, fonts: Mapping[str, str]) -> None:
    styles = workbook.related("styles")
    if styles is not None:
        xml = package.read(styles).decode("utf-8-sig")
        package.replace(styles, _FONT_NAME.sub(lambda found: found[1] + quote(fonts.get(found[2], found[2])) + found[3], xml).encode())


def _without_links(package: Package, sheet: Sheet) -> None:
    xml = package.read(sheet.part)
    plain = re.sub(rb"<hyperlinks\b.*?</hyperlinks>", b"", xml, count=1, flags=re.DOTALL)
    if plain != xml:
        package.replace(sheet.part, plain)


def _open_on(package: Package, workbook: Workbook, index: int) -> None:
    """The copy opens on a sheet that can be seen, and as it was saved: nothing is calculated again for printing."""
    xml = re.sub(r'\sfullCalcOnLoad="[^"]*"', "", package.read(workbook.part).decode("utf-8-sig"))

    def shown(match: re.Match[str]) -> str:
        view = match[0]
        for name in ("activeTab", "firstSheet"):
            if name == "activeTab" or name in attributes(view):
                view = with_attribute(view, name, str(index))
        return view

    package.replace(workbook.part, re.sub(r"<workbookView\b[^>]*>", shown, xml).encode())
