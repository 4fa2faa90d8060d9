"""Quarters as `2017Q1`: their order, the one before, and the days that they have."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, lazy
from xlcrm.tables import columns as c
from xlcrm.tables.periods import parse_quarter

__all__ = ["known_quarters", "parse_quarter", "previous_quarter", "quarter_days", "quarter_of_day", "quarters_back", "quarters_in"]


def known_quarters(grades: Any, purchases: Any) -> list[str]:
    """The quarters that have grades, else those that have purchases, oldest first. Frames with a quarter column."""
    return quarters_in(grades) or quarters_in(purchases)


def quarters_in(table: Any) -> list[str]:
    """The quarters that a frame with a quarter column names, oldest first."""
    quarters = collected(lazy(table).select(c.QUARTER).filter(~nw.col(c.QUARTER).is_null()).unique(c.QUARTER))
    return sorted(quarters.get_column(c.QUARTER).to_list())


def quarter_of_day(day: dt.date) -> str:
    """The quarter in which a day lies."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_days(quarter: str) -> tuple[dt.date, dt.date]:
    """First and last day of `2017Q2`."""
    year, last_month = int(quarter[:4]), 3 * int(quarter[5])
    return dt.date(year, last_month - 2, 1), dt.date(year, last_month, calendar.monthrange(year, last_month)[1])


def quarters_back(quarter: str, count: int) -> str:
    """The quarter that lies `count` quarters before (after, if negative)."""
    year, number = quarter.split("Q")
    position = int(year) * 4 + int(number) - 1 - count
    return f"{position // 4}Q{position % 4 + 1}"


def previous_quarter(quarter: str) -> str:
    """The quarter before: 2017Q1 -> 2016Q4."""
    return quarters_back(quarter, 1)
