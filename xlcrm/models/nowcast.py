"""This quarter's grade from the part of it seen so far, with an interval (feature M3).

1. What the rest of the quarter will bring a customer is foretold on the scale of square roots, on which purchases spread alike:
   sqrt(rest) = a + b sqrt(at the pace of late) + c sqrt(at the quarter's own pace), least squares over all customers of earlier quarters as
   of the same day of the quarter.
2. Its uncertainty is what happened to customers alike: the errors of the ALIKE customers of earlier quarters whose rest was foretold to be
   about as much. Each of DRAWS draws takes one of them for each customer, quantity and amount together.
3. Every draw is a possible end of the quarter, in which everybody is graded by the rule: by minimums, or by shares inside each type, whose
   cuts move with everybody. So a customer has a probability of each size, and of no purchase at all.
4. The nowcast is the likeliest size. The interval is the run of neighbouring sizes around it, grown towards the likelier side until its
   probability is LEVEL or more.

Drawing the errors of like cases is the bootstrap of B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 9 (residuals);
`nowcast_check` measures on past quarters how often the interval held. A sub-level is not foretold. The type is that of the latest earlier
grade.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from xlcrm.models.buying import Numbers
from xlcrm.models.quarterparts import MEASURES, Bought, Part, bought, earlier_quarters, part, same_day_of
from xlcrm.rules.changes import NO_GRADE
from xlcrm.rules.frames import collected, frame_of, tuples
from xlcrm.rules.grades import SIZE_RANK, graded, types_before
from xlcrm.rules.quarters import quarter_of_day
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

LEVEL = 0.9
DRAWS = 400
ALIKE = 200
FEWEST = 30
"""With fewer customers of earlier quarters nothing is foretold."""
SHARES, MINIMUMS = "shares", "minimums"
_SEED = 1848
_BLOCK = 50
"""So many draws are worked at once: memory for a hundred thousand customers."""

NOWCAST_COLUMNS = (
    c.CUSTOMER_CODE, c.QUARTER, c.PREVIOUS_GRADE, "seen_quantity", "expected_quantity", c.GRADE, c.PROBABILITY, "best_grade", "worst_grade",
    "interval_probability", "better_probability", "worse_probability",
)  # fmt: skip

Cuts = Mapping[str, Sequence[float]]
"""By type: the share of customers of the size or a better one, of each size but the last."""
Minimums = Mapping[str, Sequence[tuple[int | None, int | None] | None]]
"""By type: the least quantity and amount of each size but the last; a size without a rule is None."""


@dataclass(frozen=True, slots=True)
class Nowcast:
    """rows: native frame, NOWCAST_COLUMNS, by code.

    seen_quantity, expected_quantity: thousandths; bought so far, and by the quarter's end (the middle of the draws). grade: the likeliest;
    NO_GRADE stands for a quarter without a purchase. probability: of that grade. best_grade, worst_grade: the interval's ends.
    interval_probability: of the interval, LEVEL or more, as sizes cannot be divided.
    better_probability, worse_probability: against the previous grade; null without one. rule: `minimums` or `shares`; by: the measure of
    the shares. learned_from: the earlier quarters. problem: `too_few`, or empty.
    """

    rows: Any
    rule: str
    by: str
    learned_from: tuple[str, ...]
    problem: str = ""


def nowcast(
    customers: Any,
    purchases: Any,
    grades: Any,
    grade_rules: Any,
    business_types: Any,
    settings: Settings,
    as_of: dt.date,
    level: float = LEVEL,
) -> Nowcast:
    """The grade of everyone with a type and a purchase within a year, for the quarter of `as_of`; later purchases are not looked at.

    customers: customer_code, business_type. purchases: see `purchasedays.dated`. grades: customer_code, quarter, grade; only earlier
    quarters count. grade_rules: business_type, size, min_quantity, min_amount, used where the settings take grades from minimums. Where
    they come from an export, the rule behind them is not known: each type keeps its last shares of sizes, by quantity, or by amount where
    that repeats more of the last quarter's grades.
    """
    eager = nw.from_native(customers, eager_only=True)
    quarter = quarter_of_day(as_of)
    known = bought(purchases, as_of)
    types = types_before(eager, grades, business_types, settings, quarter)
    parsed = collected(graded(grades, settings.grammar).filter(nw.col(c.QUARTER) < quarter))
    held = {code: (kind, size) for code, _, kind, size in _by_quarter(parsed)}
    learned_from = earlier_quarters(known, quarter)
    by = _measure(known, parsed, settings)
    now = part(known, as_of)
    pool = [part(known, same_day_of(earlier, as_of)) for earlier in learned_from]
    chosen = [place for place, code in enumerate(known.codes) if now.known[place] and code in types]
    rule = MINIMUMS if settings.grades_from == "minimums" else SHARES
    enough = sum(int(each.known.sum()) for each in pool) >= FEWEST
    if not enough or not chosen:
        return Nowcast(_frame([], eager), rule, by, tuple(learned_from), "" if enough else "too_few")
    grading = _Grading(settings, by, _cuts(parsed, settings), _minimums(grade_rules, settings) if rule == MINIMUMS else None)
    at = np.array(chosen)
    kinds = [types[known.codes[place]] for place in chosen]
    counts, middle = _drawn(now, pool, at, kinds, grading)
    rows = []
    for number, place in enumerate(chosen):
        code, kind = known.codes[place], kinds[number]
        chance = counts[number] / counts[number].sum()
        likeliest = int(chance.argmax())
        best, worst = interval(chance, level)
        before = held.get(code)
        previous = None if before is None or before[0] != kind else before[1]
        names = [kind + size for size in settings.grammar.sizes] + [NO_GRADE]
        rows.append((
            code, quarter, None if previous is None else names[previous], int(now.seen[c.QUANTITY][place]), int(middle[number]),
            names[likeliest], float(chance[likeliest]), names[best], names[worst],
            float(chance[best : worst + 1].sum()),
            None if previous is None else float(chance[:previous].sum()), None if previous is None else float(chance[previous + 1 :].sum()),
        ))  # fmt: skip
    return Nowcast(_frame(rows, eager), rule, by, tuple(learned_from))


def interval(chance: Numbers, level: float = LEVEL) -> tuple[int, int]:
    """The first and the last place of the run around the likeliest whose sum is `level` or more; each step adds the likelier side."""
    first = last = int(chance.argmax())
    while chance[first : last + 1].sum() < level - 1e-9:
        left = chance[first - 1] if first > 0 else -1.0
        right = chance[last + 1] if last + 1 < len(chance) else -1.0
        first, last = (first - 1, last) if left >= right else (first, last + 1)
    return first, last


# --- What the rest of the quarter may bring.


def _drawn(now: Part, pool: Sequence[Part], at: npt.NDArray[np.int64], kinds: Sequence[str], grading: _Grading) -> tuple[Numbers, Numbers]:
    """How many draws gave each size (the last column: no purchase), and the middle of the quantities."""
    foretold, errors = {}, {}
    for name in MEASURES:
        signs = np.concatenate([_signs(each, name)[each.known] for each in pool])
        happened = np.sqrt(np.maximum(np.concatenate([each.rest[name][each.known] for each in pool]), 0))
        weights, *_ = np.linalg.lstsq(signs, happened, rcond=None)
        fitted = signs @ weights
        errors[name] = happened - fitted
        foretold[name] = _signs(now, name)[at] @ weights
        if name == grading.by:
            order = np.argsort(fitted, kind="stable")
            middle = np.searchsorted(fitted[order], foretold[name])
    alike = min(ALIKE, len(order))
    start = np.clip(middle - alike // 2, 0, len(order) - alike)
    chance = np.random.default_rng(_SEED)
    counts = np.zeros((len(at), len(grading.settings.grammar.sizes) + 1))
    ends = []
    for done in range(0, DRAWS, _BLOCK):
        picked = order[start[:, None] + chance.integers(0, alike, (len(at), min(_BLOCK, DRAWS - done)))]
        totals = {
            name: now.seen[name][at][:, None] + np.maximum(foretold[name][:, None] + errors[name][picked], 0) ** 2 for name in MEASURES
        }
        places = grading.sizes(totals, kinds)
        for place in range(counts.shape[1]):
            counts[:, place] += (places == place).sum(axis=1)
        ends.append(np.median(totals[c.QUANTITY], axis=1))
    return counts, np.median(ends, axis=0)


def _signs(of: Part, name: str) -> Numbers:
    return np.column_stack([np.ones(len(of.known)), np.sqrt(of.at_pace[name]), np.sqrt(of.at_pace_seen[name])])


# --- How everybody would be graded.


@dataclass(frozen=True, slots=True)
class _Grading:
    settings: Settings
    by: str
    cuts: Cuts
    minimums: Minimums | None

    def sizes(self, totals: Mapping[str, Numbers], kinds: Sequence[str]) -> npt.NDArray[np.int64]:
        """The size's place of each customer in each draw; the number of sizes for one without a purchase."""
        sizes = len(self.settings.grammar.sizes)
        found = np.full(totals[self.by].shape, sizes - 1, dtype=np.int64)
        names = np.array(kinds)
        for kind in sorted(set(kinds)):
            mine = names == kind
            of_kind = {name: figures[mine] for name, figures in totals.items()}
            found[mine] = self._by_shares(of_kind[self.by], kind) if self.minimums is None else self._by_minimums(of_kind, kind)
        found[(totals[c.QUANTITY] <= 0) & (totals[c.AMOUNT] <= 0)] = sizes
        return found

    def _by_shares(self, figures: Numbers, kind: str) -> npt.NDArray[np.int64]:
        falling = -np.sort(-figures, axis=0)
        buying = (figures > 0).sum(axis=0)
        place = np.zeros(figures.shape, dtype=np.int64)
        for number, share in enumerate(self.cuts.get(kind, self._own_cuts()), 1):
            end = np.clip((buying * share + 0.5).astype(np.int64), number, len(figures))
            # A tie with the last one above the cut shares the better size.
            place += figures < falling[end - 1, np.arange(figures.shape[1])]
        return place

    def _own_cuts(self) -> Sequence[float]:
        return [cut / 100 for cut in self.settings.percentile_cuts_percent][: len(self.settings.grammar.sizes) - 1]

    def _by_minimums(self, figures: Mapping[str, Numbers], kind: str) -> npt.NDArray[np.int64]:
        assert self.minimums is not None
        rules = self.minimums.get(kind, ())
        place = np.full(figures[c.QUANTITY].shape, len(self.settings.grammar.sizes) - 1, dtype=np.int64)
        for number in range(len(rules) - 1, -1, -1):
            rule = rules[number]
            if rule is not None:
                quantity, amount = rule
                met = (figures[c.QUANTITY] >= (quantity or 0)) & (figures[c.AMOUNT] >= (amount or 0))
                place[met] = number
        return place


