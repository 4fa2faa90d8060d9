"""A copy of a workbook that shows only the sheets to print; the workbook itself is only read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets import places
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Sheet, Workbook
from xlcrm.sheets.xmlbits import attributes, with_attribute


def write_print_copy(book: Path, page_ids: Sequence[str], copy: Path) -> list[str]:
    """Writes the copy and returns the names of the sheets that it shows, in the workbook's order.

    page_ids: ids of pages (`route:3`, `minimums`). Raises CannotDo when a page has no sheet in the workbook yet.
    """
    package = Package.open(book)
    workbook = Workbook(package)
    wanted = [sheet_of_page(workbook, page_id, book.name) for page_id in page_ids]
    for sheet in workbook.sheets:
        sheet.element = with_attribute(sheet.element, "state", None if sheet in wanted else "hidden")
    workbook.write()
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


def _open_on(package: Package, workbook: Workbook, index: int) -> None:
    """The copy opens on a sheet that can be seen."""
    xml = package.read(workbook.part).decode("utf-8-sig")

    def shown(match: re.Match[str]) -> str:
        view = match[0]
        for name in ("activeTab", "firstSheet"):
            if name == "activeTab" or name in attributes(view):
                view = with_attribute(view, name, str(index))
        return view

    package.replace(workbook.part, re.sub(r"<workbookView\b[^>]*>", shown, xml).encode())
