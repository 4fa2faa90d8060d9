"""The rules' own text on one engine: frames of that engine in, plain rows out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import polars as pl

from tests.rules.handmade import BEFORE, NOW
from xlcrm.rules.changes import grade_changes
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import graded
from xlcrm.rules.minimums import holders, tier_minimums
from xlcrm.rules.routes import RouteBatches, with_batch
from xlcrm.rules.statistics import change_statistics
from xlcrm.rules.summary import route_summary
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import GradeGrammar

BATCHES = RouteBatches({"1": "mon", "2": "tue", "3": "wed", "4": "thu", "5": "fri"}, {"1": "Lee"}, {})
Results = dict[str, list[tuple[Any, ...]]]


def results(tables: Mapping[str, pl.DataFrame], to_engine: Callable[[pl.DataFrame], Any]) -> Results:
    """The rows of each result, sorted; numbers rounded where an engine's division may differ in the last bit."""
    native = {name: to_engine(frame) for name, frame in tables.items()}
    grammar = GradeGrammar()

    def stored(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Computed once, as lazy engines want it where several rules start from the same frame."""
        return lazy(to_engine(_polars(frame)))

    changes = stored(with_batch(grade_changes(native["customers"], graded(native["grades"], grammar), NOW, BEFORE), BATCHES))
    totals = stored(quarter_totals(native["purchases"], (NOW, BEFORE)))
    now, before = totals_of(totals, NOW), totals_of(totals, BEFORE, "previous_")
    tiers = stored(tier_minimums(changes, now, len(grammar.sizes) - 1))
    frames = {
        "grade_changes": changes,
        "change_statistics": change_statistics(changes, ("mon", "tue", "wed", "thu", "fri")),
        "tier_minimums": tiers,
        "holders": holders(changes, now, tiers),
        "gaps": gaps(changes, now, tiers),
        "route_summary": route_summary(changes, now, before),
    }
    return {name: _rows(collected(frame)) for name, frame in frames.items()}


def _polars(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    found = collected(frame)
    names = found.columns
    whole = {name for name, dtype in frame.collect_schema().items() if dtype.is_numeric()}
    rows = [dict(zip(names, row, strict=True)) for row in tuples(found)]
    return pl.DataFrame(rows, schema={name: pl.Int64 if name in whole else pl.String for name in names})


def _rows(frame: nw.DataFrame[Any]) -> list[tuple[Any, ...]]:
    names = sorted(frame.columns)
    rows = tuples(frame.select(*names))
    return [
        tuple(names),
        *sorted((tuple(round(value, 9) if isinstance(value, float) else value for value in row) for row in rows), key=repr),
    ]
