"""Macros that compare quarters and lay out what comes of it."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text


@declare(group="quarter", verb="quarter")
def close_quarter(desk: Desk) -> list[str]:
    """The newest quarter against the one before it."""
    from xlcrm.jobs.quarter import close_quarter as close

    return close(desk.store, None, progress=desk.progress).lines(desk.language)


@declare(group="quarter")
def compare_quarters(desk: Desk) -> list[str]:
    """The two quarters chosen on Home."""
    from xlcrm.jobs.quarter import close_quarter as close

    settings = desk.store.settings()
    if not settings.current_quarter or not settings.previous_quarter:
        raise CannotDo(Problem("quarters_not_chosen", file=desk.store.name))
    return close(desk.store, settings.current_quarter, settings.previous_quarter, progress=desk.progress).lines(desk.language)


@declare(group="quarter")
def build_route_sheets(desk: Desk) -> list[str]:
    """One sheet a route, from the quarters last compared."""
    from xlcrm.jobs.routesheets import build_route_sheets as build

    built = build(desk.store, progress=desk.progress)
    if built:
        desk.show_page(built[0])
    return [text("macros.route_sheets_built", desk.language, sheets=len(built))]
