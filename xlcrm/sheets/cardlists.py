"""The lower part of the customer card: what the analysis found, open tasks, similar customers, follow-ups, and room to write in what
they leave."""

from __future__ import annotations

from collections.abc import Sequence

from xlcrm.rules.card import Card, Contact, Similar, Task
from xlcrm.sheets import pagewords as words
from xlcrm.sheets.cardcells import LIST_PX, text_cell
from xlcrm.sheets.cardfindings import finding_rows
from xlcrm.sheets.pages import PageCell, PageLine
from xlcrm.texts import Language, text

LIST_LINES = 16
MOST_TASKS, MOST_SIMILAR, MOST_SUGGESTIONS = 3, 3, 3
LEAST_CONTACTS = 2
"""Lines of the follow-ups that are always there: the head and the last one."""
LEAST_WRITING = 3
"""Lines to write on that are always there."""

_WRITING = [PageCell(column, None, "crm.write", span=span) for column, span in ((0, 1), (1, 2), (3, 6), (9, 3))]

Row = list[PageCell]


def lists(card: Card | None, language: Language) -> list[PageLine]:
    """Always the same number of lines; the lists have the same columns, so that one reads as a continuation of the other."""
    rows: list[Row] = []
    if card is not None:
        rows += _above_contacts(card, LIST_LINES - 1 - LEAST_WRITING - LEAST_CONTACTS, language)
        rows += _contacts(card.contacts, LIST_LINES - len(rows) - 1 - LEAST_WRITING, language)
    notes = text_cell(0, 3, text("card.notes", language), "crm.section")
    rows.append([notes, PageCell(3, None, "crm.caption", span=6), PageCell(9, None, "crm.caption", span=3)])
    rows += [_WRITING] * (LIST_LINES - len(rows))
    return [PageLine(LIST_PX, row) for row in rows]


def _above_contacts(card: Card, room: int, language: Language) -> list[Row]:
    """What stands above the follow-ups, in at most `room` lines: suggestions give way first, then similar customers."""
    suggested, alike = MOST_SUGGESTIONS, MOST_SIMILAR
    while True:
        rows = finding_rows(card.findings, card.as_of, suggested, language)
        rows += _tasks(card.tasks, language) if card.tasks else []
        rows += _similar(card.similar[:alike], language) if card.similar else []
        if len(rows) <= room or alike == 1:
            return rows
        suggested, alike = (suggested - 1, alike) if suggested > 1 else (suggested, alike - 1)


def _heads(title: str, said: str = "", after: str = "") -> Row:
    return [
        text_cell(0, 3, title, "crm.customer.section", 11.5, True),
        text_cell(3, 6, said, "crm.customer.head", 9),
        text_cell(9, 3, after, "crm.customer.head", 9),
    ]


def _row(day: str, kind: str, said: str, after: str, look: str = "") -> Row:
    style = f"crm.customer.text{look}"
    return [
        text_cell(0, 1, day or words.NOTHING, style, bold=bool(look)),
        text_cell(1, 2, kind or words.NOTHING, style, bold=bool(look)),
        text_cell(3, 6, said or words.NOTHING, "crm.customer.text"),
        text_cell(9, 3, after or words.NOTHING, "crm.customer.text.quiet"),
    ]


def _tasks(tasks: Sequence[Task], language: Language) -> list[Row]:
    rest = len(tasks) - MOST_TASKS
    rows = [_heads(text("card.tasks", language), "", text("card.more_tasks", language, count=rest) if rest > 0 else "")]
    for task in tasks[:MOST_TASKS]:
        day = task.due_on.isoformat() if task.due_on else text("card.task_no_day", language)
        mark = text("card.task_overdue", language) if task.overdue else ""
        said = task.what or text("card.task_blank", language)
        agreed = text("card.task_agreed", language, day=task.agreed_on)
        rows.append(_row(day, mark, said, agreed, ".overdue" if task.overdue else ""))
    return rows


def _similar(similar: Sequence[Similar], language: Language) -> list[Row]:
    rows = [_heads(text("card.similar", language), text("card.similar_head", language))]
    for each in similar:
        products = text("print.list_separator", language).join(each.products) or text("card.similar_none", language)
        rows.append(
            [
                text_cell(0, 3, each.name, "crm.customer.text"),
                text_cell(3, 6, products, "crm.customer.text"),
                text_cell(9, 3, each.code, "crm.customer.text.quiet"),
            ]
        )
    return rows


def _contacts(contacts: Sequence[Contact], room: int, language: Language) -> list[Row]:
    """room: lines, the head's included."""
    shown = contacts[: room - 1]
    rest = len(contacts) - len(shown)
    after = text("card.more_contacts", language, count=rest) if rest else text("card.contacts_next", language)
    rows = [_heads(text("card.contacts", language), text("card.contacts_said", language), after)]
    for contact in shown:
        day = contact.next_action_on.isoformat() if contact.next_action_on else ""
        agreed = "  ".join(part for part in (contact.next_action, day) if part)
        rows.append(_row(contact.date.isoformat(), contact.kind, contact.said, agreed))
    return rows if shown else [*rows, _row("", "", text("card.no_contacts", language), "")]
