"""Recency, frequency, monetary value: figures, quintiles, segments (feature S44).

A. Hughes, Strategic Database Marketing, 1994: customers in five groups each by how lately, how often and for how much they bought.

Quintiles are taken by rank, and equal values always get the same score. With n customers, of whom `below` have a lower value and `equal`
the same one, the score is 1 + floor(5 x (below + equal / 2) / n): the fifth in which the middle of the equal ones lies. Besides, the
lowest value of all scores 1 and the highest 5, however many share it (three customers in five bought once: they are the least frequent;
four in five bought this month: they are the latest). Where all have one value, all score 3. For recency the least days are the highest.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.frames import Frame, collected, count_where, tuples, where_null
from xlcrm.rules.purchasedays import DAY, DAY_NUMBER, dated, day_numbers, is_purchase, number_of
from xlcrm.tables import columns as c

SCORES = 5
RFM_COLUMNS = (
    c.CUSTOMER_CODE, c.FIRST_DATE, c.LAST_DATE, c.RECENCY_DAYS, c.FREQUENCY, c.ORDERS, c.MONETARY, c.R, c.F, c.M, c.SEGMENT,
)  # fmt: skip
MEASURES = ((c.RECENCY_DAYS, c.R), (c.FREQUENCY, c.F), (c.MONETARY, c.M))
"""Each measure and its score."""


class Box(NamedTuple):
    """A part of the 125 cells: the lowest and the highest score of r, f and m, both in."""

    r: tuple[int, int]
    f: tuple[int, int]
    m: tuple[int, int]


_LATE, _MIDDLE, _EARLY = (4, 5), (3, 3), (1, 2)
_ANY, _HIGH, _LOW = (1, 5), (4, 5), (1, 3)
SEGMENTS: dict[str, tuple[Box, ...]] = {
    "champions": (Box(_LATE, _HIGH, _HIGH),),
    "loyal": (Box(_LATE, _HIGH, _LOW),),
    "big_spenders": (Box(_LATE, (2, 3), _HIGH),),
    "potential_loyal": (Box(_LATE, (2, 3), _LOW),),
    "promising": (Box(_LATE, (1, 1), _HIGH),),
    "recent": (Box(_LATE, (1, 1), _LOW),),
    "needs_attention": (Box(_MIDDLE, (3, 5), (3, 5)),),
    "about_to_sleep": (Box(_MIDDLE, (1, 2), _ANY), Box(_MIDDLE, (3, 5), (1, 2))),
    "cannot_lose": (Box(_EARLY, _HIGH, _HIGH),),
    "at_risk": (Box(_EARLY, _HIGH, _LOW), Box(_EARLY, (2, 3), (3, 5))),
    "hibernating": (Box((2, 2), (2, 3), (1, 2)), Box((2, 2), (1, 1), _ANY)),
    "lost": (Box((1, 1), (2, 3), (1, 2)), Box((1, 1), (1, 1), _ANY)),
}
"""The segments, the best first. Every cell lies in exactly one box, so the order decides nothing."""


@dataclass(frozen=True, slots=True)
class Rfm:
    """Native frames of the engine of the purchases (in memory).

    customers: RFM_COLUMNS, by code; days as dates, `recency_days` in days, `monetary` in cents.
    cuts: measure, score, lowest, highest, customers: what each score stands for; a score that nobody has is left out.
    """

    customers: Any
    cuts: Any


def rfm(purchases: Any, as_of: dt.date, window_days: int | None = None) -> Rfm:
    """RFM of every customer with a purchase in the window.

    purchases: see `purchasedays.dated`; what stands for a purchase there counts here. frequency: days with a purchase. orders: different
    order numbers, and where a purchase has none, its day. monetary: net of returns. window_days: the last so many days up to `as_of`,
    that day included; None takes everything up to it.
    """
    after = None if window_days is None else as_of - dt.timedelta(days=window_days)
    found = collected(_figures(dated(purchases, as_of, after))).filter(nw.col(c.FREQUENCY) > 0)
    found = day_numbers(found, c.LAST_DATE)
    # Whole numbers with a smallest type would be written as they are: 64 bits hold any sum of cents.
    recency = (number_of(as_of) - nw.col(DAY_NUMBER)).cast(nw.Int64).alias(c.RECENCY_DAYS)
    scored = found.with_columns(recency).with_columns(*(score_of(measure, score, len(found)) for measure, score in MEASURES))
    customers = scored.with_columns(segment_of()).select(*RFM_COLUMNS).sort(c.CUSTOMER_CODE)
    return Rfm(customers.to_native(), _cuts(customers).to_native())


def _figures(rows: Frame) -> Frame:
    """customer_code, first_date, last_date, frequency, orders, monetary."""
    bought, unnumbered = is_purchase(), nw.col(c.ORDER_NUMBER).is_null()
    without_number, with_number = _numbering(rows)
    # What is counted is null where it does not count, and so is a value of its own, once.
    counted = {c.FREQUENCY: (DAY, nw.when(bought).then(nw.col(DAY)))}
    if with_number:
        counted["numbered"] = (c.ORDER_NUMBER, nw.when(bought).then(nw.col(c.ORDER_NUMBER)))
    if with_number and without_number:
        counted["unnumbered"] = ("unnumbered_day", nw.when(bought & unnumbered).then(nw.col(DAY)))
    # Where every order has a number, the numbers are missing where the days are.
    known_by = {name: c.FREQUENCY if name == "numbered" and not without_number else name for name in counted}
    marked = rows.select(c.CUSTOMER_CODE, c.AMOUNT, *(values.alias(column) for column, values in counted.values()))
    summed = marked.group_by(c.CUSTOMER_CODE).agg(
        nw.col(DAY).min().alias(c.FIRST_DATE), nw.col(DAY).max().alias(c.LAST_DATE), nw.col(c.AMOUNT).sum().alias(c.MONETARY),
        nw.len().alias("rows"),
        *(nw.col(column).n_unique().alias(name) for name, (column, _) in counted.items()),
        *(nw.col(counted[name][0]).count().alias(f"known_{name}") for name in set(known_by.values())),
    )  # fmt: skip
    one_less = {name: nw.when(nw.col(f"known_{by}") < nw.col("rows")).then(nw.lit(1)).otherwise(nw.lit(0)) for name, by in known_by.items()}
    different = summed.with_columns(*((nw.col(name) - less).cast(nw.Int64).alias(name) for name, less in one_less.items()))
    orders = [nw.col(name) for name in counted if name != c.FREQUENCY] or [nw.col(c.FREQUENCY)]
    return different.select(
        c.CUSTOMER_CODE, c.FIRST_DATE, c.LAST_DATE, c.FREQUENCY, reduce(lambda one, other: one + other, orders).alias(c.ORDERS),
        where_null(c.MONETARY, 0).cast(nw.Int64),
    )  # fmt: skip


def _numbering(rows: Frame) -> tuple[bool, bool]:
    """Whether there are rows without, and rows with an order number: most workbooks have one kind, and counting costs."""
    missing = nw.col(c.ORDER_NUMBER).is_null()
    counts = rows.select(count_where(missing).sum().alias("without"), count_where(~missing).sum().alias("with"))
    ((without, with_number),) = tuples(collected(counts))
    return bool(without), bool(with_number)


def score_of(measure: str, score: str, customers: int) -> nw.Expr:
    """The quintile of `measure` by rank, 1 to 5; see the head of this file. For a frame in memory of so many customers."""
    falling = measure == c.RECENCY_DAYS
    lowest, highest = (nw.col(measure).rank(method, descending=falling).cast(nw.Int64) for method in ("min", "max"))
    # Ranks of the first and the last of those alike, from 1: twice the customers up to their middle.
    twice_middle = lowest + highest - 1
    by_rank = 1 + (SCORES * twice_middle) // (2 * max(customers, 1))
    best = nw.when((highest == customers) & (lowest > 1)).then(nw.lit(SCORES)).otherwise(by_rank)
    ends = nw.when((lowest == 1) & (highest < customers)).then(nw.lit(1))
    return ends.otherwise(best).cast(nw.Int64).alias(score)


def segment_of() -> nw.Expr:
    """The segment's id, of the scores r, f and m."""
    segment: nw.Expr = nw.lit(None, nw.String)
    for name, boxes in SEGMENTS.items():
        inside = reduce(lambda one, other: one | other, [_inside(box) for box in boxes])
        segment = nw.when(inside).then(nw.lit(name)).otherwise(segment)
    return segment.alias(c.SEGMENT)


def _inside(box: Box) -> nw.Expr:
    bounds = zip((c.R, c.F, c.M), box, strict=True)
    return reduce(
        lambda one, other: one & other,
        [(nw.col(score) >= low) & (nw.col(score) <= high) for score, (low, high) in bounds if (low, high) != _ANY],
    )


def cells(segment: str) -> list[tuple[int, int, int]]:
    """The cells (r, f, m) of a segment."""
    return [
        (r, f, m)
        for box in SEGMENTS[segment]
        for r in range(box.r[0], box.r[1] + 1)
        for f in range(box.f[0], box.f[1] + 1)
        for m in range(box.m[0], box.m[1] + 1)
    ]


def _cuts(customers: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    parts = []
    for measure, score in MEASURES:
        found = customers.group_by(score).agg(
            nw.col(measure).min().alias(c.LOWEST), nw.col(measure).max().alias(c.HIGHEST), nw.len().alias(c.CUSTOMERS)
        )
        named = (nw.lit(measure).alias(c.MEASURE), nw.col(score).alias(c.SCORE), c.LOWEST, c.HIGHEST, nw.col(c.CUSTOMERS).cast(nw.Int64))
        parts.append(found.select(*named).sort(c.SCORE))
    return nw.concat(parts)
