"""Macros about who a customer is and whose: customers that stand twice, and customers that change hands."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.texts import text


@declare(group="customers", verb="duplicates")
def find_duplicates(desk: Desk) -> list[str]:
    """The pairs of customers that may be one, on their sheet; decisions already made stay."""
    from xlcrm.jobs.duplicates import list_duplicates

    found = list_duplicates(desk.store)
    desk.show_page("duplicates")
    lines = found.lines(desk.language)
    if found.frame.is_empty():
        return lines
    shown = lines[: MOST_PAIRS + 1]
    more = [text("merging.more_pairs", desk.language, more=len(lines) - len(shown))] if len(lines) > len(shown) else []
    return [*shown, *more, text("merging.find_undecided", desk.language)]


MOST_PAIRS = 10
"""What a message box bears."""


@declare(group="customers", verb="merge")
def merge_customers(desk: Desk) -> list[str]:
    """Every pair of the Duplicates sheet that says which of the two is kept."""
    from xlcrm.jobs.merging import merge_decided

    return merge_decided(desk.store).lines(desk.language)


@declare(group="customers", verb="handover")
def hand_over(desk: Desk) -> list[str]:
    """The rows of the Handover sheet without a day; a row with neither a code nor an owner means the selected customers."""
    from xlcrm.jobs.handover import hand_over_rows

    done = hand_over_rows(desk.store, desk.selected_codes())
    if done.parts:
        desk.show_page(done.parts[0].page.id)
    return done.lines(desk.language)
