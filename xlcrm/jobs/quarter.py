"""Close a quarter: grades, changes, minimums, gaps, route sheets; everything of the comparison of two quarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs import lookups, recording, results
from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.quarters import purchase_quarter
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison
    from xlcrm.sheets.changes import WorkbookChanges

COMPUTED_CUSTOMER_COLUMNS = tuple(column.id for column in TABLES["customers"].columns if column.filled_by == "python")


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """What closing a quarter found: counts per state, whether they add up, problems."""

    current: str
    previous: str
    customers: int
    counts: dict[str, int]
    reconciled: bool
    problems: Sequence[Problem]

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        sum_text = " + ".join(f"{count} {text(f'cli.state_{state}', language)}" for state, count in self.counts.items())
        lines = [
            text("cli.quarter_done", language, current=self.current, previous=self.previous),
            text("cli.reconciled" if self.reconciled else "cli.not_reconciled", language, customers=self.customers, sum=sum_text),
        ]
        lines += [f"  {problem.line(language)}" for problem in self.problems[:10]]
        if len(self.problems) > 10:
            lines.append(text("cli.more_problems", language, more=len(self.problems) - 10))
        return lines


@dataclass(frozen=True, slots=True)
class PlannedQuarter:
    """A closed quarter before it is saved. before: the tables as they were read."""

    changes: WorkbookChanges
    before: dict[str, pl.DataFrame]
    report: QuarterReport


def close_quarter(
    store: Store, quarter: str | None, against: str | None = None, as_of: dt.date | None = None, progress: Progress = no_progress
) -> QuarterReport:
    """Computes everything of grading.md 3-7 for a quarter against another one and writes it once.

    quarter: None is the newest one that the tables hold.
    Raises CannotDo when a quarter is not one, or holds neither grades nor purchases.
    """
    planned = plan_quarter(store, quarter, against, as_of, progress)
    progress(text("cli.step_save", store.settings().language), 3, 4)
    recording.save(store, "quarter", planned.changes, planned.before)
    return planned.report


def plan_quarter(
    store: Store,
    quarter: str | None,
    against: str | None = None,
    as_of: dt.date | None = None,
    progress: Progress = no_progress,
    instead: Mapping[str, pl.DataFrame] | None = None,
) -> PlannedQuarter:
    """What `close_quarter` would write. instead: tables to take in the place of those in the workbook."""
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.views import pages

    day = as_of or today()
    settings = store.settings()
    language = settings.language
    instead = instead or {}
    progress(text("cli.step_read", language, file=store.name), 0, 4)
    frames = results.read_records(store)
    before = {**frames, "business_types": store.read("business_types").frame}
    for table_id in set(instead) & set(frames):
        frames[table_id] = instead[table_id]
    frames["purchases"] = frames["purchases"].with_columns(purchase_quarter())
    known_types = instead.get("business_types", before["business_types"])
    if quarter is None:
        quarter = results.newest_quarter(frames, store.name)
    current, previous = results.pair(frames, settings, quarter, against)
    settings = settings.model_copy(update={"current_quarter": current, "previous_quarter": previous})
    progress(text("cli.step_compute", language), 1, 4)
    if settings.grades_from != "export":
        frames["grades"] = computed_grades(store, frames, settings, current)
    comparison = results.comparison_of(frames, settings, current, previous, day)
    progress(text("cli.step_pages", language), 2, 4)
    types = business_types(known_types, frames["customers"], comparison)
    names = type_names(types)
    tables = {**written_tables(frames, comparison, settings, names), "business_types": types}
    values = results.home_changes(store, {**frames, **tables}, settings, day, comparison)
    sheets = pages(comparison, settings, printed_on=day, type_names=names)
    removed = results.outdated_pages(store, sheets)
    changes = WorkbookChanges(tables=tables, values=values, pages=sheets, removed_pages=removed)
    return PlannedQuarter(changes, before, report_of(comparison))


def written_tables(
    frames: dict[str, pl.DataFrame], comparison: Comparison, settings: Settings, names: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Every table that a closed quarter fills: the customers with their computed columns, and the results."""
    from xlcrm.sheets.home import quarter_rows
    from xlcrm.sheets.views import result_tables

    customers = frames["customers"]
    lines = comparison.visit_lines
    computed = [column for column in COMPUTED_CUSTOMER_COLUMNS if column in lines.columns]
    first = lines.select(c.CUSTOMER_CODE, *computed).unique(subset=c.CUSTOMER_CODE, keep="first", maintain_order=True)
    with_computed = customers.drop([column for column in computed if column in customers.columns]).join(
        first, on=c.CUSTOMER_CODE, how="left", maintain_order="left"
    )
    filled = lookups.fill({**frames, "customers": with_computed}, settings.current_quarter)
    # Tables that only look the grade up are not written: their formulas follow when a program opens the workbook, and
    # a quarter-end need not write every purchase again.
    written = {"customers": filled["customers"], **({} if settings.grades_from == "export" else {"grades": filled["grades"]})}
    return {**written, **result_tables(comparison, settings, names), "quarters": quarter_rows(results.quarters_of(frames))}


def business_types(known: pl.DataFrame, customers: pl.DataFrame, comparison: Comparison) -> pl.DataFrame:
    """The BusinessTypes table with a row for every type that customers hold, and a name where one can be learned."""
    from xlcrm.rules.typenames import learned_type_names

    learned = learned_type_names(customers, comparison.changes, known)
    columns = {c.BUSINESS_TYPE: list(learned), c.BUSINESS_TYPE_NAME: list(learned.values())}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def type_names(types: pl.DataFrame) -> dict[str, str]:
    """Type letters -> name, of the types that have one."""
    return dict(types.select(c.BUSINESS_TYPE, c.BUSINESS_TYPE_NAME).drop_nulls().iter_rows())


def computed_grades(store: Store, frames: dict[str, pl.DataFrame], settings: Settings, quarter: str) -> pl.DataFrame:
    """The Grades table with this quarter's grades computed by the workbook's own rules (minimums or percentiles)."""
    from xlcrm.imports.merge import merge
    from xlcrm.rules.grades import grade_customers

    computed = grade_customers(
        frames["customers"], frames["purchases"], frames["grades"], store.read("grade_rules").frame, store.read("business_types").frame,
        settings, quarter,
    )  # fmt: skip
    return merge(TABLES["grades"], frames["grades"], computed).frame


def report_of(comparison: Comparison) -> QuarterReport:
    """The comparison's counts as a report."""
    states = comparison.changes.get_column(c.STATE)
    counts = {state: int((states == state).sum()) for state in c.STATES}
    reconciled = bool(comparison.reconciliation.get_column("ok").all())
    return QuarterReport(comparison.current, comparison.previous, states.len(), counts, reconciled, comparison.problems)
