"""Small tables for the rules of value, stages and warnings, written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from tests.rules.handmade import table
from xlcrm.tables import columns as c

DAY = dt.date(2017, 6, 30)
"""The day of the analyses: the last of a quarter."""


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def bought(
    code: str, on: dt.date | None, money: float | None = 10, units: float | None = 1, order: str | None = None, period: str | None = None
) -> dict[str, Any]:
    return {
        c.CUSTOMER_CODE: code, c.DATE: on, c.PERIOD: period, c.ORDER_NUMBER: order, c.QUANTITY: None if units is None else round(units * 1000),
        c.AMOUNT: None if money is None else round(money * 100),
    }  # fmt: skip


def purchases(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    return table("purchases", rows)


def on_days(days: Mapping[str, Iterable[int]], money: float = 10) -> pl.DataFrame:
    """customer_code -> how many days ago each purchase was."""
    return purchases([bought(code, ago(each), money) for code, many in days.items() for each in many])


def met(code: str, days_ago: int, kind: str = "visit", key: str = "") -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.DATE: ago(days_ago), c.KIND: kind, c.FOLLOW_UP_ID: key or f"F-{code}-{days_ago}"}


def follow_ups(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return table("follow_ups", rows)


def row(frame: pl.DataFrame, code: str) -> dict[str, Any]:
    (found,) = frame.filter(pl.col(c.CUSTOMER_CODE) == code).iter_rows(named=True)
    return found
