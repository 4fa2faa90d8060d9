"""The card on its sheet, and the way along a route from card to card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.cards import card_of
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.card import Card
from xlcrm.tables import columns as c


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer's place on its route, from 1. turned: the end of the route was passed."""

    code: str
    route: str
    place: int
    stops: int
    turned: bool


def show_card(store: Store, code: str, as_of: dt.date | None = None) -> Card:
    """Paints the card of a customer on the workbook's card sheet; the search beside it then names that customer.

    Raises CannotDo where no table knows the code.
    """
    from xlcrm.sheets.cardpage import card_changes

    card = card_of(store, code, as_of)
    store.save(card_changes(card, store.settings(), card.as_of))
    return card


def beside(store: Store, code: str, step: int) -> Stop:
    """The customer `step` places after this one (before it, if negative) on its route, in the order of the route sheet.

    Behind the last one comes the first again. Raises CannotDo where the customer is unknown or on no route.
    """
    known = store.read("customers", only=(c.CUSTOMER_CODE, c.ROUTE, c.VISIT_ORDER)).frame
    for name, dtype in ((c.ROUTE, pl.String), (c.VISIT_ORDER, pl.Int64)):
        if name not in known.columns:
            known = known.with_columns(pl.lit(None, dtype=dtype).alias(name))
    # A code that stands twice is on the least of its routes, in the place of its first row: so the route sheets have it.
    customers = known.drop_nulls(c.CUSTOMER_CODE).group_by(c.CUSTOMER_CODE, maintain_order=True)
    once = customers.agg(pl.col(c.ROUTE).min(), pl.col(c.VISIT_ORDER).first())
    routes = dict(once.select(c.CUSTOMER_CODE, c.ROUTE).iter_rows())
    if code not in routes:
        raise CannotDo(Problem("unknown_customer", file=store.name, value=code))
    route = routes[code]
    if route is None:
        raise CannotDo(Problem("customer_without_route", file=store.name, value=code))
    stops = once.filter(pl.col(c.ROUTE) == route).sort(c.VISIT_ORDER, c.CUSTOMER_CODE, nulls_last=True)[c.CUSTOMER_CODE].to_list()
    place = stops.index(code) + step
    return Stop(stops[place % len(stops)], route, place % len(stops) + 1, len(stops), not 0 <= place < len(stops))
