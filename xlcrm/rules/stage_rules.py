"""The rules of the stages as rows of a table, and back: what a user may change of `lifecycle.DEFAULT_RULES`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlcrm.problems import Problem
from xlcrm.rules.faults import Fault
from xlcrm.rules.lifecycle import ACQUISITION_STAGES, DEFAULT_RULES, FACTS, STAGES, STATUS_STAGES, StageRule
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

_BOUNDS = ((c.FACT, c.AT_LEAST, c.BELOW), (c.FACT_2, c.AT_LEAST_2, c.BELOW_2))
_KNOWN = {
    c.FACT: ("terms.fact_", FACTS), c.FACT_2: ("terms.fact_", FACTS), c.STAGE: ("lifecycle.stage_", STAGES),
    c.ACQUISITION_STAGE: ("lifecycle.acquisition_", ACQUISITION_STAGES), c.STATUS_STAGE: ("lifecycle.status_", STATUS_STAGES),
}  # fmt: skip


def rules_of(rows: Iterable[Mapping[str, Any]], language: Language) -> tuple[list[StageRule], list[Fault]]:
    """The rules in the order of their numbers, of rows of StageRules with ids; a row that is none is named and left out."""
    found: list[tuple[int, StageRule]] = []
    faults: list[Fault] = []
    for place, row in enumerate(rows):
        fault = _unknown(place, row, language) or _unbounded(place, row)
        if fault is not None:
            faults.append(fault)
            continue
        bounds = {row[fact]: (row[least], row[below]) for fact, least, below in _BOUNDS if row[fact]}
        usual = next(rule for rule in DEFAULT_RULES if rule.stage == row[c.STAGE])
        acquisition, status = row[c.ACQUISITION_STAGE] or usual.acquisition_stage, row[c.STATUS_STAGE] or usual.status_stage
        found.append((row[c.STAGE_RULE], StageRule(row[c.STAGE], acquisition, status, bounds)))
    return [rule for _, rule in sorted(found, key=lambda numbered: numbered[0])], faults


def rows_of(rules: Iterable[StageRule] = DEFAULT_RULES) -> list[dict[str, Any]]:
    """The rules as rows of StageRules, numbered from 1. A rule has at most two bounds there."""
    rows = []
    for number, rule in enumerate(rules, start=1):
        row: dict[str, Any] = {
            c.STAGE_RULE: number, c.STAGE: rule.stage, c.ACQUISITION_STAGE: rule.acquisition_stage, c.STATUS_STAGE: rule.status_stage,
        }  # fmt: skip
        row |= dict.fromkeys(name for names in _BOUNDS for name in names)
        for names, (fact, bounds) in zip(_BOUNDS, rule.bounds.items(), strict=False):
            row |= dict(zip(names, (fact, *bounds), strict=True))
        rows.append(row)
    return rows


def _unknown(place: int, row: Mapping[str, Any], language: Language) -> Fault | None:
    for column, (terms, known) in _KNOWN.items():
        if row[column] and row[column] not in known:
            offered = text("print.list_separator", language).join(text(terms + each, language) for each in known)
            return Fault(place, column, Problem("stage_rule_unknown", value=str(row[column]), details={"offered": offered}))
    return None


def _unbounded(place: int, row: Mapping[str, Any]) -> Fault | None:
    for fact, least, below in _BOUNDS:
        low, high = row[least], row[below]
        given = low is not None or high is not None
        if bool(row[fact]) != given or (low is not None and high is not None and low >= high):
            return Fault(place, fact, Problem("stage_rule_bounds"))
    return None
