"""Who may be contacted: one case an answer, and what holds on every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import codes, table
from xlcrm.rules.consent import Consents, consent_problems, purpose_id
from xlcrm.tables import columns as c

DAY = dt.date(2017, 5, 10)


def days(count: int) -> dt.date:
    return DAY + dt.timedelta(days=count)


def row(code: str, purpose: str, given_on: dt.date | None, withdrawn_on: dt.date | None = None) -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.PURPOSE: purpose, c.GIVEN_ON: given_on, c.WITHDRAWN_ON: withdrawn_on}


def consents(*rows: dict[str, Any]) -> Consents:
    return Consents.of(table("consents", rows))


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([], "none"),
        ([row("1", "survey", days(-9))], "none"),
        ([row("1", "marketing", days(-9))], "given"),
        ([row("1", "marketing", DAY)], "given"),
        ([row("1", "marketing", days(1))], "not_yet"),
        ([row("1", "marketing", None)], "not_yet"),
        ([row("1", "marketing", days(-9), DAY)], "withdrawn"),
        ([row("1", "marketing", days(-9), days(1))], "given"),
        ([row("1", "marketing", None, days(-1))], "withdrawn"),
        ([row("1", "marketing", days(-9), days(-5)), row("1", "marketing", days(-2))], "given"),
        ([row("1", "marketing", days(-9)), row("1", "erasure", days(-1))], "erasure_asked"),
        ([row("1", "marketing", days(-9)), row("1", "erasure", days(1))], "given"),
        ([row("1", "marketing", days(-9)), row("1", "erasure", days(-3), days(-1))], "erased"),
        ([row("2", "marketing", days(-9))], "none"),
    ],
)
def test_the_answer(rows: Iterable[dict[str, Any]], answer: str) -> None:
    assert consents(*rows).answer("1", "marketing", DAY) == answer


@pytest.mark.parametrize("written", ["data sharing", "data_sharing", "Data-Sharing", "数据共享"])
def test_a_purpose_is_known_in_both_languages(written: str) -> None:
    assert purpose_id(written) == "data_sharing"
    assert purpose_id("anything else") is None
    assert consents(row("1", written, days(-1))).answer("1", "data_sharing", DAY) == "given"


def test_only_a_withdrawal_keeps_greetings_away() -> None:
    known = consents(
        row("1", "contact", days(-9), days(-1)), row("2", "contact", days(-9)), row("3", "marketing", days(-9), days(-1)),
        row("4", "erasure", days(-1)), row("5", "contact", days(-9), days(1)),
    )  # fmt: skip
    assert known.not_to_be_greeted(DAY) == {"1", "4"}


def test_who_was_erased_and_who_waits() -> None:
    known = consents(row("1", "erasure", days(-5), days(-1)), row("2", "erasure", days(-5)), row("3", "erasure", None))
    assert known.erased() == {"1"}
    assert known.erased(days(-2)) == frozenset()
    assert known.asked_to_be_forgotten() == ["2"]


def test_what_is_wrong() -> None:
    frame = table(
        "consents", [row("1", "survey", days(-1), days(-2)), row("2", "erasure", days(-1)), row("3", "survey", days(-2), days(-2))]
    )
    found = consent_problems(frame, "Consents")
    assert codes(found) == ["consent_withdrawn_before_given", "erasure_waits"]
    assert [(each.value, each.sheet) for each in found] == [("1", "Consents"), ("2", "Consents")]


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_other_engines_say_the_same(engine: str) -> None:
    frame: Any = table("consents", [row("1", "marketing", days(-9), days(-1)), row("2", "marketing", days(-3))])
    known = Consents.of(frame.to_pandas() if engine == "pandas" else frame)
    assert [known.answer(code, "marketing", DAY) for code in "12"] == ["withdrawn", "given"]


@given(
    st.lists(
        st.tuples(st.sampled_from("12"), st.sampled_from(["marketing", "erasure"]), *[st.none() | st.integers(-3, 3)] * 2), max_size=6
    ),
    st.integers(-4, 4),
)
def test_nobody_who_withdrew_or_was_erased_is_ever_on_a_list(rows: list[tuple[str, str, int | None, int | None]], on: int) -> None:
    """Independently of the order of the tests in the rule: an allowed customer has a consent that holds, and no erasure that began."""
    known = consents(
        *(row(code, what, *(None if each is None else days(each) for each in (start, end))) for code, what, start, end in rows)
    )
    for code in "12":
        own = [(what, start, end) for each, what, start, end in rows if each == code]
        holds = any(what == "marketing" and start is not None and start <= on and (end is None or end > on) for what, start, end in own)
        gone = any(
            what == "erasure" and ((start is not None and start <= on) or (end is not None and end <= on)) for what, start, end in own
        )
        assert (known.answer(code, "marketing", days(on)) == "given") == (holds and not gone)


def test_rows_without_a_customer_or_purpose_say_nothing() -> None:
    frame = pl.concat([table("consents", [row("1", "survey", DAY)]), table("consents", [{c.CUSTOMER_CODE: None, c.PURPOSE: "survey"}])])
    assert list(Consents.of(frame).by_code) == ["1"]
