"""Macros of the customer card: show it, and go along the route from one to the next."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text


@declare(group="day", verb="card")
def customer_card(desk: Desk) -> list[str]:
    """The card of the selected customer, else of the one searched for beside the card."""
    return [_shown(desk, _code(desk))]


@declare(group="day")
def next_on_route(desk: Desk) -> list[str]:
    """The card of the customer who comes next on the route."""
    return _moved(desk, 1)


@declare(group="day")
def previous_on_route(desk: Desk) -> list[str]:
    """The card of the customer who comes before on the route."""
    return _moved(desk, -1)


def _code(desk: Desk) -> str:
    codes = desk.selected_codes()
    if not codes:
        raise CannotDo(Problem("no_customer_selected", file=desk.store.name))
    return codes[0]


def _shown(desk: Desk, code: str) -> str:
    from xlcrm.jobs.cardsheet import show_card

    card = show_card(desk.store, code)
    desk.show_page("card")
    return text("card.shown", desk.language, code=card.code, name=card.name)


def _moved(desk: Desk, step: int) -> list[str]:
    from xlcrm.jobs.cardsheet import beside
    from xlcrm.sheets.pagewords import route_title

    stop = beside(desk.store, _code(desk), step)
    lines = [_shown(desk, stop.code)]
    route = route_title(stop.route, desk.language)
    lines.append(text("card.stop", desk.language, place=stop.place, stops=stop.stops, route=route))
    if stop.turned:
        lines.append(text("card.from_the_start" if step > 0 else "card.from_the_end", desk.language))
    return lines
