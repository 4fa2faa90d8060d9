"""Purchases with a day each: what was bought when, counted in days.

A row without a date is the total of a month or a quarter. It stands for one purchase in the middle of its time: the 15th of the month,
the 15th of the quarter's second month. So a workbook of monthly totals has at most one purchase day a month, and cycles of whole months.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, where_null
from xlcrm.tables import columns as c

DAY = "day"
DAY_NUMBER = "day_number"
"""Days since 1970-01-01."""
_MIDDLE = 15
_MILLISECONDS = 86_400_000


def dated(purchases: Any, as_of: dt.date | None = None, after: dt.date | None = None) -> Frame:
    """customer_code, day, order_number, quantity (thousandths), amount (cents): the rows with a customer and a day.

    purchases: customer_code, amount, and, where they are there, date, period, order_number, quantity. as_of: rows of later days are not
    known yet. after: rows of this day or before are left out.
    """
    frame = lazy(purchases)
    there = frame.collect_schema()
    absent = {c.DATE: nw.Date(), c.PERIOD: nw.String(), c.ORDER_NUMBER: nw.String(), c.QUANTITY: nw.Int64()}
    empty = [nw.lit(None, dtype).alias(name) for name, dtype in absent.items() if name not in there.names()]
    rows = frame.with_columns(*empty) if empty else frame
    rows = rows.with_columns(_day(rows, c.PERIOD in there.names()).alias(DAY))
    rows = rows.filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(DAY).is_null())
    if as_of is not None:
        rows = rows.filter(not_after(DAY, as_of))
    if after is not None:
        rows = rows.filter(~not_after(DAY, after))
    return rows.select(c.CUSTOMER_CODE, DAY, c.DATE, c.ORDER_NUMBER, c.QUANTITY, c.AMOUNT)


def not_after(column: str, day: dt.date) -> nw.Expr:
    """Whether the day in `column` is `day` or before it."""
    # pandas has no days of its own: there a day is a moment, and is compared with moments only.
    return nw.col(column).cast(nw.Datetime("us")) <= dt.datetime.combine(day, dt.time())


def _day(rows: Frame, has_periods: bool) -> nw.Expr:
    """The date, else the middle of the period."""
    found: list[str] = []
    if has_periods:
        undated = rows.filter(nw.col(c.DATE).is_null() & ~nw.col(c.PERIOD).is_null())
        found = sorted(collected(undated.select(c.PERIOD).unique(c.PERIOD)).get_column(c.PERIOD).to_list())
    middles = {period: day for period in found if (day := middle_of(period)) is not None}
    if not middles:
        return nw.col(c.DATE)
    if rows.implementation.is_pandas_like():
        moments = [dt.datetime.combine(day, dt.time()) for day in middles.values()]
        of_period = nw.col(c.PERIOD).replace_strict(list(middles), moments, default=None, return_dtype=nw.Datetime("ms"))
        return nw.coalesce(nw.col(c.DATE).cast(nw.Datetime("ms")), of_period.cast(nw.Datetime("ms")))
    return nw.coalesce(nw.col(c.DATE), nw.col(c.PERIOD).replace_strict(list(middles), list(middles.values()), default=None))


def middle_of(period: str) -> dt.date | None:
    """The middle of a month (2017-05: 2017-05-15) or of a quarter (2017Q2: 2017-05-15); None for another text."""
    year, month = period[:4], period[5:]
    if not year.isdecimal() or not month.isdecimal():
        return None
    number = int(month)
    if period[4] == "Q" and 1 <= number <= 4:
        return dt.date(int(year), number * 3 - 1, _MIDDLE)
    return dt.date(int(year), number, _MIDDLE) if period[4] == "-" and 1 <= number <= 12 else None


def is_purchase() -> nw.Expr:
    """Whether a row of `dated` says that something was bought.

    A return (a negative figure) says it not, nor does a recorded zero. A row of a day without a quantity does, were it for nothing:
    somebody recorded an order.
    """
    quantity, amount = where_null(c.QUANTITY, 0), where_null(c.AMOUNT, 0)
    recorded = nw.col(c.QUANTITY).is_null() & ~nw.col(c.DATE).is_null()
    return (quantity >= 0) & (amount >= 0) & ((quantity > 0) | (amount > 0) | recorded)


def purchase_days(rows: Frame) -> Frame:
    """customer_code, day: each day of a customer with a purchase once. rows: of `dated`."""
    return rows.filter(is_purchase()).select(c.CUSTOMER_CODE, DAY).unique([c.CUSTOMER_CODE, DAY])


def day_numbers(frame: nw.DataFrame[Any], column: str = DAY, name: str = DAY_NUMBER) -> nw.DataFrame[Any]:
    """The frame with the days of `column` as whole numbers, so that they can be subtracted on every engine; null stays null."""
    number = nw.col(column).dt.timestamp("ms") // _MILLISECONDS
    return frame.with_columns(number.alias(name))


def number_of(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


def as_dates(frame: nw.DataFrame[Any], **names: str) -> nw.DataFrame[Any]:
    """The frame with further columns that hold days: new name = column of day numbers."""
    dates = frame.with_columns(*((nw.col(column) * _MILLISECONDS).cast(nw.Datetime("ms")).alias(name) for name, column in names.items()))
    if frame.implementation.is_pandas_like():
        return dates  # it has moments only
    return dates.with_columns(*(nw.col(name).cast(nw.Date) for name in names))
