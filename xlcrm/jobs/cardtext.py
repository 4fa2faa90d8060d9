"""The customer card for a terminal: the same content as its page, aligned by display width, with more of what is long."""

from __future__ import annotations

from collections.abc import Sequence

from xlcrm.rules.card import NO_FINDINGS, Card, sparkline
from xlcrm.settings import Settings
from xlcrm.sheets import pagewords as words
from xlcrm.sheets.cardfindings import signals_of, standing, suggestion_words, warning_of
from xlcrm.sheets.cardpage import change_words, facts, gap_lines, warning_words
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.tables.width import aligned, shortened
from xlcrm.texts import Language, text

WIDEST = 100
MOST_CONTACTS = 12
_GAP = "  "


def card_lines(card: Card, settings: Settings) -> list[str]:
    """The lines, those of the workbook's language."""
    language = settings.language
    title = text("card.title", language, quarter=words.quarter_label(card.quarter, language))
    lines = [f"{card.name or card.code}    {title}", facts(card, language)]
    warned = [text("card.warning_first", language, words=warning_words(each, language)) for each in card.warnings]
    lines += warned or [text("card.nothing_due", language)]
    lines += [text("card.advice", language, advice=card.line["advice"])] if card.line.get("advice") else []
    history = [
        [words.quarter_label(each.quarter, language), each.shown, words.pair(each.quantity, each.amount, language)] for each in card.history
    ]
    lines += _section(text("card.history", language) + _GAP + sparkline([each.quantity for each in card.history]), history)
    lines += _section(text("card.gap", language), [[label, value] for label, value, _ in gap_lines(card, settings)])
    lines += _section(text("card.profile", language), [[label, value] for label, value in (*card.profile, *card.own_columns) if value])
    lines += _section(text("card.why", language), [[sentence] for sentence in card.why])
    lines += _section(text("card.by_product", language), _products(card, language))
    lines += _findings(card, language)
    lines += _section(text("card.tasks", language), _tasks(card, language))
    similar = [
        [each.code, each.name, text("print.list_separator", language).join(each.products) or text("card.similar_none", language)]
        for each in card.similar
    ]
    lines += _section(f"{text('card.similar', language)}: {text('card.similar_head', language)}", similar)
    return [*lines, *_section(text("card.contacts", language), _contacts(card, language))]


def _section(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """A title and its rows in columns; nothing without rows."""
    if not rows:
        return []
    return ["", title, *(shortened(line, WIDEST) for line in aligned(rows))]


def _products(card: Card, language: Language) -> list[list[str]]:
    rows = []
    for product in card.products:
        quantity = words.short_figure(words.rounded(product.quantity, SCALE[ColumnKind.QUANTITY]), language)
        amount = words.NOTHING
        if product.amount is not None:
            amount = words.short_figure(words.rounded(product.amount, SCALE[ColumnKind.MONEY]), language)
        rows.append([product.name, f"{quantity} / {amount}", change_words(product.change)])
    return rows


def _findings(card: Card, language: Language) -> list[str]:
    """Where the customer stands, the warning with its figures and what to do, the products to offer; each aligned by itself."""
    found = card.findings
    if found == NO_FINDINGS:
        return []
    stands = [[label, value] for label, value in standing(found, card.as_of, language) if value]
    signals = signals_of(found, language)
    said = [_GAP.join(part for part in (warning_of(found, language), signals) if part)]
    said += [found.reasons, found.action] if found.level else []
    offers = []
    for each in found.suggestions:
        product, because, figures = suggestion_words(each, language)
        # What is long gives way, so that the figures of the rule are never cut.
        offers.append([shortened(product, 26), shortened(because, 38), figures])
    groups = (stands, [[each] for each in said if each], offers)
    return ["", text("card.findings", language), *(shortened(line, WIDEST) for group in groups if group for line in aligned(group))]


def _tasks(card: Card, language: Language) -> list[list[str]]:
    return [
        [
            task.due_on.isoformat() if task.due_on else text("card.task_no_day", language),
            text("card.task_overdue", language) if task.overdue else "",
            task.what or text("card.task_blank", language),
            text("card.task_agreed", language, day=task.agreed_on),
        ]
        for task in card.tasks
    ]


def _contacts(card: Card, language: Language) -> list[list[str]]:
    rows = []
    for contact in card.contacts[:MOST_CONTACTS]:
        day = contact.next_action_on.isoformat() if contact.next_action_on else ""
        agreed = _GAP.join(part for part in (contact.next_action, day) if part)
        rows.append(
            [
                contact.date.isoformat(),
                contact.kind,
                shortened(" ".join(contact.said.split()), 50),
                f"{words.ARROW} {agreed}" if agreed else "",
            ]
        )
    rest = len(card.contacts) - len(rows)
    if not rows:
        return [[text("card.no_contacts", language)]]
    return [*rows, [text("card.more_tasks", language, count=rest)]] if rest else rows
