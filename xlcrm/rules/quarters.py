"""Quarters as `2017Q1`: their order, and the one before."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, lazy
from xlcrm.tables import columns as c
from xlcrm.tables.periods import parse_quarter

__all__ = ["known_quarters", "parse_quarter", "previous_quarter", "quarters_back"]


def known_quarters(grades: Any, purchases: Any) -> list[str]:
    """The quarters that have grades, else those that have purchases, oldest first. Frames with a quarter column."""
    for table in (grades, purchases):
        quarters = collected(lazy(table).select(c.QUARTER).filter(~nw.col(c.QUARTER).is_null()).unique(c.QUARTER))
        if len(quarters):
            return sorted(quarters.get_column(c.QUARTER).to_list())
    return []


def quarters_back(quarter: str, count: int) -> str:
    """The quarter that lies `count` quarters before (after, if negative)."""
    year, number = quarter.split("Q")
    position = int(year) * 4 + int(number) - 1 - count
    return f"{position // 4}Q{position % 4 + 1}"


def previous_quarter(quarter: str) -> str:
    """The quarter before: 2017Q1 -> 2016Q4."""
    return quarters_back(quarter, 1)
