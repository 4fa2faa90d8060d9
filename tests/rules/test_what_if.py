"""What a change of the minimums does: who flips, and that both sides add up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules.what_if import FLIP_COLUMNS, TIER_COLUMNS, WhatIf, what_if
from xlcrm.settings import GradeGrammar

GRAMMAR = GradeGrammar()
WHOLE = {"quantity": pl.Int64, "amount": pl.Int64, "min_quantity": pl.Int64, "min_amount": pl.Int64}


def frame(columns: str, *rows: tuple[Any, ...]) -> pl.DataFrame:
    names = columns.split()
    return pl.DataFrame(list(rows), schema={name: WHOLE.get(name, pl.String) for name in names}, orient="row")


def types(rows: Mapping[str, tuple[str | None, str | None]]) -> pl.DataFrame:
    return frame("customer_code business_type grade", *((code, *row) for code, row in rows.items()))


def totals(rows: Mapping[str, tuple[int | None, int | None]]) -> pl.DataFrame:
    return frame("customer_code quantity amount", *((code, *row) for code, row in rows.items()))


def minimums(*rows: tuple[str | None, str | None, int | None, int | None]) -> pl.DataFrame:
    return frame("business_type size min_quantity min_amount", *rows)


PEOPLE = types({"a": ("CS", "CS1"), "b": ("CS", "CS2"), "c": ("CS", "CS3"), "d": ("CB", "CB2"), "e": (None, None), "f": ("CS", "CS1")})
BOUGHT = totals({"a": (100, 900), "b": (60, 500), "c": (10, 90), "d": (50, 50), "e": (70, 70)})
PRESENT = minimums(("CS", "1", 100, None), ("CS", "2", 50, None), ("CB", "1", 80, None), ("CB", "2", 40, 60))


def flips(found: WhatIf) -> dict[str, tuple[str, str, str]]:
    return {row["customer_code"]: (row["before"], row["after"], row["state"]) for row in found.flips.iter_rows(named=True)}


def test_who_reaches_a_lower_minimum_rises_and_who_misses_a_higher_one_falls() -> None:
    found = what_if(PEOPLE, BOUGHT, PRESENT, minimums(("CS", "1", 60, None), ("CB", "2", 40, 50)), GRAMMAR)
    assert flips(found) == {"b": ("CS2", "CS1", "up"), "d": ("CB3", "CB2", "up")}
    assert flips(what_if(PEOPLE, BOUGHT, PRESENT, minimums(("CS", "1", 101, None)), GRAMMAR)) == {"a": ("CS1", "CS2", "down")}
    assert tuple(found.customers.columns) == FLIP_COLUMNS
    assert tuple(found.tiers.columns) == TIER_COLUMNS


def test_who_has_no_type_or_no_record_is_on_neither_side() -> None:
    found = what_if(PEOPLE, BOUGHT, PRESENT, PRESENT, GRAMMAR)
    assert found.customers.get_column("customer_code").to_list() == ["a", "b", "c", "d"]
    assert flips(found) == {}


def test_a_changed_row_replaces_both_minimums_of_its_tier_and_no_other() -> None:
    found = what_if(PEOPLE, BOUGHT, PRESENT, minimums(("CB", "2", None, 50)), GRAMMAR)
    assert flips(found) == {"d": ("CB3", "CB2", "up")}
    row = found.tiers.filter(pl.col("grade") == "CB2").row(0, named=True)
    assert (row["min_quantity_before"], row["min_amount_before"], row["min_quantity_after"], row["min_amount_after"]) == (40, 60, None, 50)
    assert (row["customers_before"], row["customers_after"], row["rising_in"], row["falling_in"]) == (0, 1, 1, 0)


def test_grades_that_come_from_another_rule_are_counted() -> None:
    assert what_if(PEOPLE, BOUGHT, PRESENT, minimums(), GRAMMAR).unlike_held == 1  # d is held CB2, but bought for less than its minimum


def test_rows_that_can_change_nothing_are_named() -> None:
    changed = minimums(("CS", "9", 1, None), ("", "1", 1, None), ("CS", None, 1, None), ("CS", "3", 5, None), ("XY", "1", 5, None))
    found = what_if(PEOPLE, BOUGHT, PRESENT, changed, GRAMMAR)
    assert found.unknown == ("CS 9", "1", "CS")
    assert found.idle == ("CS3", "XY1")
    assert flips(found) == {}


def test_a_minimum_above_that_of_a_better_size_is_named() -> None:
    found = what_if(PEOPLE, BOUGHT, PRESENT, minimums(("CS", "2", 120, None)), GRAMMAR)
    assert found.crossed == (("CS2", "CS1"),)


def test_a_type_without_any_rule_has_its_lowest_size_until_it_gets_one() -> None:
    people = types({"x": ("ZZ", "ZZ1"), "y": ("ZZ", None)})
    found = what_if(people, totals({"x": (9, 9), "y": (3, 3)}), PRESENT, minimums(("ZZ", "1", 5, None)), GRAMMAR)
    assert flips(found) == {"x": ("ZZ3", "ZZ1", "up")}
    assert found.unlike_held == 1


def test_a_grammar_without_types() -> None:
    grammar = GradeGrammar(sizes=("A", "B", "C"), sub_levels=(), typed=False)
    people = types({"x": ("", "A"), "y": ("", "B")})
    found = what_if(
        people,
        totals({"x": (9, 9), "y": (3, 3)}),
        minimums((None, "A", 5, None), (None, "B", 2, None)),
        minimums((None, "A", 3, None)),
        grammar,
    )
    assert flips(found) == {"y": ("B", "A", "up")}
    assert found.unlike_held == 0


def test_the_same_on_pandas_and_duckdb() -> None:
    changed = minimums(("CS", "1", 60, None))
    tables = (PEOPLE, BOUGHT, PRESENT, changed)
    expected = what_if(*tables, GRAMMAR)
    pandas = what_if(*(each.to_pandas(use_pyarrow_extension_array=True) for each in tables), GRAMMAR)
    assert pandas.flips["customer_code"].tolist() == expected.flips.get_column("customer_code").to_list()
    lazy = what_if(*(duckdb.from_arrow(each.to_arrow()) for each in tables), GRAMMAR)
    assert lazy.flips["customer_code"].to_pylist() == ["b"]


@given(
    st.lists(st.tuples(st.sampled_from(["CS", "CB"]), st.integers(0, 9), st.integers(0, 9)), max_size=12),
    st.lists(
        st.tuples(st.sampled_from(["CS", "CB"]), st.sampled_from(["1", "2"]), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)),
        max_size=4,
    ),
)
def test_both_sides_add_up_and_the_way_back_undoes_it(
    bought: list[tuple[str, int, int]], changed: list[tuple[str, str, int | None, int | None]]
) -> None:
    people = types({str(number): (kind, None) for number, (kind, _, _) in enumerate(bought)})
    figures = totals({str(number): row[1:] for number, row in enumerate(bought)})
    present = minimums(*((kind, size, bound, None) for kind in ("CS", "CB") for size, bound in (("1", 6), ("2", 3))))
    found = what_if(people, figures, present, minimums(*changed), GRAMMAR)
    for row in found.tiers.iter_rows(named=True):
        ins, outs = row["rising_in"] + row["falling_in"], row["rising_out"] + row["falling_out"]
        assert row["customers_after"] == row["customers_before"] + ins - outs
    assert found.tiers.get_column("customers_after").sum() == len(bought)
    back = what_if(people, figures, minimums(*changed), present, GRAMMAR)
    assert back.customers.get_column("after").to_list() == found.customers.get_column("before").to_list()


def test_on_complete_journey_the_thresholds_of_2017_q2_repeat_its_grades_and_a_lower_one_lifts_those_above_it(shared_data: Path) -> None:
    """Reference: expected/thresholds_2017Q2.csv; the grades are terciles of the quantity."""
    folder = shared_data / "completejourney_r1-5"
    months = pl.read_csv(folder / "purchases_month.csv", infer_schema=False).filter(
        pl.col("month").is_in(["2017-04", "2017-05", "2017-06"])
    )
    cents = [
        (pl.col(name).cast(pl.Float64) * scale).round().cast(pl.Int64).alias(name) for name, scale in (("quantity", 1000), ("amount", 100))
    ]
    bought = months.select("customer_code", *cents).group_by("customer_code").sum()
    held = pl.read_csv(folder / "grades.csv", infer_schema=False).filter(pl.col("2017Q2").is_not_null())
    people = held.select("customer_code", pl.col("2017Q2").str.slice(0, 2).alias("business_type"), pl.col("2017Q2").alias("grade"))
    thresholds = pl.read_csv(folder / "expected" / "thresholds_2017Q2.csv", infer_schema=False)
    least = (pl.col("min_volume").cast(pl.Int64) * 1000).alias("min_quantity")
    present = thresholds.select("business_type", pl.col("grade").alias("size"), least, pl.lit(None, pl.Int64).alias("min_amount"))
    kind, _, bound, _ = next(row for row in present.iter_rows() if row[1] == "1")
    found = what_if(people, bought, present, minimums((kind, "1", bound * 8 // 10, None)), GRAMMAR)
    assert found.customers.height > 1000
    bounds = set(present.get_column("min_quantity"))
    unlike = found.customers.filter(pl.col("grade") != pl.col("before"))
    assert unlike.height == found.unlike_held < 10
    # Equal quantities at a cut: the source puts them apart by amount.
    assert set(unlike.get_column("quantity")) <= bounds
    between = found.customers.filter((pl.col("before") == f"{kind}2") & (pl.col("quantity") >= bound * 8 // 10))
    assert between.height > 3
    assert flips(found) == dict.fromkeys(between.get_column("customer_code"), (f"{kind}2", f"{kind}1", "up"))
