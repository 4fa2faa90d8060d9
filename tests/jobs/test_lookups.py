"""The values that stand beside the workbook's lookup formulas."""

from __future__ import annotations

import datetime as dt

import polars as pl

from xlcrm.jobs import lookups
from xlcrm.tables import columns as c
from xlcrm.tables.quarters import purchase_quarter

DAY = dt.date(2017, 2, 28)


def test_quarter_of_a_purchase_comes_from_its_date_else_its_period() -> None:
    frame = pl.DataFrame(
        {c.DATE: [DAY, None, None, None], c.PERIOD: [None, "2017-12", "2017Q3", None]}, schema={c.DATE: pl.Date, c.PERIOD: pl.String}
    )
    assert frame.select(purchase_quarter()).to_series().to_list() == ["2017Q1", "2017Q4", "2017Q3", None]


def test_fill_looks_up_what_the_formulas_look_up() -> None:
    frames = {
        "customers": pl.DataFrame(
            {c.CUSTOMER_CODE: ["01", "02"], c.CUSTOMER_NAME: ["One", "Two"], c.ROUTE: ["1", "9"], c.SHOWN: ["CS1↑", None]}
        ),
        "routes": pl.DataFrame({c.ROUTE: ["1"], c.BATCH: ["Mon"], c.ACCOUNT_MANAGER: ["Ann"]}),
        "purchases": pl.DataFrame(
            {
                c.CUSTOMER_CODE: ["01", "01", "03"],
                c.DATE: [DAY, None, DAY],
                c.PERIOD: [None, "2017Q1", None],
                c.QUANTITY: [5000, -1000, 7],
                c.AMOUNT: [150, -50, 9],
            }
        ),
        "follow_ups": pl.DataFrame({c.CUSTOMER_CODE: ["02"], c.DATE: [DAY]}),
    }
    filled = lookups.fill(frames, "2017Q1")
    one, two = filled["customers"].rows(named=True)
    assert (one[c.BATCH], one[c.ACCOUNT_MANAGER], one[c.QUANTITY], one[c.AMOUNT], one[c.LAST_PURCHASE]) == ("Mon", "Ann", 4000, 100, DAY)
    assert (two[c.BATCH], two[c.QUANTITY], two[c.LAST_PURCHASE], two[c.LAST_FOLLOW_UP]) == (None, 0, None, DAY)
    assert filled["purchases"].get_column(c.CUSTOMER_NAME).to_list() == ["One", "One", None]
    assert filled["purchases"].get_column(c.GRADE).to_list() == ["CS1↑", "CS1↑", None]
    assert filled["follow_ups"].get_column(c.CUSTOMER_NAME).to_list() == ["Two"]


def test_the_first_of_two_customers_with_one_code_is_looked_up_as_match_does() -> None:
    frames = {
        "customers": pl.DataFrame(
            {c.CUSTOMER_CODE: ["01", "01"], c.CUSTOMER_NAME: ["First", "Second"], c.ROUTE: ["1", "2"], c.SHOWN: [None, None]}
        ),
        "grades": pl.DataFrame({c.CUSTOMER_CODE: ["01"], c.QUARTER: ["2017Q1"], c.GRADE: ["CS1"]}),
    }
    filled = lookups.fill(frames, "2017Q1")
    assert filled["grades"].get_column(c.CUSTOMER_NAME).to_list() == ["First"]
    assert filled["customers"].height == 2
