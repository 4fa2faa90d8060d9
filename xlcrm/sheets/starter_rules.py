"""The rules that a new workbook begins with, each of them to be changed or deleted: those of Playbook, and those of the stages."""

from __future__ import annotations

from xlcrm.rules.stage_rules import rows_of
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.catalog_stages import STAGE_RULES
from xlcrm.texts import Language, text

_RULES = (
    ("down", "state", 7, 2, "yes"), ("lost", "state", 3, 1, "yes"), ("new", "state", 5, 2, "yes"), ("no_contact", "warning", 3, 3, "yes"),
    ("birthday", "warning", 0, 3, "yes"),
    ("prospect", "stage", 14, 3, "no"), ("contact", "stage", 14, 3, "no"), ("conversion", "stage", 14, 2, "no"),
    ("sustained", "stage", 28, 4, "no"), ("decline", "stage", 7, 1, "no"),
)  # fmt: skip
"""Text, condition, days, priority, whether it is carried out: a rule a stage waits until a user says yes, for it asks of every customer."""
_WORDS = {c.RULE: "", c.EQUALS: "_is", c.ACTION: "_do", c.GOAL: "_for"}


def starter_rules(language: Language) -> list[tuple[object, ...]]:
    """The rows of Playbook as a person sees them, in the order of its columns."""
    rows = []
    for name, condition, days, priority, active in _RULES:
        words: dict[str, object] = {column: text(f"followups.starter_{name}{end}", language) for column, end in _WORDS.items()}
        values: dict[str, object] = {
            **words, c.CONDITION: text(f"choices.{condition}", language), c.WITHIN_DAYS: days, c.PRIORITY: priority,
            c.ACTIVE: text(f"choices.{active}", language),
        }  # fmt: skip
        rows.append(tuple(values[column] for column in TABLES["playbook"].column_ids))
    return rows


def starter_stage_rules(language: Language) -> list[tuple[object, ...]]:
    """The rows of StageRules as a person sees them: the rules that hold where the table is empty, too."""
    columns = STAGE_RULES.columns
    return [
        tuple(
            text(column.terms + str(row[column.id]), language) if column.terms and row[column.id] else row[column.id] for column in columns
        )
        for row in rows_of()
    ]
