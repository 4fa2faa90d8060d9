"""Who is slipping, how gravely, and what to do about it (features S18, S19, M12).

Six signals, each the last `window_days` days against as many before, each with its own figures:

| signal | figures | holds when |
|---|---|---|
| purchase_frequency_down | days with a purchase | fell by `frequency_drop`, from two or more |
| amount_down | net amount | fell by `amount_drop` |
| response_down | share of contacts with a purchase within `response_days` | fell by `response_drop`, two contacts in each |
| contact_down | contacts, tasks not counted | fell by `contact_drop`, from two or more |
| feedback_worse | complaints and negative answers; mean score of feedback | more of these, or the score fell by `score_drop` of the scale |
| order_cycle_longer | days since the last purchase against the own cycle | `cycle_longer` times as long, a cycle of two gaps or more |

What a customer buys says most: the first, the second and the last signal count two points each, the others one. Level 1 from two points;
level 2, the graver, from five, or where the customer is dormant by his own cycle, or where his amount fell by `grave_drop`. Who is
gone (see `winback`) is not warned of any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from xlcrm.rules import contactfigures as contact
from xlcrm.rules.activity import CYCLES_SINCE, DORMANT, GAPS, Rhythm, cycles
from xlcrm.rules.frames import collected, count_where, records, where_null
from xlcrm.rules.purchasedays import dated
from xlcrm.rules.windows import AMOUNT_BEFORE, AMOUNT_CHANGE, AMOUNT_NOW, DAYS_BEFORE, DAYS_NOW, WINDOW_DAYS, both_windows
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

FREQUENCY_DOWN, AMOUNT_DOWN, RESPONSE_DOWN = "purchase_frequency_down", "amount_down", "response_down"
CONTACT_DOWN, FEEDBACK_WORSE, CYCLE_LONGER = "contact_down", "feedback_worse", "order_cycle_longer"
SIGNALS = (FREQUENCY_DOWN, AMOUNT_DOWN, RESPONSE_DOWN, CONTACT_DOWN, FEEDBACK_WORSE, CYCLE_LONGER)
POINTS = {FREQUENCY_DOWN: 2, AMOUNT_DOWN: 2, RESPONSE_DOWN: 1, CONTACT_DOWN: 1, FEEDBACK_WORSE: 1, CYCLE_LONGER: 2}
LEVEL_1_POINTS, LEVEL_2_POINTS = 2, 5
_BUYING = (FREQUENCY_DOWN, AMOUNT_DOWN, CYCLE_LONGER)
_FEWEST = 2
"""From fewer than two a share says nothing."""
YEAR_DAYS = 365
WARNING_COLUMNS = (c.CUSTOMER_CODE, c.LEVEL, c.PROBABILITY, c.SIGNALS, c.ACTION, c.REASONS, c.VALUE_AT_RISK)
_COUNTS = (
    DAYS_NOW, DAYS_BEFORE, AMOUNT_NOW, AMOUNT_BEFORE, contact.ANSWERED_NOW, contact.JUDGED_NOW, contact.ANSWERED_BEFORE,
    contact.JUDGED_BEFORE, contact.CONTACTS_NOW, contact.CONTACTS_BEFORE, contact.COMPLAINTS_NOW, contact.COMPLAINTS_BEFORE,
)  # fmt: skip
FIGURE_COLUMNS = (
    c.CUSTOMER_CODE, *_COUNTS, AMOUNT_CHANGE, contact.SCORE_NOW, contact.SCORE_BEFORE, c.RECENCY_DAYS, c.CYCLE_DAYS, *SIGNALS, c.LEVEL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a signal holds. Drops as shares, 0.3 is 30 % less; of `score_drop`, as a share of the whole scale. Times in days.

    cycle_longer: times the own cycle. gone_cycles, gone_days: who bought nothing for both of these is lost, no longer slipping.
    """

    window_days: int = WINDOW_DAYS
    frequency_drop: float = 0.4
    amount_drop: float = 0.3
    grave_drop: float = 0.75
    response_drop: float = 0.3
    contact_drop: float = 0.5
    score_drop: float = 0.15
    cycle_longer: float = 1.5
    response_days: int = 14
    gone_cycles: float = 4.0
    gone_days: int = 91
    rhythm: Rhythm = field(default_factory=Rhythm)


USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class Warnings:
    """Native frames of the engine of the purchases (in memory).

    rows: WARNING_COLUMNS, the most valuable first, no more than the capacity. signals: ids, with commas. action, reasons: words.
    value_at_risk: cents, the net amount of the year up to the day, times the probability of leaving where one is known.
    figures: FIGURE_COLUMNS of everyone who is not gone, by code: what the signals were judged by, 1 where one holds, and the level, 0
    without a warning.
    found: warnings before the cap.
    """

    rows: Any
    figures: Any
    found: int


