"""What customers say of us, in figures: satisfaction and recommendation, each with its uncertainty (features S39, S40).

CSAT: the share of answers 4 or 5 on the scale from 1 to 5. Its interval is Wilson's, see `proportions.wilson`. NPS: the percentage of
answers 9 or 10 minus that of 0 to 6, on the scale from 0 to 10 (F. Reichheld, The one number you need to grow, Harvard Business Review,
2003): from -100 to 100. Its variance is that of a difference of two shares of one sample, (p + d - (p - d)^2) / n. Of few answers, or of
answers all alike, that says too little or nothing; so the interval is the adjusted one: three answers more are assumed, 3/4 promoters, 3/2
passives, 3/4 detractors, and the usual interval is taken around the score of that sample (B. Rocks, Interval estimation for the "Net
Promoter Score", The American Statistician 70, 2016, after Agresti and Coull).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from xlcrm.rules.proportions import LEVEL, normal_quantile, wilson

FEW_ANSWERS = 30
"""With fewer the figure is a hint: its interval is as wide as the differences one looks for."""
SATISFIED = (4, 5)
PROMOTERS, DETRACTORS = (9, 10), (0, 6)
_ASSUMED, _ASSUMED_END = 3.0, 0.75


@dataclass(frozen=True, slots=True)
class Csat:
    """value, low, high: percent from 0 to 100, value None without an answer. left_out: answers that the scale does not have."""

    value: float | None
    low: float
    high: float
    answers: int
    satisfied: int
    left_out: int

    @property
    def few(self) -> bool:
        """Too few answers to build on."""
        return self.answers < FEW_ANSWERS


@dataclass(frozen=True, slots=True)
class Nps:
    """value, low, high: points from -100 to 100, value None without an answer. left_out: answers that the scale does not have."""

    value: float | None
    low: float
    high: float
    answers: int
    promoters: int
    passives: int
    detractors: int
    left_out: int

    @property
    def few(self) -> bool:
        """Too few answers to build on."""
        return self.answers < FEW_ANSWERS


def csat(answers: Iterable[float | None], level: float = LEVEL) -> Csat:
    """CSAT of answers from 1 to 5; a blank is no answer."""
    given = [answer for answer in answers if answer is not None]
    valid = [answer for answer in given if answer in range(1, 6)]
    satisfied = sum(answer in SATISFIED for answer in valid)
    low, high = wilson(satisfied, len(valid), level)
    value = 100 * satisfied / len(valid) if valid else None
    return Csat(value, 100 * low, 100 * high, len(valid), satisfied, len(given) - len(valid))


def nps(answers: Iterable[float | None], level: float = LEVEL) -> Nps:
    """NPS of answers from 0 to 10; a blank is no answer."""
    given = [answer for answer in answers if answer is not None]
    valid = [answer for answer in given if answer in range(11)]
    promoters = sum(answer >= PROMOTERS[0] for answer in valid)
    detractors = sum(answer <= DETRACTORS[1] for answer in valid)
    total = len(valid)
    low, high = nps_interval(promoters, total - promoters - detractors, detractors, level)
    value = 100 * (promoters - detractors) / total if total else None
    return Nps(value, low, high, total, promoters, total - promoters - detractors, detractors, len(given) - total)


def nps_interval(promoters: int, passives: int, detractors: int, level: float = LEVEL) -> tuple[float, float]:
    """The adjusted interval of the NPS in points; (-100, 100) without an answer."""
    total = promoters + passives + detractors
    if not total:
        return -100.0, 100.0
    assumed = total + _ASSUMED
    up, down = (promoters + _ASSUMED_END) / assumed, (detractors + _ASSUMED_END) / assumed
    half = normal_quantile(level) * sqrt((up + down - (up - down) ** 2) / assumed)
    # The score itself always lies inside: with answers all alike the assumed ones would pull the interval off it.
    score = (promoters - detractors) / total
    low, high = min(score, up - down - half), max(score, up - down + half)
    return 100 * max(-1.0, low), 100 * min(1.0, high)
