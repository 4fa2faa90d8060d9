"""What the functions of value compute by counting: RFM, the next purchase, the classes A, B and C."""

from __future__ import annotations

import datetime as dt

import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.askedcodes import asked, in_words
from xlcrm.functions.catalog import Grid
from xlcrm.functions.faults import fault_text
from xlcrm.functions.given import Given
from xlcrm.rules.activity import ACTIVE, DORMANT, activity
from xlcrm.rules.pareto import pareto
from xlcrm.rules.rfm import SEGMENTS, rfm
from xlcrm.tables import columns as c
from xlcrm.tables.schema import ColumnKind

_ANY_DAY = dt.date(2000, 1, 1)


def rfm_of(given: Given) -> Grid:
    """Days since the last purchase, days with a purchase, amount, the scores r, f, m, the segment."""
    of_codes = asked(given)
    found = rfm(of_codes.purchases, of_codes.as_of).customers.select(
        c.CUSTOMER_CODE, c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY, c.R, c.F, c.M,
        in_words(c.SEGMENT, "segment", tuple(SEGMENTS), of_codes.language),
    )  # fmt: skip
    return of_codes.answer(found, "no_purchases", (c.MONETARY,))


def next_purchases_of(given: Given) -> Grid:
    """The expected day as `2017-12-04`, the cycle in days, active or dormant."""
    of_codes = asked(given)
    found = activity(of_codes.purchases, of_codes.as_of).select(
        c.CUSTOMER_CODE, pl.col(c.NEXT_PURCHASE).dt.to_string("%Y-%m-%d"), c.CYCLE_DAYS,
        in_words(c.ACTIVITY, "activity", (ACTIVE, DORMANT), of_codes.language),
    )  # fmt: skip
    return of_codes.answer(found, "no_purchases")


def classes_of(given: Given) -> Grid:
    """A, B or C of the customer of each row; a customer may have several rows."""
    columns = given.columns("code", "amount")
    codes, amounts = cells.codes(columns[0]), cells.numbers(columns[1], ColumnKind.MONEY)
    faults = answers.merged(
        answers.faulty(codes, columns[0], "code", given.language), answers.faulty(amounts, columns[1], "number", given.language)
    )
    for row in (codes.values.is_null() & amounts.values.is_not_null()).arg_true():
        faults.setdefault(row, fault_text("no_code", given.language))
    rows = pl.DataFrame({c.CUSTOMER_CODE: codes.values, c.AMOUNT: amounts.values, c.DATE: _ANY_DAY})
    good = rows.with_row_index().filter(~pl.col("index").is_in(list(faults))).drop("index")
    classes = pareto(good, _ANY_DAY).customers.select(c.CUSTOMER_CODE, c.ABC_CLASS)
    found = rows.join(classes, on=c.CUSTOMER_CODE, how="left", maintain_order="left")[c.ABC_CLASS]
    return answers.spilled(answers.cells_of(found), faults=faults)
