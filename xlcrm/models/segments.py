"""Customers in groups that buy alike, found in the figures (feature S48), and what each group is like.

k-means on recency, frequency and amount, each as log(1 + value) and standardised, since the three are skewed and of different units (S.
Lloyd, Least squares quantization in PCM, IEEE Transactions on Information Theory 28, 1982; starts by k-means++, D. Arthur and S.
Vassilvitskii, 2007, seeded). For each number of groups from 2 to MOST the best of STARTS runs is taken; the number is that of the highest
mean silhouette (P. Rousseeuw, Silhouettes, Journal of Computational and Applied Mathematics 20, 1987), see `choose`, measured on at most
SAMPLE customers drawn by place. A silhouette below WEAK says that there are no groups to speak of.

Groups are numbered by the middle of their amount, the largest is 1. A name says how the group's middles stand to those of all customers, by
rules alone: `lately` or `long_ago`, `often` or `seldom`, `much` or `little`, each where the group's median lies in the best or the worst
third of all customers, and else nothing; where nothing stands out, `middle`. So the same figures have the same names, whatever the order of
the rows. Two groups of one name are told apart by their number.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist

from xlcrm.models.buying import Numbers
from xlcrm.rules.frames import collected, frame_of, lazy, tuples
from xlcrm.tables import columns as c

MOST = 8
STARTS = 8
SAMPLE = 1500
FEWEST = 30
WEAK = 0.25
CLEARER = 0.2
"""Two groups, which mostly say no more than much and little, have to be so much clearer than more."""
_SEED = 1957
_CENTS = 100.0

CLUSTER, NAME = "cluster", "name"
FIGURES = (c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY)
MEMBER_COLUMNS = (c.CUSTOMER_CODE, CLUSTER, NAME)
STATISTICS = ("median", "mean", "low_quartile", "high_quartile")
SEGMENT_COLUMNS = (
    CLUSTER, NAME, c.CUSTOMERS, c.SHARE, "amount_share", *(f"{of}_{figure}" for figure in FIGURES for of in STATISTICS),
)  # fmt: skip
_WORDS = {c.RECENCY_DAYS: ("lately", "long_ago"), c.FREQUENCY: ("often", "seldom"), c.MONETARY: ("much", "little")}
"""By figure: the word for its best third, and for its worst."""

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clusters:
    """members: MEMBER_COLUMNS by code; statistics: see `described`; native frames.

    silhouettes: of each number of groups that was tried, from -1 to 1. weak: that of the chosen one is below WEAK. problem: `too_few`
    customers (fewer than FEWEST), `all_alike`, or empty.
    """

    members: Any
    statistics: Any
    silhouettes: Mapping[int, float]
    weak: bool
    problem: str = ""


def clusters(rfm: Any, most: int = MOST) -> Clusters:
    """The groups. rfm: customer_code, recency_days, frequency, monetary (cents): see `rfm.rfm`; amounts below nothing count as nothing."""
    frame = collected(lazy(rfm).select(c.CUSTOMER_CODE, *FIGURES)).sort(c.CUSTOMER_CODE)
    rows = tuples(frame)
    points = _points(rows)
    different = len(np.unique(points, axis=0)) if len(rows) else 0
    if len(rows) < FEWEST or different < 2:
        problem = "too_few" if len(rows) < FEWEST else "all_alike"
        return Clusters(_members([], frame), described(rfm, {}), {}, False, problem)
    sample = np.unique(np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64))
    tried: dict[int, Labels] = {}
    silhouettes: dict[int, float] = {}
    apart = cdist(points[sample], points[sample])
    for number in range(2, min(most, different) + 1):
        labels = _best(points, number)
        if len(np.unique(labels)) == number:
            tried[number], silhouettes[number] = labels, silhouette(apart, labels[sample])
    chosen = choose(silhouettes)
    found = _named(rows, tried[chosen])
    return Clusters(_members(found, frame), described(rfm, {code: (number, name) for code, number, name in found}), silhouettes,
                    silhouettes[chosen] < WEAK)  # fmt: skip


def choose(silhouettes: Mapping[int, float]) -> int:
    """The number of groups with the highest silhouette, the smaller at a tie; 2 only where it is higher by CLEARER than all others."""
    return max(silhouettes, key=lambda number: (round(silhouettes[number] - CLEARER * (number == 2), 9), -number))


def _points(rows: Sequence[tuple[Any, ...]]) -> Numbers:
    raw = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), len(FIGURES))
    logs = np.log1p(np.maximum(raw / np.array([1.0, 1.0, _CENTS]), 0.0))
    spread = logs.std(axis=0) if len(rows) else np.ones(len(FIGURES))
    return np.asarray((logs - logs.mean(axis=0)) / np.where(spread > 0, spread, 1.0)) if len(rows) else logs


def _best(points: Numbers, number: int) -> Labels:
    """Of some starts the groups with the least squared distance to their centres."""
    chance = np.random.default_rng(_SEED + number)
    best: Labels = np.zeros(len(points), dtype=np.int64)
    least = np.inf
    for _ in range(STARTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a group that lost its last member: another start is better
            centres, labels = kmeans2(points, number, iter=50, minit="++", seed=chance)
        squares = float(((points - centres[labels]) ** 2).sum())
        if squares < least - 1e-9:
            least, best = squares, labels.astype(np.int64)
    return best


def silhouette(apart: Numbers, labels: Labels) -> float:
    """The mean silhouette. apart: distances between all; labels: the group of each. Alone in its group counts 0."""
    groups, members = np.unique(labels, return_inverse=True)
    counts = np.bincount(members)
    sums = apart @ np.eye(len(groups))[members]
    everyone = np.arange(len(labels))
    own = counts[members]
    inside = sums[everyone, members] / np.maximum(own - 1, 1)
    others = sums / counts
    others[everyone, members] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(inside, nearest)
    value = np.where((own > 1) & (larger > 0) & np.isfinite(nearest), (nearest - inside) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(value.mean())


def _named(rows: Sequence[tuple[Any, ...]], labels: Labels) -> list[tuple[str, int, str]]:
    """customer_code, number, name."""
    raw = np.array([row[1:] for row in rows], dtype=np.float64)
    middles = {int(label): np.median(raw[labels == label], axis=0) for label in np.unique(labels)}
    # By amount, then by frequency, then the latest first.
    ordered = sorted(middles, key=lambda label: (-middles[label][2], -middles[label][1], middles[label][0]))
    thirds = np.quantile(raw, [1 / 3, 2 / 3], axis=0)
    names = {label: (place, _name(middles[label], thirds)) for place, label in enumerate(ordered, 1)}
    return [(row[0], *names[int(label)]) for row, label in zip(rows, labels, strict=True)]


def _name(middle: Numbers, thirds: Numbers) -> str:
    words = []
    for place, figure in enumerate(FIGURES):
        low, high = thirds[0][place], thirds[1][place]
        falling = figure == c.RECENCY_DAYS
        if low < high or middle[place] not in (low, high):
            best = middle[place] <= low if falling else middle[place] >= high
            worst = middle[place] >= high if falling else middle[place] <= low
            words += [_WORDS[figure][0]] if best and not worst else [_WORDS[figure][1]] if worst and not best else []
    return "_".join(words) or "middle"


def described(rfm: Any, groups: Mapping[str, tuple[int, str]]) -> Any:
    """SEGMENT_COLUMNS, one row a group in the order of its number; native frame.

    groups: customer -> number and name: those of `clusters`, or any others, such as the named segments of RFM. share: of the customers in
    `groups`; amount_share: of their amount, null where that is nothing. Days, days with a purchase, and cents as floats.
    """
    frame = collected(lazy(rfm).select(c.CUSTOMER_CODE, *FIGURES))
    of_group: dict[tuple[int, str], list[tuple[float, ...]]] = {}
    for code, *figures in tuples(frame):
        if code in groups:
            of_group.setdefault(groups[code], []).append(tuple(float(figure) for figure in figures))
    people = sum(len(members) for members in of_group.values())
    amount = sum(member[2] for members in of_group.values() for member in members)
    rows: list[tuple[Any, ...]] = []
    for (number, name), members in sorted(of_group.items()):
        raw = np.array(members)
        quartiles = np.quantile(raw, [0.25, 0.5, 0.75], axis=0)
        figures = [
            float(value)
            for place in range(len(FIGURES))
            for value in (quartiles[1][place], raw[:, place].mean(), quartiles[0][place], quartiles[2][place])
        ]
        rows.append((number, name, len(members), len(members) / people, float(raw[:, 2].sum() / amount) if amount else None, *figures))
    whole = {CLUSTER: nw.Int64(), NAME: nw.String(), c.CUSTOMERS: nw.Int64()}
    return frame_of(rows, {column: whole.get(column, nw.Float64()) for column in SEGMENT_COLUMNS}, frame)


def _members(rows: list[tuple[Any, ...]] | list[tuple[str, int, str]], like: nw.DataFrame[Any]) -> Any:
    return frame_of(rows, {c.CUSTOMER_CODE: nw.String(), CLUSTER: nw.Int64(), NAME: nw.String()}, like)
