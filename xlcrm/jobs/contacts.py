"""Whom a message may go to: the customers who agreed to a purpose, and how many were left out and why."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.consent import LEFT_OUT, PURPOSES, Consents, purpose_id
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

LISTED = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.CONTACT, c.PHONE, c.ADDRESS, c.ROUTE)
_WIDEST = {c.CUSTOMER_NAME: 32, c.CONTACT: 20, c.ADDRESS: 40}


@dataclass(frozen=True, slots=True)
class ContactList:
    """frame: who may be contacted, by route and order of visits. left_out: reason -> customers, reasons of `rules.consent` only."""

    frame: pl.DataFrame
    purpose: str
    as_of: dt.date
    left_out: Mapping[str, int]

    def summary(self, language: Language) -> list[str]:
        """How many are on the list, and how many are not and why."""
        purpose = text(f"choices.{self.purpose}", language)
        lines = [text("privacy.contacts_head", language, count=self.frame.height, purpose=purpose, day=self.as_of)]
        if self.left_out:
            parts = [
                text(f"privacy.left_out_{reason}", language, count=self.left_out[reason]) for reason in LEFT_OUT if reason in self.left_out
            ]
            lines.append(text("privacy.left_out", language, count=sum(self.left_out.values()), reasons=" · ".join(parts)))
        return lines

    def lines(self, language: Language) -> list[str]:
        """The list for a terminal, aligned by what is seen."""
        if self.frame.is_empty():
            return self.summary(language)
        heads = [TABLES["customers"].by_id[name].label(language) for name in LISTED]
        rows = [heads, *([_cell(name, value) for name, value in zip(LISTED, row, strict=True)] for row in self.frame.iter_rows())]
        return [*self.summary(language), "", *aligned(rows)]


def _cell(name: str, value: object) -> str:
    written = "" if value is None else " ".join(str(value).split())
    return shortened(written, _WIDEST[name]) if name in _WIDEST else written


def contact_list(store: Store, purpose: str, route: str | None = None, as_of: dt.date | None = None) -> ContactList:
    """Who may be contacted for that purpose on that day (today, if none is given), from the tables as they stand.

    purpose: in either language or by its id. route: its customers alone. Raises CannotDo for a purpose or a route that there is not.
    """
    from xlcrm.rules.routes import route_batches, routes_in_order

    as_of, settings = as_of or today(), store.settings()
    meant = purpose_id(purpose)
    if meant not in PURPOSES:
        offered = tuple(text(f"choices.{each}", settings.language) for each in PURPOSES)
        raise CannotDo(Problem("consent_unknown_purpose", value=purpose, details={"purposes": offered}))
    customers = store.read("customers").frame.drop_nulls(c.CUSTOMER_CODE).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    routes = store.read("routes").frame
    if route is not None:
        if route not in {*routes[c.ROUTE], *customers[c.ROUTE]}:
            raise CannotDo(Problem("no_such_route", file=store.name, value=route))
        customers = customers.filter(pl.col(c.ROUTE) == route)
    consents = Consents.of(store.read("consents").frame)
    answers = [consents.answer(code, meant, as_of) for code in customers[c.CUSTOMER_CODE]]
    allowed = customers.filter(pl.Series([answer == "given" for answer in answers], dtype=pl.Boolean))
    places = {name: place for place, name in enumerate(routes_in_order(allowed, route_batches(routes, settings).position))}
    in_order = (
        allowed.with_columns(pl.col(c.ROUTE).replace_strict(places, default=None, return_dtype=pl.Int64).alias("__place"))
        .sort(["__place", c.VISIT_ORDER, c.CUSTOMER_CODE], nulls_last=True)
        .select(LISTED)
    )
    return ContactList(in_order, meant, as_of, Counter(answer for answer in answers if answer != "given"))
