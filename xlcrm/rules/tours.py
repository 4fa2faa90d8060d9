"""The order of a day's visits: the shortest way where the places are known, else by the given order, else by the address.

The way is a straight line over the globe between one customer and the next; it begins and ends at any of them, since nobody says where
the day begins.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

Order = Literal["tour", "visit_order", "address"]
"""How a day was put in order."""

KNOWN_SHARE = 0.8
"""From this share of known places on a day goes by them; who has none is visited after the one before it in the given order."""
EARTH_RADIUS_M = 6_371_009
"""The mean radius of the Earth."""

_STARTS = 2
_PATIENCE = 100
"""Attempts, and how many steps without a gain end one: counted, not timed, so that a day has the same order on every machine."""


class NoRouting(Exception):
    """The package that finds a short way is not installed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer is: the place of its route among the routes, its own place in the route, its address, degrees."""

    code: str
    route_place: int = 0
    visit_order: int | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def known(self) -> bool:
        """Whether there are coordinates, and they are on the globe; 0, 0 is what programs write for none."""
        if self.latitude is None or self.longitude is None or (self.latitude == 0 and self.longitude == 0):
            return False
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180


def in_order(places: Iterable[Place]) -> tuple[list[str], Order]:
    """The codes in the order of the visits, and what that goes by. Raises NoRouting where places are known but nothing can find a way."""
    given = sorted(places, key=_given)
    by_order = any(place.visit_order is not None for place in given)
    fallback: Order = "visit_order" if by_order else "address"
    known = [place for place in given if place.known()]
    if len(known) < max(3, KNOWN_SHARE * len(given)):
        return [place.code for place in given], fallback
    way = [known[number] for number in shortest_way(distances(known))]
    if _given(way[-1]) < _given(way[0]):
        way.reverse()  # as short the other way round: it begins where the given order does
    order = [place.code for place in way]
    for at, place in enumerate(given):
        if not place.known():
            order.insert(order.index(given[at - 1].code) + 1 if at else 0, place.code)
    return order, "tour"


def given_order(places: Iterable[Place]) -> tuple[list[str], Order]:
    """The order without known places."""
    return in_order(replace(place, latitude=None, longitude=None) for place in places)


def _given(place: Place) -> tuple[int, bool, int, tuple[str, tuple[int, ...]], str]:
    return place.route_place, place.visit_order is None, place.visit_order or 0, address_key(place.address), place.code


def address_key(address: str | None) -> tuple[str, tuple[int, ...]]:
    """What addresses are ordered by: the street, then the numbers as numbers, wherever they stand: `9 High St` before `12 High St`."""
    folded = unicodedata.normalize("NFKC", address or "\U0010ffff").casefold()
    street = " ".join(re.sub(r"\d+", " ", folded).replace(",", " ").split())
    return street, tuple(int(number) for number in re.findall(r"[0-9]+", folded))


def distances(places: Sequence[Place]) -> list[list[int]]:
    """Metres between every two places along a great circle."""
    angles = [(math.radians(place.latitude or 0.0), math.radians(place.longitude or 0.0)) for place in places]
    return [[_metres(*a, *b) for b in angles] for a in angles]


def _metres(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> int:
    up, across = math.sin((latitude_b - latitude_a) / 2), math.sin((longitude_b - longitude_a) / 2)
    half = up * up + math.cos(latitude_a) * math.cos(latitude_b) * across * across
    return round(2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half))))


def shortest_way(between: Sequence[Sequence[int]], *, closed: bool = False) -> list[int]:
    """A short way through all places, as their numbers; the same one for the same distances. Raises NoRouting.

    between: whole numbers, alike in both directions. closed: the way leads back to where it began, at place 0.
    """
    if len(between) < 3:
        return list(range(len(between)))
    try:
        from pyvrp import Model
        from pyvrp.stop import NoImprovement
    except ImportError:
        raise NoRouting from None
    model = Model()
    places = [model.add_location(x=number, y=0) for number in range(len(between))]
    # An open way begins and ends nowhere: at a place that is no way from any other.
    start = places[0] if closed else model.add_location(x=-1, y=0)
    model.add_depot(start)
    for place in places[1:] if closed else places:
        model.add_client(place)
    model.add_vehicle_type()
    for place, row in zip(places, between, strict=True):
        for other, distance in zip(places, row, strict=True):
            if other is not place:
                model.add_edge(place, other, distance=distance)
        if not closed:
            model.add_edge(start, place, distance=0)
            model.add_edge(place, start, distance=0)
    results = (model.solve(NoImprovement(_PATIENCE), seed=seed, collect_stats=False, display=False) for seed in range(_STARTS))
    best = min(results, key=lambda result: result.cost()).best
    visited = [visit.idx for route in best.routes() for visit in route if visit.is_client()]
    return [0, *(number + 1 for number in visited)] if closed else visited


def length(way: Sequence[int], between: Sequence[Sequence[int]], *, closed: bool = False) -> int:
    """How long a way is, in the unit of the distances."""
    steps = list(pairwise(way)) + ([(way[-1], way[0])] if closed and way else [])
    return sum(between[a][b] for a, b in steps)
