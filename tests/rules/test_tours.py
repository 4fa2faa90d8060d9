"""The order of a day's visits."""

from __future__ import annotations

import random
import sys
from itertools import permutations
from pathlib import Path

import pytest

from tools import measure_routing
from xlcrm.rules import tours
from xlcrm.rules.tours import NoRouting, Place, address_key, distances, given_order, in_order, length, shortest_way


def on_a_line(*degrees: float) -> list[Place]:
    return [Place(f"{place}", latitude=30.0 + there, longitude=120.0, visit_order=place) for place, there in enumerate(degrees)]


def test_places_on_a_line_are_visited_along_it() -> None:
    pytest.importorskip("pyvrp")
    order, by = in_order(on_a_line(0.3, 0.0, 0.2, 0.1, 0.4))
    assert by == "tour"
    assert order == ["4", "0", "2", "3", "1"] or order == ["1", "3", "2", "0", "4"]
    assert order[0] == "1", "it begins at the end that the given order has first"


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_small_ways_are_the_shortest(seed: int, closed: bool) -> None:
    pytest.importorskip("pyvrp")
    chance = random.Random(seed)
    places = [Place(str(n), latitude=30 + chance.random(), longitude=120 + chance.random()) for n in range(7)]
    between = distances(places)
    found = shortest_way(between, closed=closed)
    every = ([0, *rest] for rest in permutations(range(1, 7))) if closed else map(list, permutations(range(7)))
    assert sorted(found) == list(range(7))
    assert length(found, between, closed=closed) == min(length(way, between, closed=closed) for way in every)


def test_the_same_day_has_the_same_order() -> None:
    pytest.importorskip("pyvrp")
    chance = random.Random(9)
    places = [Place(str(n), latitude=30 + chance.random(), longitude=120 + chance.random(), visit_order=n) for n in range(25)]
    once = in_order(places)
    chance.shuffle(places)
    assert in_order(places) == once


def test_who_has_no_place_comes_after_the_one_before_it() -> None:
    pytest.importorskip("pyvrp")
    places = [*on_a_line(0.0, 0.1, 0.2, 0.3), Place("between", visit_order=1)]
    assert in_order(places) == (["0", "1", "between", "2", "3"], "tour")
    assert in_order([*on_a_line(0.0, 0.1, 0.2, 0.3), Place("first", visit_order=0, route_place=-1)])[0][0] == "first"


def test_few_known_places_are_not_used() -> None:
    places = [*on_a_line(0.3, 0.0, 0.2), Place("x", visit_order=9), Place("y", visit_order=8)]
    assert in_order(places) == (["0", "1", "2", "y", "x"], "visit_order")
    assert in_order(on_a_line(0.3, 0.0)) == (["0", "1"], "visit_order")


@pytest.mark.parametrize(("latitude", "longitude"), [(None, 1.0), (1.0, None), (0.0, 0.0), (90.5, 1.0), (1.0, 181.0)])
def test_what_is_no_place(latitude: float | None, longitude: float | None) -> None:
    assert not Place("a", latitude=latitude, longitude=longitude).known()
    assert Place("a", latitude=-33.9, longitude=18.4).known()


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    with pytest.raises(NoRouting):
        in_order(on_a_line(0.3, 0.0, 0.2))
    assert given_order(on_a_line(0.3, 0.0, 0.2)) == (["0", "1", "2"], "visit_order")
    assert shortest_way([[0, 1], [1, 0]]) == [0, 1]


def test_by_visit_order_then_by_address_route_after_route() -> None:
    places = [
        Place("a", 1, 1, "9 Elm St"), Place("b", 0, None, "12 High St"), Place("c", 0, None, "9 High St"), Place("d", 0, 5, "1 Yard"),
        Place("e", 0, None, None), Place("f", 0, 2, "99 Zoo Ave"),
    ]  # fmt: skip
    assert in_order(places) == (["f", "d", "c", "b", "e", "a"], "visit_order")


def test_by_street_and_house_number() -> None:
    written = ["12 High Street", "High Street 9", "中山路12号", "中山路9号", "ＨＩＧＨ street, 10", "Abbey Road 100"]
    places = [Place(address, address=address) for address in written]
    order, by = in_order(places)
    assert by == "address"
    assert order == ["Abbey Road 100", "High Street 9", "ＨＩＧＨ street, 10", "12 High Street", "中山路9号", "中山路12号"]
    assert address_key("Flat 3, 12 High St") > address_key("2, Flat 3 High St")


def test_distances_over_the_globe() -> None:
    paris, london = Place("p", latitude=48.8566, longitude=2.3522), Place("l", latitude=51.5074, longitude=-0.1278)
    between = distances([paris, london])
    assert between[0][1] == between[1][0] == pytest.approx(343_560, abs=200)
    assert between[0][0] == 0
    poles = distances([Place("n", latitude=90, longitude=1), Place("s", latitude=-90, longitude=1)])
    assert poles[0][1] == pytest.approx(3.14159265 * tours.EARTH_RADIUS_M, abs=2)


# --- Tours whose optimum is known.

TRIANGLE = "NAME: t\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: LOWER_DIAG_ROW\nEDGE_WEIGHT_SECTION\n 0 3\n 0 4 5 0\nEOF\n"
PLANE = "NAME: p\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 1.5 0\nEOF\n"
GLOBE = (
    "NAME: g\nDIMENSION: 2\nEDGE_WEIGHT_TYPE: GEO\nEDGE_WEIGHT_FORMAT: FUNCTION\nNODE_COORD_SECTION\n 1 38.24 20.42\n 2 39.57 26.15\nEOF\n"
)


def test_tsplibs_files_are_read_as_it_says() -> None:
    assert measure_routing.tour_distances(TRIANGLE) == [[0, 3, 4], [3, 0, 5], [4, 5, 0]]
    assert measure_routing.tour_distances(PLANE) == [[0, 5, 2], [5, 0, 4], [2, 4, 0]]
    assert measure_routing.tour_distances(GLOBE) == [[0, 509], [509, 0]]


@pytest.fixture(scope="module")
def tsplib(shared_data: Path) -> Path:
    folder = shared_data / "tsplib"
    if not folder.is_dir():
        pytest.skip("the tours of ../shared/data/tsplib are absent")
    return folder


def test_tours_of_tsplib_are_within_one_percent_of_the_optimum(tsplib: Path) -> None:
    pytest.importorskip("pyvrp")
    found = {it.name: it for it in measure_routing.measured(tsplib)}
    assert {name: it.optimum for name, it in found.items()} == {"ulysses16": 6859, "gr17": 2085, "eil51": 426, "berlin52": 7542}
    assert all(0 <= it.gap_percent <= 1 for it in found.values()), found
    assert [name for name, it in found.items() if it.gap_percent == 0] == ["ulysses16", "gr17", "berlin52"]
