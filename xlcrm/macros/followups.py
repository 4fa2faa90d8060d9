"""Macros of the day's follow-ups: what was typed is taken in, what was done is counted."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="day", verb="intake")
def take_in(desk: Desk) -> list[str]:
    """The rows of the Intake sheet."""
    from xlcrm.jobs.intake import take_in as take

    return take(desk.store).lines(desk.language)


@declare(group="day", verb="summary")
def summarise(desk: Desk) -> list[str]:
    """Follow-ups a day and a month, on their sheet."""
    from xlcrm.jobs.summarising import summarise as put_on_sheet

    return put_on_sheet(desk.store).lines(desk.language)
