"""From the tables of a workbook to a comparison, and from a comparison to what stands on its sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs import lookups
from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables.quarters import purchase_quarter

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison
    from xlcrm.sheets.pages import Page

RECORDS = ("customers", "routes", "grades", "purchases", "follow_ups")
"""The tables that a comparison needs."""

Values = dict[str, str | int | float | dt.date | None]


def read_records(store: Store) -> dict[str, pl.DataFrame]:
    """The record tables that a comparison needs; the purchases carry their quarter."""
    frames = {table_id: store.read(table_id).frame for table_id in RECORDS}
    frames["purchases"] = frames["purchases"].with_columns(purchase_quarter())
    return frames


def filled_records(store: Store) -> dict[str, pl.DataFrame]:
    """The same tables with the values of their lookup columns."""
    return lookups.fill(read_records(store), store.settings().current_quarter)


def quarters_of(frames: dict[str, pl.DataFrame]) -> list[str]:
    """The quarters that have grades, else those that have purchases, oldest first."""
    from xlcrm.rules.quarters import known_quarters

    return known_quarters(frames["grades"], frames["purchases"])


def newest_quarter(frames: dict[str, pl.DataFrame], file: str) -> str:
    """The latest quarter that the tables have grades of, else purchases. Raises CannotDo where there is none."""
    known = quarters_of(frames)
    if not known:
        raise CannotDo(Problem("no_quarters", file=file))
    return known[-1]


def pair(frames: dict[str, pl.DataFrame], settings: Settings, quarter: str | None, against: str | None) -> tuple[str, str]:
    """The quarter to look at and the one to compare with.

    Without a quarter: the workbook's own choice, else the latest one. Without `against`: the workbook's own choice for
    that quarter, else the quarter before it.
    """
    from xlcrm.rules.quarters import parse_quarter, previous_quarter

    if quarter is None:
        known = quarters_of(frames)
        quarter = settings.current_quarter or (known[-1] if known else None)
        if quarter is None:
            raise CannotDo(Problem("no_quarters"))
    current = parse_quarter(quarter)
    if current is None:
        raise CannotDo(Problem("not_a_quarter", value=quarter))
    if against is None:
        chosen = settings.previous_quarter if current == settings.current_quarter else ""
        return current, chosen or previous_quarter(current)
    previous = parse_quarter(against)
    if previous is None:
        raise CannotDo(Problem("not_a_quarter", value=against))
    return current, previous


def compared(store: Store, quarter: str | None = None, against: str | None = None, as_of: dt.date | None = None) -> Comparison:
    """The comparison of two quarters as the workbook stands; nothing is written."""
    from xlcrm.jobs.store import today

    frames = read_records(store)
    settings = store.settings()
    current, previous = pair(frames, settings, quarter, against)
    return comparison_of(frames, settings, current, previous, as_of or today())


def comparison_of(frames: dict[str, pl.DataFrame], settings: Settings, current: str, previous: str, as_of: dt.date) -> Comparison:
    """`rules.comparison.compare` on the record tables."""
    from xlcrm.rules.comparison import compare

    return compare(
        customers=frames["customers"], routes=frames["routes"], grades=frames["grades"], purchases=frames["purchases"],
        follow_ups=frames["follow_ups"], settings=settings, current=current, previous=previous, as_of=as_of,
    )  # fmt: skip


LASTING_PAGES = ("handover",)
"""Families of pages that no comparison paints, and none takes away."""


def outdated_pages(store: Store, pages: Sequence[Page]) -> list[str]:
    """The ids of printed sheets that the workbook has of an earlier comparison and that are not among the pages of this one."""
    lasting = {page_id for page_id in store.page_ids() if page_id.partition(":")[0] in LASTING_PAGES}
    return sorted(set(store.page_ids()) - {page.id for page in pages} - lasting)


def home_changes(
    store: Store, frames: dict[str, pl.DataFrame], settings: Settings, as_of: dt.date, comparison: Comparison | None = None
) -> Values:
    """What stands on Home after a job: counts, key figures, the next step."""
    from xlcrm.sheets.home import home_values

    problems = frames["problems"] if "problems" in frames else store.read("problems").frame
    counts = {table_id: frame.height for table_id, frame in frames.items() if table_id in RECORDS}
    return home_values(comparison=comparison, counts=counts, problems=problems, settings=settings, as_of=as_of, language=settings.language)
