"""One customer's card: what stands on it, as plain values; and the figures of its visit line in a fixed order, for a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlcrm.tables import columns as c

CARD_COLUMNS: tuple[str, ...] = (
    c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ROUTE, c.BATCH, c.ACCOUNT_MANAGER, c.CONTACT, c.PHONE, c.ADDRESS,
    c.SHOWN, c.STATE, c.PREVIOUS_GRADE, c.QUANTITY, c.AMOUNT, c.CHANGE, c.NEXT_GRADE, c.GAP_QUANTITY, c.GAP_AMOUNT,
    c.CUSHION_QUANTITY, c.CUSHION_AMOUNT, c.LAST_FOLLOW_UP, c.NEXT_ACTION, c.ADVICE,
)  # fmt: skip
"""The lines of a card. Each stands there for every customer, so that a formula may point at its cell."""


def card(line: Mapping[str, object]) -> list[tuple[str, object]]:
    """Column id and typed value (null where nothing is known) of a visit line, see `comparison.visit_line`."""
    return [(name, line.get(name)) for name in CARD_COLUMNS]


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """One quarter of a customer. shown: the grade with its mark against the quarter before; quantity in thousandths, amount in cents."""

    quarter: str
    grade: str | None
    state: str | None
    shown: str
    quantity: int | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """What was bought of a product this quarter. change: the quantity against the quarter before, None where that had none."""

    code: str
    name: str
    quantity: int
    amount: int | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Contact:
    """One follow-up. kind: in the words of the workbook. said: outcome and note. is_task: the Playbook's, nobody was contacted."""

    date: dt.date
    kind: str
    said: str
    next_action: str
    next_action_on: dt.date | None
    is_task: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something agreed that is not done. agreed_on: the day of the follow-up. overdue: its day is over."""

    agreed_on: dt.date
    what: str
    due_on: dt.date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A reason why the customer is due today."""

    reason: str
    words: str
    due_on: dt.date
    days_overdue: int


@dataclass(frozen=True, slots=True)
class Similar:
    """An existing customer like this new one. products: names of what it buys and this one does not yet."""

    code: str
    name: str
    distance: float
    products: Sequence[str]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A product to offer, with its rule: of the orders with the products of `because`, `confidence` (a share) have it too.

    product, because: names. lift: that share against the product's share of all orders.
    """

    product: str
    because: Sequence[str]
    confidence: float | None
    lift: float | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the last analysis left of a customer; ids as in its tables, "" or None where it found nothing.

    since: a quarter. leaving: probability of buying nothing in the coming quarter. level: of the warning, 1 or the graver 2.
    signals: ids. action, reasons: in words.
    """

    stage: str = ""
    since: str = ""
    segment: str = ""
    leaving: float | None = None
    next_purchase: dt.date | None = None
    level: int | None = None
    signals: Sequence[str] = ()
    action: str = ""
    reasons: str = ""
    suggestions: Sequence[Suggested] = ()


NO_FINDINGS = Findings()


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one customer on a day, in plain values; texts are in the workbook's language.

    line: the visit line, see `comparison.visit_line`. history: the quarters up to this one, oldest first, at most eight, none left
    out in between. profile and own_columns: label and value, "" where nothing is known; own_columns are the user's. similar: for a
    new customer. contacts: newest first. why: the rule of the grade, its thresholds, its source rows. findings: NO_FINDINGS where no
    analysis was made, or it found nothing.
    """

    code: str
    name: str
    as_of: dt.date
    quarter: str
    previous: str
    type_name: str
    line: Mapping[str, Any]
    history: Sequence[QuarterFigures]
    profile: Sequence[tuple[str, str]]
    own_columns: Sequence[tuple[str, str]]
    products: Sequence[ProductFigures]
    contacts: Sequence[Contact]
    tasks: Sequence[Task]
    warnings: Sequence[Warned]
    why: Sequence[str]
    similar: Sequence[Similar]
    findings: Findings = NO_FINDINGS


def open_tasks(follow_ups: Sequence[Contact], as_of: dt.date) -> list[Task]:
    """What was agreed, or asked for by the Playbook, and is not done, the oldest first; rows after `as_of` do not count.

    An agreement is kept by a later contact on its day or after it (without a day, by any later one); a task of the Playbook by any
    contact after the day it was made, or on the day it is due.
    """
    known = [each for each in follow_ups if each.date <= as_of]
    latest = max((each.date for each in known if not each.is_task), default=dt.date.min)
    tasks: list[Task] = []
    for each in known:
        on = each.next_action_on
        later, on_its_day = latest > each.date, on is None or latest >= on
        done = (later or (on is not None and on_its_day)) if each.is_task else (later and on_its_day)
        if (each.next_action or on is not None) and not done:
            tasks.append(Task(each.date, each.next_action, on, on is not None and on < as_of))
    return sorted(tasks, key=lambda task: (task.due_on or task.agreed_on, task.agreed_on))


def cheapest_way_up(line: Mapping[str, Any]) -> tuple[str, int] | None:
    """The column of the smaller gap to the next tier, as a share of its minimum, and the gap; None where nothing is missing."""
    pairs = ((c.GAP_QUANTITY, c.NEXT_MIN_QUANTITY), (c.GAP_AMOUNT, c.NEXT_MIN_AMOUNT))
    missing = [(line[gap] / line[minimum], gap) for gap, minimum in pairs if line.get(gap) and line.get(minimum)]
    return (min(missing)[1], line[min(missing)[1]]) if missing else None


BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[int | None]) -> str:
    """One block a value, its height in eighths of the largest; the lowest for nothing and less, a blank where nothing is known."""
    top = max((value for value in values if value is not None), default=0)
    if top <= 0:
        return "".join(" " if value is None else BLOCKS[0] for value in values)
    steps = len(BLOCKS) - 1
    return "".join(" " if value is None else BLOCKS[round(max(value, 0) / top * steps)] for value in values)
