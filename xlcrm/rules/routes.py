"""Visit batches: which routes share a visit day (grading.md, section 4)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, lazy, mapped
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.texts import entries

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class RouteBatches:
    """Batch and account manager of each route."""

    batch: dict[str, str]
    manager: dict[str, str]


def batch_id(written: str, settings: Settings) -> str:
    """The batch that a user means by `Mon`, `Monday`, `周一`, `星期一`, or a batch's own name; any other text is a batch itself."""
    folded = unicodedata.normalize("NFKC", written).strip().casefold()
    for batch in settings.batches:
        if folded == batch.casefold():
            return batch
    for number, day in enumerate(_WEEKDAYS):
        names = {day, _FULL_NAMES[number], *(f"{prefix}{_CHINESE[number]}" for prefix in ("周", "星期", "礼拜", "週")), *entries("choices")[day].values()}
        if folded in {name.casefold() for name in names}:
            return day
    return written.strip()


def route_batches(routes: Any, settings: Settings) -> RouteBatches:
    """From the Routes table. A route without a batch has the one of its place in the cycle: its position, else its number."""
    batch, manager = {}, {}
    rows = collected(lazy(routes).select(c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.POSITION))
    for route, written, name, position in rows.iter_rows():
        if not isinstance(route, str):
            continue
        place = int(position) if position == position and position is not None else (int(route) if route.isdecimal() else None)
        if isinstance(written, str):
            batch[route] = batch_id(written, settings)
        elif place is not None and place >= 1:
            batch[route] = settings.batch_of_position(place)
        if isinstance(name, str):
            manager[route] = name
    return RouteBatches(batch, manager)


def with_batch(changes: Frame, batches: RouteBatches) -> Frame:
    """The changes with batch and account manager of each customer's route; null where the route has none."""
    return changes.with_columns(
        mapped(c.ROUTE, batches.batch).cast(nw.String).alias(c.BATCH), mapped(c.ROUTE, batches.manager).cast(nw.String).alias(c.ACCOUNT_MANAGER)
    )
