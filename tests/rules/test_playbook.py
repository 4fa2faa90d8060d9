"""Rules become tasks, once each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import BEFORE, NOW, grades, table
from xlcrm.rules.due import BIRTHDAY, HIGH_SPEND, NO_CONTACT, REASONS, VISIT, due
from xlcrm.rules.followups import TASK_MARK
from xlcrm.rules.playbook import NEVER, Facts, Fault, Rule, Task, facts_of, rules_of, task_id, tasks
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.choices import PLAYBOOK_CONDITIONS
from xlcrm.tables.results import STATE_COUNTS
from xlcrm.texts import LANGUAGES, text

DAY = dt.date(2017, 7, 10)
ENGLISH, CHINESE = Settings(language="en"), Settings(language="zh")


def row(**given_: object) -> dict[str, Any]:
    return {
        c.RULE: "rule", c.CONDITION: "state", c.EQUALS: "down", c.ACTION: "visit", c.GOAL: None, c.WITHIN_DAYS: 7, c.PRIORITY: None, c.ACTIVE: None,
    } | given_  # fmt: skip


def only(rows: dict[str, Any], has_stage: bool = True) -> Rule | Fault:
    rules, faults = rules_of([rows], ENGLISH, has_stage)
    return [*rules, *faults][0]


def rule(condition: str, *values: str, days: int = 7, name: str = "rule") -> Rule:
    return Rule(name, condition, frozenset(values), "do", None, days, None)


def made(rules: list[Rule], facts: dict[str, Facts], quarter: str = NOW, on: dt.date = DAY) -> list[tuple[str, str, dt.date]]:
    return [(task.rule.name, task.code, task.on) for task in tasks(rules, facts, quarter, on)]


# --- Rules that can be read, and those that cannot.


@pytest.mark.parametrize(
    ("condition", "written", "values"),
    [
        ("grade", "CS1, cs2，CB3", {"CS1", "CS2", "CB3"}), ("size", "1、2", {"1", "2"}), ("state", "down; LOST", {"down", "lost"}),
        ("state", "下降/流失", {"down", "lost"}), ("state", "Type changed", {"type_changed"}), ("status", "no intent, 目标客户", {"no_intent", "target"}),
        ("warning", "no_contact, No contact, 未联系", {NO_CONTACT}), ("warning", "生日, visit", {BIRTHDAY, VISIT}),
        ("stage", "Growing , 成熟", {"growing", "成熟"}),
    ],
)  # fmt: skip
def test_values_are_read_in_either_language_and_by_their_id(condition: str, written: str, values: set[str]) -> None:
    for name in (condition, *(text(f"choices.{condition}", language) for language in LANGUAGES)):
        found = only(row(**{c.CONDITION: name, c.EQUALS: written}))
        assert isinstance(found, Rule)
        assert (found.condition, found.values) == (condition, values)


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({c.CONDITION: "weather"}, c.CONDITION, "playbook_unknown_condition"), ({c.EQUALS: "down, sideways"}, c.EQUALS, "playbook_unknown_value"),
        ({c.CONDITION: "grade", c.EQUALS: "X9Y"}, c.EQUALS, "playbook_unknown_value"), ({c.CONDITION: "size", c.EQUALS: "7"}, c.EQUALS, "playbook_unknown_value"),
        ({c.EQUALS: " , "}, c.EQUALS, "playbook_unknown_value"), ({c.WITHIN_DAYS: -1}, c.WITHIN_DAYS, "playbook_negative_days"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_rule_names_its_column(changed: dict[str, object], column: str, code: str) -> None:
    found = only(row(**changed))
    assert isinstance(found, Fault)
    assert (found.column, found.problem.code) == (column, code)
    for language in LANGUAGES:
        assert found.problem.line(language)


def test_a_stage_that_customers_do_not_have_is_named() -> None:
    found = only(row(**{c.CONDITION: "stage", c.EQUALS: "growing"}), has_stage=False)
    assert isinstance(found, Fault)
    assert found.problem.code == "playbook_no_stage"


def test_the_good_rules_go_on_and_a_rule_that_is_off_is_none() -> None:
    rows = [
        row(), row(**{c.RULE: "RULE "}), row(**{c.RULE: "off", c.ACTIVE: "no"}), row(**{c.RULE: "关", c.ACTIVE: "否", c.EQUALS: "sideways"}),
        row(**{c.RULE: "bad", c.EQUALS: "sideways"}), row(**{c.RULE: "on", c.ACTIVE: "是"}),
    ]  # fmt: skip
    rules, faults = rules_of(rows, CHINESE, has_stage=False)
    assert [each.name for each in rules] == ["rule", "on"]
    assert [(fault.place, fault.problem.code) for fault in faults] == [(1, "playbook_repeated_rule"), (4, "playbook_unknown_value")]
    assert "下降" in faults[1].problem.remedy("zh")


# --- What holds of whom.


def test_facts_come_from_grades_customers_and_the_due_list() -> None:
    customers = table("customers", [
        {c.CUSTOMER_CODE: "1", c.STATUS: "target", c.OPENED_ON: dt.date(2017, 1, 1)}, {c.CUSTOMER_CODE: "2", c.STATUS: "无意向"}, {c.CUSTOMER_CODE: "3"},
    ]).with_columns(Stage=pl.Series(["Growing ", None, "成熟"]))  # fmt: skip
    held = grades((NOW, {"1": "CS2", "2": "CB1"}), (BEFORE, {"1": "CS1"}))
    follow_ups = table("follow_ups", [{c.CUSTOMER_CODE: "2", c.DATE: dt.date(2017, 5, 1), c.KIND: "call"}])
    listed = due(customers, follow_ups, held, table("purchases", []), ENGLISH, DAY)
    facts = facts_of(customers, held, follow_ups, listed, ENGLISH, (NOW, BEFORE), "Stage")
    assert [known.stage for known in facts.values()] == ["growing", None, "成熟"]
    assert {code: (known.grade, known.size, known.state, known.status) for code, known in facts.items()} == {
        "1": ("CS2", "2", c.DOWN, "target"), "2": ("CB1", "1", c.NEW, "no_intent"), "3": (None, None, c.UNGRADED, None),
    }  # fmt: skip
    assert facts["1"].warnings == {VISIT: dt.date(2017, 1, 15), NO_CONTACT: dt.date(2017, 1, 31)}
    assert facts["2"].warnings == {VISIT: NEVER, NO_CONTACT: dt.date(2017, 5, 31)}  # called, never visited
    assert facts["3"].warnings == {VISIT: NEVER, NO_CONTACT: NEVER}


def test_each_condition_looks_at_its_own_fact() -> None:
    facts = {
        "1": Facts("CS1", "1", c.UP, "target", "growing", {VISIT: DAY}), "2": Facts("CS2", "2", c.DOWN, "no_intent", "mature", {BIRTHDAY: DAY}), "3": Facts(),
    }  # fmt: skip
    for condition, value in (
        ("grade", "CS1"),
        ("size", "1"),
        ("state", c.UP),
        ("status", "target"),
        ("stage", "growing"),
        ("warning", VISIT),
    ):
        assert made([rule(condition, value)], facts) == [("rule", "1", DAY + dt.timedelta(days=7))]
        assert [
            task.code for task in tasks([rule(condition, value, "CS2", "2", c.DOWN, "no_intent", "mature", BIRTHDAY)], facts, NOW, DAY)
        ] == ["1", "2"]


def test_days_count_from_the_day_and_those_of_a_birthday_from_the_birthday() -> None:
    birthday, end = DAY + dt.timedelta(days=5), dt.date(2017, 9, 30)
    facts = {"1": Facts(warnings={BIRTHDAY: birthday, HIGH_SPEND: end, VISIT: DAY - dt.timedelta(days=20)})}
    assert made([rule("warning", BIRTHDAY, days=0)], facts) == [("rule", "1", birthday)]
    assert made([rule("warning", HIGH_SPEND, days=3)], facts) == [("rule", "1", DAY + dt.timedelta(days=3))]
    assert made([rule("warning", VISIT, days=0)], facts) == [("rule", "1", DAY)]


# --- Never twice.


def ids(rules: list[Rule], facts: dict[str, Facts], quarter: str = NOW, on: dt.date = DAY) -> set[str]:
    return {task.id for task in tasks(rules, facts, quarter, on)}


def test_a_grade_a_size_and_a_state_make_a_task_a_quarter() -> None:
    known, later = {"1": Facts("CS1", "1", c.UP)}, {"1": Facts("CS2", "2", c.DOWN)}
    for one in (rule("grade", "CS1", "CS2"), rule("size", "1", "2"), rule("state", c.UP, c.DOWN)):
        assert len(ids([one], known)) == 1
        assert ids([one], known) == ids([one], later, on=DAY + dt.timedelta(days=30))  # another of its values, the same quarter
        assert not ids([one], known) & ids([one], known, quarter="2017Q3")


def test_a_warning_makes_a_task_for_its_day_and_one_without_a_day_a_single_one() -> None:
    one = rule("warning", VISIT, NO_CONTACT)
    on_day, next_day = (ids([one], {"1": Facts(warnings={VISIT: day})}) for day in (DAY, DAY + dt.timedelta(days=14)))
    assert not on_day & next_day
    never = {"1": Facts(warnings={VISIT: NEVER})}
    assert ids([one], never) == ids([one], never, on=DAY + dt.timedelta(days=1))
    both = {"1": Facts(warnings={VISIT: DAY, NO_CONTACT: DAY})}
    assert len(ids([one], both)) == 2  # two warnings are two occasions


def test_a_status_and_a_stage_make_a_task_once_and_for_all() -> None:
    for one, known in ((rule("status", "target"), Facts(status="target")), (rule("stage", "growing"), Facts(stage="growing"))):
        assert ids([one], {"1": known}) == ids([one], {"1": known}, quarter="2019Q1", on=DAY + dt.timedelta(days=500))


def test_an_id_is_known_by_its_mark_and_by_nothing_but_rule_customer_and_occasion() -> None:
    assert task_id(rule("state", c.UP), "1", NOW) == task_id(rule("state", c.UP, c.DOWN, days=1), "1", NOW)
    others = [
        task_id(rule("state", c.UP), "2", NOW),
        task_id(rule("grade", "CS1"), "1", NOW),
        task_id(rule("state", c.UP, name="b"), "1", NOW),
    ]
    assert len({task_id(rule("state", c.UP), "1", NOW), *others}) == 4
    assert all(made_id.startswith(TASK_MARK) for made_id in others)


_DAYS = st.dates(dt.date(2017, 1, 1), dt.date(2017, 12, 31))
_FACTS = st.builds(
    Facts, grade=st.sampled_from(["CS1", "CB2", None]), size=st.sampled_from(["1", "2", None]), state=st.sampled_from([spec.id for spec in STATE_COUNTS]),
    status=st.sampled_from(["target", None]), stage=st.sampled_from(["growing", None]),
    warnings=st.dictionaries(st.sampled_from(REASONS), st.one_of(_DAYS, st.just(NEVER))),
)  # fmt: skip
_VALUES = {"grade": ["CS1", "CB2"], "size": ["1", "2"], "state": [spec.id for spec in STATE_COUNTS], "status": ["target"], "stage": ["growing"],
           "warning": list(REASONS)}  # fmt: skip
_RULES = st.lists(
    st.sampled_from(PLAYBOOK_CONDITIONS).flatmap(
        lambda condition: st.builds(
            lambda values, days, name: rule(condition, *values, days=days, name=name),
            st.sets(st.sampled_from(_VALUES[condition]), min_size=1), st.integers(0, 40), st.sampled_from("abcdef"),
        )
    ),
    max_size=6, unique_by=lambda one: one.name,
)  # fmt: skip


@given(_RULES, st.dictionaries(st.sampled_from(["1", "2", "3", "01"]), _FACTS), _DAYS, _DAYS)
def test_no_task_is_ever_made_twice(rules: list[Rule], facts: dict[str, Facts], first: dt.date, second: dt.date) -> None:
    before: list[Task] = tasks(rules, facts, NOW, first)
    assert len({task.id for task in before}) == len(before)
    again = tasks(rules, facts, NOW, second)
    assert {task.id for task in again} == {task.id for task in before}
    for task in before:
        assert task.on >= first or BIRTHDAY in task.rule.values
        assert task.code in facts
