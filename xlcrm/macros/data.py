"""Macros that bring data in and look it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text

if TYPE_CHECKING:
    from xlcrm.imports.textsheet import TextSheet


@declare(group="data", verb="import")
def import_exports(desk: Desk) -> list[str]:
    """Exports that stand on Import sheets; where none does, files that the user chooses."""
    from xlcrm.jobs.importing import import_files, import_sheets

    pasted = desk.import_sheets()
    if pasted:
        sheets = [text_sheet(desk.store.name, name, rows) for name, rows in pasted]
        report = import_sheets(desk.store, desk.store.name, sheets, progress=desk.progress)
        desk.clear_import_sheets()
        return report.lines(desk.language)
    files = desk.choose_files()
    if files is None:
        raise CannotDo(Problem("nothing_pasted", file=desk.store.name))
    if not files:
        return [text("macros.nothing_chosen", desk.language)]
    return import_files(desk.store, files, progress=desk.progress).lines(desk.language)


def text_sheet(workbook: str, name: str, rows: Sequence[Sequence[object]]) -> TextSheet:
    """A sheet of the open workbook as the importer reads it: every cell as text, in its own place."""
    from xlcrm.imports.textsheet import TextSheet, frame_of_rows

    return TextSheet(workbook, name, frame_of_rows(rows))


@declare(group="data", verb="check")
def check(desk: Desk) -> list[str]:
    """Reconciliation, links, keys that stand twice, customers on two routes; not claims, which a browser could not look for."""
    from xlcrm.jobs import checking

    return checking.check(desk.store, claims=False).lines(desk.language)
