"""The print pack: route sheets, change statistics and minimums as one PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from xlcrm.jobs.quarter import type_names
from xlcrm.jobs.results import compared
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem


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
    from xlcrm.sheets.views import pages, refuse_unreconciled

    settings = store.settings()
    comparison = compared(store)
    settings = settings.model_copy(update={"current_quarter": comparison.current, "previous_quarter": comparison.previous})
    refuse_unreconciled(comparison, settings)
    names = type_names(store.read("business_types").frame)
    chosen = pages(comparison, settings, printed_on=printed_on or today(), type_names=names)
    if routes:
        wanted = {f"route:{route}" for route in routes}
        chosen = [page for page in chosen if page.id in wanted]
        missing = wanted - {page.id for page in chosen}
        if missing:
            raise CannotDo(Problem("no_such_route", value=", ".join(sorted(page_id.removeprefix("route:") for page_id in missing))))
    if via == "typst":
        from xlcrm.printing.typst_painter import pdf

        pdf(chosen, out, settings.language)
    else:
        from xlcrm.printing import office

        office.print_sheets(book, [page.id for page in chosen], out, via)
    return len(chosen)
