"""Shares of counts with their uncertainty."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


def normal_quantile(level: float) -> float:
    """How many standard errors to either side hold a share of `level` (0.95: 1.96)."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(hits: int, total: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share of `hits` in `total`, from 0 to 1; (0, 1) where there is nothing.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927. It holds at small counts too, and at
    0 or all hits, where the usual interval has no width.
    """
    if not total:
        return 0.0, 1.0
    z2 = normal_quantile(level) ** 2
    share = hits / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = sqrt(z2) / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    # At either end the formula is exact but its rounding is not.
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == total else middle + half)
