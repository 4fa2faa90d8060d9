"""The Playbook: when this holds of a customer, do that within so many days (features S17, S26). Rules become tasks, once each.

A task is known by its rule, its customer and its occasion: the quarter for a grade, a size or a state, the day for a warning, the value
for a status or a stage. The id is made of these alone, so whoever knows the ids that are there makes none twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import narwhals as nw

from xlcrm.problems import Problem
from xlcrm.rules.changes import grade_changes
from xlcrm.rules.comparable import text_key
from xlcrm.rules.due import BIRTHDAY, NO_CONTACT, REASONS, VISIT
from xlcrm.rules.faults import Fault
from xlcrm.rules.followups import TASK_MARK, contacts
from xlcrm.rules.frames import collected, lazy, tuples
from xlcrm.rules.grades import graded
from xlcrm.rules.lifecycle import STAGES
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.choices import CUSTOMER_STATUSES, PLAYBOOK_CONDITIONS, choice_names, visit_names
from xlcrm.tables.results import STATE_COUNTS
from xlcrm.texts import in_every_language, text

GRADE, SIZE, STATE, STATUS, STAGE, WARNING = PLAYBOOK_CONDITIONS
STAGE_HEADS = ("stage", "阶段", "生命周期阶段", "lifecycle stage", "客户阶段")
"""Heads of a column of the user's own that says in which stage a customer is, as `schema.header_key` compares them."""
_OF_THE_QUARTER = (GRADE, SIZE, STATE)
_SEPARATORS = str.maketrans(dict.fromkeys("，、;；/\n", ","))
LEVELS = {1: "level_1", 2: "level_2"}
"""What a rule calls the levels of the table Warnings."""
NEVER = "never"
"""The occasion of a warning that has no day to count from."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that can be carried out. values: as they are compared. within_days: calendar days."""

    name: str
    condition: str
    values: frozenset[str]
    action: str
    goal: str | None
    within_days: int
    priority: int | None


