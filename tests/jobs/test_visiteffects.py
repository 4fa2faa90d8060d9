"""The effect of visits from a workbook's tables: which days are compared, what stands in the table, what is said where nothing can be."""

from __future__ import annotations

import datetime as dt
from math import expm1, log
from pathlib import Path

import polars as pl
import pytest

from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.analysing import analyse
from xlcrm.jobs.importing import import_sheets
from xlcrm.jobs.showing import table
from xlcrm.jobs.visiteffects import comparable_days, visit_table
from xlcrm.models.visit_effect import ASSUMPTIONS
from xlcrm.settings import default_settings
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 11, 30)
ROUTES = 8
PER_ROUTE = 3


def days_back(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def world(visited_on: dict[int, int], factor: float = 3.0, dated: bool = True) -> dict[str, pl.DataFrame]:
    """Eight routes of three customers that bought in every week. visited_on: route -> days before DAY; their customers then buy `factor`
    times as much."""
    people, bought, seen = [], [], []
    for route in range(1, ROUTES + 1):
        for number in range(PER_ROUTE):
            code = f"{route}{number}"
            people.append({c.CUSTOMER_CODE: code, c.ROUTE: str(route)})
            bought += [(code, days_back(20 + 7 * week), 10_000 + 100 * route) for week in range(10)]
            more = factor if route in visited_on else 1.0
            bought.append((code, days_back(1), round(more * (20_000 + 300 * route))))
            if route in visited_on:
                seen.append({c.CUSTOMER_CODE: code, c.DATE: days_back(visited_on[route]), c.KIND: "visit"})
    purchases = pl.DataFrame(
        {
            c.CUSTOMER_CODE: [code for code, _, _ in bought],
            c.DATE: pl.Series([day if dated else None for _, day, _ in bought], dtype=pl.Date),
            c.PERIOD: [None if dated else day.isoformat()[:7] for _, day, _ in bought],
            c.AMOUNT: [amount for _, _, amount in bought],
            c.QUANTITY: [amount * 10 for _, _, amount in bought],
        },
        schema_overrides={c.PERIOD: pl.String},
    )
    follow_ups = pl.DataFrame(seen, schema={c.CUSTOMER_CODE: pl.String, c.DATE: pl.Date, c.KIND: pl.String})
    return {"customers": pl.DataFrame(people), "purchases": purchases, "follow_ups": follow_ups}


def rows_of(frames: dict[str, pl.DataFrame], language: Language = "en") -> dict[str, dict[str, object]]:
    found = visit_table(frames, default_settings(language), DAY)["visit_effect"]
    assert found.columns == list(TABLES["visit_effect"].column_ids)
    return {row[c.MEASURE]: row for row in found.iter_rows(named=True)}


FOUR = {1: 3, 2: 4, 3: 5, 4: 6}


def test_the_days_are_those_that_part_the_routes_most_evenly() -> None:
    """Six routes were visited in the fortnight, four of them in the last six days."""
    frames = world(FOUR | {5: 10, 6: 12})
    start, visited = comparable_days(frames["customers"], frames["follow_ups"], DAY, 14)
    assert visited == {"1", "2", "3", "4"}
    assert start == days_back(9)  # the longest span that leaves out the visits of ten days ago


def test_calls_and_older_visits_are_none() -> None:
    frames = world({1: 20, 2: 3})
    follow_ups = frames["follow_ups"].with_columns(
        pl.when(pl.col(c.CUSTOMER_CODE).str.starts_with("2")).then(pl.lit("call")).otherwise(c.KIND).alias(c.KIND)
    )
    assert comparable_days(frames["customers"], follow_ups, DAY, 14)[1] == set()


def test_the_table_says_how_much_more_the_visited_routes_bought() -> None:
    rows = rows_of(world(FOUR))
    for measure in (c.AMOUNT, c.QUANTITY):
        row = rows[measure]
        assert (row[c.VISITED_ROUTES], row[c.OTHER_ROUTES], row[c.VISITED_CUSTOMERS], row[c.OTHER_CUSTOMERS]) == (4, 4, 12, 12)
        assert row[c.LAST_DATE] == DAY
        assert row[c.EFFECT] == pytest.approx(2.0, abs=0.15)  # three times as much is 200 % more
        assert row[c.LOWEST] <= row[c.EFFECT] <= row[c.HIGHEST]  # type: ignore[operator]
        assert row[c.LOWEST] > 1.5  # type: ignore[operator]
        assert row[c.P_VALUE] < 0.05  # type: ignore[operator]


def test_one_customer_a_route_by_hand() -> None:
    """From the first day on both bought 20, one of them was to buy 10 and the other one 1: the pace decides."""
    frames = world({1: 2, 2: 2}, factor=1.0)
    start, visited = comparable_days(frames["customers"], frames["follow_ups"], DAY, 14)
    days = (DAY - start).days + 1
    means = {
        route: log(1 + (200 + 3 * route)) - log(1 + 10 * (100 + route) * days / 91) for route in range(1, ROUTES + 1)
    }  # all ten weeks lie in the 91 days before
    effect = expm1(sum(means[route] for route in (1, 2)) / 2 - sum(means[route] for route in range(3, 9)) / 6)
    assert visited == {"1", "2"}
    assert rows_of(frames)[c.AMOUNT][c.EFFECT] == pytest.approx(effect)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_must_hold_is_said_once(language: Language) -> None:
    rows = rows_of(world(FOUR), language)
    note = rows[c.AMOUNT][c.NOTE]
    assert rows[c.QUANTITY][c.NOTE] is None
    assert note == text("visiteffect.assumptions", language)
    sentences = str(note).replace("：", ":").replace("；", ";").split(":", 1)[1].split(";")
    assert len(sentences) == len(ASSUMPTIONS)


@pytest.mark.parametrize(
    ("visited", "problem", "effect"),
    [({}, "one_kind", False), (dict.fromkeys(range(1, ROUTES + 1), 1), "one_kind", False), ({1: 2}, "too_few_routes", True)],
)
def test_what_cannot_be_said_says_why(visited: dict[int, int], problem: str, effect: bool) -> None:
    row = rows_of(world(visited))[c.AMOUNT]
    assert str(row[c.NOTE]).startswith(text(f"visiteffect.{problem}", "en"))
    assert (row[c.EFFECT] is not None) == effect
    assert row[c.LOWEST] is None
    assert row[c.HIGHEST] is None


def test_totals_of_months_say_nothing_of_a_fortnight() -> None:
    row = rows_of(world(FOUR, dated=False))[c.AMOUNT]
    assert row[c.NOTE] == text("visiteffect.no_days", "en")
    assert row[c.EFFECT] is None


def test_without_routes_the_table_is_empty() -> None:
    frames = world(FOUR)
    frames["customers"] = frames["customers"].with_columns(pl.lit(None, pl.String).alias(c.ROUTE))
    assert visit_table(frames, default_settings("en"), DAY)["visit_effect"].is_empty()


@pytest.mark.parametrize(
    ("table_id", "column"),
    [("customers", c.ROUTE), ("follow_ups", c.KIND), ("follow_ups", c.DATE), ("purchases", c.DATE), ("purchases", c.AMOUNT)],
)
def test_a_column_that_was_taken_away_says_nothing(table_id: str, column: str) -> None:
    frames = world(FOUR)
    frames[table_id] = frames[table_id].drop(column)
    found = visit_table(frames, default_settings("en"), DAY)["visit_effect"]
    assert found.height == (0 if column == c.ROUTE else 2)
    assert not any(value for value in found.head(1)[c.LOWEST])


@pytest.mark.parametrize("language", LANGUAGES)
def test_analyse_puts_it_on_the_sheet_and_show_shows_it(tmp_path: Path, language: Language) -> None:
    frames = world(FOUR)
    store = FileStore.create(tmp_path / "book.xlsx", language)
    sheets = []
    for number, (table_id, frame) in enumerate(frames.items()):
        columns = [name for name in frame.columns if frame[name].null_count() < frame.height]
        scaled = frame.select(columns).with_columns(
            *(pl.col(name) / scale for name, scale in ((c.AMOUNT, 100), (c.QUANTITY, 1000)) if name in columns)
        )
        rows = [columns, *([str(value) for value in row] for row in scaled.iter_rows())]
        sheets.append(TextSheet("book.xlsx", f"{table_id} {number}", frame_of_rows(rows)))
    assert not import_sheets(store, "book.xlsx", sheets).problems
    analyse(FileStore.open(store.path), DAY)
    shown = table(FileStore.open(store.path), "visit_effect")
    assert shown[c.MEASURE].to_list() == [c.AMOUNT, c.QUANTITY]
    assert float(shown[c.EFFECT][0]) == pytest.approx(2.0, abs=0.15)
    assert shown[c.VISITED_ROUTES].to_list() == ["4", "4"]