def warn(
    purchases: Any, follow_ups: Any, as_of: dt.date, *, thresholds: Thresholds = USUAL, capacity: int | None = None,
    feedback: Any = None, probabilities: Mapping[str, float] | None = None, language: Language = "en",
) -> Warnings:  # fmt: skip
    """The warnings of a day. purchases: see `purchasedays.dated`. follow_ups: typed.

    capacity: how many visits the week still holds; None for all. feedback: customer_code, date, score from 0 (worst) to 1 and whether it
    counts as a complaint, see `surveys.feedback`. probabilities: of buying nothing in the coming quarter, by code, from a model.
    """
    figures = judged(purchases, follow_ups, as_of, thresholds, feedback)
    warned = figures.filter(nw.col(c.LEVEL) > 0)
    chances = probabilities or {}
    rows = []
    for row in records(warned.join(_year(purchases, as_of), on=c.CUSTOMER_CODE, how="left")):
        code, chance = row[c.CUSTOMER_CODE], chances.get(row[c.CUSTOMER_CODE])
        held = [signal for signal in SIGNALS if row[signal]]
        value = max(row["year"] or 0, 0)
        at_risk = value if chance is None else round(value * chance)
        reasons = "; ".join(_reason(signal, row, thresholds, language) for signal in held)
        rows.append((code, row[c.LEVEL], chance, ",".join(held), _action(row[c.LEVEL], held, language), reasons, at_risk))
    rows.sort(key=lambda each: (-each[6], -each[1], each[0]))
    kept = rows if capacity is None else rows[: max(capacity, 0)]
    schema = {
        c.CUSTOMER_CODE: nw.String(), c.LEVEL: nw.Int64(), c.PROBABILITY: nw.Float64(), c.SIGNALS: nw.String(), c.ACTION: nw.String(),
        c.REASONS: nw.String(), c.VALUE_AT_RISK: nw.Int64(),
    }  # fmt: skip
    values = zip(*kept, strict=True) if kept else ([] for _ in WARNING_COLUMNS)
    data = {name: list(each) for name, each in zip(WARNING_COLUMNS, values, strict=True)}
    frame = nw.from_dict(data, schema=schema, backend=figures.implementation)
    return Warnings(frame.to_native(), figures.select(*FIGURE_COLUMNS).to_native(), len(rows))


def judged(purchases: Any, follow_ups: Any, as_of: dt.date, thresholds: Thresholds, feedback: Any = None) -> nw.DataFrame[Any]:
    """FIGURE_COLUMNS of everyone who bought and is not gone, by code."""
    bought = dated(purchases, as_of)
    rhythms = cycles(bought, as_of, thresholds.rhythm)
    rhythms = rhythms.filter(~is_gone(thresholds)).select(c.CUSTOMER_CODE, c.RECENCY_DAYS, c.CYCLE_DAYS, CYCLES_SINCE, GAPS, c.ACTIVITY)
    spent = both_windows(purchases, as_of, thresholds.window_days)
    asked = contact.contact_figures(
        follow_ups, purchases, as_of, thresholds.window_days, thresholds.response_days, feedback, rhythms.implementation
    )
    rows = rhythms.join(spent, on=c.CUSTOMER_CODE, how="left").join(asked, on=c.CUSTOMER_CODE, how="left")
    rows = rows.with_columns(*(where_null(name, 0).cast(nw.Int64) for name in _COUNTS))
    flagged = rows.with_columns(*(count_where(holds).alias(signal) for signal, holds in _conditions(thresholds).items()))
    points = sum((nw.col(signal) * POINTS[signal] for signal in SIGNALS[1:]), nw.col(SIGNALS[0]) * POINTS[SIGNALS[0]])
    flagged = flagged.with_columns(points.alias("points"))
    warned = nw.col("points") >= LEVEL_1_POINTS
    fell_far = (nw.col(AMOUNT_BEFORE) >= 1) & (nw.col(AMOUNT_NOW) <= nw.col(AMOUNT_BEFORE) * (1 - thresholds.grave_drop))
    grave = (nw.col("points") >= LEVEL_2_POINTS) | (nw.col(c.ACTIVITY) == DORMANT) | fell_far
    level = nw.when(warned & grave).then(nw.lit(2)).otherwise(nw.when(warned).then(nw.lit(1)).otherwise(nw.lit(0))).cast(nw.Int64)
    return flagged.with_columns(level.alias(c.LEVEL)).select(*FIGURE_COLUMNS).sort(c.CUSTOMER_CODE)


def is_gone(thresholds: Thresholds) -> nw.Expr:
    """Whether a row of `activity.cycles` is a lost customer."""
    return (nw.col(CYCLES_SINCE) >= thresholds.gone_cycles) & (nw.col(c.RECENCY_DAYS) >= thresholds.gone_days)


