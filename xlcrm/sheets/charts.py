"""The small tables that the charts draw, always with the same number of rows, so that a chart's range stays right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.rules.dashboard import rfm_grid
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.results import CHART_CHANGES, CHART_GRADES, CHART_PARETO, CHART_RFM
from xlcrm.texts import Language, has, text

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison

TYPE_ROWS = 10
"""Business types that the chart shows; further ones are added up in the last row."""
BATCH_ROWS = 7
"""Visit batches that the chart shows."""

RFM_ROWS = 5
"""Scores of recency, the best at the top."""
PARETO_ROWS = 10
"""Tenths of the customers."""

_SIZES = (c.SIZE_1, c.SIZE_2, c.SIZE_3)
_HELD = (c.UP, c.KEPT, c.DOWN, c.NEW, c.TYPE_CHANGED)
"""States of a customer who holds a grade this quarter."""


def chart_tables(comparison: Comparison, settings: Settings, type_names: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """The frames of ChartGrades and ChartChanges by table id."""
    changes = pl.DataFrame(comparison.changes)
    return {CHART_GRADES.id: grades_by_type(changes, settings, type_names), CHART_CHANGES.id: changes_by_batch(changes, settings)}


def grades_by_type(changes: pl.DataFrame, settings: Settings, type_names: Mapping[str, str]) -> pl.DataFrame:
    """Customers who hold a grade, per business type and size, the largest type first. Sizes after the third count as the third."""
    counts: dict[str, list[int]] = {}
    held = changes.filter(pl.col(c.STATE).is_in(_HELD)).select(c.BUSINESS_TYPE, c.GRADE)
    for business_type, grade, customers in held.group_by(c.BUSINESS_TYPE, c.GRADE).len().iter_rows():
        parts = settings.grammar.parse(grade or "")
        if parts is not None:
            place = min(settings.grammar.sizes.index(parts.size), len(_SIZES) - 1)
            counts.setdefault(business_type or parts.business_type, [0] * len(_SIZES))[place] += customers
    rows = sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    if len(rows) > TYPE_ROWS:
        rest = [sum(column) for column in zip(*(sizes for _, sizes in rows[TYPE_ROWS - 1 :]), strict=True)]
        rows = [*rows[: TYPE_ROWS - 1], (text("sheets.chart_rest", settings.language), rest)]
    return _frame([(type_names.get(name, name), *sizes) for name, sizes in rows], CHART_GRADES.column_ids, TYPE_ROWS)


def changes_by_batch(changes: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Customers promoted, kept and demoted per visit batch, in the order of the settings."""
    shown = (c.UP, c.KEPT, c.DOWN)
    counts: dict[str, list[int]] = {}
    counted = changes.filter(pl.col(c.STATE).is_in(shown) & pl.col(c.BATCH).is_not_null())
    for batch, state, customers in counted.group_by(c.BATCH, c.STATE).len().iter_rows():
        counts.setdefault(batch, [0] * len(shown))[shown.index(state)] += customers
    order = {name: place for place, batch in enumerate(settings.batches) for name in _batch_names(batch, settings)}
    rows = sorted(counts.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return _frame([(_batch_names(name, settings)[-1], *states) for name, states in rows[:BATCH_ROWS]], CHART_CHANGES.column_ids, BATCH_ROWS)


def value_chart_tables(rfm: pl.DataFrame, pareto: pl.DataFrame, language: Language) -> dict[str, pl.DataFrame]:
    """The frames of ChartRfm and ChartPareto by table id, of the tables `rfm` and `pareto`."""
    scores = range(RFM_ROWS, 0, -1)
    counts = rfm_grid(rfm.select(c.R, c.F).rows(), RFM_ROWS)
    grid: list[tuple[str | int, ...]] = [
        (text("sheets.chart_recency", language, score=score), *row) for score, row in zip(scores, counts, strict=True)
    ]
    shares = pareto.sort(c.RANK)[c.CUMULATIVE_SHARE].to_list()
    steps = []
    for tenth in range(1, PARETO_ROWS + 1) if shares else ():
        customers = math.ceil(len(shares) * tenth / PARETO_ROWS)
        steps.append((f"{tenth / PARETO_ROWS:.0%}", customers, shares[customers - 1]))
    kinds = dict(zip(CHART_PARETO.column_ids, (pl.String, pl.Int64, pl.Float64), strict=True))
    blank: tuple[None, ...] = (None,) * len(kinds)
    drawn = pl.DataFrame([*steps, *[blank] * (PARETO_ROWS - len(steps))], schema=kinds, orient="row")
    return {CHART_RFM.id: _frame(grid, CHART_RFM.column_ids, RFM_ROWS), CHART_PARETO.id: drawn}


def _batch_names(batch: str, settings: Settings) -> tuple[str, ...]:
    """A batch's id and, for a weekday, how the workbook shows it."""
    shown = f"choices.{batch}"
    return (batch, text(shown, settings.language)) if has(shown) else (batch,)


def _frame(rows: list[tuple[str | int, ...]], columns: tuple[str, ...], height: int) -> pl.DataFrame:
    """Rows of a name and counts, filled up with blank rows to a fixed height."""
    blank: tuple[None, ...] = (None,) * len(columns)
    schema = {name: pl.String if place == 0 else pl.Int64 for place, name in enumerate(columns)}
    return pl.DataFrame([*rows, *[blank] * (height - len(rows))], schema=schema, orient="row")
