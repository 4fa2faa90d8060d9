"""The macro of the visit plan."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="day", verb="plan")
def plan_visits(desk: Desk) -> list[str]:
    """The cycle that begins on the next working day; today stays as it is. As a calendar file too, where files can be written."""
    from xlcrm.jobs.planning import next_working_day, plan
    from xlcrm.jobs.store import today

    pdf = desk.print_file()
    calendar = pdf.with_suffix(".ics") if pdf is not None else None
    return plan(desk.store, next_working_day(desk.store.settings(), today()), calendar=calendar).lines(desk.language)
