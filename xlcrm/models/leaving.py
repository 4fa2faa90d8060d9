"""How likely a customer is to buy nothing in the coming quarter: a logistic regression that is judged on quarters it has not seen.

P(alive) of BG/NBD is no such figure: it is 1 for whoever bought once, though those are the likeliest to be gone. Here a single purchase
is a sign of its own, and weighs with the time since. D. Hosmer, S. Lemeshow, R. Sturdivant, Applied Logistic Regression, 2013; the
ridge keeps the weights finite where a sign tells the two kinds apart without a fault.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from xlcrm.models.buying import CENTS, Numbers
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.purchasedays import middle_of
from xlcrm.tables import columns as c

AHEAD_DAYS = 91
"""A quarter: within so many days nothing is bought."""
LOOK_BACK_DAYS = 365
FEWEST = 30
"""With fewer customers of either kind nothing is fitted."""
_RIDGE = 1.0

SIGNS = (
    "days_since", "days_bought", "days_since_in_gaps", "bought_once", "bought_once_days_since", "amount_of_purchase", "days_known",
    "amount_change", "days_bought_last_quarter",
)  # fmt: skip
"""What the model looks at, in the order of its weights; amounts, days and ratios as the logarithm of one more.

Days since the last purchase, and the same in the customer's own gaps, and of who bought once; days with a purchase, also in the last
quarter; amount of a purchase; days since the first one; amount of the last quarter against the one before.
"""

Events = Mapping[str, Sequence[tuple[dt.date, float]]]
"""By customer code: days with a purchase, oldest first, and the amount of each in currency units."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A fitted model. weights: the constant, then one for each of SIGNS, all of standardised signs. problem: `too_few`, or empty.

    customers: how many it is fitted to, each counted once a quarter; left: those of them who bought nothing in the quarter after.
    """

    weights: Numbers
    centre: Numbers
    spread: Numbers
    customers: int
    problem: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a model did on customers of a later quarter.

    auc: probability that of two customers, one of whom left, the model ranks them rightly; recency_auc: the same by days since the
    last purchase alone. brier: mean squared error of the probability. bins: (customers, mean probability, share who left), the least
    likely first.
    """

    fitted_on: tuple[dt.date, ...]
    judged_on: dt.date
    customers: int
    left: int
    auc: float
    recency_auc: float
    brier: float
    bins: tuple[tuple[int, float, float], ...]


def events(purchases: Any) -> dict[str, list[tuple[dt.date, float]]]:
    """Days with a purchase of each customer. purchases: customer_code, amount (cents), date, and period where a row has no date.

    A row with neither, or with the total of a whole quarter, has no day and is left out; a day that sums to less than nothing too.
    """
    frame = lazy(purchases)
    names = frame.collect_schema().names()
    period = nw.col(c.PERIOD) if c.PERIOD in names else nw.lit(None, nw.String).alias(c.PERIOD)
    rows = frame.filter(~nw.col(c.CUSTOMER_CODE).is_null()).select(c.CUSTOMER_CODE, c.DATE, period, c.AMOUNT)
    summed = rows.group_by(c.CUSTOMER_CODE, c.DATE, c.PERIOD).agg(nw.col(c.AMOUNT).sum())
    days: dict[str, dict[dt.date, float]] = {}
    for code, day, written, cents in tuples(collected(summed)):
        # The total of a whole quarter says nothing of when.
        on = day or (middle_of(written) if written and "Q" not in written else None)
        if on is not None:
            of_customer = days.setdefault(code, {})
            of_customer[on] = of_customer.get(on, 0.0) + (cents or 0) / CENTS
    return {code: sorted((day, amount) for day, amount in found.items() if amount >= 0) for code, found in days.items()}


def signs(known: Events, as_of: dt.date) -> tuple[list[str], Numbers]:
    """The customers who bought in the year up to the day, and a row of SIGNS for each."""
    codes, rows = [], []
    gaps = {code: _gaps(found, as_of) for code, found in known.items()}
    everybody = float(np.median([gap for each in gaps.values() for gap in each])) if any(gaps.values()) else float(AHEAD_DAYS)
    for code in sorted(known):
        found = [(day, amount) for day, amount in known[code] if day <= as_of]
        if not found or (as_of - found[-1][0]).days > LOOK_BACK_DAYS:
            continue
        since, gap = (as_of - found[-1][0]).days, float(np.median(gaps[code])) if gaps[code] else everybody
        once = len(found) == 1
        last = [amount for day, amount in found if (as_of - day).days < AHEAD_DAYS]
        before = sum(amount for day, amount in found if AHEAD_DAYS <= (as_of - day).days < 2 * AHEAD_DAYS)
        codes.append(code)
        rows.append((
            np.log1p(since), np.log1p(len(found)), np.log1p(since / max(gap, 1.0)), float(once), np.log1p(since) * once,
            np.log1p(sum(amount for _, amount in found) / len(found)), np.log1p((as_of - found[0][0]).days),
            np.log1p(sum(last)) - np.log1p(before), np.log1p(len(last)),
        ))  # fmt: skip
    return codes, np.array(rows, dtype=np.float64).reshape(len(codes), len(SIGNS))


