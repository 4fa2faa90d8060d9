"""Links between tables, on every engine's own frame type that holds data in memory."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

from xlcrm.rules.links import dangling_codes, repeated_keys, route_conflicts
from xlcrm.tables import columns as c


@pytest.fixture(params=[pl.DataFrame, pd.DataFrame])
def frame(request: pytest.FixtureRequest) -> Any:
    return request.param


def _rows(found: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in (found.iter_rows() if isinstance(found, pl.DataFrame) else found.itertuples(index=False))]


def test_keys_that_stand_twice_are_found(frame: Any) -> None:
    grades = frame({c.CUSTOMER_CODE: ["1", "1", "2"], c.QUARTER: ["2017Q1", "2017Q1", "2017Q1"]})
    assert _rows(repeated_keys(grades, (c.CUSTOMER_CODE, c.QUARTER))) == [("1 2017Q1", 2)]


def test_codes_that_no_customer_has_are_found_with_their_rows(frame: Any) -> None:
    purchases = frame({c.CUSTOMER_CODE: ["1", "9", "9"]})
    assert _rows(dangling_codes(purchases, frame({c.CUSTOMER_CODE: ["1"]}), c.CUSTOMER_CODE)) == [("9", 2)]


def test_a_customer_on_two_routes_is_found_and_one_listed_twice_on_one_is_not(frame: Any) -> None:
    customers = frame({c.CUSTOMER_CODE: ["1", "1", "2", "2"], c.ROUTE: ["1", "3", "4", "4"]})
    assert _rows(route_conflicts(customers)) == [("1", "1, 3")]
