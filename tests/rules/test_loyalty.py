"""The loyalty index by hand, and that more of anything never lowers it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tests.rules.standing import bought, purchases, row
from xlcrm.rules.loyalty import LOYALTY_COLUMNS, LoyaltyWeights, loyalty

DAY = dt.date(2017, 6, 30)


def on(code: str, *days: tuple[int, int], money: float = 10) -> list[dict[str, Any]]:
    return [bought(code, dt.date(2017, month, day), money) for month, day in days]


ROWS = purchases([*on("a", (1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (6, 5)), *on("b", (2, 1), (2, 2), (4, 1), money=50), *on("c", (6, 1))])


def test_the_parts_by_hand() -> None:
    found = loyalty(ROWS, DAY, {"b": 2})
    assert tuple(found.columns) == LOYALTY_COLUMNS
    places = {"a": (2.5, 1.5), "b": (1.5, 2.5), "c": (0.5, 0.5)}
    assert (row(found, "a")["repeat_rate"], row(found, "b")["repeat_rate"], row(found, "c")["repeat_rate"]) == (1.0, 0.25, None)
    often, much = (place / 3 for place in places["a"])
    assert row(found, "a")["loyalty"] == pytest.approx(100 * (0.3 * often + 0.3 * much + 0.2 * 0 + 0.2 * 1.0))
    often, much = (place / 3 for place in places["b"])
    assert row(found, "b")["loyalty"] == pytest.approx(100 * (0.3 * often + 0.3 * much + 0.2 * 0.75 + 0.2 * 0.25))
    assert row(found, "c")["loyalty"] == pytest.approx(100 * (0.3 + 0.3) * 0.5 / 3 / 0.8)


def test_where_nobody_records_referrals_the_other_parts_share_their_weight() -> None:
    found = loyalty(ROWS, DAY)
    assert found.get_column("referrals").to_list() == [None] * 3
    assert row(found, "a")["loyalty"] == pytest.approx(100 * (0.3 * 2.5 / 3 + 0.3 * 1.5 / 3 + 0.2) / 0.8)


def test_weights_are_as_given() -> None:
    found = loyalty(ROWS, DAY, {}, LoyaltyWeights(0, 1, 0, 0))
    assert found.get_column("loyalty").to_list() == pytest.approx([50, 250 / 3, 50 / 3])
    assert row(loyalty(ROWS, DAY, {}, LoyaltyWeights(0, 0, 0, 1)), "c")["loyalty"] is None
    with pytest.raises(ValueError):
        loyalty(ROWS, DAY, {}, LoyaltyWeights(0, 0, 0, 0))
    with pytest.raises(ValueError):
        loyalty(ROWS, DAY, {}, LoyaltyWeights(1, -1, 1, 1))


def test_all_alike_stand_in_the_middle() -> None:
    same = purchases([each for code in "abcd" for each in on(code, (5, 1), (6, 1))])
    found = loyalty(same, DAY, {}, LoyaltyWeights(1, 1, 0, 0))
    assert found.get_column("loyalty").to_list() == [50.0] * 4


def test_more_never_lowers_it() -> None:
    base = row(loyalty(ROWS, DAY, {}), "c")["loyalty"]
    assert row(loyalty(ROWS, DAY, {"c": 1}), "c")["loyalty"] > base
    more = pl.concat([ROWS, purchases(on("c", (6, 2), (6, 3), (6, 4), (6, 6), (6, 7), (6, 8), (6, 9)))])
    assert row(loyalty(more, DAY, {}), "c")["loyalty"] > base


def test_the_window_and_the_day_bound_what_counts() -> None:
    assert loyalty(ROWS, dt.date(2017, 3, 31), window_days=31).get_column("customer_code").to_list() == ["a"]
    assert loyalty(ROWS.clear(), DAY).height == 0


def test_pandas_gives_what_polars_gives() -> None:
    assert loyalty(ROWS.to_pandas(), DAY, {"b": 2})["loyalty"].tolist() == pytest.approx(
        loyalty(ROWS, DAY, {"b": 2}).get_column("loyalty").to_list()
    )
