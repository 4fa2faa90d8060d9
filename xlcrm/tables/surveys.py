"""What must hold of an answer beside the types of its cells, wherever it comes from."""

from __future__ import annotations

from functools import cache

from xlcrm.tables import columns as c
from xlcrm.tables.choices import SURVEY_KINDS, choice_names
from xlcrm.tables.schema import header_key

CSAT, NPS, FEEDBACK = SURVEY_KINDS
SCALES = {CSAT: (1, 5), NPS: (0, 10)}
"""The lowest and the highest answer of each kind that is answered by a number."""

FAULTY_COLUMN = {"survey_unknown_kind": c.KIND, "survey_out_of_scale": c.SCORE, "survey_no_answer": c.CUSTOMER_CODE}
"""The column that a problem of `fault_of` points to."""
_NAMED = {CSAT: ("csat", "satisf", "满意", "滿意"), NPS: ("nps", "promoter", "recommend", "推荐", "推薦")}


@cache
def _kinds() -> dict[str, str]:
    return {name.casefold(): kind for kind in SURVEY_KINDS for name in choice_names(kind)}


def kind_of(written: str | None) -> str | None:
    """The id of a kind, written in either language; None where it is none."""
    return _kinds().get((written or "").strip().casefold())


def named_kind(written: str) -> str:
    """The kind of answers that a header, a title or a name speaks of (`NPS score`, `满意度`); empty where it is none, or two."""
    key = header_key(written)
    found = {kind for kind, words in _NAMED.items() if any(word in key for word in words)}
    return found.pop() if len(found) == 1 else ""


def fault_of(kind: str | None, score: int | None, words: str | None) -> str | None:
    """The problem of an answer, None where it is good. kind: its id, None where it is none."""
    if kind is None:
        return "survey_unknown_kind"
    if kind not in SCALES:
        return None if (words or "").strip() else "survey_no_answer"
    if score is None:
        return "survey_no_answer"
    lowest, highest = SCALES[kind]
    return None if lowest <= score <= highest else "survey_out_of_scale"


def scale_of(kind: str | None) -> dict[str, int]:
    """The lowest and the highest answer of a kind, for the text of a problem; nothing for a kind without a scale."""
    return dict(zip(("lowest", "highest"), SCALES.get(kind or "", ()), strict=False))