def _conditions(thresholds: Thresholds) -> dict[str, nw.Expr]:
    """When each signal holds, by its id."""

    def fell(now: str, before: str, drop: float, fewest: int) -> nw.Expr:
        return (nw.col(before) >= fewest) & (nw.col(now) <= nw.col(before) * (1 - drop))

    # Of the shares a/b and c/d: a/b <= c/d x (1 - drop), without a division.
    response = nw.col(contact.ANSWERED_NOW) * nw.col(contact.JUDGED_BEFORE) <= nw.col(contact.ANSWERED_BEFORE) * nw.col(
        contact.JUDGED_NOW
    ) * (1 - thresholds.response_drop)
    several = (nw.col(contact.JUDGED_NOW) >= _FEWEST) & (nw.col(contact.JUDGED_BEFORE) >= _FEWEST) & (nw.col(contact.ANSWERED_BEFORE) > 0)
    # Feedback is given in shares of the scale; a rounding error is no reason.
    scores = nw.col(contact.SCORE_BEFORE) - nw.col(contact.SCORE_NOW) >= thresholds.score_drop - 1e-9
    scored = nw.when(~nw.col(contact.SCORE_BEFORE).is_null() & ~nw.col(contact.SCORE_NOW).is_null()).then(scores).otherwise(nw.lit(False))
    longer = nw.col(c.RECENCY_DAYS) >= nw.col(c.CYCLE_DAYS) * thresholds.cycle_longer
    return {
        FREQUENCY_DOWN: fell(DAYS_NOW, DAYS_BEFORE, thresholds.frequency_drop, _FEWEST),
        AMOUNT_DOWN: fell(AMOUNT_NOW, AMOUNT_BEFORE, thresholds.amount_drop, 1),
        RESPONSE_DOWN: several & response,
        CONTACT_DOWN: fell(contact.CONTACTS_NOW, contact.CONTACTS_BEFORE, thresholds.contact_drop, _FEWEST),
        FEEDBACK_WORSE: (nw.col(contact.COMPLAINTS_NOW) > nw.col(contact.COMPLAINTS_BEFORE)) | scored,
        CYCLE_LONGER: longer & (nw.col(GAPS) >= _FEWEST) & (nw.col(c.RECENCY_DAYS) > thresholds.rhythm.least_days),
    }


def _year(purchases: Any, as_of: dt.date) -> nw.DataFrame[Any]:
    rows = dated(purchases, as_of, as_of - dt.timedelta(days=YEAR_DAYS))
    summed = collected(rows.group_by(c.CUSTOMER_CODE).agg(nw.col(c.AMOUNT).sum().alias("year")))
    return summed.with_columns(where_null("year", 0).cast(nw.Int64))


def _action(level: int, held: list[str], language: Language) -> str:
    if level > 1:
        return text("lifecycle.action_talk_then_tailored", language)
    if any(signal in _BUYING for signal in held):
        return text("lifecycle.action_offer", language)
    return text("lifecycle.action_dedicated_service", language)


def _reason(signal: str, row: Mapping[str, Any], thresholds: Thresholds, language: Language) -> str:
    """The signal's figures in words."""
    if signal == AMOUNT_DOWN:
        now, before = (f"{row[name] / 100:,.2f}" for name in (AMOUNT_NOW, AMOUNT_BEFORE))
        return text("lifecycle.amount_down", language, now=now, before=before, change=f"{row[AMOUNT_CHANGE]:+.0%}")
    if signal == RESPONSE_DOWN:
        pairs = ((contact.ANSWERED_NOW, contact.JUDGED_NOW), (contact.ANSWERED_BEFORE, contact.JUDGED_BEFORE))
        rate_now, rate_before = (f"{row[answered] / row[all_of_them]:.0%}" for answered, all_of_them in pairs)
        return text("lifecycle.response_down", language, now=rate_now, before=rate_before)
    if signal == FEEDBACK_WORSE:
        if row[contact.COMPLAINTS_NOW] > row[contact.COMPLAINTS_BEFORE]:
            return text("lifecycle.feedback_worse", language, now=row[contact.COMPLAINTS_NOW], before=row[contact.COMPLAINTS_BEFORE])
        return text(
            "lifecycle.feedback_score_worse", language, now=f"{row[contact.SCORE_NOW]:.0%}", before=f"{row[contact.SCORE_BEFORE]:.0%}"
        )
    if signal == CYCLE_LONGER:
        return text("lifecycle.order_cycle_longer", language, now=row[c.RECENCY_DAYS], before=f"{row[c.CYCLE_DAYS]:g}")
    if signal == CONTACT_DOWN:
        return text("lifecycle.contact_down", language, now=row[contact.CONTACTS_NOW], before=row[contact.CONTACTS_BEFORE])
    return text("lifecycle.purchase_frequency_down", language, now=row[DAYS_NOW], before=row[DAYS_BEFORE])
