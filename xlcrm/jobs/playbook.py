"""Makes follow-ups of the Playbook's rules: what is to be done for a customer and until when, once each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from xlcrm.jobs.faults import placed
from xlcrm.jobs.store import Store, today
from xlcrm.problems import Problem
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.rules.playbook import Task
    from xlcrm.settings import Settings
    from xlcrm.tables.check import Checked

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying the Playbook did, or with `dry_run` would do.

    tasks: the follow-ups that are new. by_rule: of each rule the new ones and those that were there before. problems: rows of Playbook
    that are no rules.
    """

    tasks: pl.DataFrame
    by_rule: Mapping[str, tuple[int, int]]
    problems: Sequence[Problem]
    dry_run: bool = False

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        if not self.by_rule and not self.problems:
            return [text("followups.playbook_empty", language)]
        entry = "followups.playbook_would" if self.dry_run else "followups.playbook_done"
        lines = [text(entry, language, tasks=self.tasks.height, rules=len(self.by_rule))]
        for rule, (new, before) in self.by_rule.items():
            lines.append(text("followups.playbook_rule", language, rule=rule, new=new, before=before))
        if self.dry_run:
            shown = self.tasks.head(_SHOWN).select(c.NEXT_ACTION_ON, c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.NEXT_ACTION)
            lines += ["  " + "  ".join(str(value) for value in row if value is not None) for row in shown.iter_rows()]
            if self.tasks.height > _SHOWN:
                lines.append(text("cli.more_problems", language, more=self.tasks.height - _SHOWN))
        if self.problems:
            lines.append(text("followups.playbook_problems", language, rows=len(self.problems)))
            lines += [f"  {problem.line(language)}" for problem in self.problems]
        return lines


def apply_playbook(store: Store, as_of: dt.date | None = None, dry_run: bool = False) -> Applied:
    """Makes the tasks that the rules ask for on that day (today, if none is given) and that are not there yet.

    A row that is no rule is named by its cell; the others are carried out.
    """
    from xlcrm.jobs.due import due_list
    from xlcrm.jobs.followup_effects import known_customers, with_lookups
    from xlcrm.jobs.recording import save
    from xlcrm.rules.consent import Consents
    from xlcrm.rules.playbook import add_analysis, facts_of, rules_of, tasks
    from xlcrm.rules.quarters import quarter_of_day
    from xlcrm.sheets.changes import WorkbookChanges

    as_of, settings = as_of or today(), store.settings()
    shown, due = known_customers(store), due_list(store, as_of).frame
    customers, grades, follow_ups = (store.read(table_id).frame for table_id in ("customers", "grades", "follow_ups"))
    written = store.read("playbook")
    stage = _stage_column(customers)
    stages, warned = (_found(store, table_id) for table_id in ("stages", "warnings"))
    staged = None if stage else stages  # a column of the user's own says it better
    has_stage = bool(stage) or staged is not None
    rules, faults = rules_of(written.frame.select(_asked(written)).iter_rows(named=True), settings, has_stage)
    problems = [*written.problems, *(placed(fault, written, "playbook", settings) for fault in faults)]
    quarters = _quarters(settings, grades)
    erased = Consents.of(store.read("consents").frame).erased(as_of) if store.has("consents") else frozenset()
    known = customers.filter(~pl.col(c.CUSTOMER_CODE).is_in(list(erased)))
    facts = facts_of(known, grades, follow_ups, due, settings, quarters, stage)
    add_analysis(facts, staged, warned, quarter_of_day(as_of))
    there = set(follow_ups[c.FOLLOW_UP_ID].drop_nulls().to_list())
    wanted = {task.id: task for task in tasks(rules, facts, quarters[0] if quarters else "", as_of)}
    new = [task for task in wanted.values() if task.id not in there]
    counts = Counter(task.rule.name for task in new)
    before = Counter(task.rule.name for task in wanted.values() if task.id in there)
    rows = with_lookups(_rows(store, new, settings, as_of), shown).with_columns(pl.lit(None, pl.String).alias(c.LINK_KEY))
    applied = Applied(rows, {rule.name: (counts[rule.name], before[rule.name]) for rule in rules}, problems, dry_run)
    if new and not dry_run:
        save(store, "playbook", WorkbookChanges(added={"follow_ups": rows}))
    return applied


def _rows(store: Store, made: Sequence[Task], settings: Settings, as_of: dt.date) -> pl.DataFrame:
    """The tasks as rows of Follow-ups: notes of whoever applies the Playbook, without a lookup."""
    from xlcrm.jobs.recording import author_of
    from xlcrm.tables.check import DTYPES

    kind, author = text("choices.note", settings.language), author_of(store) or None
    values: dict[str, list[Any]] = {
        c.DATE: [as_of] * len(made), c.CUSTOMER_CODE: [task.code for task in made], c.KIND: [kind] * len(made),
        c.NOTE: [_note(task, settings.language) for task in made], c.NEXT_ACTION: [task.rule.action for task in made],
        c.NEXT_ACTION_ON: [task.on for task in made], c.PRIORITY: [task.rule.priority for task in made], c.AUTHOR: [author] * len(made),
        c.FOLLOW_UP_ID: [task.id for task in made],
    }  # fmt: skip
    spec = TABLES["follow_ups"].by_id
    return pl.DataFrame([pl.Series(name, column, dtype=DTYPES[spec[name].kind]) for name, column in values.items()])


def _note(task: Task, language: Language) -> str:
    entry = "followups.task_note" if task.rule.goal is None else "followups.task_note_goal"
    return text(entry, language, rule=task.rule.name, goal=task.rule.goal)


def _asked(written: Checked) -> list[pl.Expr]:
    """The columns of a rule; one that the user took out of the sheet is blank."""
    return [
        pl.col(column.id) if column.id in written.frame.columns else pl.lit(None, pl.String).alias(column.id)
        for column in TABLES["playbook"].columns
    ]


def _found(store: Store, table_id: str) -> pl.DataFrame | None:
    """What Analyse wrote into that table; None where there is nothing of it."""
    if not store.has(table_id):
        return None
    frame = store.read(table_id).frame
    return None if frame.is_empty() else frame


def _stage_column(customers: pl.DataFrame) -> str:
    """The column of Customers that says in which stage a customer is; empty where there is none."""
    from xlcrm.rules.playbook import STAGE_HEADS
    from xlcrm.tables.schema import header_key

    heads = {header_key(head) for head in STAGE_HEADS}
    return next((name for name in customers.columns if header_key(name) in heads), "")


def _quarters(settings: Settings, grades: pl.DataFrame) -> tuple[str, str] | None:
    """The quarters that the workbook compares, else the newest that has grades and the one before it; None without any grade."""
    from xlcrm.rules.quarters import previous_quarter

    held = grades[c.QUARTER].drop_nulls().to_list()
    if not held:
        return None
    current = settings.current_quarter or max(held)
    chosen = settings.previous_quarter if current == settings.current_quarter else ""
    return current, chosen or previous_quarter(current)
