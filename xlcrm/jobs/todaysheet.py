"""The Today sheet: who is due on the day, what is overdue, what falls due in the week ahead, one line a customer and reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from xlcrm.jobs.due import DueList, due_list
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.tables import columns as c
from xlcrm.tables.results import DUE
from xlcrm.texts import Language, text


@dataclass(frozen=True, slots=True)
class TodayReport:
    """What stands on the sheet. lines_of: when (`overdue`, `today`, `week`, `later`) -> lines. customers: how many are on it."""

    as_of: dt.date
    customers: int
    lines_of: Mapping[str, int]

    def lines(self, language: Language) -> list[str]:
        """For a message box."""
        if not self.customers:
            return [text("due.nobody_this_week", language, day=self.as_of)]
        counts = " · ".join(f"{text(f'due.group_{group}', language)} {count}" for group, count in self.lines_of.items() if count)
        return [text("due.today_filled", language, day=self.as_of, customers=self.customers), counts]


def fill_today(store: Store, as_of: dt.date | None = None, progress: Progress = no_progress) -> TodayReport:
    """Puts the due list of the day and the seven days after it on the Today sheet, and says on Visit plan and Adherence what was done.

    as_of: today, if none is given. A workbook without the sheet is left as it is; of a plan nothing is written that stands there already.
    """
    from xlcrm.jobs.planning import refreshed
    from xlcrm.rules.due import GROUPS
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.home import today_values

    as_of = as_of or today()
    language = store.settings().language
    progress(text("cli.step_compute", language), 0, 2)
    listed = due_list(store, as_of, week=True)
    progress(text("cli.step_save", language), 1, 2)
    planned = {
        table_id: frame for table_id, frame in refreshed(store, as_of).items() if store.has(table_id) and _differs(store, table_id, frame)
    }
    store.save(WorkbookChanges(tables={"due": sheet_rows(listed, language), **planned}, values=today_values(as_of)))
    counts = dict(listed.frame.group_by(c.GROUP).len().iter_rows())
    return TodayReport(as_of, listed.frame[c.CUSTOMER_CODE].n_unique(), {group: counts.get(group, 0) for group in GROUPS})


def _differs(store: Store, table_id: str, frame: pl.DataFrame) -> bool:
    """Whether a table has to be written, since it does not say so already."""
    as_it_is = store.read(table_id).frame
    names = [name for name in frame.columns if name in as_it_is.columns]
    return not as_it_is.select(names).equals(frame.select(names))


def sheet_rows(listed: DueList, language: Language) -> pl.DataFrame:
    """The lines in the order of the sheet: when, the most urgent reason, the longest overdue, the order of the visits; in words."""
    from xlcrm.rules.due import GROUPS, REASONS

    groups = {group: place for place, group in enumerate(GROUPS)}
    routes = {route: place for place, route in enumerate(listed.routes)}
    visits = dict(listed.visit_order)
    places = listed.frame.select(
        pl.col(c.GROUP).replace_strict(groups, return_dtype=pl.Int64).alias("_group"),
        pl.col(c.ROUTE).replace_strict(routes, default=None, return_dtype=pl.Int64).alias("_route"),
        pl.col(c.CUSTOMER_CODE).replace_strict(visits or {"": 0}, default=None, return_dtype=pl.Int64).alias("_visit"),
    )
    ordered = listed.frame.hstack(places).sort(
        ["_group", c.PRIORITY, c.DUE_ON, "_route", "_visit", c.CUSTOMER_CODE], nulls_last=True, maintain_order=True
    )
    words = {
        c.REASON: {reason: text(f"due.reason_{reason}", language) for reason in REASONS},
        c.GROUP: {group: text(f"due.group_{group}", language) for group in GROUPS},
    }
    said = ordered.with_columns(pl.col(name).replace_strict(known, return_dtype=pl.String) for name, known in words.items())
    overdue = pl.when(pl.col(c.DAYS_OVERDUE) > 0).then(pl.col(c.DAYS_OVERDUE))
    return said.with_columns(overdue.alias(c.DAYS_OVERDUE)).select(DUE.column_ids)
