"""Macros of consent and erasure."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, Problem


@declare(group="safety", verb="forget")
def erase_customers(desk: Desk) -> list[str]:
    """Whoever asked to be forgotten on the sheet Consents: a row with the purpose erasure, the day of the request and no day of its end."""
    from xlcrm.jobs.forgetting import forget, requested

    codes = requested(desk.store)
    if not codes:
        raise CannotDo(Problem("nobody_to_forget", file=desk.store.name))
    return forget(desk.store, codes, progress=desk.progress).lines(desk.language)
