"""What new follow-ups change in a workbook: their rows, and what Customers and Home show of the last one."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlcrm.sheets.changes import WorkbookChanges

_ROW = "\x01row"
SHOWN_OF_CUSTOMERS = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.SHOWN, c.LAST_FOLLOW_UP)


def known_customers(store: Store) -> pl.DataFrame:
    """Code, name, grade and last follow-up of every customer as Customers shows them, with the number of the row on the sheet."""
    known = store.read("customers", only=SHOWN_OF_CUSTOMERS)
    return known.frame.with_columns(known.rows.alias(_ROW))


def with_lookups(rows: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """The rows with what Follow-ups looks up by the code, for the file to show before any program calculates it."""
    for name in (c.CUSTOMER_NAME, c.SHOWN):
        if name not in customers.columns:
            customers = customers.with_columns(pl.lit(None, pl.String).alias(name))
    found = customers.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, pl.col(c.SHOWN).alias(c.GRADE))
    found = found.unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    joined = rows.join(found, on=c.CUSTOMER_CODE, how="left", maintain_order="left")
    return joined.with_columns((pl.col(c.CUSTOMER_CODE) + "|").alias(c.LINK_KEY))


def additions(store: Store, new: pl.DataFrame, customers: pl.DataFrame, settings: Settings, as_of: dt.date) -> WorkbookChanges:
    """The changes that put these contacts below Follow-ups and bring up to date what Customers and Home show of the last one.

    new: typed rows with their id and lookups, each of a known customer. Of several on a customer's last day the last row is shown.
    """
    from xlcrm.sheets.changes import CellChange, WorkbookChanges
    from xlcrm.sheets.home import visit_values

    last, calculated = _last_days(store, customers)
    latest = new.sort(c.DATE, maintain_order=True).unique(c.CUSTOMER_CODE, keep="last", maintain_order=True)
    shown: dict[str, dict[str, str | dt.date | None]] = {}
    for code, date, action in latest.select(c.CUSTOMER_CODE, c.DATE, c.NEXT_ACTION).iter_rows():
        last[code] = max(date, last.get(code, date))
        shown[code] = {c.LAST_FOLLOW_UP: last[code]} if calculated else {}
        if date == last[code]:
            shown[code][c.NEXT_ACTION] = action
    places = customers.select(c.CUSTOMER_CODE, _ROW).filter(pl.col(c.CUSTOMER_CODE).is_in(list(shown)))
    cells = [CellChange("customers", row, name, value) for code, row in places.iter_rows() for name, value in shown[code].items()]
    values = visit_values(*visits_due(store, customers, last, settings, as_of), settings, as_of)
    return WorkbookChanges(added={"follow_ups": new}, cells=cells, values=values)


def unused_id(row: tuple[object, ...], taken: Callable[[str], bool]) -> str:
    """An id of its own. It does not begin as one that an import makes: a later import of the same day is no correction of this row."""
    content = "\x1f".join("" if value is None else str(value) for value in row)
    made = ("L" + hashlib.sha256(f"{content}\x1f{place}".encode()).hexdigest()[:12].upper() for place in itertools.count())
    return next(each for each in made if not taken(each))


def _last_days(store: Store, customers: pl.DataFrame) -> tuple[dict[str, dt.date], bool]:
    """The day of each customer's last follow-up, as Customers shows it, and whether it shows them all.

    Where it shows none though there are some, no program has calculated its formulas: then the follow-ups themselves are read, and
    Customers goes on showing none, lest a single day among blank ones be taken for all that there is.
    """
    if c.LAST_FOLLOW_UP in customers.columns and customers[c.LAST_FOLLOW_UP].count():
        return _latest(customers.select(c.CUSTOMER_CODE, c.LAST_FOLLOW_UP)), True
    follow_ups = store.read("follow_ups", only=(c.CUSTOMER_CODE, c.DATE, c.FOLLOW_UP_ID)).frame
    last = _latest(without_tasks(follow_ups).select(c.CUSTOMER_CODE, c.DATE))
    return last, not last


def without_tasks(follow_ups: pl.DataFrame) -> pl.DataFrame:
    """Follow-ups without the tasks that the Playbook made: what was done, not what is to be done."""
    from xlcrm.rules.followups import TASK_MARK

    if c.FOLLOW_UP_ID not in follow_ups.columns:
        return follow_ups
    return follow_ups.filter(~pl.col(c.FOLLOW_UP_ID).str.starts_with(TASK_MARK).fill_null(False))


def _latest(days: pl.DataFrame) -> dict[str, dt.date]:
    """Of two columns, code and day, the latest day of each code."""
    code, day = days.columns
    return dict(days.drop_nulls().group_by(code).agg(pl.col(day).max()).iter_rows())


def visits_due(store: Store, customers: pl.DataFrame, last: dict[str, dt.date], settings: Settings, as_of: dt.date) -> tuple[int, int]:
    """Visits due and overdue as the comparison counts them: of every customer, and of everybody graded in the quarters compared."""
    if not settings.current_quarter:
        return 0, 0
    grades = store.read("grades", only=(c.CUSTOMER_CODE, c.QUARTER)).frame
    graded = grades.filter(pl.col(c.QUARTER).is_in([settings.current_quarter, settings.previous_quarter]))
    codes = {*customers[c.CUSTOMER_CODE], *graded[c.CUSTOMER_CODE]} - {None}
    ages = [(as_of - last[code]).days if code in last else None for code in codes]
    due = sum(age is None or age >= settings.visit_interval_days for age in ages)
    return due, sum(age is not None and age > settings.visit_interval_days for age in ages)
