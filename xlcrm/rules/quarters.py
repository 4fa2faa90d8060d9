"""Quarters as `2017Q1`: their order, and the one before."""

from __future__ import annotations

from xlcrm.tables.periods import parse_quarter

__all__ = ["parse_quarter", "previous_quarter", "quarters_back"]


def quarters_back(quarter: str, count: int) -> str:
    """The quarter that lies `count` quarters before (after, if negative)."""
    year, number = quarter.split("Q")
    position = int(year) * 4 + int(number) - 1 - count
    return f"{position // 4}Q{position % 4 + 1}"


def previous_quarter(quarter: str) -> str:
    """The quarter before: 2017Q1 -> 2016Q4."""
    return quarters_back(quarter, 1)
