"""Merging two customers: sums stay, nothing disappears without being named, on every engine that the rules know."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules import merging
from xlcrm.tables import columns as c

KEEP, DROP = "0001", "0002"
COLUMNS = ("name", "phone", "birthday", "own")
value = st.one_of(st.none(), st.sampled_from(["a", "b", "c d"]))
row = st.fixed_dictionaries(dict.fromkeys(COLUMNS, value))
code = st.sampled_from([KEEP, DROP, "0003", None])
figure = st.one_of(st.none(), st.integers(-(10**12), 10**12))
purchase = st.tuples(code, st.sampled_from(["2017-01", "2017-02", "2017Q1", None]), figure, figure)
grade = st.tuples(code, st.sampled_from(["2017Q1", "2017Q2", "2017Q3"]), st.sampled_from(["CS1", "CS2", None]))


@given(row, row, st.sets(st.sampled_from(COLUMNS)))
def test_every_value_of_both_is_either_in_the_merged_row_or_named(keep: dict[str, Any], drop: dict[str, Any], take: set[str]) -> None:
    fields = merging.merged_fields(keep, drop, COLUMNS, take)
    assert [field.column for field in fields] == list(COLUMNS)
    for field in fields:
        said = {keep[field.column], drop[field.column]} - {None}
        assert {field.taken, field.given_up} - {None} == said
        assert field.taken in said or not said
        if keep[field.column] is not None and (field.column not in take or drop[field.column] is None):
            assert field.taken == keep[field.column]
        if field.column in take and drop[field.column] is not None:
            assert field.taken == drop[field.column]


def purchases(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    kinds = {c.CUSTOMER_CODE: pl.String, c.PERIOD: pl.String, c.QUANTITY: pl.Int64, c.AMOUNT: pl.Int64}
    return pl.DataFrame(rows, schema=kinds, orient="row")


@given(st.lists(purchase, max_size=12))
def test_all_purchases_stay_so_no_sum_changes(rows: list[tuple[Any, ...]]) -> None:
    before = purchases(rows)
    moved = merging.moved_rows(before, KEEP, DROP)
    assert moved.frame.drop(c.CUSTOMER_CODE).equals(before.drop(c.CUSTOMER_CODE))
    for name in (c.QUANTITY, c.AMOUNT):
        assert moved.frame[name].sum() == before[name].sum()
        of_both = before.filter(pl.col(c.CUSTOMER_CODE).is_in([KEEP, DROP]))[name].sum()
        assert moved.frame.filter(pl.col(c.CUSTOMER_CODE) == KEEP)[name].sum() == of_both
    assert moved.rows == sum(who == DROP for who, *_ in rows)
    assert DROP not in moved.frame[c.CUSTOMER_CODE].to_list()


def grades(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys((c.CUSTOMER_CODE, c.QUARTER, c.GRADE), pl.String), orient="row")


@given(st.lists(grade, max_size=12), st.booleans())
def test_of_colliding_rows_one_stays_and_the_other_is_named(rows: list[tuple[Any, ...]], dropped_stays: bool) -> None:
    before = grades(rows)
    joined = merging.joined_rows(before, KEEP, DROP, [c.QUARTER], lambda mine, other: dropped_stays)
    under_one = Counter((KEEP if who == DROP else who, quarter, held) for who, quarter, held in before.rows())
    left = Counter((KEEP, leaves[c.QUARTER], leaves[c.GRADE]) for _, leaves in joined.given_up)
    assert Counter(joined.frame.rows()) + left == under_one
    assert joined.frame.rows() == [
        (KEEP if who == DROP else who, *rest) for place, (who, *rest) in enumerate(before.rows()) if place not in joined.left
    ]
    kept_in, dropped_in = ({quarter for who, quarter, _ in rows if who == which} for which in (KEEP, DROP))
    assert {leaves[c.QUARTER] for _, leaves in joined.given_up} == kept_in & dropped_in
    assert all(leaves[c.CUSTOMER_CODE] == (KEEP if dropped_stays else DROP) for _, leaves in joined.given_up)


@pytest.mark.parametrize("to_engine", [lambda frame: frame, lambda frame: pd.DataFrame(frame.to_dict(as_series=False))])
def test_the_same_on_other_engines(to_engine: Any) -> None:
    bought = to_engine(purchases([(KEEP, "2017-01", 1000, 5), (DROP, "2017-01", 2500, 7), ("0003", "2017-01", 4, 4)]))
    moved = merging.moved_rows(bought, KEEP, DROP)
    assert list(moved.frame[c.CUSTOMER_CODE]) == [KEEP, KEEP, "0003"]
    assert int(moved.frame[c.QUANTITY].sum()) == 3504
    held = to_engine(grades([(DROP, "2017Q1", "CS1"), (KEEP, "2017Q1", "CS2"), (DROP, "2017Q2", "CS3")]))
    joined = merging.joined_rows(held, KEEP, DROP, [c.QUARTER], merging.never)
    assert list(joined.frame[c.GRADE]) == ["CS2", "CS3"]
    assert [(stays[c.GRADE], leaves[c.GRADE]) for stays, leaves in joined.given_up] == [("CS2", "CS1")]
    assert joined.left == {0}


def test_without_a_row_of_the_dropped_customer_the_table_is_the_same() -> None:
    held = grades([(KEEP, "2017Q1", "CS2")])
    assert merging.joined_rows(held, KEEP, DROP, [c.QUARTER], merging.never).frame is held
    assert merging.moved_rows(held, KEEP, DROP).frame is held


DAY, LATER = dt.date(2017, 1, 1), dt.date(2017, 6, 1)


@pytest.mark.parametrize(
    ("rule", "column", "mine", "other", "other_stays"),
    [
        (merging.withdrawn_stays, c.WITHDRAWN_ON, None, LATER, True),
        (merging.withdrawn_stays, c.WITHDRAWN_ON, DAY, LATER, False),
        (merging.withdrawn_stays, c.WITHDRAWN_ON, DAY, None, False),
        (merging.withdrawn_stays, c.WITHDRAWN_ON, None, None, False),
        (merging.open_stays, c.WITHDRAWN_ON, DAY, None, True),
        (merging.open_stays, c.WITHDRAWN_ON, None, LATER, False),
        (merging.open_stays, c.WITHDRAWN_ON, None, None, False),
        (merging.done_stays, c.DONE_ON, None, DAY, True),
        (merging.done_stays, c.DONE_ON, DAY, LATER, False),
        (merging.done_stays, c.DONE_ON, None, None, False),
    ],
)
def test_whose_row_stays(rule: Any, column: str, mine: dt.date | None, other: dt.date | None, other_stays: bool) -> None:
    assert rule({column: mine}, {column: other}) is other_stays


def test_several_merges_follow_a_code_to_where_it_went() -> None:
    assert merging.in_order([("1", "2"), ("2", "3")]) == [("1", "2"), ("1", "3")]
    assert merging.in_order([("1", "2"), ("3", "2")]) == [("1", "2"), ("3", "1")]
    assert merging.in_order([("1", "2"), ("2", "1")]) == [("1", "2")]  # one customer by then
    assert merging.in_order([("2", "3"), ("1", "2"), ("1", "3")]) == [("2", "3"), ("1", "2")]


def test_an_old_code_leads_to_the_customer_at_the_end_of_the_chain() -> None:
    merged = {"2": "1", "3": "2", "5": "4", "7": "8", "8": "7"}
    assert merging.successors(merged, {"1", "6"}) == {"2": "1", "3": "1"}  # nobody of 4 and 5, nor of 7 and 8, is a customer
    assert merging.successors(merged, {"1", "2"}) == {"3": "2"}  # 2 was taken back, so it stands for itself