def _by_quarter(parsed: nw.DataFrame[Any]) -> list[tuple[Any, ...]]:
    """customer_code, quarter, business_type, size_rank, the oldest quarter first."""
    return tuples(parsed.select(c.CUSTOMER_CODE, c.QUARTER, c.BUSINESS_TYPE, SIZE_RANK).sort(c.QUARTER, c.CUSTOMER_CODE))


def _cuts(parsed: nw.DataFrame[Any], settings: Settings) -> Cuts:
    """The shares of each type in the latest graded quarter; where the settings name percentile cuts, those."""
    if settings.grades_from == "percentiles" or not len(parsed):
        return {}
    latest = max(parsed.get_column(c.QUARTER).to_list())
    counts: dict[str, list[int]] = {}
    for _, quarter, kind, size in _by_quarter(parsed):
        if quarter == latest:
            counts.setdefault(kind, [0] * len(settings.grammar.sizes))[size] += 1
    return {kind: list(np.cumsum(found)[:-1] / sum(found)) for kind, found in counts.items()}


def _minimums(grade_rules: Any, settings: Settings) -> Minimums:
    sizes = settings.grammar.sizes
    found: dict[str, list[tuple[int | None, int | None] | None]] = {}
    table = nw.from_native(grade_rules, eager_only=True).select(c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY, c.MIN_AMOUNT)
    for kind, size, quantity, amount in tuples(table):
        if size in sizes[:-1]:
            found.setdefault(kind if settings.grammar.typed else "", [None] * (len(sizes) - 1))[sizes.index(size)] = (quantity, amount)
    return found


