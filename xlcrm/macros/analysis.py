"""Macros that analyse: what customers are worth, where they stand, who is slipping."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="look", verb="analyse")
def analyse(desk: Desk) -> list[str]:
    """Everything of the analysis, as of today."""
    from xlcrm.jobs.analysing import analyse as compute

    return compute(desk.store, progress=desk.progress).lines(desk.language)


@declare(group="look", verb="what-if")
def what_if(desk: Desk) -> list[str]:
    """The new minimums typed on the sheet What if; the first press lists the minimums as they are."""
    from xlcrm.jobs.whatifsheet import try_minimums

    tried = try_minimums(desk.store)
    desk.show_page("what_if")
    return tried.lines(desk.language)
