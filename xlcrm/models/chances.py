"""Each customer's probability of leaving on a day, by a model that is fitted to the quarters before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlcrm.models.leaving import AHEAD_DAYS, Events, Leaving, fit_leaving, probability, quarter_ends, signs

LEARNED_FROM_DAYS = 2 * 365
"""How far back quarters are learned from: what customers did longer ago says less of today."""


@dataclass(frozen=True, slots=True)
class Chances:
    """by_code: the probability of buying nothing in the coming quarter, from 0 to 1, of everyone who bought within a year.

    problem: why there is none: `too_few`, `not_converged`, or empty. fitted_on: see `fitting_days`. model: None where no quarter was there
    to fit to.
    """

    by_code: Mapping[str, float]
    problem: str = ""
    fitted_on: Sequence[dt.date] = ()
    model: Leaving | None = None


def fitting_days(known: Events, as_of: dt.date) -> list[dt.date]:
    """The last days of the quarters to fit to: of the last two years, those whose following quarter is over, oldest first."""
    first = min((days[0][0] for days in known.values() if days), default=as_of)
    return quarter_ends(max(first, as_of - dt.timedelta(days=LEARNED_FROM_DAYS)), as_of - dt.timedelta(days=AHEAD_DAYS))


def chances(known: Events, as_of: dt.date) -> Chances:
    """Fits to the past and judges every customer by it. known: see `leaving.events`; what comes after the day is not looked at."""
    days = fitting_days(known, as_of)
    if not days:
        return Chances({}, "too_few")
    model = fit_leaving(known, days)
    if model.problem:
        return Chances({}, model.problem, days, model)
    codes, rows = signs(known, as_of)
    return Chances(dict(zip(codes, probability(model, rows).tolist(), strict=True)), "", days, model)