@dataclass(slots=True)
class Facts:
    """What rules look at of one customer. warnings: reason -> the day it is due on, or else its occasion: `NEVER`, or a quarter."""

    grade: str | None = None
    size: str | None = None
    state: str | None = None
    status: str | None = None
    stage: str | None = None
    warnings: dict[str, dt.date | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done for a customer, and until when."""

    id: str
    code: str
    rule: Rule
    on: dt.date


def rules_of(rows: Iterable[Mapping[str, Any]], settings: Settings, has_stage: bool) -> tuple[list[Rule], list[Fault]]:
    """The rules among the rows of Playbook, typed, and why others are none. has_stage: whether anything is known of a stage."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    off = {name.casefold() for name in choice_names("no")}
    for place, row in enumerate(rows):
        if (row[c.ACTIVE] or "").casefold() in off:
            continue
        found = _rule(place, row, settings, has_stage, seen)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            rules.append(found)
    return rules, faults


def _rule(place: int, row: Mapping[str, Any], settings: Settings, has_stage: bool, seen: set[str]) -> Rule | Fault:
    name, days = row[c.RULE], row[c.WITHIN_DAYS]
    if text_key(name) in seen:
        return Fault(place, c.RULE, Problem("playbook_repeated_rule", value=name))
    seen.add(text_key(name))
    condition = next((each for each in PLAYBOOK_CONDITIONS if _same(row[c.CONDITION], choice_names(each))), None)
    if condition is None:
        known = [text(f"choices.{each}", settings.language) for each in PLAYBOOK_CONDITIONS]
        return Fault(place, c.CONDITION, Problem("playbook_unknown_condition", value=row[c.CONDITION], details=_offered(known, settings)))
    if condition == STAGE and not has_stage:
        return Fault(place, c.CONDITION, Problem("playbook_no_stage", value=row[c.CONDITION]))
    if days < 0:
        return Fault(place, c.WITHIN_DAYS, Problem("playbook_negative_days", value=str(days)))
    values: set[str] = set()
    for written in str(row[c.EQUALS]).translate(_SEPARATORS).split(","):
        if not written.strip():
            continue
        value = _value(condition, written.strip(), settings)
        if value is None:
            details = {"condition": text(f"choices.{condition}", settings.language), **_offered(_possible(condition, settings), settings)}
            return Fault(place, c.EQUALS, Problem("playbook_unknown_value", value=written.strip(), details=details))
        values.add(value)
    if not values:
        return Fault(place, c.EQUALS, Problem("playbook_unknown_value", value=row[c.EQUALS], details={
            "condition": text(f"choices.{condition}", settings.language), **_offered(_possible(condition, settings), settings),
        }))  # fmt: skip
    return Rule(name, condition, frozenset(values), row[c.ACTION], row[c.GOAL], days, row[c.PRIORITY])


def _value(condition: str, written: str, settings: Settings) -> str | None:
    """A value as it is compared; None where the condition has no such value."""
    if condition == GRADE:
        parts = settings.grammar.parse(written)
        return None if parts is None else parts.code
    if condition == SIZE:
        return next((size for size in settings.grammar.sizes if _same(written, (size,))), None)
    if condition == STAGE:
        return _stage(written)
    return next((value for value, names in _named_values(condition).items() if _same(written, names)), None)


def _named_values(condition: str) -> dict[str, tuple[str, ...]]:
    """The values of a condition that has a list of them, each with what it may be called: by its id, or in either language."""
    if condition == STATE:
        return {spec.id: (spec.id, spec.en, spec.zh) for spec in STATE_COUNTS}
    if condition == STATUS:
        return {status: choice_names(status) for status in CUSTOMER_STATUSES}
    due_reasons = {reason: (reason, *in_every_language(f"due.reason_{reason}")) for reason in REASONS}
    return due_reasons | {level: (level, *in_every_language(f"followups.{level}")) for level in LEVELS.values()}


def _stage(written: str | None) -> str | None:
    """A stage as it is compared: the id of one of the program's own, whatever it is called, else the text."""
    key = text_key(written)
    return _own_stages().get(key, key) or None


@cache
def _own_stages() -> dict[str, str]:
    names = {stage: (stage, *in_every_language(f"lifecycle.stage_{stage}")) for stage in STAGES}
    return {text_key(name): stage for stage, called in names.items() for name in called}


def _possible(condition: str, settings: Settings) -> Sequence[str]:
    """What a person may write, in the workbook's language."""
    if condition == SIZE:
        return settings.grammar.sizes
    if condition == STAGE:
        return [text(f"lifecycle.stage_{stage}", settings.language) for stage in STAGES]
    if condition == GRADE:
        return ("CS1",)
    return [names[1 if settings.language == "en" else 2] for names in _named_values(condition).values()]


def _offered(names: Sequence[str], settings: Settings) -> dict[str, object]:
    return {"offered": (", " if settings.language == "en" else "、").join(names)}


def _same(written: str | None, names: Iterable[str]) -> bool:
    return text_key(written) in {text_key(name) for name in names}


def facts_of(
    customers: Any, grades: Any, follow_ups: Any, due: Any, settings: Settings, quarters: tuple[str, str] | None, stage_column: str = ""
) -> dict[str, Facts]:
    """What is known of each customer, by code; of one that stands twice the first row counts.

    due: the due list of the day. quarters: the one to look at and the one it is compared with, where there are grades. stage_column:
    the column of Customers that says the stage, where there is one.
    """
    listed = nw.from_native(customers, eager_only=True)
    facts: dict[str, Facts] = {}
    statuses = {name: status for status in CUSTOMER_STATUSES for name in choice_names(status)}
    wanted = (c.CUSTOMER_CODE, c.STATUS, *((stage_column,) if stage_column else ()))
    for code, status, *stage in tuples(listed.select(*wanted)):
        if code is not None and code not in facts:
            facts[code] = Facts(status=statuses.get(status, status), stage=_stage(stage[0]) if stage else None)
    if quarters is not None:
        changes = grade_changes(listed, collected(graded(grades, settings.grammar)).lazy(), *quarters)
        for code, grade, size, state in tuples(collected(changes.select(c.CUSTOMER_CODE, c.GRADE, c.SIZE, c.STATE))):
            if code in facts:
                facts[code].grade, facts[code].size, facts[code].state = grade, size, state
    known = _known_starts(listed, follow_ups)
    for code, reason, due_on in tuples(nw.from_native(due, eager_only=True).select(c.CUSTOMER_CODE, c.REASON, c.DUE_ON)):
        if code in facts:
            facts[code].warnings[reason] = due_on if code in known.get(reason, facts) else NEVER
    return facts


def add_analysis(facts: Mapping[str, Facts], stages: Any, warnings: Any, quarter: str) -> None:
    """Adds to the facts what an analysis found: the stage of who has none yet, and the level of a warning.

    stages, warnings: the result tables, None where there is none. quarter: the occasion of a level, so that it makes a task a quarter.
    """
    if stages is not None:
        for code, stage in tuples(nw.from_native(stages, eager_only=True).select(c.CUSTOMER_CODE, c.STAGE)):
            if code in facts and facts[code].stage is None:
                facts[code].stage = _stage(stage)
    if warnings is not None:
        for code, level in tuples(nw.from_native(warnings, eager_only=True).select(c.CUSTOMER_CODE, c.LEVEL)):
            if code in facts and level in LEVELS:
                facts[code].warnings[LEVELS[level]] = quarter


def _known_starts(customers: nw.DataFrame[Any], follow_ups: Any) -> dict[str, Collection[str]]:
    """Of the warnings that count from a day: the customers of whom that day is known. Of the others such a warning is due anew each day."""
    opened = {code for code, day in tuples(customers.select(c.CUSTOMER_CODE, c.OPENED_ON)) if day is not None}
    visits = set(visit_names())
    rows = tuples(collected(contacts(lazy(follow_ups)).select(c.CUSTOMER_CODE, c.KIND)))
    return {VISIT: opened | {code for code, kind in rows if kind in visits}, NO_CONTACT: opened | {code for code, _ in rows}}


def tasks(rules: Sequence[Rule], facts: Mapping[str, Facts], quarter: str, as_of: dt.date) -> list[Task]:
    """Every task that the rules make, rule by rule, in the order of the customers.

    The days count from `as_of`; those of a birthday from the birthday. One customer gets a rule's task once an occasion, however many of
    its values hold.
    """
    made: list[Task] = []
    for rule in rules:
        for code, known in facts.items():
            for occasion, start in _occasions(rule, known, quarter, as_of):
                made.append(Task(task_id(rule, code, occasion), code, rule, start + dt.timedelta(days=rule.within_days)))
    return made


def _occasions(rule: Rule, known: Facts, quarter: str, as_of: dt.date) -> Iterable[tuple[str, dt.date]]:
    """The occasions on which the rule holds of a customer, each with the day from which its days count."""
    if rule.condition == WARNING:
        for reason in sorted(rule.values & known.warnings.keys()):
            due_on = known.warnings[reason]
            start = due_on if reason == BIRTHDAY and isinstance(due_on, dt.date) else as_of
            yield f"{reason} {due_on}", start
    else:
        value: str | None = getattr(known, rule.condition)
        if value is not None and value in rule.values:
            yield (quarter if rule.condition in _OF_THE_QUARTER else value), as_of


def task_id(rule: Rule, code: str, occasion: str) -> str:
    """The id of a task: another one than an import or a person's own entry ever gets."""
    content = "\x1f".join((text_key(rule.name), rule.condition, code, occasion))
    return TASK_MARK + hashlib.sha256(content.encode()).hexdigest()[:12].upper()