def _measure(known: Bought, parsed: nw.DataFrame[Any], settings: Settings) -> str:
    """The measure by which the shares of the last graded quarter repeat more of its grades; quantity at a tie."""
    if settings.grades_from == "percentiles" or not len(parsed):
        return c.QUANTITY
    latest = max(parsed.get_column(c.QUARTER).to_list())
    end = part(known, same_day_of(latest, dt.date(2000, 3, 31)))
    size_of = {code: (kind, size) for code, quarter, kind, size in _by_quarter(parsed) if quarter == latest}
    places = [place for place, code in enumerate(known.codes) if code in size_of]
    if not places:
        return c.QUANTITY
    kinds = [size_of[known.codes[place]][0] for place in places]
    actual = np.array([size_of[known.codes[place]][1] for place in places])
    totals = {name: end.seen[name][places][:, None] for name in MEASURES}
    cuts = _cuts(parsed, settings)
    repeated = {name: int((_Grading(settings, name, cuts, None).sizes(totals, kinds)[:, 0] == actual).sum()) for name in MEASURES}
    return max(MEASURES, key=lambda name: (repeated[name], name == c.QUANTITY))


def _frame(rows: list[tuple[Any, ...]], like: nw.DataFrame[Any]) -> Any:
    kinds: dict[str, Any] = {"seen_quantity": nw.Int64(), "expected_quantity": nw.Int64()}
    kinds |= dict.fromkeys((c.PROBABILITY, "interval_probability", "better_probability", "worse_probability"), nw.Float64())
    schema = {name: kinds.get(name, nw.String()) for name in NOWCAST_COLUMNS}
    return frame_of(rows, schema, like)
