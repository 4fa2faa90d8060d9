"""Groups that buy alike: found where they are, numbered and named the same every time."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import polars as pl
import pytest
from scipy.spatial.distance import cdist

from xlcrm.models.segments import MEMBER_COLUMNS, SEGMENT_COLUMNS, WEAK, Clusters, choose, clusters, described, silhouette
from xlcrm.rules.rfm import rfm

COLUMNS = {"customer_code": pl.String, "recency_days": pl.Int64, "frequency": pl.Int64, "monetary": pl.Int64}


@pytest.fixture(scope="module")
def three() -> Clusters:
    return clusters(THREE)


def people(*groups: tuple[int, int, int, int], seed: int = 1) -> pl.DataFrame:
    """Each group: how many, and about how many days, purchases, cents."""
    chance = random.Random(seed)
    rows = [
        (f"{number}-{member}", *(max(1, round(middle * chance.uniform(0.8, 1.25))) for middle in figures))
        for number, (many, *figures) in enumerate(groups)
        for member in range(many)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


THREE = people((40, 10, 50, 900_000), (60, 60, 12, 90_000), (80, 300, 2, 9_000))


def test_three_groups_are_found_numbered_by_value_and_named_by_their_middles(three: Clusters) -> None:
    found = three
    assert tuple(found.members.columns) == MEMBER_COLUMNS
    assert tuple(found.statistics.columns) == SEGMENT_COLUMNS
    assert found.statistics.select("cluster", "customers").rows() == [(1, 40), (2, 60), (3, 80)]
    assert found.statistics.get_column("name").to_list()[::2] == ["lately_often_much", "long_ago_seldom_little"]
    assert {(code[0], cluster) for code, cluster, _ in found.members.rows()} == {("0", 1), ("1", 2), ("2", 3)}
    assert max(found.silhouettes, key=lambda number: found.silhouettes[number]) == 3
    assert not found.weak
    assert sum(found.statistics.get_column("share")) == pytest.approx(1)
    assert sum(found.statistics.get_column("amount_share")) == pytest.approx(1)


def test_the_order_of_the_rows_changes_nothing(three: Clusters) -> None:
    found, other = three, clusters(THREE.sample(fraction=1.0, shuffle=True, seed=3))
    assert found.members.equals(other.members)
    assert found.silhouettes == other.silhouettes


def test_pandas_gives_what_polars_gives(three: Clusters) -> None:
    assert clusters(THREE.to_pandas()).members["cluster"].tolist() == three.members.get_column("cluster").to_list()


def test_a_cloud_without_groups_is_called_weak() -> None:
    chance = np.random.default_rng(4)
    cloud = np.expm1(3 + chance.normal(0, 0.7, (600, 3)))
    frame = pl.DataFrame(
        [(str(number), *(int(value) for value in row * [10, 10, 1000])) for number, row in enumerate(cloud)], schema=COLUMNS, orient="row"
    )
    assert max(clusters(frame).silhouettes.values()) < 0.35
    assert WEAK < 0.35


def test_two_groups_have_to_be_clearly_the_best() -> None:
    assert choose({2: 0.6, 3: 0.45, 4: 0.5}) == 4
    assert choose({2: 0.8, 3: 0.45, 4: 0.5}) == 2
    assert choose({2: 0.3, 3: 0.5, 4: 0.5}) == 3
    assert choose({2: 0.3}) == 2
    found = clusters(people((60, 10, 50, 900_000), (60, 300, 2, 9_000)))
    assert found.statistics.get_column("customers").to_list() == [60, 60]


def test_statistics_by_hand() -> None:
    frame = pl.DataFrame([("a", 1, 1, 100), ("b", 2, 2, 200), ("c", 3, 6, 600), ("d", 9, 9, 100)], schema=COLUMNS, orient="row")
    found = described(frame, {"a": (1, "x"), "b": (1, "x"), "c": (1, "x"), "d": (2, "y")})
    first, second = found.rows(named=True)
    assert (first["customers"], first["share"], first["amount_share"]) == (3, 0.75, 0.9)
    assert (first["median_frequency"], first["mean_frequency"], first["low_quartile_frequency"], first["high_quartile_frequency"]) == (
        2,
        3,
        1.5,
        4,
    )
    assert (second["median_recency_days"], second["mean_monetary"]) == (9, 100)


def test_silhouette_by_hand() -> None:
    """Two pairs on a line: 0, 1 and 10, 11; a = 1, b = 10.5 or 9.5."""
    points = np.array([[0.0], [1.0], [10.0], [11.0]])
    expected = np.mean([(10.5 - 1) / 10.5, (9.5 - 1) / 9.5, (9.5 - 1) / 9.5, (10.5 - 1) / 10.5])
    assert silhouette(cdist(points, points), np.array([0, 0, 1, 1])) == pytest.approx(expected)
    assert silhouette(cdist(points, points), np.array([0, 0, 0, 1])) == pytest.approx(
        np.mean([(11 - 5.5) / 11, (10 - 5) / 10, (1 - 9.5) / 9.5, 0])
    )


def test_too_few_or_all_alike_is_said() -> None:
    assert clusters(THREE.head(29)).problem == "too_few"
    assert clusters(THREE.clear()).problem == "too_few"
    alike = pl.DataFrame([(str(number), 1, 1, 1) for number in range(40)], schema=COLUMNS, orient="row")
    found = clusters(alike)
    assert (found.problem, found.members.height, found.statistics.height) == ("all_alike", 0, 0)


def test_on_cdnow_the_groups_differ_in_value_and_hold_everybody(cdnow: pl.DataFrame) -> None:
    found = clusters(rfm(cdnow, dt.date(1997, 9, 30)).customers)
    assert found.members.height == 2357
    middles = found.statistics.get_column("median_monetary").to_list()
    assert middles == sorted(middles, reverse=True)
    assert choose(found.silhouettes) == 3
    assert found.statistics.get_column("cluster").to_list() == [1, 2, 3]
    assert found.statistics.get_column("name").to_list()[::2] == ["lately_often_much", "long_ago_seldom_little"]
