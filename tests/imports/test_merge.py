"""Upsert by key: importing twice changes nothing, a corrected group replaces the old one, totals and their parts do not mix."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.files import text
from xlcrm.imports.load import load
from xlcrm.imports.merge import Change, Merged, merge
from xlcrm.settings import Settings
from xlcrm.tables.catalog import CUSTOMERS, GRADES, PURCHASES, ROUTES, TABLES

PURCHASE_SCHEMA = {
    "customer_code": pl.String,
    "date": pl.Date,
    "period": pl.String,
    "order_number": pl.String,
    "quantity": pl.Int64,
    "amount": pl.Int64,
}


def purchases(*rows: tuple[str, dt.date | None, str | None, str | None, int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PURCHASE_SCHEMA, orient="row")


def counts(merged: Merged) -> tuple[int, int, int, int]:
    return merged.new, merged.changed_rows, merged.unchanged, merged.removed


DAY = dt.date(2017, 1, 5)


def test_rows_keep_their_place_and_new_ones_follow() -> None:
    there = pl.DataFrame({"customer_code": ["b", "a"], "customer_name": ["B", "A"], "mine": ["1", "2"]})
    merged = merge(CUSTOMERS, there, pl.DataFrame({"customer_code": ["c", "a"], "customer_name": ["C", "A2"]}))
    assert merged.frame.rows() == [("b", "B", "1"), ("a", "A2", "2"), ("c", "C", None)]
    assert merged.changes == [Change(("a",), "customer_name", "A", "A2")]
    assert counts(merged) == (1, 1, 0, 0)


def test_a_blank_cell_and_a_missing_column_take_nothing_away() -> None:
    there = pl.DataFrame({"customer_code": ["a"], "phone": ["1"], "contact": ["Ann"]})
    merged = merge(CUSTOMERS, there, pl.DataFrame({"customer_code": ["a"], "phone": [None]}, schema_overrides={"phone": pl.String}))
    assert merged.frame.equals(there)
    assert counts(merged) == (0, 0, 1, 0)


def test_a_column_new_to_the_table_is_added() -> None:
    there = pl.DataFrame({"customer_code": ["a", "b"]})
    merged = merge(CUSTOMERS, there, pl.DataFrame({"customer_code": ["a"], "store": ["27"]}))
    assert merged.frame.to_dict(as_series=False) == {"customer_code": ["a", "b"], "store": ["27", None]}


def test_a_batch_that_the_user_chose_stays() -> None:
    there = pl.DataFrame({"route": ["1"], "batch": ["Fri"], "account_manager": ["Ann"], "position": [4]})
    incoming = pl.DataFrame({"route": ["1", "2"], "batch": [None, None], "account_manager": ["Bob", "Bob"], "position": [None, None]})
    assert merge(ROUTES, there, incoming).frame.rows() == [("1", "Fri", "Bob", 4), ("2", None, "Bob", None)]


def test_money_is_told_as_a_person_reads_it() -> None:
    there = purchases(("a", None, "2017Q1", None, 1500, 999))
    merged = merge(PURCHASES, there, purchases(("a", None, "2017Q1", None, -2000, 1000)))
    assert [(change.column, change.old, change.new) for change in merged.changes] == [
        ("quantity", "1.5", "-2"),
        ("amount", "9.99", "10.00"),
    ]


def test_two_equal_orders_of_one_day_are_two_rows_and_stay_two() -> None:
    twice = purchases(("a", DAY, None, None, 1000, 100), ("a", DAY, None, None, 1000, 100))
    first = merge(PURCHASES, purchases(), twice)
    again = merge(PURCHASES, first.frame, twice)
    assert first.frame.height == again.frame.height == 2
    assert counts(again) == (0, 0, 2, 0)


def test_a_corrected_group_replaces_the_old_one_and_no_other() -> None:
    there = merge(
        PURCHASES, purchases(), purchases(("a", DAY, None, None, 1, 1), ("a", DAY, None, None, 2, 2), ("b", DAY, None, None, 3, 3))
    ).frame
    merged = merge(PURCHASES, there, purchases(("a", DAY, None, None, 2, 2)))
    assert merged.frame.rows() == [("a", DAY, None, None, 2, 2), ("b", DAY, None, None, 3, 3)]
    assert counts(merged) == (0, 0, 1, 1)
    grown = merge(PURCHASES, merged.frame, purchases(("a", DAY, None, None, 2, 2), ("a", DAY, None, None, 9, 9)))
    assert grown.frame["quantity"].to_list() == [2, 3, 9]
    assert counts(grown) == (1, 0, 1, 0)


def test_another_order_of_the_rows_is_no_change() -> None:
    rows = (("a", DAY, None, None, 1, 1), ("a", DAY, None, None, 2, 2), ("a", DAY, None, None, 3, 3))
    there = purchases(*rows)
    merged = merge(PURCHASES, there, purchases(*reversed(rows)))
    assert merged.frame.equals(there)
    assert counts(merged) == (0, 0, 3, 0)


def test_quantities_and_amounts_may_come_in_two_files() -> None:
    quantity = purchases(("a", None, "2017Q1", None, 5, None)).drop("amount")
    amount = purchases(("a", None, "2017Q1", None, None, 7)).drop("quantity")
    merged = merge(PURCHASES, merge(PURCHASES, purchases(), quantity).frame, amount)
    assert merged.frame.select("quantity", "amount").rows() == [(5, 7)]


@pytest.mark.parametrize(
    ("there", "coming", "kept"),
    [
        (("a", None, "2017Q1"), ("a", DAY, None), False), (("a", None, "2017Q1"), ("a", None, "2017-03"), False), (("a", None, "2017-01"), ("a", DAY, None), False),
        (("a", DAY, None), ("a", None, "2017Q1"), False), (("a", None, "2017-02"), ("a", DAY, None), True), (("a", None, "2017Q2"), ("a", DAY, None), True),
        (("b", None, "2017Q1"), ("a", DAY, None), True), (("a", None, "2017Q1"), ("a", None, "2017Q2"), True),
    ],
)  # fmt: skip
def test_a_total_and_its_parts_do_not_count_twice(
    there: tuple[str, dt.date | None, str | None], coming: tuple[str, dt.date | None, str | None], kept: bool
) -> None:
    merged = merge(PURCHASES, purchases((*there, None, 1, 1)), purchases((*coming, None, 1, 1)))
    assert merged.frame.height == 1 + kept
    assert [problem.code for problem in merged.problems] == ["purchase_overlap"] * (not kept)


def test_within_one_file_the_single_purchases_win_over_their_total() -> None:
    merged = merge(
        PURCHASES,
        purchases(),
        purchases(("a", None, "2017Q1", None, 3, 3), ("a", DAY, None, None, 1, 1), ("b", None, "2017Q1", None, 9, 9)),
    )
    assert merged.frame["quantity"].to_list() == [1, 9]
    assert merged.problems[0].details["other"] == "2017-01-05"


def test_a_corrected_total_goes_in_beside_single_purchases_that_are_refused() -> None:
    merged = merge(
        PURCHASES, purchases(("a", None, "2017Q1", None, 3, 3)), purchases(("a", DAY, None, None, 1, 1), ("a", None, "2017Q1", None, 4, 4))
    )
    assert merged.frame["quantity"].to_list() == [4]
    assert len(merged.problems) == 1


def test_an_overlap_is_told_with_its_cell(tmp_path: Path) -> None:
    found = load(text(tmp_path / "f.csv", ["code,date,qty", "001,2017-01-05,1", "002,2017-01-05,1"]), Settings())
    merged = merge(PURCHASES, purchases(("002", None, "2017Q1", None, 1, 1)), found.frames["purchases"], found.origins["purchases"])
    (problem,) = merged.problems
    assert (problem.place, problem.row_text) == ("f.csv!A3", "002 | 2017-01-05 | 1")
    assert counts(merged) == (1, 0, 0, 0)


def test_the_reference_data_twice_and_in_any_order(shared_data: Path) -> None:
    folder = shared_data / "completejourney_r1-5"
    for name in ("routes.csv", "grades.csv", "purchases_month.csv", "exports.xlsx"):
        for table_id, incoming in load(folder / name, Settings()).frames.items():
            table = TABLES[table_id]
            empty = pl.DataFrame(schema={column: incoming.schema.get(column, pl.String) for column in table.column_ids})
            once = merge(table, empty, incoming)
            twice = merge(table, once.frame, incoming)
            assert counts(once) == (incoming.height, 0, 0, 0)
            assert counts(twice) == (0, 0, incoming.height, 0)
            assert twice.frame.equals(once.frame)
            assert not twice.problems


CODES = st.sampled_from(["a", "b", "c"])
AMOUNTS = st.one_of(st.none(), st.integers(-3, 3))
DATES = st.sampled_from([dt.date(2017, 1, 5), dt.date(2017, 2, 1), dt.date(2017, 4, 1)])
TIMES = st.one_of(st.tuples(DATES, st.none()), st.tuples(st.none(), st.sampled_from(["2017-01", "2017-02", "2017Q1", "2017Q2"])))
ROWS = st.lists(st.tuples(CODES, TIMES, st.sampled_from([None, "o1"]), AMOUNTS, AMOUNTS), max_size=8).map(
    lambda rows: purchases(*((code, *time, order, quantity, amount) for code, time, order, quantity, amount in rows))
)


def group(frame: pl.DataFrame) -> dict[tuple[object, ...], list[tuple[object, ...]]]:
    groups: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for code, date, period, order, quantity, amount in frame.rows():
        groups.setdefault((code, date, period, order), []).append((quantity, amount))
    return {key: sorted(rows, key=str) for key, rows in groups.items()}


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS)
def test_purchases_are_replaced_group_by_group_and_twice_is_once(there: pl.DataFrame, coming: pl.DataFrame) -> None:
    there = merge(PURCHASES, purchases(), there).frame
    once = merge(PURCHASES, there, coming)
    # A group of the import stands exactly as imported unless it overlaps; every other group stands as it was.
    before, wanted, after = group(there), group(coming), group(once.frame)
    refused_rows = len(once.problems)
    assert after.keys() <= before.keys() | wanted.keys()
    for key, rows in after.items():
        assert rows == wanted.get(key, before.get(key)) or refused_rows
    if not refused_rows:
        assert after == before | wanted
    assert once.new + once.changed_rows + once.unchanged + refused_rows == coming.height
    assert once.frame.height == there.height + once.new - once.removed
    twice = merge(PURCHASES, once.frame, coming)
    assert twice.frame.equals(once.frame)
    assert (twice.new, twice.changes, twice.removed, len(twice.problems)) == (0, [], 0, refused_rows)


KEYED = st.dictionaries(CODES, st.one_of(st.none(), st.sampled_from(["X", "Y"])), max_size=3)


@settings(deadline=None)
@given(KEYED, KEYED)
def test_an_upsert_takes_what_is_given_and_twice_is_once(there: dict[str, str | None], coming: dict[str, str | None]) -> None:
    def frame(names: dict[str, str | None]) -> pl.DataFrame:
        return pl.DataFrame(
            {"customer_code": list(names), "customer_name": list(names.values())},
            schema={"customer_code": pl.String, "customer_name": pl.String},
        )

    once = merge(CUSTOMERS, frame(there), frame(coming))
    expected = there | {code: name if name is not None else there.get(code) for code, name in coming.items()}
    assert dict(once.frame.rows()) == expected
    assert once.frame["customer_code"].to_list()[: len(there)] == list(there)
    twice = merge(CUSTOMERS, once.frame, frame(coming))
    assert twice.frame.equals(once.frame)
    assert counts(twice) == (0, 0, len(coming), 0)


@given(st.permutations(["routes.csv", "grades.csv", "purchases.csv"]))
@settings(max_examples=6, deadline=None)
def test_the_order_of_files_of_different_kinds_does_not_matter(order: list[str]) -> None:
    import tempfile

    contents = {
        "routes.csv": ["route,code,name,store", "1,a,A,9", "2,b,B,8"],
        "grades.csv": ["code,2017Q1", "a,CS1", "c,CS2"],
        "purchases.csv": ["code,date,qty", "a,2017-01-05,1", "c,2017-01-06,-1"],
    }
    with tempfile.TemporaryDirectory() as folder:
        tables: dict[str, pl.DataFrame] = {}
        for name in order:
            for table_id, frame in load(text(Path(folder) / name, contents[name]), Settings()).frames.items():
                tables[table_id] = merge(TABLES[table_id], tables.get(table_id, frame.clear()), frame).frame
    assert tables["customers"].rows() == [("a", "A", "1", "9"), ("b", "B", "2", "8")]
    assert tables["grades"].rows() == [("a", "2017Q1", "CS1"), ("c", "2017Q1", "CS2")]
    assert tables["purchases"].select("customer_code", "quantity").rows() == [("a", 1000), ("c", -1000)]


def test_a_grade_of_another_quarter_is_another_row() -> None:
    there = pl.DataFrame({"customer_code": ["a"], "quarter": ["2017Q1"], "grade": ["CS1"]})
    merged = merge(GRADES, there, pl.DataFrame({"customer_code": ["a", "a"], "quarter": ["2017Q1", "2017Q2"], "grade": ["CS2", "CS1"]}))
    assert merged.frame.rows() == [("a", "2017Q1", "CS2"), ("a", "2017Q2", "CS1")]
