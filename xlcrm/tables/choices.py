"""What choice columns offer: ids of texts in `texts/choices.toml`."""

from __future__ import annotations

from xlcrm.texts import in_every_language

FOLLOW_UP_KINDS = ("visit", "call", "message", "return_visit", "complaint", "order", "note")
VISIT_KINDS = ("visit", "return_visit")
"""The kinds for which somebody went to the customer."""
CUSTOMER_STATUSES = ("target", "no_intent", "unsorted")
CONSENT_PURPOSES = ("contact", "marketing", "survey", "data_sharing", "erasure")
"""What a customer agrees to; `erasure` is the customer's request to be forgotten."""
SURVEY_KINDS = ("csat", "nps", "feedback")
"""What a customer answered: how satisfied (1 to 5), whether he would recommend us (0 to 10), or in words alone."""
SENTIMENTS = ("positive", "neutral", "negative")
PLAYBOOK_CONDITIONS = ("grade", "size", "state", "status", "stage", "warning")
"""What a rule of the playbook looks at."""
YES_NO = ("yes", "no")
MERGE_DECISIONS = ("merge_into_a", "merge_into_b", "different")
"""What a person decides about two customers that may be one."""


def choice_names(choice: str) -> tuple[str, ...]:
    """What a choice may be called: its id, and its text in every language."""
    return (choice, *in_every_language(f"choices.{choice}"))


def visit_names() -> list[str]:
    """What the kinds that are visits may be called."""
    return sorted({name for kind in VISIT_KINDS for name in choice_names(kind)})
