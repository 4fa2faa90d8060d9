"""What if, on its sheet: the minimums as they are stand there to be changed, and who would flip stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from xlcrm.jobs.lookups import of_customers
from xlcrm.jobs.store import Store
from xlcrm.jobs.whatif import MARKS, Basis, WhatIfReport, basis_of
from xlcrm.problems import CannotDo
from xlcrm.rules.what_if import AFTER, BEFORE
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES
from xlcrm.texts import Language, text

_MINIMUMS = (c.MIN_QUANTITY, c.MIN_AMOUNT)
_NEW = (c.NEW_MIN_QUANTITY, c.NEW_MIN_AMOUNT)
Tier = tuple[str, str]
"""Business type ("" where grades have none) and size."""


@dataclass(frozen=True, slots=True)
class Trial:
    """changed: how many tiers were given other minimums than they have; 0 where there is nothing to try yet."""

    report: WhatIfReport
    changed: int

    def lines(self, language: Language) -> list[str]:
        """For a message box: the counts; who flips stands on the sheet."""
        if not self.changed:
            return [text("whatif.nothing_changed", language, quarter=self.report.quarter)]
        return [*self.report.lines(language, shown=0), text("whatif.beside", language, sheet=text("sheets.what_if", language))]


def try_minimums(store: Store) -> Trial:
    """Tries what was typed into the table of tiers and writes both tables of the sheet; each tier keeps what was typed for it.

    A tier is changed where its new minimums differ from those beside them, which a run writes: so a tier that nobody touched follows the
    minimums when they change. Raises CannotDo where the workbook has no such table, or a new minimum is no number.
    """
    from xlcrm.sheets.changes import WorkbookChanges

    checked = store.read("what_if")
    if checked.problems:
        raise CannotDo(checked.problems[0])
    basis = basis_of(store)
    asked = _asked(checked.frame)
    found = basis.tried(_changes(asked))
    tables = {"what_if": _tiers(found.tiers, asked, basis), "what_if_flips": _flips(found.flips, basis.customers)}
    if any(not tables[table_id].equals(_as_it_stands(store, table_id, tables[table_id])) for table_id in tables):
        store.save(WorkbookChanges(tables=tables))
    return Trial(WhatIfReport(basis.quarter, found, ()), len(asked))


def _as_it_stands(store: Store, table_id: str, like: pl.DataFrame) -> pl.DataFrame:
    frame = store.read(table_id).frame
    return frame.select(like.columns) if set(like.columns) <= set(frame.columns) else frame


def _asked(listed: pl.DataFrame) -> dict[Tier, dict[str, Any]]:
    """The rows whose new minimums somebody changed, by tier; of a tier that stands twice the last."""
    found = {}
    missing = [pl.lit(None, pl.Int64).alias(name) for name in (*_MINIMUMS, *_NEW) if name not in listed.columns]
    for row in listed.with_columns(missing).iter_rows(named=True):
        new, present = ([row[name] for name in names] for names in (_NEW, _MINIMUMS))
        if row[c.SIZE] and new != present:
            found[row[c.BUSINESS_TYPE] or "", row[c.SIZE]] = row
    return found


def _changes(asked: Mapping[Tier, Mapping[str, Any]]) -> pl.DataFrame:
    """The tiers to try, as the rule takes them."""
    rows = [(kind or None, size, *(row[name] for name in _NEW)) for (kind, size), row in asked.items()]
    schema = {c.BUSINESS_TYPE: pl.String, c.SIZE: pl.String, c.MIN_QUANTITY: pl.Int64, c.MIN_AMOUNT: pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _tiers(tiers: pl.DataFrame, asked: Mapping[Tier, Mapping[str, Any]], basis: Basis) -> pl.DataFrame:
    """The table: every tier with both minimums and both counts; below them what was typed for tiers that are none."""
    renamed = {f"{name}_before": name for name in _MINIMUMS} | {f"{old}_after": new for old, new in zip(_MINIMUMS, _NEW, strict=True)}
    known = {(kind or "", size) for kind, size in tiers.select(c.BUSINESS_TYPE, c.SIZE).iter_rows()}
    spec = TABLES["what_if"]
    schema = {name: DTYPES[spec.by_id[name].kind] for name in spec.column_ids}
    others = [
        {c.BUSINESS_TYPE: kind or None, c.SIZE: size} | {name: row[name] for name in (*_MINIMUMS, *_NEW)}
        for (kind, size), row in asked.items()
        if (kind, size) not in known
    ]
    named = tiers.rename(renamed).with_columns(pl.col(c.BUSINESS_TYPE).replace("", None))
    table = named.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return pl.concat([table, pl.DataFrame(others, schema=schema)]) if others else table


def _flips(flips: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """The table of who changes, those who fall first, by code."""
    spec = TABLES["what_if_flips"]
    shown = pl.col(AFTER) + pl.col(c.STATE).replace_strict(MARKS, default="")
    if c.CUSTOMER_NAME not in customers.columns:
        customers = customers.with_columns(pl.lit(None, pl.String).alias(c.CUSTOMER_NAME))
    table = flips.with_columns(pl.col(BEFORE).alias(c.GRADE_BEFORE), shown.alias(c.SHOWN)).sort(c.STATE, c.CUSTOMER_CODE)
    return of_customers(spec.id, table, customers).select(spec.column_ids)
