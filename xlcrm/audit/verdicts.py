"""The right verdict on two grades of a customer, by the rules of xlcrm."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlcrm.rules.changes import grade_changes
from xlcrm.rules.frames import collected
from xlcrm.rules.grades import graded
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

_EARLIER, _CURRENT = "0001Q1", "0001Q2"

Pair = tuple[str | None, str | None]
"""The earlier and the current grade, cleaned; None where there is none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """state: one of the seven; grade: the current grade, None where there is none; shown: grade and mark as a route sheet has them."""

    state: str
    grade: str | None
    shown: str


def right_verdicts(pairs: list[Pair], grammar: GradeGrammar) -> list[Verdict]:
    """What the rules say of each pair. Each different pair is judged once, as a customer of its own."""
    distinct = list(dict.fromkeys(pairs))
    codes = [str(number) for number in range(len(distinct))]
    customers = pl.DataFrame({c.CUSTOMER_CODE: codes, c.ROUTE: codes}, schema={c.CUSTOMER_CODE: pl.String, c.ROUTE: pl.String})
    rows = [
        (code, quarter, grade)
        for code, pair in zip(codes, distinct, strict=True)
        for quarter, grade in zip((_EARLIER, _CURRENT), pair, strict=True)
        if grade is not None
    ]
    grades = pl.DataFrame(rows, schema={c.CUSTOMER_CODE: pl.String, c.QUARTER: pl.String, c.GRADE: pl.String}, orient="row")
    changes = collected(grade_changes(customers, graded(grades, grammar), _CURRENT, _EARLIER))
    judged = {row[0]: Verdict(row[1], row[2], row[3]) for row in changes.select(c.CUSTOMER_CODE, c.STATE, c.GRADE, c.SHOWN).iter_rows()}
    by_pair = {pair: judged[code] for code, pair in zip(codes, distinct, strict=True)}
    return [by_pair[pair] for pair in pairs]
