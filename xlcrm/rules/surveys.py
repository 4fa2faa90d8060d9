"""The answers of customers: which are good, what they say per quarter, and which of them is a bad sign (features S39, S40, S50, S18).

An answer has a kind: csat on the scale from 1 to 5, nps from 0 to 10, feedback in words alone. Per quarter they become CSAT and NPS, see
`voice`. For the signal "feedback worse" of `warnings` an answer is negative where it is 1 or 2 of csat, 0 to 6 of nps, or, without a
score, where its words are (see `sentiment`). Scores are compared as shares of their scale; words have none, since neutral words are no
score in the middle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw

from xlcrm.rules.contactfigures import NEGATIVE as IS_NEGATIVE
from xlcrm.rules.frames import collected, frame_of, lazy, tuples
from xlcrm.rules.quarters import quarter_of_day
from xlcrm.rules.sentiment import NEGATIVE, sentiment
from xlcrm.rules.voice import DETRACTORS, FEW_ANSWERS, csat, nps
from xlcrm.tables import columns as c
from xlcrm.tables.surveys import CSAT, SCALES, fault_of, kind_of
from xlcrm.texts import Language, text

DISSATISFIED = (1, 2)
FEEDBACK_COLUMNS = (c.CUSTOMER_CODE, c.DATE, c.SCORE, IS_NEGATIVE)
"""What `warnings.warn` takes: score a share of the scale, null for words alone; negative 1 or 0."""
VOICE_COLUMNS = (c.QUARTER, c.MEASURE, c.RESPONSES, c.VALUE, c.LOWEST, c.HIGHEST, c.NOTE)
_READ = (c.CUSTOMER_CODE, c.DATE, c.KIND, c.SCORE, c.FEEDBACK)


class Answer(NamedTuple):
    """One answer that is good. kind: its id. score: on the scale of its kind, None for words alone."""

    code: str
    day: dt.date
    kind: str
    score: int | None
    words: str | None

    @property
    def share(self) -> float | None:
        """The score as a share of its scale: 0 is the worst answer, 1 the best."""
        if self.score is None or self.kind not in SCALES:
            return None
        lowest, highest = SCALES[self.kind]
        return (self.score - lowest) / (highest - lowest)

    @property
    def is_negative(self) -> bool:
        """Whether it is a bad sign."""
        if self.score is None or self.kind not in SCALES:
            return sentiment(self.words).label == NEGATIVE
        return self.score in DISSATISFIED if self.kind == CSAT else self.score <= DETRACTORS[1]


def answers(surveys: Any, as_of: dt.date) -> tuple[list[Answer], int]:
    """The good answers up to a day, in the order of the rows, and how many were left out up to then (see `tables.surveys.fault_of`).

    surveys: typed, any engine.
    """
    good, left_out = list[Answer](), 0
    for code, day, kind, score, words in tuples(collected(lazy(surveys).select(*_READ))):
        if day is None or day > as_of:
            continue
        known = kind_of(kind)
        fault = fault_of(known, score, words)
        if code is None or known is None or fault:
            # Feedback without words is what an erasure leaves: nothing is wrong with it.
            left_out += fault != "survey_no_answer" or known in SCALES
        else:
            good.append(Answer(code, day, known, score, words))
    return good, left_out


def voice(given: Sequence[Answer], surveys: Any, language: Language) -> Any:
    """VOICE_COLUMNS of every quarter with an answer, by quarter: measure csat or nps; a native frame of the engine of `surveys`."""
    rows = []
    scores: dict[tuple[str, str], list[int]] = {}
    for answer in given:
        if answer.score is not None and answer.kind in SCALES:
            scores.setdefault((quarter_of_day(answer.day), answer.kind), []).append(answer.score)
    for (quarter, kind), of_quarter in sorted(scores.items()):
        found = csat(of_quarter) if kind == CSAT else nps(of_quarter)
        note = text("voice.few", language, least=FEW_ANSWERS) if found.few else None
        value = None if found.value is None else round(found.value, 1)
        rows.append((quarter, kind, found.answers, value, round(found.low, 1), round(found.high, 1), note))
    schema = {
        c.QUARTER: nw.String(), c.MEASURE: nw.String(), c.RESPONSES: nw.Int64(), c.VALUE: nw.Float64(), c.LOWEST: nw.Float64(),
        c.HIGHEST: nw.Float64(), c.NOTE: nw.String(),
    }  # fmt: skip
    return frame_of(rows, schema, collected(lazy(surveys).select(*_READ).head(0)))


def feedback(given: Sequence[Answer], like: Any) -> Any:
    """FEEDBACK_COLUMNS of the answers: what the warnings go by. like: any frame of the engine wanted."""
    rows = [(answer.code, answer.day, answer.share, int(answer.is_negative)) for answer in given]
    schema = {c.CUSTOMER_CODE: nw.String(), c.DATE: nw.Date(), c.SCORE: nw.Float64(), IS_NEGATIVE: nw.Int64()}
    return frame_of(rows, schema, collected(lazy(like).head(0)))
