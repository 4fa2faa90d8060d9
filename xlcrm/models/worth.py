"""What each customer is worth: by a simple sum, and by the fitted models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlcrm.models.buying import Buying, Numbers
from xlcrm.models.lifetime import Fit, alive, expected_amount, expected_purchases, fit_bgnbd, fit_gamma_gamma

WEEKS_OF_YEAR = 52.1775
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the future is taken to be.

    years: how far it is looked ahead. margin: share of an amount that stays. discount: a year, as a share.
    """

    years: float = 1.0
    margin: float = 1.0
    discount: float = 0.1


@dataclass(frozen=True, slots=True)
class Worth:
    """Of each customer, in the order of `known.codes`; currency units. A model's arrays are NaN where its fit must not be used.

    simple: amount of a purchase x purchases a year x margin x years. expected_purchases: within the years ahead. expected_value: what
    those come to, times margin, discounted. alive: probability of being active.
    """

    known: Buying
    simple: Numbers
    expected_purchases: Numbers
    expected_value: Numbers
    alive: Numbers
    fits: tuple[Fit, Fit]


def worth(known: Buying, assumptions: Assumptions = Assumptions()) -> Worth:
    """Fits both models to all customers and values each of them."""
    purchases, amounts = fit_bgnbd(known), fit_gamma_gamma(known)
    none = np.full(len(known), np.nan)
    weeks = assumptions.years * WEEKS_OF_YEAR
    count, active, value = none, none, none
    if not purchases.problem:
        count, active = expected_purchases(purchases, known, weeks), alive(purchases, known)
        if not amounts.problem:
            value = _discounted(purchases, known, assumptions) * expected_amount(amounts, known) * assumptions.margin
    return Worth(known, simple_value(known, assumptions), count, value, active, (purchases, amounts))


def simple_value(known: Buying, assumptions: Assumptions) -> Numbers:
    """Amount of a purchase x purchases a year x margin x years.

    Purchases a year are counted over the time the customer is known, of at least a year: whoever came last week did not come 52 times.
    """
    years_known = np.maximum(known.known / WEEKS_OF_YEAR, 1.0)
    return np.asarray(known.all_amount * (known.repeats + 1) / years_known * assumptions.margin * assumptions.years, dtype=np.float64)


def _discounted(fit: Fit, known: Buying, assumptions: Assumptions) -> Numbers:
    """Expected purchases, each step of the time ahead discounted to today."""
    step = assumptions.years / _STEPS
    total, before = np.zeros(len(known)), np.zeros(len(known))
    for number in range(1, _STEPS + 1):
        until = expected_purchases(fit, known, number * step * WEEKS_OF_YEAR)
        total += (until - before) / (1 + assumptions.discount) ** ((number - 0.5) * step)
        before = until
    return total
