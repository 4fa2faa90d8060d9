"""The rules of value, stages and warnings give the same rows on pandas, polars (eager and lazy) and DuckDB."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest

from tests.rules.handmade import table
from tests.rules.standing import DAY, ago, bought, follow_ups, met, purchases
from xlcrm.rules.activity import activity
from xlcrm.rules.frames import tuples
from xlcrm.rules.kpis import kpis
from xlcrm.rules.lifecycle import lifecycle
from xlcrm.rules.pareto import pareto
from xlcrm.rules.rfm import rfm
from xlcrm.rules.warnings import warn
from xlcrm.rules.winback import win_back
from xlcrm.tables import columns as c

PERIODS = ("2016-05", "2016Q3", "2016-11", "soon", None)
Tables = dict[str, pl.DataFrame]
Results = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Customers of every kind: days, months, quarters, returns, recorded zeros, figures nobody recorded, one purchase and many."""
    chance = random.Random(3)
    rows = [
        bought(
            f"{number:05}", day, chance.choice((None, 0, 5, 10, 99.99, -7)), chance.choice((None, 0, 1, -2, 3)), chance.choice((None, "a", "b")),
            None if day else chance.choice(PERIODS),
        )
        for number in range(60) for _ in range(chance.randrange(9))
        for day in (ago(chance.randrange(420)) if chance.random() < 0.8 else None,)
    ]  # fmt: skip
    asked = [
        met(f"{number:05}", chance.randrange(200), chance.choice(("visit", "complaint")))
        for number in range(110)
        for _ in range(chance.randrange(5))
    ]
    listed = [{c.CUSTOMER_CODE: f"{number:05}", c.OPENED_ON: None if number % 3 else ago(number * 5)} for number in range(0, 130, 2)]
    return {"purchases": purchases(rows), "follow_ups": follow_ups(*asked), "customers": table("customers", listed)}


def results(tables: Tables, to_engine: Callable[[pl.DataFrame], Any]) -> Results:
    bought_rows, asked, listed = (to_engine(tables[name]) for name in ("purchases", "follow_ups", "customers"))
    stages, found = lifecycle(listed, bought_rows, asked, DAY, quarters=1), warn(bought_rows, asked, DAY, probabilities={"00001": 0.5})
    scored = rfm(bought_rows, DAY, 365)
    frames = {
        "rfm": scored.customers, "cuts": scored.cuts, "activity": activity(bought_rows, DAY), "pareto": pareto(bought_rows, DAY).customers,
        "kpis": kpis(bought_rows, DAY, listed), "stages": stages.stages, "transitions": stages.transitions, "warnings": found.rows,
        "figures": found.figures, "win_back": win_back(bought_rows, asked, DAY),
    }  # fmt: skip
    return {name: tuples(nw.from_native(frame, eager_only=True)) for name, frame in frames.items()}


@pytest.fixture(scope="module")
def expected(tables: Tables) -> Results:
    return results(tables, lambda frame: frame)


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "pandas": lambda frame: frame.to_pandas(),
    "pandas on arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "polars lazy": lambda frame: frame.lazy(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.filterwarnings("error:Found complex group-by")
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_what_polars_gives(engine: str, tables: Tables, expected: Results) -> None:
    found = results(tables, ENGINES[engine])
    for name, rows in expected.items():
        assert len(rows) > 2, name
        near = [tuple(pytest.approx(value, rel=1e-12) if isinstance(value, float) else value for value in row) for row in rows]
        assert found[name] == near, (engine, name)


def test_a_day_without_anything_known_gives_tables_without_a_row(tables: Tables) -> None:
    none = {name: frame.clear() for name, frame in tables.items()}
    assert all(rows == [] for rows in results(none, lambda frame: frame).values())
    early = lifecycle(tables["customers"], tables["purchases"], tables["follow_ups"], dt.date(2010, 1, 1))
    assert set(early.stages[c.STAGE]) == {"prospect"}
