"""The rules on Complete Journey, routes 1-5, equal the answers of an independent implementation.

Its `ungraded` means "no grade now", which is our lost and ungraded together; its `prefix_changed` is our type_changed.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.rules.handmade import BEFORE, NOW, by, compared, grades, purchase, routes, table
from xlcrm.rules.comparison import Comparison
from xlcrm.tables import columns as c
from xlcrm.tables.periods import find_quarter

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(written: str, parts: int) -> int:
    """A decimal text in parts of its unit, exactly."""
    whole, _, rest = written.partition(".")
    digits = len(str(parts)) - 1
    return int(whole + rest.ljust(digits, "0")[:digits])


def quarter_of(month: str) -> str:
    return f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}"


@pytest.fixture(scope="module")
def data(shared_data: Path) -> dict[str, Any]:
    folder = shared_data / "completejourney_r1-5"
    listed = read(folder / "routes.csv")
    held: dict[str, dict[str, str | None]] = {}
    for row in read(folder / "grades.csv"):
        for header, grade in row.items():
            quarter = find_quarter(header)
            if quarter and grade:
                held.setdefault(quarter[0], {})[row["customer_code"]] = grade
    bought = read(folder / "purchases_month.csv")
    rows = [
        {
            **purchase(row["customer_code"], quarter_of(row["month"]), None, None),
            c.QUANTITY: number(row["quantity"], 1000), c.AMOUNT: number(row["amount"], 100),
        }
        for row in bought
    ]  # fmt: skip
    return {
        "on_routes": [(row["customer_code"], row["route"]) for row in listed], "routes_table": routes(),
        "grades_table": grades(*held.items()), "purchases_table": table("purchases", rows), "folder": folder / "expected",
    }  # fmt: skip


@pytest.fixture(scope="module")
def second(data: dict[str, Any]) -> Comparison:
    return compared(**{name: value for name, value in data.items() if name != "folder"}, current=NOW, previous=BEFORE)


@pytest.fixture(scope="module")
def first(data: dict[str, Any]) -> Comparison:
    return compared(**{name: value for name, value in data.items() if name != "folder"}, current=BEFORE, previous="2016Q4")


def test_states_of_all_customers(second: Comparison, data: dict[str, Any]) -> None:
    names = {"kept": "keep", "type_changed": "prefix_changed", "lost": "ungraded"}
    found = by(second.changes)
    expected = {row["customer_code"]: row for row in read(data["folder"] / "arrows_Q2.csv")}
    assert found.keys() == expected.keys()
    assert len(found) == 1235
    for code, answer in expected.items():
        row = found[code]
        assert names.get(row[c.STATE], row[c.STATE]) == answer["reason"], code
        assert (row[c.GRADE] or "", row[c.PREVIOUS_GRADE] or "", row[c.ROUTE]) == (answer["current"], answer["previous"], answer["route"])
        assert row[c.BATCH] == answer["weekday"].lower()
        if row[c.STATE] in (c.UP, c.KEPT, c.DOWN):
            assert row[c.SHOWN] == answer["display"]


def test_strict_change_statistics(second: Comparison, data: dict[str, Any]) -> None:
    expected = read(data["folder"] / "change_2017Q2_strict.csv")
    rows = second.statistics
    total = rows.select(
        pl.lit("TOTAL").alias(c.BUSINESS_TYPE), pl.lit("").alias(c.SIZE), pl.exclude(c.BUSINESS_TYPE, c.SIZE, c.GRADE).sum()
    )
    found = {(row[c.BUSINESS_TYPE], row[c.SIZE]): row for row in (*rows.iter_rows(named=True), *total.iter_rows(named=True))}
    assert len(found) == len(expected) == 25
    for answer in expected:
        row = found[answer["business_type"], answer["grade"]]
        for theirs in [name for name in answer if name.endswith(("_up", "_keep", "_down"))]:
            assert row[theirs.lower().replace("keep", "kept")] == int(answer[theirs]), (answer, theirs)
        assert row[c.NEW] + row[c.TYPE_CHANGED] == int(answer["unclassified"])


@pytest.mark.parametrize("quarter", [BEFORE, NOW])
def test_minimums(first: Comparison, second: Comparison, data: dict[str, Any], quarter: str) -> None:
    rows = (first if quarter == BEFORE else second).minimums
    found = {(row[c.BUSINESS_TYPE], row[c.SIZE]): (row[c.MIN_QUANTITY], row[c.MIN_AMOUNT]) for row in rows.iter_rows(named=True)}
    expected = read(data["folder"] / f"thresholds_{quarter}.csv")
    assert found == {
        (row["business_type"], row["grade"]): (number(row["min_volume"], 1000), number(row["min_amount"], 100)) for row in expected
    }  # fmt: skip
    assert len(found) > 10


@pytest.mark.parametrize("quarter", [BEFORE, NOW])
def test_route_summary(first: Comparison, second: Comparison, data: dict[str, Any], quarter: str) -> None:
    found = by((first if quarter == BEFORE else second).route_summary, c.ROUTE)
    expected = [row for row in read(data["folder"] / "route_summary_Q1Q2.csv") if row["quarter"] == quarter]
    assert len(found) == len(expected) == 5
    for answer in expected:
        row = found[answer["route"]]
        assert [row[name] for name in (c.CUSTOMERS, c.UP, c.KEPT, c.DOWN, c.NEW, c.TYPE_CHANGED)] == [
            int(answer[name]) for name in ("customers", "up", "keep", "down", "new", "prefix_changed")
        ]
        assert row[c.LOST] + row[c.UNGRADED] == int(answer["ungraded"])
        assert (row[c.QUANTITY], row[c.AMOUNT]) == (number(answer["volume"], 1000), number(answer["amount"], 100))
