"""Why a row that a user typed as a rule is none."""

from __future__ import annotations

from typing import NamedTuple

from xlcrm.problems import Problem


class Fault(NamedTuple):
    """The row's place in its table, the column to look at, what is wrong."""

    place: int
    column: str
    problem: Problem
