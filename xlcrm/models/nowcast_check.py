"""How often the nowcast was right, and its interval held, on quarters whose grades are known."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.models.nowcast import LEVEL, nowcast
from xlcrm.models.quarterparts import same_day_of
from xlcrm.rules.changes import NO_GRADE
from xlcrm.rules.frames import collected, tuples
from xlcrm.rules.grades import graded
from xlcrm.rules.quarters import quarter_days, quarters_in
from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables import columns as c


class NowcastJudged(NamedTuple):
    """A past quarter, foretold with what was known on a day of it. The fields are the columns of `judged`.

    customers: foretold, graded before, and graded in the same type in the end, or without a purchase in it. type_changed: those of another
    type in the end, who are in none of the shares. hit_share: the nowcast was the grade. previous_share: the grade before was. said_share:
    mean probability of the nowcast. covered_share: the interval held the grade. said_covered_share: mean probability of the interval.
    sizes: mean number of sizes in the interval.
    """

    quarter: str
    as_of: dt.date
    customers: int
    type_changed: int
    hit_share: float
    previous_share: float
    said_share: float
    covered_share: float
    said_covered_share: float
    sizes: float


def judged_quarter(
    customers: Any,
    purchases: Any,
    grades: Any,
    grade_rules: Any,
    business_types: Any,
    settings: Settings,
    as_of: dt.date,
    level: float = LEVEL,
) -> NowcastJudged | None:
    """Foretells the quarter of `as_of` with what was known then, and compares; None where nothing can be foretold or compared.

    The frames as for `nowcast`; a customer without a grade in the quarter is taken for one without a purchase.
    """
    found = nowcast(customers, purchases, grades, grade_rules, business_types, settings, as_of, level)
    rows = tuples(nw.from_native(found.rows, eager_only=True).select(
        c.CUSTOMER_CODE, c.QUARTER, c.PREVIOUS_GRADE, c.GRADE, "best_grade", "worst_grade", c.PROBABILITY, "interval_probability"
    ))  # fmt: skip
    rows = [row for row in rows if row[2] is not None]
    if not rows:
        return None
    quarter = rows[0][1]
    of_quarter = collected(graded(grades, settings.grammar).filter(nw.col(c.QUARTER) == quarter))
    actual = {code: (kind, kind + size) for code, kind, size in tuples(of_quarter.select(c.CUSTOMER_CODE, c.BUSINESS_TYPE, c.SIZE))}
    if not actual:
        return None
    compared = [(*row, actual.get(row[0], ("", NO_GRADE))[1]) for row in rows if _same_type(row[2], actual.get(row[0]), settings.grammar)]
    if not compared:
        return None
    places = [
        tuple(_place(code, settings.grammar) for code in (best, actually, worst)) for _, _, _, _, best, worst, _, _, actually in compared
    ]
    total = len(compared)
    return NowcastJudged(
        quarter, as_of, total, len(rows) - total,
        sum(row[3] == row[-1] for row in compared) / total, sum(row[2] == row[-1] for row in compared) / total,
        sum(row[6] for row in compared) / total, sum(best <= mine <= worst for best, mine, worst in places) / total,
        sum(row[7] for row in compared) / total, sum(worst - best + 1 for best, _, worst in places) / total,
    )  # fmt: skip


def judged(
    customers: Any,
    purchases: Any,
    grades: Any,
    grade_rules: Any,
    business_types: Any,
    settings: Settings,
    as_of: dt.date,
    level: float = LEVEL,
) -> list[NowcastJudged]:
    """The past quarters with grades, each as of the same day of the quarter as `as_of`, the oldest first."""
    found: list[NowcastJudged] = []
    for quarter in quarters_in(grades):
        if quarter_days(quarter)[1] < as_of:
            one = judged_quarter(
                customers, purchases, grades, grade_rules, business_types, settings, same_day_of(quarter, as_of), level
            )  # fmt: skip
            found += [] if one is None else [one]
    return found


def _same_type(previous: str, actual: tuple[str, str] | None, grammar: GradeGrammar) -> bool:
    parts = grammar.parse(previous)
    return actual is None or (parts is not None and parts.business_type == actual[0])


def _place(code: str, grammar: GradeGrammar) -> int:
    parts = grammar.parse(code)
    return len(grammar.sizes) if parts is None else grammar.sizes.index(parts.size)
