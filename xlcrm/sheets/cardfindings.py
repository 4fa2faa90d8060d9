"""What the analysis found of a customer, on its card: a few calm lines, none where it found nothing."""

from __future__ import annotations

import datetime as dt

from xlcrm.rules.card import NO_FINDINGS, Findings, Suggested
from xlcrm.sheets import pagewords as words
from xlcrm.sheets.cardcells import text_cell
from xlcrm.sheets.pages import PageCell
from xlcrm.texts import Language, has, text


def finding_rows(found: Findings, as_of: dt.date, most_suggestions: int, language: Language) -> list[list[PageCell]]:
    """Heads, their values, the warning, and a line for each product to offer; the columns are nearly those of the lists below."""
    if found == NO_FINDINGS:
        return []
    level = warning_of(found, language)
    heads = [text_cell(0, 3, text("card.findings", language), "crm.customer.section", 11.5, True)]
    values = [text_cell(0, 3, level, f"crm.customer.text{'.overdue' if found.level else '.quiet'}", bold=bool(found.level))]
    stage, segment, expected, leaving = standing(found, as_of, language)
    # The last two share a column: its head is of both.
    both = (text("card.next_and_leaving", language), " · ".join(value for _, value in (expected, leaving) if value))
    for (column, span), (head, value) in zip(((3, 4), (7, 2), (9, 3)), (stage, segment, both), strict=True):
        heads.append(text_cell(column, span, head, "crm.customer.head", 9))
        values.append(text_cell(column, span, value or words.NOTHING, "crm.customer.text"))
    rows = [heads, values]
    if found.level:
        said = text_cell(0, 5, signals_of(found, language) or words.NOTHING, "crm.customer.text")
        rows.append([said, text_cell(5, 7, found.action or words.NOTHING, "crm.customer.text")])
    for each in found.suggestions[:most_suggestions]:
        product, because, figures = suggestion_words(each, language)
        cells = (text_cell(0, 3, product, "crm.customer.text"), text_cell(3, 6, because, "crm.customer.text"))
        rows.append([*cells, text_cell(9, 3, figures, "crm.customer.text.quiet")])
    return rows


def standing(found: Findings, as_of: dt.date, language: Language) -> list[tuple[str, str]]:
    """Label and value of stage, segment, the day on which the next purchase is to be expected, and the probability of leaving; "" for a
    value that is not known."""
    stage = _name("stage", found.stage, language)
    if stage and found.since:
        stage = text("card.stage_since", language, stage=stage, quarter=words.quarter_label(found.since, language))
    day = found.next_purchase
    late = day is not None and day < as_of
    expected = "" if day is None else text("card.next_purchase_late", language, day=day) if late else day.isoformat()
    values = {
        "stage": stage,
        "segment": _name("segment", found.segment, language),
        "next_purchase": expected,
        "leaving": "" if found.leaving is None else _percent(found.leaving),
    }
    return [(text(f"card.{label}", language), value) for label, value in values.items()]


def warning_of(found: Findings, language: Language) -> str:
    """The level, or that the customer is not on the list, which holds no more than a week's visits."""
    return text("card.warning_level", language, level=found.level) if found.level else text("card.warning_none", language)


def signals_of(found: Findings, language: Language) -> str:
    """The signals of the warning by their names."""
    return text("print.list_separator", language).join(_name("signal", each, language) for each in found.signals)


def suggestion_words(each: Suggested, language: Language) -> tuple[str, str, str]:
    """What to offer, what the customer takes already, and how sure the rule is."""
    because = text("card.suggest_because", language, products=" + ".join(each.because))
    share = words.NOTHING if each.confidence is None else _percent(each.confidence)
    lift = words.NOTHING if each.lift is None else f"{each.lift:.1f}"
    figures = text("card.suggest_figures", language, share=share, lift=lift)
    return text("card.suggest", language, product=each.product), because, figures


def _percent(share: float) -> str:
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def _name(kind: str, each: str, language: Language) -> str:
    """The name of an id; a text that is none stands as it is."""
    return text(f"lifecycle.{kind}_{each}", language) if has(f"lifecycle.{kind}_{each}") else each
