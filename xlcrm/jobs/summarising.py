"""What was done, per day and per month: on the sheet Follow-up summary, and as tables for a terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.periods import parse_period
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

_WIDEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Summaries:
    """The tables of that name. as_of: the day on which it is known what was kept."""

    daily_summary: pl.DataFrame
    month_summary: pl.DataFrame
    as_of: dt.date

    @property
    def newest_month(self) -> str | None:
        """The newest month that has follow-ups; None where there are none."""
        months: list[str] = self.month_summary[c.PERIOD].drop_nulls().to_list()
        return max(months, default=None)

    def lines(self, language: Language) -> list[str]:
        """What a button says at the end."""
        month = self.newest_month
        if month is None:
            return [text("followups.nothing_to_count", language)]
        of_month = self.month_summary.filter(pl.col(c.PERIOD) == month)
        days, months = self.daily_summary[c.DATE].n_unique(), self.month_summary[c.PERIOD].n_unique()
        return [
            text("followups.summarised", language, follow_ups=self.month_summary[c.FOLLOW_UPS].sum(), days=days, months=months),
            text("followups.newest_month", language, month=month, follow_ups=of_month[c.FOLLOW_UPS].sum(), people=of_month.height),
        ]

    def tables(self, language: Language, month: str | None = None) -> list[str]:
        """Both tables of one month for a terminal; a count that is 0 everywhere is left out. month: as `2026-11`; without it the newest."""
        month = month or self.newest_month
        if month is None:
            return [text("followups.nothing_to_count", language)]
        monthly = self.month_summary.filter(pl.col(c.PERIOD) == month)
        if monthly.is_empty():
            return [text("followups.nothing_in_month", language, month=month)]
        daily = self.daily_summary.filter(pl.col(c.DATE).dt.strftime("%Y-%m") == month)
        head = text("followups.month_head", language, month=month, follow_ups=monthly[c.FOLLOW_UPS].sum(), day=self.as_of)
        blocks = [_table_lines("month_summary", monthly.drop(c.PERIOD), language), _table_lines("daily_summary", daily, language)]
        return [head, "", *blocks[0], "", *blocks[1]]


def summaries(store: Store, as_of: dt.date | None = None) -> Summaries:
    """Both tables from Follow-ups, Customers and Routes as they stand; nothing is written. as_of: today, if none is given."""
    from xlcrm.rules.summaries import daily_summary, month_summary

    as_of = as_of or today()
    customers, routes, follow_ups = (store.read(table_id).frame for table_id in ("customers", "routes", "follow_ups"))
    return Summaries(daily_summary(follow_ups), month_summary(follow_ups, customers, routes, as_of), as_of)


def summarise(store: Store, as_of: dt.date | None = None) -> Summaries:
    """Brings the sheet Follow-up summary up to date. Only results are written, so the audit has nothing to tell."""
    from xlcrm.sheets.changes import WorkbookChanges

    made = summaries(store, as_of)
    store.save(WorkbookChanges(tables={"daily_summary": made.daily_summary, "month_summary": made.month_summary}))
    return made


def month_of(written: str | None) -> str | None:
    """The month that a user wrote, as `2026-11`; None where none is given. Raises CannotDo where it is none."""
    if written is None:
        return None
    found = parse_period(written)
    if found is None or "Q" in found:
        raise CannotDo(Problem("no_such_month", value=written))
    return found


def _table_lines(table_id: str, frame: pl.DataFrame, language: Language) -> list[str]:
    """A table's rows below its heads."""
    spec = TABLES[table_id]
    shown = [name for name in frame.columns if spec.by_id[name].kind is not K.COUNT or frame[name].sum()]
    heads = [spec.by_id[name].label(language) for name in shown]
    rows = [[_shown(row[name], name) for name in shown] for row in frame.iter_rows(named=True)]
    right = {place for place, name in enumerate(shown) if spec.by_id[name].kind in (K.COUNT, K.SHARE)}
    return [spec.label(language), *aligned([heads, *rows], right)]


def _shown(value: object, name: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.0%}"
    return shortened(" ".join(str(value).split()), _WIDEST_NAME) if name == c.AUTHOR else str(value)
