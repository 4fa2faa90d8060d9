"""Who is due: one case a reason, the settings that move it, and what holds for every list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import grades, purchase, table
from xlcrm.rules.due import PRIORITY, REASONS, due, next_birthday
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.results import DUE
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2017, 5, 10)
SHOP = {c.CUSTOMER_CODE: "01", c.CUSTOMER_NAME: "Corner Shop", c.ROUTE: "3"}


def days(count: int) -> dt.date:
    return DAY + dt.timedelta(days=count)


def contact(
    code: str, ago: int, kind: str | None = "visit", what: str | None = None, on: dt.date | None = None, key: str = ""
) -> dict[str, Any]:
    return {
        c.CUSTOMER_CODE: code, c.DATE: days(-ago), c.KIND: kind, c.NEXT_ACTION: what, c.NEXT_ACTION_ON: on,
        c.FOLLOW_UP_ID: key or f"{code}-{ago}-{kind}",
    }  # fmt: skip


def listed(
    follow_ups: Iterable[Mapping[str, Any]] = (), *, customers: Iterable[Mapping[str, Any]] = (SHOP,), held: Mapping[str, str] | None = None,
    bought: Iterable[Mapping[str, Any]] = (), settings: Settings | None = None, as_of: dt.date = DAY,
) -> pl.DataFrame:  # fmt: skip
    graded = grades(("2017Q1", held)) if held else table("grades", [])
    frame = due(
        table("customers", customers), table("follow_ups", follow_ups), graded, table("purchases", bought), settings or Settings(), as_of
    )
    assert frame.columns == list(DUE.column_ids)
    return frame


def reasons(frame: pl.DataFrame) -> dict[str, tuple[dt.date, int]]:
    """Of a list of one customer: reason -> due on, days overdue."""
    found = {reason: (on, over) for reason, on, over in frame.select(c.REASON, c.DUE_ON, c.DAYS_OVERDUE).iter_rows()}
    assert len(found) == frame.height
    return found


@pytest.mark.parametrize("kind", ["visit", "return visit", "拜访", "回访", "return_visit"])
def test_a_visit_is_due_after_the_interval(kind: str) -> None:
    assert reasons(listed([contact("01", 13, kind)])) == {}
    assert reasons(listed([contact("01", 14, kind)])) == {"visit": (DAY, 0)}
    assert reasons(listed([contact("01", 17, kind)])) == {"visit": (days(-3), 3)}


def test_a_call_is_no_visit_but_a_contact() -> None:
    assert reasons(listed([contact("01", 40, "visit"), contact("01", 2, "call")])) == {"visit": (days(-26), 26)}
    assert reasons(listed([contact("01", 40, "visit")])) == {"visit": (days(-26), 26), "no_contact": (days(-10), 10)}


def test_each_size_has_its_interval_and_what_has_none_the_common_one() -> None:
    settings = Settings(size_interval_days=(7, 21))
    for grade, interval in (("CS1", 7), ("CS2", 21), ("CZ12", 7), ("CS3", 14), (None, 14)):
        held = {"01": grade} if grade else None
        assert reasons(listed([contact("01", interval - 1)], held=held, settings=settings)) == {}, grade
        assert reasons(listed([contact("01", interval)], held=held, settings=settings)) == {"visit": (DAY, 0)}, grade


def test_the_latest_grade_that_is_known_on_the_day_counts() -> None:
    settings = Settings(size_interval_days=(7, 21, 28))
    held = grades(("2016Q4", {"01": "CS3"}), ("2017Q2", {"01": "CS2"}), ("2017Q3", {"01": "CS1"}))
    frame = due(table("customers", [SHOP]), table("follow_ups", [contact("01", 22)]), held, table("purchases", []), settings, DAY)
    assert reasons(frame) == {"visit": (days(-1), 1)}


def test_a_customer_never_seen_is_due_from_the_day_it_was_opened_else_now() -> None:
    assert reasons(listed()) == {"visit": (DAY, 0), "no_contact": (DAY, 0)}
    opened = {**SHOP, c.OPENED_ON: days(-20)}
    assert reasons(listed(customers=[opened])) == {"visit": (days(-6), 6)}
    assert reasons(listed(customers=[{**SHOP, c.OPENED_ON: days(-3)}])) == {}


def test_an_agreement_is_due_on_its_day_until_a_contact_keeps_it() -> None:
    made = contact("01", 9, "visit", "bring samples", days(-2))
    assert reasons(listed([made])) == {"next_action": (days(-2), 2)}
    assert "bring samples" in listed([made])[c.REASON_TEXT][0]
    assert reasons(listed([made, contact("01", 5, "call")])) == {"next_action": (days(-2), 2)}
    assert reasons(listed([made, contact("01", 2, "call")])) == {}
    assert reasons(listed([contact("01", 1, "visit", "call", days(1))])) == {}
    assert reasons(listed([contact("01", 0, "visit", "call", DAY)])) == {"next_action": (DAY, 0)}


def test_a_new_agreement_takes_the_place_of_the_earlier_one() -> None:
    follow_ups = [contact("01", 9, "visit", "samples", days(-2)), contact("01", 3, "visit", "order", days(4))]
    assert reasons(listed(follow_ups)) == {}


def test_a_birthday_is_due_some_days_ahead_and_not_afterwards() -> None:
    seen = [contact("01", 1)]
    for ahead, expected in ((0, True), (7, True), (8, False), (-1, False)):
        born = days(ahead).replace(year=1980)
        found = reasons(listed(seen, customers=[{**SHOP, c.BIRTHDAY: born}]))
        assert found == ({"birthday": (days(ahead), 0)} if expected else {}), ahead
    assert reasons(listed(seen, customers=[{**SHOP, c.BIRTHDAY: days(8)}], settings=Settings(birthday_days=8))) == {
        "birthday": (days(8), 0)
    }


def test_birthdays_over_the_turn_of_the_year_and_in_leap_years() -> None:
    assert next_birthday(dt.date(1980, 1, 2), dt.date(2017, 12, 30)) == dt.date(2018, 1, 2)
    assert next_birthday(dt.date(1980, 2, 29), dt.date(2017, 2, 20)) == dt.date(2017, 2, 28)
    assert next_birthday(dt.date(1980, 2, 29), dt.date(2020, 2, 20)) == dt.date(2020, 2, 29)


def test_high_spenders_are_due_once_a_quarter() -> None:
    codes = [f"{number:02}" for number in range(1, 11)]
    people = [{c.CUSTOMER_CODE: code} for code in codes]
    bought = [purchase(code, quarter, 1, int(code) * 10) for code in codes for quarter in ("2016Q3", "2017Q1", "2017Q2")]
    bought.append(purchase("01", "2016Q3", 1, 9999))  # too long ago
    bought.append(purchase("02", "2017Q3", 1, 9999))  # not yet known
    seen = [contact(code, 9, "call") for code in codes] + [contact("09", 5)]

    def high(settings: Settings) -> dict[str, dt.date]:
        frame = listed(seen, customers=people, bought=bought, settings=settings).filter(pl.col(c.REASON) == "high_spend")
        return dict(frame.select(c.CUSTOMER_CODE, c.DUE_ON).iter_rows())

    assert high(Settings()) == {"10": dt.date(2017, 6, 30)}  # 09 was visited in this quarter
    assert sorted(high(Settings(high_spend_percent=40))) == ["07", "08", "10"]
    assert high(Settings(high_spend_percent=0)) == {}


def test_a_tie_at_the_cut_of_the_high_spenders_is_in() -> None:
    people = [{c.CUSTOMER_CODE: code} for code in ("01", "02", "03", "04", "05")]
    bought = [purchase(code, "2017Q2", 1, money) for code, money in (("01", 50), ("02", 50), ("03", 10), ("04", 0), ("05", -5))]
    frame = listed(customers=people, bought=bought, settings=Settings(high_spend_percent=33))
    assert frame.filter(pl.col(c.REASON) == "high_spend")[c.CUSTOMER_CODE].to_list() == ["01", "02"]


def test_what_happens_after_the_day_is_not_known_yet() -> None:
    assert reasons(listed([contact("01", 20), contact("01", -1)])) == reasons(listed([contact("01", 20)])) == {"visit": (days(-6), 6)}


def test_a_customer_listed_twice_is_due_once_and_an_unknown_one_never() -> None:
    frame = listed([contact("77", 99)], customers=[SHOP, {**SHOP, c.ROUTE: "4"}, {c.CUSTOMER_NAME: "no code"}])
    assert frame.select(c.CUSTOMER_CODE, c.REASON, c.ROUTE).rows() == [("01", "visit", "3"), ("01", "no_contact", "3")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_in_both_languages(language: Language) -> None:
    people = [{**SHOP, c.BIRTHDAY: DAY}, {c.CUSTOMER_CODE: "02"}]
    follow_ups = [contact("01", 200, "visit", None, days(-5))]
    frame = listed(
        follow_ups, customers=people, bought=[purchase("01", "2017Q1", 1, 5)], settings=Settings(language=language, high_spend_percent=100)
    )
    assert set(frame[c.REASON]) == set(REASONS)
    chinese = [any(sign >= "\u4e00" for sign in words) for words in frame[c.REASON_TEXT]]
    assert chinese == [language == "zh"] * frame.height


_DAYS = st.integers(-400, 40).map(days)
_PEOPLE = st.lists(
    st.fixed_dictionaries({
        c.CUSTOMER_CODE: st.sampled_from(["01", "02", "03", "04", None]), c.BIRTHDAY: st.none() | st.dates(dt.date(1930, 1, 1), DAY),
        c.OPENED_ON: st.none() | _DAYS, c.ROUTE: st.sampled_from(["1", "2", None]),
    }), max_size=6,
)  # fmt: skip
_CONTACTS = st.lists(
    st.fixed_dictionaries({
        c.CUSTOMER_CODE: st.sampled_from(["01", "02", "03", "99", None]), c.DATE: _DAYS, c.KIND: st.sampled_from(["visit", "call", "回访", None]),
        c.NEXT_ACTION_ON: st.none() | _DAYS, c.NEXT_ACTION: st.none() | st.just("x"), c.FOLLOW_UP_ID: st.none() | st.text(max_size=3),
    }), max_size=12,
)  # fmt: skip


@given(_PEOPLE, _CONTACTS, st.integers(0, 60), st.integers(1, 60))
def test_of_every_list(people: list[dict[str, Any]], contacts: list[dict[str, Any]], birthday_days: int, interval: int) -> None:
    settings = Settings(birthday_days=birthday_days, visit_interval_days=interval)
    frame = listed(contacts, customers=people, settings=settings, bought=[purchase("02", "2017Q1", 1, 5)])
    known = {person[c.CUSTOMER_CODE] for person in people}
    rows = list(frame.iter_rows(named=True))
    assert len({(row[c.CUSTOMER_CODE], row[c.REASON]) for row in rows}) == len(rows)
    for row in rows:
        assert row[c.CUSTOMER_CODE] in known - {None}
        assert row[c.DAYS_OVERDUE] == max(0, (DAY - row[c.DUE_ON]).days)
        assert row[c.DUE_ON] <= DAY or row[c.REASON] in ("birthday", "high_spend")
        assert row[c.PRIORITY] == PRIORITY[row[c.REASON]]
        assert row[c.REASON_TEXT]
    order = [(row[c.PRIORITY], row[c.DUE_ON], row[c.CUSTOMER_CODE]) for row in rows]
    assert order == sorted(order)


@given(_PEOPLE, _CONTACTS, st.sampled_from(["01", "02", "03", "04"]))
def test_a_visit_today_leaves_nothing_but_the_birthday(people: list[dict[str, Any]], contacts: list[dict[str, Any]], code: str) -> None:
    """Whatever was due: who is visited today, without a new agreement, is not due any more."""
    earlier = [row for row in contacts if row[c.DATE] < DAY]
    frame = listed([*earlier, contact(code, 0)], customers=people, bought=[purchase(code, "2017Q1", 1, 5)])
    assert set(frame.filter(pl.col(c.CUSTOMER_CODE) == code)[c.REASON]) <= {"birthday"}


@pytest.mark.parametrize("to_engine", [lambda frame: frame.to_pandas(), lambda frame: frame.to_arrow()], ids=["pandas", "arrow"])
def test_other_engines_give_the_same_list(to_engine: Any) -> None:
    people = table("customers", [{**SHOP, c.BIRTHDAY: days(3)}, {c.CUSTOMER_CODE: "02", c.OPENED_ON: days(-60)}, {c.CUSTOMER_CODE: "03"}])
    follow_ups = table("follow_ups", [contact("01", 20, "visit", "call", days(-1)), contact("02", 50, "call"), contact("03", 1)])
    tables = (
        people,
        follow_ups,
        grades(("2017Q1", {"01": "CS1"})),
        table("purchases", [purchase("03", "2017Q1", 1, 2), purchase("01", "2017Q2", 2, 9)]),
    )
    settings = Settings(size_interval_days=(7,), high_spend_percent=50)
    frame = due(*map(to_engine, tables), settings, DAY)
    rows = frame.to_dict("list") if hasattr(frame, "iloc") else frame.to_pydict()
    plain = {
        name: [value.date() if isinstance(value, dt.datetime) else None if value != value else value for value in values]
        for name, values in rows.items()
    }
    assert plain == due(*tables, settings, DAY).to_dict(as_series=False)
