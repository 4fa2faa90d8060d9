"""How often a customer will buy again and for how much: BG/NBD and Gamma-Gamma, fitted by maximum likelihood.

BG/NBD: P. Fader, B. Hardie, K. Lee, "Counting your customers" the easy way, Marketing Science 24(2), 2005. While a customer is
active he buys at his own rate (Gamma distributed: r, alpha); after any purchase he may leave, with his own probability (Beta
distributed: a, b). Gamma-Gamma: P. Fader, B. Hardie, The Gamma-Gamma model of monetary value, 2013: a customer's amounts vary
around his own mean (p), and those means vary between customers (q, v).

Packages that do this are no longer kept (lifetimes) or bring a sampler of a hundred megabytes (pymc-marketing); scipy's
optimiser and special functions are all that it takes, and a browser's Python has scipy too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from xlcrm.models.buying import Buying, Numbers

FEWEST_CUSTOMERS = 10
"""With fewer customers who bought again there is nothing to fit four parameters to."""
_STARTS = (0.0, 1.0, -1.0)
_FAR = 12.0
"""A parameter beyond e^12 or e^-12 has run away: the likelihood is flat there."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model. parameters: by name. log_likelihood: natural logarithm, summed over the customers.

    problem: why it must not be used: `too_few`, `not_converged`, `run_away`; empty where all is well.
    """

    model: str
    parameters: dict[str, float]
    log_likelihood: float
    customers: int
    problem: str = ""


def fit_bgnbd(known: Buying) -> Fit:
    """BG/NBD of all customers: r, alpha (weeks), a, b."""
    if int((known.repeats > 0).sum()) < FEWEST_CUSTOMERS:
        return Fit("bgnbd", {}, float("nan"), len(known), "too_few")

    def likelihood(parameters: Numbers) -> float:
        return float(np.sum(_bgnbd_log_likelihood(known, *parameters)))

    return _fitted("bgnbd", ("r", "alpha", "a", "b"), likelihood, len(known))


def fit_gamma_gamma(known: Buying) -> Fit:
    """Gamma-Gamma of the customers who bought again: p, q, v (currency)."""
    again = (known.repeats > 0) & (known.amount > 0)
    x, mean = known.repeats[again], known.amount[again]
    if len(x) < FEWEST_CUSTOMERS:
        return Fit("gamma_gamma", {}, float("nan"), len(x), "too_few")

    def likelihood(parameters: Numbers) -> float:
        p, q, v = parameters
        each = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(mean) + p * x * np.log(x)
        return float(np.sum(each - (p * x + q) * np.log(v + x * mean)))

    return _fitted("gamma_gamma", ("p", "q", "v"), likelihood, len(x))


def _bgnbd_log_likelihood(known: Buying, r: float, alpha: float, a: float, b: float) -> Numbers:
    """Of each customer; equation 6 of the paper in the form that does not overflow."""
    x, last, span = known.repeats, known.last, known.known
    both = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    active = -(r + x) * np.log(alpha + span)
    with np.errstate(divide="ignore"):
        left = np.where(x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-12)) - (r + x) * np.log(alpha + last), -np.inf)
    return np.asarray(both + np.logaddexp(active, left), dtype=np.float64)


def _fitted(model: str, names: Sequence[str], likelihood: Callable[[Numbers], float], customers: int) -> Fit:
    """The best of several starts, on the logarithms of the parameters, which are all positive."""

    def cost(logs: Numbers) -> float:
        if np.any(np.abs(logs) > 2 * _FAR):
            return 1e300
        value = -likelihood(np.exp(logs))
        return value if np.isfinite(value) else 1e300

    starts = [minimize(cost, np.full(len(names), start), method="L-BFGS-B") for start in _STARTS]
    best_start = min(starts, key=lambda each: float(each.fun))
    # The gradient is estimated from differences, so the last digits come from a search without one.
    exact = {"maxiter": 4000, "maxfev": 4000, "xatol": 1e-7, "fatol": 1e-8}
    best = minimize(cost, best_start.x, method="Nelder-Mead", options=exact)
    problem = "run_away" if np.any(np.abs(best.x) > _FAR) else "" if best.success else "not_converged"
    parameters = {name: float(value) for name, value in zip(names, np.exp(best.x), strict=True)}
    return Fit(model, parameters, -float(best.fun), customers, problem)


def alive(fit: Fit, known: Buying) -> Numbers:
    """The probability that a customer is still active (equation 8 of Fader, Hardie, Lee: a note of 2008).

    It is 1 for whoever bought once, since the model lets nobody leave before a second purchase: no measure of risk for those.
    """
    r, alpha, a, b = _bgnbd_parameters(fit)
    x, last, span = known.repeats, known.last, known.known
    with np.errstate(over="ignore"):
        odds = np.where(x > 0, a / np.maximum(b + x - 1, 1e-12) * np.exp((r + x) * (np.log(alpha + span) - np.log(alpha + last))), 0.0)
    return np.asarray(1 / (1 + odds), dtype=np.float64)


def expected_purchases(fit: Fit, known: Buying, weeks: float) -> Numbers:
    """Purchases of each customer in the weeks that follow (equation 10 of the paper)."""
    r, alpha, a, b = _bgnbd_parameters(fit)
    x, span = known.repeats, known.known
    shrink = (r + x) * (np.log(alpha + span) - np.log(alpha + span + weeks))
    series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + span + weeks))
    if abs(a - 1) < 1e-9:
        a += 1e-6  # the formula has a gap there, its limit is on both sides
    return np.asarray((a + b + x - 1) / (a - 1) * (1 - np.exp(shrink) * series) * alive(fit, known), dtype=np.float64)


def expected_amount(fit: Fit, known: Buying) -> Numbers:
    """What a purchase of each customer is expected to come to, in currency (equation 5 of the note of 2013).

    Without a repeat purchase it is the mean of all customers.
    """
    p, q, v = (fit.parameters[name] for name in ("p", "q", "v"))
    return np.asarray(p * (v + known.repeats * known.amount) / (p * known.repeats + q - 1), dtype=np.float64)


def _bgnbd_parameters(fit: Fit) -> tuple[float, float, float, float]:
    r, alpha, a, b = (fit.parameters[name] for name in ("r", "alpha", "a", "b"))
    return r, alpha, a, b
