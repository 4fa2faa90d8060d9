"""The macro of the day's list."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="day", verb="due")
def today(desk: Desk) -> list[str]:
    """The Today sheet, as of this day."""
    from xlcrm.jobs.todaysheet import fill_today

    return fill_today(desk.store, progress=desk.progress).lines(desk.language)
