"""Imports do not bring back who was erased: what an export says of the person is left out, and said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.problems import Problem
from xlcrm.rules.consent import Consents
from xlcrm.rules.erasure import PERSONAL, WRITTEN
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import CELL_SEPARATOR

if TYPE_CHECKING:
    from xlcrm.imports.origins import Origins


def erased_codes(store: Store) -> frozenset[str]:
    """The customers whose data was erased, as the Consents table says."""
    return Consents.of(store.read("consents").frame).erased() if store.has("consents") else frozenset()


def without_erased(
    incoming: pl.DataFrame, table_id: str, erased: frozenset[str], origins: Origins | None
) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows of an import without the personal data of erased customers; each of these is named once, where it first stands."""
    if not erased or table_id not in ("customers", *WRITTEN) or c.CUSTOMER_CODE not in incoming.columns:
        return incoming, []
    spec, columns = TABLES[table_id], PERSONAL if table_id == "customers" else WRITTEN[table_id]
    personal = [name for name in incoming.columns if name in columns or name not in spec.by_id]
    theirs = incoming[c.CUSTOMER_CODE].is_in(list(erased)).fill_null(False)
    filled = theirs & incoming.select(pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in personal))).to_series()
    if not filled.any():
        return incoming, []
    first = {incoming[c.CUSTOMER_CODE][place]: place for place in reversed(filled.arg_true().to_list())}
    said = [_said(code, place, origins) for code, place in sorted(first.items(), key=lambda item: item[1])]
    blank = pl.lit(theirs)
    return incoming.with_columns(pl.when(blank).then(None).otherwise(pl.col(name)).alias(name) for name in personal), said


def _said(code: str, place: int, origins: Origins | None) -> Problem:
    if origins is None:
        return Problem("erased_customer", value=code)
    return replace(origins.problem(place, "erased_customer", c.CUSTOMER_CODE, {}), value=code, row_text="")


def unquoted(problems: Iterable[Problem], erased: frozenset[str]) -> list[Problem]:
    """Problems that quote no row of an erased customer: the Problems table would hold it."""
    if not erased:
        return list(problems)
    separator = CELL_SEPARATOR.strip()

    def without(problem: Problem) -> Problem:
        about = erased & {part.strip() for part in problem.row_text.split(separator)}
        return replace(problem, value="", row_text="") if about else problem

    return [without(problem) for problem in problems]
