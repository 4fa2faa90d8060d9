"""RFM: figures read off small cases, quintiles and their ties, a name for each of the 125 cells, and CDNOW's own summary."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.standing import DAY, ago, bought, on_days, purchases, row
from xlcrm.rules.rfm import MEASURES, RFM_COLUMNS, SEGMENTS, cells, rfm
from xlcrm.tables import columns as c

CALIBRATION_END = dt.date(1997, 9, 30)


def figures(rows: list[dict[str, Any]], code: str = "1", **options: Any) -> tuple[Any, ...]:
    found = row(rfm(purchases(rows), DAY, **options).customers, code)
    return tuple(found[name] for name in (c.FIRST_DATE, c.LAST_DATE, c.RECENCY_DAYS, c.FREQUENCY, c.ORDERS, c.MONETARY))


def test_figures_of_a_customer() -> None:
    rows = [bought("1", ago(40), 10.5, order="a"), bought("1", ago(40), 2, order="b"), bought("1", ago(3), 7, order="c")]
    assert figures(rows) == (ago(40), ago(3), 3, 2, 3, 1950)


def test_without_order_numbers_the_days_are_the_orders() -> None:
    rows = [bought("1", ago(9)), bought("1", ago(9)), bought("1", ago(8), order="a"), bought("1", ago(7), order="a")]
    assert figures(rows)[3:5] == (3, 2)
    assert figures(rows[:2])[3:5] == (1, 1)


def test_a_return_lowers_the_amount_and_is_no_purchase() -> None:
    rows = [bought("1", ago(20), 10), bought("1", ago(5), -4, -1, order="r"), bought("2", ago(5), -4, -1)]
    found = rfm(purchases(rows), DAY).customers
    assert figures(rows) == (ago(20), ago(20), 20, 1, 1, 600)
    assert found[c.CUSTOMER_CODE].to_list() == ["1"], "who only gave something back bought nothing"


def test_a_recorded_zero_is_no_purchase_but_an_order_for_nothing_is_one() -> None:
    zero = bought("1", None, 0, 0, period="2017-05")
    assert rfm(purchases([zero]), DAY).customers.is_empty()
    assert figures([bought("1", ago(4), 0, None)])[3:] == (1, 1, 0)
    assert figures([bought("1", ago(4), 0, 2)])[3:] == (1, 1, 0)
    assert figures([bought("1", ago(4), None, 2)])[3:] == (1, 1, 0)


def test_a_total_of_a_month_or_quarter_stands_for_a_day_in_its_middle() -> None:
    rows = [bought("1", None, 10, period="2017-03"), bought("1", None, 20, period="2017Q2"), bought("1", None, 5, period="soon")]
    assert figures(rows) == (dt.date(2017, 3, 15), dt.date(2017, 5, 15), 46, 2, 2, 3000)


def test_later_days_are_not_known_and_the_window_ends_with_the_day() -> None:
    rows = [bought("1", day) for day in (ago(30), ago(29), ago(0), ago(-1))]
    assert figures(rows)[0:4] == (ago(30), DAY, 0, 3)
    assert figures(rows, window_days=30)[0:4] == (ago(29), DAY, 0, 2)


def test_quintiles_without_ties_are_fifths() -> None:
    table = purchases([bought(f"{number:02}", ago(number), number) for number in range(1, 21)])
    found = rfm(table, DAY).customers.sort(c.CUSTOMER_CODE)
    fifths = [1 + place // 4 for place in range(20)]
    assert found[c.M].to_list() == fifths
    assert found[c.R].to_list() == fifths[::-1], "the latest score 5"
    assert set(found[c.F]) == {3}, "where all are alike, all are in the middle"


def test_ties_stay_together_and_the_ends_of_the_scale_are_used() -> None:
    """Six in ten bought once: they are the least frequent; four in five bought on the same day: they are the latest."""
    days = {f"{number}": [5] for number in range(6)} | {"6": [5, 6], "7": [5, 6], "8": [9, 10, 11], "9": [12, 13, 14, 15]}
    found = rfm(on_days(days), DAY).customers.sort(c.CUSTOMER_CODE)
    assert found[c.F].to_list() == [1] * 6 + [4, 4, 5, 5]
    assert found[c.R].to_list() == [5] * 8 + [1, 1]


def test_the_cuts_say_what_each_score_stands_for() -> None:
    table = purchases([bought(f"{number:02}", ago(number), number) for number in range(1, 21)])
    cuts = rfm(table, DAY).cuts
    assert cuts.columns == [c.MEASURE, c.SCORE, c.LOWEST, c.HIGHEST, c.CUSTOMERS]
    monetary = cuts.filter(pl.col(c.MEASURE) == c.MONETARY)
    assert monetary.rows() == [(c.MONETARY, score, 400 * score - 300, 400 * score, 4) for score in range(1, 6)]
    assert cuts.filter(pl.col(c.MEASURE) == c.RECENCY_DAYS).rows()[-1] == (c.RECENCY_DAYS, 5, 1, 4, 4)


def test_every_cell_has_exactly_one_segment() -> None:
    found = Counter(cell for segment in SEGMENTS for cell in cells(segment))
    assert set(found) == set(itertools.product(range(1, 6), repeat=3))
    assert set(found.values()) == {1}


def test_the_rule_names_the_cells_as_the_table_does() -> None:
    by_cell = {cell: segment for segment in SEGMENTS for cell in cells(segment)}
    frame = pl.DataFrame(list(by_cell), schema=[c.R, c.F, c.M], orient="row")
    import narwhals as nw

    from xlcrm.rules.rfm import segment_of

    named = nw.from_native(frame, eager_only=True).with_columns(segment_of()).to_native()
    assert named[c.SEGMENT].to_list() == list(by_cell.values())


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.lists(st.integers(1, 6), min_size=1, max_size=4)), min_size=1, max_size=30))
def test_scores_follow_the_figures(case: list[tuple[int, list[int]]]) -> None:
    rows = [
        bought(f"{code:02}", ago(last + place * 3), money) for code, (last, many) in enumerate(case) for place, money in enumerate(many)
    ]
    found = rfm(purchases(rows), DAY).customers
    assert found.columns == list(RFM_COLUMNS)
    for measure, score in MEASURES:
        direction = -1 if measure == c.RECENCY_DAYS else 1
        pairs = sorted((direction * value, points) for value, points in found.select(measure, score).iter_rows())
        assert [points for _, points in pairs] == sorted(points for _, points in pairs), "a better figure never scores less"
        assert all(len({points for value, points in pairs if value == one}) == 1 for one, _ in pairs), "equal figures score alike"
        assert set(found[score]) <= set(range(1, 6))
    assert found[c.SEGMENT].null_count() == 0


def test_cdnow_has_the_repeat_purchases_of_the_published_summary(shared_data: Path) -> None:
    """Fader and Hardie's summary of the sample: x days with a repeat purchase, t_x and T in weeks, mean of the repeat purchases."""
    rows = pl.read_csv(
        Path(__file__).parents[1] / "data" / "cdnow_sample.csv", schema_overrides={"customer_id": pl.String}, try_parse_dates=True
    )
    typed = rows.select(
        pl.col("customer_id").alias(c.CUSTOMER_CODE), pl.col("date").alias(c.DATE), (pl.col("dollars") * 100).round().cast(pl.Int64).alias(c.AMOUNT),
        (pl.col("cds") * 1000).cast(pl.Int64).alias(c.QUANTITY),
    )  # fmt: skip
    found = {each[c.CUSTOMER_CODE]: each for each in rfm(typed, CALIBRATION_END).customers.iter_rows(named=True)}
    first_amounts = {
        code: amount for code, _, amount in
        typed.group_by(c.CUSTOMER_CODE, c.DATE).agg(pl.col(c.AMOUNT).sum()).sort(c.DATE).unique(c.CUSTOMER_CODE, keep="first", maintain_order=True).iter_rows()
    }  # fmt: skip
    with (shared_data / "cdnow" / "sample_rfm.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert len(published) == len(found) == 2357
    for each in published:
        own = found[each["id"]]
        assert own[c.FREQUENCY] == own[c.ORDERS] == int(each["x"]) + 1
        assert (own[c.LAST_DATE] - own[c.FIRST_DATE]).days / 7 == pytest.approx(float(each["t_x_weeks"]), abs=1e-3)
        assert (CALIBRATION_END - own[c.FIRST_DATE]).days / 7 == pytest.approx(float(each["T_weeks"]), abs=1e-3)
        again = own[c.MONETARY] - first_amounts[each["id"]]
        assert again / 100 == pytest.approx(float(each["zbar"]) * int(each["x"]), abs=0.02)
