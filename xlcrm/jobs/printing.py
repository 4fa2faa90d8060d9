"""The print pack: route sheets, change statistics and minimums as one PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from xlcrm.jobs.routesheets import current_pages
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.pages import Page
from xlcrm.texts import Language


def print_pack(
    store: Store,
    book: Path,
    out: Path,
    routes: Sequence[str] = (),
    via: Literal["typst", "excel", "libreoffice"] = "typst",
    printed_on: dt.date | None = None,
) -> int:
    """Writes the PDF and returns the number of sheets in it. Refuses where the counts do not add up.

    routes: only these route sheets; none means all of them with the statistics and the minimums.
    via: `typst` paints the views itself; `excel` and `libreoffice` print the workbook's own sheets.
    """
    settings = store.settings()
    chosen = current_pages(store, printed_on or today(), must_reconcile=True)
    if routes:
        wanted = {f"route:{route}" for route in routes}
        chosen = [page for page in chosen if page.id in wanted]
        missing = wanted - {page.id for page in chosen}
        if missing:
            raise CannotDo(Problem("no_such_route", value=", ".join(sorted(page_id.removeprefix("route:") for page_id in missing))))
    if via == "typst":
        write_pdf(chosen, out, settings.language)
    else:
        from xlcrm.printing import office

        office.print_sheets(book, [page.id for page in chosen], out, via)
    return len(chosen)


def write_pdf(pages: Sequence[Page], out: Path, language: Language) -> None:
    """Paints pages as a PDF. Raises CannotDo where the file cannot be written. In a browser, which writes no files, nobody calls it."""
    from xlcrm.printing.typst_painter import pdf

    pdf(pages, out, language)
