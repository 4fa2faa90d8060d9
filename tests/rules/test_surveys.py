"""Answers of customers: which count, CSAT and NPS per quarter, and which of them warn of leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import narwhals as nw
import pytest

from tests.rules.handmade import table
from tests.rules.standing import DAY, ago, follow_ups, met, on_days, row
from tests.rules.test_value_engines import ENGINES
from xlcrm.rules.frames import tuples
from xlcrm.rules.surveys import FEEDBACK_COLUMNS, VOICE_COLUMNS, Answer, answers, feedback, voice
from xlcrm.rules.voice import csat, nps
from xlcrm.rules.warnings import warn
from xlcrm.tables import columns as c
from xlcrm.tables.surveys import fault_of, kind_of, named_kind, scale_of

BUYS = on_days({"1": [10, 30, 50, 70, 100, 120, 140, 160]})


def said(kind: str, score: int | None = None, words: str | None = None, day: dt.date = DAY, code: str | None = "1") -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.DATE: day, c.KIND: kind, c.SCORE: score, c.FEEDBACK: words}


@pytest.mark.parametrize(
    ("kind", "score", "words", "fault"),
    [
        ("csat", 1, None, None), ("csat", 5, None, None), ("csat", 0, None, "survey_out_of_scale"), ("csat", 6, None, "survey_out_of_scale"),
        ("nps", 0, None, None), ("nps", 10, None, None), ("nps", 11, None, "survey_out_of_scale"), ("nps", -1, None, "survey_out_of_scale"),
        ("nps", None, "good", "survey_no_answer"), ("feedback", None, "good", None), ("feedback", None, " ", "survey_no_answer"),
        ("feedback", 3, "good", None), (None, 3, "good", "survey_unknown_kind"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer(kind: str | None, score: int | None, words: str | None, fault: str | None) -> None:
    assert fault_of(kind, score, words) == fault


def test_a_kind_is_known_in_either_language_and_a_header_names_it() -> None:
    assert [kind_of(each) for each in ("NPS", "csat", "满意度", "净推荐值", "Feedback", "意见", "CES", None)] == [
        "nps", "csat", "csat", "nps", "feedback", "feedback", None, None,
    ]  # fmt: skip
    names = ("NPS score", "推荐度", "满意度评分", "Customer satisfaction", "Score", "NPS 满意度")
    assert [named_kind(each) for each in names] == ["nps", "nps", "csat", "csat", "", ""]
    assert scale_of("csat") == {"lowest": 1, "highest": 5}
    assert scale_of("feedback") == scale_of(None) == {}


def test_only_good_answers_up_to_the_day_count() -> None:
    given = table("surveys", [
        said("NPS", 9), said("满意度", 4, "好"), said("NPS", 11), said("feedback"), said("CES", 3), said("NPS", 8, day=DAY + dt.timedelta(1)),
        said("NPS", 3, code=None),
    ])  # fmt: skip
    found, left_out = answers(given, DAY)
    assert found == [Answer("1", DAY, "nps", 9, None), Answer("1", DAY, "csat", 4, "好")]
    assert left_out == 3  # a score off its scale, an unknown kind, nobody's answer; words that an erasure took away are no fault


def test_csat_and_nps_of_each_quarter_are_those_of_the_rule() -> None:
    first, second = dt.date(2017, 3, 31), dt.date(2017, 4, 1)
    scores = [5, 4, 4, 2, 3] * 8
    rows = [said("csat", score, day=first) for score in scores] + [said("nps", score, day=second) for score in (10, 9, 7, 0)]
    given = table("surveys", [*rows, said("feedback", None, "very good", day=first)])
    found = voice(answers(given, dt.date(2017, 12, 31))[0], given, "en")
    assert found.columns == list(VOICE_COLUMNS)
    one, two = found.rows(named=True)
    expected = csat(scores)
    assert (one[c.QUARTER], one[c.MEASURE], one[c.RESPONSES], one[c.VALUE], one[c.NOTE]) == ("2017Q1", "csat", 40, 60.0, None)
    assert (one[c.LOWEST], one[c.HIGHEST]) == (pytest.approx(expected.low, abs=0.05), pytest.approx(expected.high, abs=0.05))
    few = nps([10, 9, 7, 0])
    assert (two[c.QUARTER], two[c.MEASURE], two[c.RESPONSES], two[c.VALUE]) == ("2017Q2", "nps", 4, 25.0)
    assert (two[c.LOWEST], two[c.HIGHEST]) == (pytest.approx(few.low, abs=0.05), pytest.approx(few.high, abs=0.05))
    assert "30" in two[c.NOTE]


def test_scores_are_shares_of_their_scale_and_words_have_none() -> None:
    given = table(
        "surveys",
        [
            said("csat", 1),
            said("csat", 5),
            said("nps", 6),
            said("nps", 7),
            said("feedback", None, "很差，再也不买了"),
            said("feedback", None, "ok"),
        ],
    )
    found = feedback(answers(given, DAY)[0], given)
    assert found.columns == list(FEEDBACK_COLUMNS)
    assert found[c.SCORE].to_list() == [0.0, 1.0, pytest.approx(0.6), pytest.approx(0.7), None, None]
    assert found["negative"].to_list() == [1, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        ([], [said("nps", 6, day=ago(5))], True),  # a detractor, as a complaint
        ([], [said("nps", 7, day=ago(5))], False),
        ([], [said("feedback", None, "the delivery was late and the boxes were terrible", day=ago(5))], True),
        ([said("nps", 6, day=ago(100))], [said("nps", 6, day=ago(5))], False),  # as bad as before is no decline
        ([said("csat", 5, day=ago(100))], [said("csat", 4, day=ago(5))], True),  # a quarter of the scale
        ([said("csat", 5, day=ago(100))], [said("feedback", None, "ok", day=ago(5))], False),  # plain words are no worse score
        ([], [said("nps", 0, day=DAY + dt.timedelta(1))], False),
    ],
)  # fmt: skip
def test_worse_feedback_is_a_sign(before: list[dict[str, Any]], now: list[dict[str, Any]], holds: bool) -> None:
    given = table("surveys", [*before, *now])
    found = warn(BUYS, follow_ups(), DAY, feedback=feedback(answers(given, DAY)[0], given))
    assert row(found.figures, "1")["feedback_worse"] == int(holds)


def test_bad_answers_and_complaints_are_counted_together() -> None:
    given = table("surveys", [said("nps", 2, day=ago(5)), said("csat", 1, day=ago(6))])
    asked = follow_ups(met("1", 100, "complaint"), met("1", 7, "complaint"))
    figures = row(warn(BUYS, asked, DAY, feedback=feedback(answers(given, DAY)[0], given)).figures, "1")
    assert (figures["complaints_now"], figures["complaints_before"]) == (3, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same(engine: str) -> None:
    rows = [
        said("csat", 4),
        said("nps", 3, day=ago(100)),
        said("feedback", None, "很差"),
        said("nps", 12),
        said("csat", None),
        said("nps", 9, code="2"),
    ]
    given, asked = table("surveys", rows), follow_ups(met("1", 7, "complaint"))

    def found(to_engine: Callable[[Any], Any]) -> list[Any]:
        native = to_engine(given)
        good, left_out = answers(native, DAY)
        told = feedback(good, native)
        warned = warn(to_engine(BUYS), to_engine(asked), DAY, feedback=told)
        frames = (voice(good, native, "en"), told, warned.figures)
        return [good, left_out, *(tuples(nw.from_native(frame, eager_only=True)) for frame in frames)]

    assert found(ENGINES[engine]) == found(lambda frame: frame)