def _gaps(found: Sequence[tuple[dt.date, float]], as_of: dt.date) -> list[int]:
    days = [day for day, _ in found if day <= as_of]
    return [(later - earlier).days for earlier, later in itertools.pairwise(days)]


def left(known: Events, codes: Iterable[str], as_of: dt.date) -> Numbers:
    """1 for each customer who bought nothing in the quarter after the day, else 0."""
    until = as_of + dt.timedelta(days=AHEAD_DAYS)
    return np.array([not any(as_of < day <= until for day, _ in known[code]) for code in codes], dtype=np.float64)


def fit_leaving(known: Events, days: Sequence[dt.date]) -> Leaving:
    """Fits to what customers did in the quarter after each of the days; the last of those quarters must be over."""
    parts = [(signs(known, day), day) for day in days]
    rows = np.concatenate([found for (_, found), _ in parts]) if parts else np.empty((0, len(SIGNS)))
    went = np.concatenate([left(known, codes, day) for (codes, _), day in parts]) if parts else np.empty(0)
    if min(went.sum(), len(went) - went.sum()) < FEWEST:
        nothing = np.zeros(len(SIGNS))
        return Leaving(np.zeros(len(SIGNS) + 1), nothing, nothing + 1, len(went), "too_few", int(went.sum()))
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    design = np.column_stack([np.ones(len(rows)), (rows - centre) / spread])

    def cost(weights: Numbers) -> tuple[float, Numbers]:
        line = design @ weights
        shrink = np.concatenate([[0.0], weights[1:]])
        value = np.sum(np.logaddexp(0, line) - went * line) + _RIDGE / 2 * float(shrink @ shrink)
        return float(value), design.T @ (expit(line) - went) + _RIDGE * shrink

    best = minimize(cost, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B")
    return Leaving(best.x, centre, spread, len(went), "" if best.success else "not_converged", int(went.sum()))


def probability(model: Leaving, rows: Numbers) -> Numbers:
    """The probability of buying nothing in the coming quarter, of each row of signs."""
    line = model.weights[0] + (rows - model.centre) / model.spread @ model.weights[1:]
    return np.asarray(expit(line), dtype=np.float64)


def quarter_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of quarters from `first` to `last`."""
    ends = [
        dt.date(year, month, calendar.monthrange(year, month)[1]) for year in range(first.year, last.year + 1) for month in (3, 6, 9, 12)
    ]
    return [day for day in ends if first <= day <= last]


def judged(known: Events, fitted_on: Sequence[dt.date], judged_on: dt.date, bins: int = 10) -> Judgement | None:
    """Fits to the past and looks at the quarter after `judged_on`; None where there is too little to fit to or only one kind to judge."""
    model = fit_leaving(known, fitted_on)
    codes, rows = signs(known, judged_on)
    went = left(known, codes, judged_on)
    if model.problem == "too_few" or not 0 < went.sum() < len(went):
        return None
    said = probability(model, rows)
    parts = np.array_split(np.argsort(said, kind="stable"), min(bins, len(codes)))
    table = tuple((len(part), float(said[part].mean()), float(went[part].mean())) for part in parts)
    brier = float(np.mean((said - went) ** 2))
    return Judgement(tuple(fitted_on), judged_on, len(codes), int(went.sum()), auc(said, went), auc(rows[:, 0], went), brier, table)


def auc(score: Numbers, went: Numbers) -> float:
    """Area under the ROC curve: of all pairs of one who left and one who stayed, the share that the score ranks rightly; ties count half.

    J. Hanley, B. McNeil, The meaning and use of the area under a receiver operating characteristic curve, Radiology 143, 1982.
    """
    _values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    positives = went.sum()
    return float((middle[inverse][went == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(went) - positives)))
