"""Visit batches: which routes share a visit day (grading.md, section 4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, mapped, tuples
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = ("一", "二", "三", "四", "五", "六", "日天")
_CHINESE_PREFIXES = ("周", "星期", "礼拜", "週", "禮拜")


@dataclass(frozen=True, slots=True)
class RouteBatches:
    """Batch, account manager and place in the cycle of each route, where it has one."""

    batch: dict[str, str]
    manager: dict[str, str]
    position: dict[str, int]


def batch_id(written: str, settings: Settings) -> str:
    """The batch that a user means by `Mon`, `Monday`, `周一`, `星期一`, or a batch's own name; any other text is a batch itself."""
    folded = _folded(written)
    own = {_folded(batch): batch for batch in settings.batches}
    if folded in own:
        return own[folded]
    for number, day in enumerate(_WEEKDAYS):
        names = {day, _FULL_NAMES[number], *(f"{prefix}{sign}" for prefix in _CHINESE_PREFIXES for sign in _CHINESE[number])}
        if folded in names:
            return next((own[name] for name in sorted(names) if name in own), day)
    return written.strip()


def _folded(written: str) -> str:
    return unicodedata.normalize("NFKC", written).strip().casefold()


def route_batches(routes: Any, settings: Settings) -> RouteBatches:
    """From the Routes table. A route without a batch has the one of its place in the cycle: its position, else its number.

    A route that the table does not hold has neither batch nor account manager: its customers count in the totals only.
    """
    batch, manager, positions = {}, {}, {}
    rows = collected(lazy(routes).select(c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.POSITION))
    for route, written, name, position in tuples(rows):
        if route is None:
            continue
        place = position if position is not None else int(route) if route.isdecimal() else None
        if written is not None:
            batch[route] = batch_id(written, settings)
        elif place is not None and place >= 1:
            batch[route] = settings.batch_of_position(place)
        if name is not None:
            manager[route] = name
        if position is not None:
            positions[route] = int(position)
    return RouteBatches(batch, manager, positions)


def route_places(frame: nw.DataFrame[Any], positions: Mapping[str, int]) -> dict[str, int]:
    """The place of each route of `frame`: by position in the cycle, those without one last; then by number, 2 before 10; then by name."""
    routes = {route for (route,) in tuples(frame.select(c.ROUTE).unique(c.ROUTE)) if route is not None}
    last = len(positions) + max(positions.values(), default=0)

    def place(route: str) -> tuple[int, bool, int, str]:
        return positions.get(route, last), not route.isdecimal(), int(route) if route.isdecimal() else 0, route

    ordered = sorted(routes, key=place)
    return {route: place for place, route in enumerate(ordered)}


def routes_in_order(frame: Any, positions: Mapping[str, int]) -> list[str]:
    """The routes of a frame in the order of the cycle, see `route_places`."""
    places = route_places(nw.from_native(frame, eager_only=True), positions)
    return sorted(places, key=places.__getitem__)


def with_batch(changes: Frame, batches: RouteBatches) -> Frame:
    """The changes with batch and account manager of each customer's route; null where the route has none."""
    return changes.with_columns(
        mapped(c.ROUTE, batches.batch).alias(c.BATCH),
        mapped(c.ROUTE, batches.manager).alias(c.ACCOUNT_MANAGER),
    )
