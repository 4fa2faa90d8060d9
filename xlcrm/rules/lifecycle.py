"""In which stage of its life each customer is, since when, and who moved between stages in each quarter (features S15, S16).

The stages are decided by rules that are data: each names a stage, and bounds for some of FACTS; the first rule all of whose bounds hold
counts. DEFAULT_RULES are those of a new workbook. Two other vocabularies are named by the same rules, so that they can never contradict
the stage: acquisition, growth, maturity, decline, exit; and prospect, new, active, mature, lost. After R. Blattberg, G. Getz, J. Thomas,
Customer Equity, 2001, and F. Dwyer, P. Schurr, S. Oh, Developing Buyer-Seller Relationships, Journal of Marketing 51, 1987.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals as nw

from xlcrm.rules.activity import CYCLES_SINCE, DORMANT, FIRST_NUMBER, USUAL, Rhythm, cycles
from xlcrm.rules.followups import contacts
from xlcrm.rules.frames import collected, lazy, null_where, records, tuples, where_null
from xlcrm.rules.purchasedays import DAY, dated, not_after, number_of
from xlcrm.rules.quarters import quarter_days, quarter_of_day, quarters_back
from xlcrm.rules.windows import AMOUNT_CHANGE, both_windows
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

STAGES = ("prospect", "contact", "conversion", "sustained", "decline")
ACQUISITION_STAGES = ("acquisition", "growth", "maturity", "decline", "exit")
STATUS_STAGES = ("prospect", "new", "active", "mature", "lost")
CONTACTS, PURCHASE_DAYS, KNOWN_DAYS, IS_DORMANT = "contacts", "purchase_days", "known_days", "dormant"
FACTS = (CONTACTS, PURCHASE_DAYS, KNOWN_DAYS, c.RECENCY_DAYS, CYCLES_SINCE, IS_DORMANT, AMOUNT_CHANGE)
"""What a rule may look at: contacts so far; days with a purchase so far; days since the first purchase; days since the last one, and in
the customer's own cycles; 1 where he is dormant (see `activity`), else 0; the amount of the last 91 days against the 91 before, as a
share (null without any before). Of who never bought all but the first two are null, and a bound on null never holds."""
STAGE_COLUMNS = (c.CUSTOMER_CODE, c.STAGE, c.SINCE, c.ACQUISITION_STAGE, c.STATUS_STAGE, c.REASON)
TRANSITION_COLUMNS = (c.QUARTER, c.FROM_STAGE, c.TO_STAGE, c.CUSTOMERS)
QUARTERS_LOOKED_AT = 8
_NONE = ""


@dataclass(frozen=True, slots=True)
class StageRule:
    """A stage and what must hold for it. bounds: fact -> (at least, below), either of them None where it does not matter."""

    stage: str
    acquisition_stage: str
    status_stage: str
    bounds: Mapping[str, tuple[float | None, float | None]]


DEFAULT_RULES = (
    StageRule("prospect", "acquisition", "prospect", {PURCHASE_DAYS: (None, 1), CONTACTS: (None, 1)}),
    StageRule("contact", "acquisition", "prospect", {PURCHASE_DAYS: (None, 1)}),
    StageRule("decline", "exit", "lost", {CYCLES_SINCE: (4, None), c.RECENCY_DAYS: (91, None)}),
    StageRule("decline", "decline", "lost", {IS_DORMANT: (1, None)}),
    StageRule("conversion", "growth", "new", {PURCHASE_DAYS: (None, 3)}),
    StageRule("conversion", "growth", "new", {KNOWN_DAYS: (None, 91)}),
    StageRule("decline", "decline", "active", {AMOUNT_CHANGE: (None, -0.5)}),
    StageRule("sustained", "growth", "active", {KNOWN_DAYS: (None, 365)}),
    StageRule("sustained", "maturity", "mature", {}),
)
"""Never bought; gone for four cycles and a quarter; dormant; bought once or twice, or for less than a quarter; half as much; the rest."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Native frames of the engine of the purchases (in memory).

    stages: STAGE_COLUMNS by code. since: the quarter from whose end on the stage was the same, looking back at most so many quarters; of a
    quarter that is not over, the day of the analysis stands for its end. reason: the facts, in words.
    transitions: TRANSITION_COLUMNS, oldest first: customers by their stage at the end of the quarter before and of this one; from_stage is
    null for who was not known then. Who stayed is counted too, so that each quarter sums to all customers known by its end.
    """

    stages: Any
    transitions: Any


def lifecycle(
    customers: Any, purchases: Any, follow_ups: Any, as_of: dt.date, *, rules: Sequence[StageRule] = DEFAULT_RULES,
    rhythm: Rhythm = USUAL, quarters: int = QUARTERS_LOOKED_AT, language: Language = "en",
) -> Lifecycle:  # fmt: skip
    """The stage of everyone known by the day: listed in Customers, contacted, or with a purchase.

    customers: customer_code, opened_on; who has such a day is known from it on, and who has neither it nor any contact or purchase, always.
    purchases: see `purchasedays.dated`. follow_ups: typed; tasks are no contacts. Who fits no rule has no stage.
    """
    known = _Known(customers, purchases, follow_ups, as_of, rhythm)
    this_quarter = quarter_of_day(as_of)
    staged: nw.DataFrame[Any] | None = None
    moves: list[nw.DataFrame[Any]] = []
    for back in range(max(quarters, 0), -1, -1):
        quarter = quarters_back(this_quarter, back)
        if back and quarter_days(quarter)[1] < known.since:
            continue
        now = known.facts(min(quarter_days(quarter)[1], as_of)).with_columns(*_named(rules), nw.lit(quarter).alias(c.SINCE))
        if staged is not None:
            before = staged.select(c.CUSTOMER_CODE, nw.col(c.STAGE).alias(c.FROM_STAGE), nw.col(c.SINCE).alias("since_before"))
            now = now.join(before, on=c.CUSTOMER_CODE, how="left")
            stayed = nw.col(c.STAGE) == nw.col(c.FROM_STAGE)
            now = now.with_columns(nw.when(stayed).then(nw.col("since_before")).otherwise(nw.col(c.SINCE)).alias(c.SINCE))
            moves.append(_moves(now, quarter))
        elif quarter_days(quarters_back(quarter, 1))[1] < known.since:
            # Nobody was known before: everybody is new to this quarter.
            moves.append(_moves(now.with_columns(nw.lit(None, nw.String()).alias(c.FROM_STAGE)), quarter))
        staged = now
    assert staged is not None  # the quarter of the day itself is always looked at
    staged = staged.sort(c.CUSTOMER_CODE)
    reasons = [_reason(row, language) for row in records(staged.select(*FACTS, c.CYCLE_DAYS))]
    staged = staged.with_columns(nw.new_series(c.REASON, reasons, nw.String(), backend=staged.implementation))
    # A look at one day alone shows no moves.
    transitions = nw.concat(moves) if moves else _moves(staged.with_columns(nw.lit(_NONE).alias(c.FROM_STAGE)), this_quarter).head(0)
    return Lifecycle(staged.select(*STAGE_COLUMNS).to_native(), transitions.to_native())


class _Known:
    """The tables once, and the facts of any day up to the last."""

    def __init__(self, customers: Any, purchases: Any, follow_ups: Any, as_of: dt.date, rhythm: Rhythm) -> None:
        self.purchases, self.rhythm = purchases, rhythm
        asked = contacts(follow_ups).filter(~nw.col(c.CUSTOMER_CODE).is_null() & ~nw.col(c.DATE).is_null())
        self.contacts = collected(asked.filter(not_after(c.DATE, as_of)).select(c.CUSTOMER_CODE, c.DATE))
        frame = lazy(customers)
        opened = nw.col(c.OPENED_ON) if c.OPENED_ON in frame.collect_schema().names() else nw.lit(None, nw.Date()).alias(c.OPENED_ON)
        self.listed = collected(frame.filter(~nw.col(c.CUSTOMER_CODE).is_null()).select(c.CUSTOMER_CODE, opened))
        bought = collected(dated(purchases, as_of).group_by(c.CUSTOMER_CODE).agg(nw.col(DAY).min()))
        days = (*_earliest(bought, DAY), *_earliest(self.contacts, c.DATE), *_earliest(self.listed, c.OPENED_ON))
        self.since = min(days, default=as_of)
        """The first day of which anything is known."""
        bought = bought.select(c.CUSTOMER_CODE)
        with_events = nw.concat([bought, self.contacts.select(c.CUSTOMER_CODE)]).unique(c.CUSTOMER_CODE)
        self.always = (
            self.listed.filter(nw.col(c.OPENED_ON).is_null()).select(c.CUSTOMER_CODE).join(with_events, on=c.CUSTOMER_CODE, how="anti")
        )

    def facts(self, day: dt.date) -> nw.DataFrame[Any]:
        """customer_code, FACTS and cycle_days of everyone known on the day."""
        rhythms = cycles(dated(self.purchases, day), day, self.rhythm)
        changes = both_windows(self.purchases, day).select(c.CUSTOMER_CODE, AMOUNT_CHANGE)
        so_far = self.contacts.filter(not_after(c.DATE, day)).group_by(c.CUSTOMER_CODE).agg(nw.len().alias(CONTACTS))
        opened = self.listed.filter(~nw.col(c.OPENED_ON).is_null()).filter(not_after(c.OPENED_ON, day))
        everybody = nw.concat([frame.select(c.CUSTOMER_CODE) for frame in (rhythms, so_far, opened, self.always)]).unique(c.CUSTOMER_CODE)
        rows = everybody
        for other in (rhythms, changes, so_far):
            rows = rows.join(other, on=c.CUSTOMER_CODE, how="left")
        dormant = nw.when(nw.col(c.ACTIVITY) == DORMANT).then(nw.lit(1)).otherwise(nw.when(~nw.col(c.ACTIVITY).is_null()).then(nw.lit(0)))
        return rows.select(
            c.CUSTOMER_CODE, where_null(CONTACTS, 0).cast(nw.Int64),
            where_null(c.FREQUENCY, 0).cast(nw.Int64).alias(PURCHASE_DAYS), (number_of(day) - nw.col(FIRST_NUMBER)).alias(KNOWN_DAYS),
            c.RECENCY_DAYS, CYCLES_SINCE, dormant.alias(IS_DORMANT), AMOUNT_CHANGE, c.CYCLE_DAYS,
        )  # fmt: skip


def _earliest(frame: nw.DataFrame[Any], column: str) -> list[dt.date]:
    return [day for (day,) in tuples(frame.select(nw.col(column).min())) if day is not None]


def _named(rules: Sequence[StageRule]) -> list[nw.Expr]:
    """stage, acquisition_stage, status_stage by the first rule that holds."""
    named: dict[str, nw.Expr] = {name: nw.lit(None, nw.String()) for name in (c.STAGE, c.ACQUISITION_STAGE, c.STATUS_STAGE)}
    for rule in reversed(rules):
        holds = _holds(rule)
        for name, expression in named.items():
            named[name] = nw.when(holds).then(nw.lit(getattr(rule, name))).otherwise(expression)
    return [expression.alias(name) for name, expression in named.items()]


def _holds(rule: StageRule) -> nw.Expr:
    parts = []
    for fact, (least, below) in rule.bounds.items():
        parts += [nw.col(fact) >= least] if least is not None else []
        parts += [nw.col(fact) < below] if below is not None else []
    return reduce(lambda one, other: one & other, parts, ~nw.col(c.CUSTOMER_CODE).is_null())


def _moves(now: nw.DataFrame[Any], quarter: str) -> nw.DataFrame[Any]:
    keys = (c.FROM_STAGE, c.STAGE)
    counted = now.with_columns(*(where_null(name, _NONE) for name in keys)).group_by(*keys).agg(nw.len().alias(c.CUSTOMERS)).sort(*keys)
    named = counted.with_columns(null_where(c.FROM_STAGE, _NONE), null_where(c.STAGE, _NONE).alias(c.TO_STAGE))
    return named.select(nw.lit(quarter).alias(c.QUARTER), c.FROM_STAGE, c.TO_STAGE, nw.col(c.CUSTOMERS).cast(nw.Int64))


def _reason(facts: Mapping[str, Any], language: Language) -> str:
    if not facts[PURCHASE_DAYS]:
        return text("lifecycle.no_purchase", language, contacts=facts[CONTACTS])
    change = facts[AMOUNT_CHANGE]
    words = text(
        "lifecycle.purchases", language, days=facts[PURCHASE_DAYS], known=facts[KNOWN_DAYS], recency=facts[c.RECENCY_DAYS],
        cycle=f"{facts[c.CYCLE_DAYS]:g}",
    )  # fmt: skip
    return words if change is None else words + text("lifecycle.amount_change", language, change=f"{change:+.0%}")


def rules_of(rows: Iterable[Mapping[str, Any]]) -> tuple[StageRule, ...]:
    """The rules of a table, in its order.

    rows: stage, acquisition_stage, status_stage, and `<fact>_from`, `<fact>_below` for each of FACTS. A row without a stage is none.
    A company's own stages are taken as they are written.
    """
    rules = []
    for row in rows:
        if row.get(c.STAGE):
            bounds = {fact: (row.get(f"{fact}_from"), row.get(f"{fact}_below")) for fact in FACTS}
            named = {fact: pair for fact, pair in bounds.items() if pair != (None, None)}
            rules.append(StageRule(row[c.STAGE], row.get(c.ACQUISITION_STAGE) or "", row.get(c.STATUS_STAGE) or "", named))
    return tuple(rules)


def rows_of(rules: Iterable[StageRule]) -> list[dict[str, Any]]:
    """The rules as rows of a table, see `rules_of`."""
    return [
        {c.STAGE: rule.stage, c.ACQUISITION_STAGE: rule.acquisition_stage, c.STATUS_STAGE: rule.status_stage}
        | {f"{fact}_{end}": rule.bounds.get(fact, (None, None))[place] for fact in FACTS for place, end in enumerate(("from", "below"))}
        for rule in rules
    ]


def mapping(rules: Sequence[StageRule] = DEFAULT_RULES) -> list[tuple[str, str, str]]:
    """How the three vocabularies go together: (stage, acquisition_stage, status_stage), each once, in the order of the stages."""
    found = dict.fromkeys((rule.stage, rule.acquisition_stage, rule.status_stage) for rule in rules)
    order = {stage: place for place, stage in enumerate(STAGES)}
    return sorted(found, key=lambda each: order.get(each[0], len(order)))
