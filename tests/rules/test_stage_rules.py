"""The rules of the stages as rows that a user may change, and back."""

from __future__ import annotations

from typing import Any

import pytest

from xlcrm.rules.lifecycle import DEFAULT_RULES, FACTS, PURCHASE_DAYS, STAGES, StageRule
from xlcrm.rules.stage_rules import rows_of, rules_of
from xlcrm.tables import columns as c
from xlcrm.texts import starting_with


def row(**values: object) -> dict[str, Any]:
    return {**rows_of([StageRule("sustained", "growth", "active", {})])[0], **values}


def test_rows_and_rules_are_each_others_inverse() -> None:
    assert rules_of(rows_of(), "en") == (list(DEFAULT_RULES), [])


def test_no_rule_of_a_new_workbook_has_more_bounds_than_the_table_holds() -> None:
    assert max(len(rule.bounds) for rule in DEFAULT_RULES) <= 2


def test_rules_are_tried_by_number_not_by_place() -> None:
    rules, faults = rules_of([row(stage_rule=2), row(stage_rule=1, stage="decline")], "en")
    assert [rule.stage for rule in rules] == ["decline", "sustained"]
    assert not faults


def test_the_other_vocabularies_follow_the_stage_where_they_are_blank() -> None:
    rules, _ = rules_of([row(stage="prospect", acquisition_stage=None, status_stage=None)], "en")
    assert rules == [StageRule("prospect", "acquisition", "prospect", {})]


@pytest.mark.parametrize(
    ("values", "column", "code"),
    [
        ({c.STAGE: "asleep"}, c.STAGE, "stage_rule_unknown"),
        ({c.FACT: "mood", c.AT_LEAST: 1.0}, c.FACT, "stage_rule_unknown"),
        ({c.ACQUISITION_STAGE: "x"}, c.ACQUISITION_STAGE, "stage_rule_unknown"),
        ({c.FACT: PURCHASE_DAYS}, c.FACT, "stage_rule_bounds"),
        ({c.BELOW_2: 3.0}, c.FACT_2, "stage_rule_bounds"),
        ({c.FACT: PURCHASE_DAYS, c.AT_LEAST: 3.0, c.BELOW: 3.0}, c.FACT, "stage_rule_bounds"),
    ],
)
def test_a_row_that_is_no_rule_is_named_and_the_others_count(values: dict[str, Any], column: str, code: str) -> None:
    rules, faults = rules_of([row(), row(**values)], "zh")
    assert [(fault.place, fault.column, fault.problem.code) for fault in faults] == [(1, column, code)]
    assert len(rules) == 1
    assert faults[0].problem.line("zh")


def test_every_fact_and_stage_has_words() -> None:
    assert starting_with("terms.fact_") == FACTS
    assert starting_with("lifecycle.stage_") == STAGES
