"""The daily summary and the month-end analysis."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import table
from xlcrm.rules.followups import TASK_MARK
from xlcrm.rules.frames import tuples
from xlcrm.rules.summaries import COUNTED, daily_summary, month_summary
from xlcrm.tables import columns as c
from xlcrm.tables.choices import FOLLOW_UP_KINDS
from xlcrm.texts import LANGUAGES, text

DAY = dt.date(2017, 5, 10)
PEOPLE = table("customers", [
    {c.CUSTOMER_CODE: "1", c.OWNER: "Lee"}, {c.CUSTOMER_CODE: "2", c.OWNER: "LEE "}, {c.CUSTOMER_CODE: "3", c.ROUTE: "1"},
    {c.CUSTOMER_CODE: "4", c.ROUTE: "2"}, {c.CUSTOMER_CODE: "5", c.OWNER: "Wang", c.ROUTE: "1"},
])  # fmt: skip
ROUTES = table("routes", [{c.ROUTE: "1", c.ACCOUNT_MANAGER: "Lee"}, {c.ROUTE: "2"}])


def contact(
    code: str, day: int, author: str | None = "Lee", kind: str | None = "visit", next_day: int | None = None, **more: object
) -> dict[str, Any]:
    next_on = None if next_day is None else dt.date(2017, 5, next_day)
    return {c.CUSTOMER_CODE: code, c.DATE: dt.date(2017, 5, day), c.AUTHOR: author, c.KIND: kind, c.NEXT_ACTION_ON: next_on, **more}


def months(*rows: dict[str, Any], as_of: dt.date = DAY) -> list[dict[str, Any]]:
    made: pl.DataFrame = month_summary(table("follow_ups", rows), PEOPLE, ROUTES, as_of)
    return made.rows(named=True)


def test_a_day_and_author_is_one_row_the_newest_day_first() -> None:
    of_lee = [contact("1", 3, kind=kind) for kind in ("visit", "call", "拜访")]
    rows = [*of_lee, contact("2", 3, author=None), contact("2", 4, author="Wang")]
    made: pl.DataFrame = daily_summary(table("follow_ups", rows))
    shown = made.select(c.DATE, c.AUTHOR, c.FOLLOW_UPS, c.VISITS, c.CALLS, c.CUSTOMERS).rows()
    assert shown == [
        (dt.date(2017, 5, 4), "Wang", 1, 1, 0, 1), (dt.date(2017, 5, 3), "Lee", 3, 2, 1, 1), (dt.date(2017, 5, 3), None, 1, 1, 0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", FOLLOW_UP_KINDS)
def test_every_kind_has_its_column_in_either_language_and_by_its_id(kind: str) -> None:
    names = [kind, *(text(f"choices.{kind}", language) for language in LANGUAGES)]
    (made,) = months(*(contact("1", 3, kind=name) for name in names))
    assert [made[name] for name in COUNTED if made[name]] == [3]
    assert made[c.OTHER] == made[c.TASKS] == 0


def test_another_kind_and_none_are_other_and_a_task_is_nothing_but_a_task() -> None:
    task = {c.FOLLOW_UP_ID: f"{TASK_MARK}0123"}
    (made,) = months(contact("1", 3, kind="dance"), contact("1", 4, kind=None), contact("2", 5, kind="note", next_day=6, **task))
    assert (made[c.FOLLOW_UPS], made[c.OTHER], made[c.TASKS], made[c.NOTES]) == (3, 2, 1, 0)
    assert (made[c.CUSTOMERS], made[c.DAYS], made[c.AGREED], made[c.KEPT_AGREEMENTS]) == (1, 2, 0, None)


def test_reached_is_the_share_of_the_authors_own_customers() -> None:
    """Lee's are 1 and 2 by their owner, 3 by its route; 5 stands on his route but is Wang's, and 4 is nobody's."""
    of_lee = [contact(code, 3) for code in ("1", "3", "5", "4")]
    lee, wang, nobody = months(*of_lee, contact("1", 3, author="Wang"), contact("1", 3, author=None))
    assert (lee[c.AUTHOR], lee[c.CUSTOMERS], lee[c.REACHED]) == ("Lee", 4, pytest.approx(2 / 3))
    assert (wang[c.AUTHOR], wang[c.CUSTOMERS], wang[c.REACHED]) == ("Wang", 1, 0.0)
    assert (nobody[c.AUTHOR], nobody[c.REACHED]) == (None, None)


@pytest.mark.parametrize(
    ("later", "share"),
    [
        ((), 0.0),
        ((contact("1", 5),), 0.0),  # before its day
        ((contact("1", 6),), 1.0),
        ((contact("1", 9, author="Wang", kind="call"),), 1.0),  # whoever, however, however late
        ((contact("2", 6),), 0.0),  # another customer
        ((contact("1", 11),), 0.0),  # not known yet on the day
        ((contact("1", 7, **{c.FOLLOW_UP_ID: f"{TASK_MARK}1"}),), 0.0),  # nobody was contacted
    ],
)
def test_an_agreement_is_kept_by_a_later_contact_on_its_day_or_after_it(later: tuple[dict[str, Any], ...], share: float) -> None:
    made = {row[c.AUTHOR]: row for row in months(contact("1", 3, author="Ana", next_day=6), *later)}["Ana"]
    assert (made[c.AGREED], made[c.KEPT_AGREEMENTS]) == (1, share)


def test_what_has_not_come_due_is_neither_kept_nor_broken() -> None:
    (made,) = months(contact("1", 3, next_day=6), contact("2", 3, next_day=11), contact("1", 8))
    assert (made[c.AGREED], made[c.KEPT_AGREEMENTS]) == (2, 1.0)
    (made,) = months(contact("2", 3, next_day=11))
    assert made[c.KEPT_AGREEMENTS] is None


def test_an_agreement_for_the_same_day_takes_another_day_to_be_kept() -> None:
    (made,) = months(contact("1", 3, next_day=3), contact("1", 3))
    assert made[c.KEPT_AGREEMENTS] == 0.0


_ROWS = st.lists(
    st.fixed_dictionaries({
        c.CUSTOMER_CODE: st.sampled_from(["1", "2", "3", "4", "9", None]),
        c.DATE: st.one_of(st.none(), st.dates(dt.date(2017, 3, 1), dt.date(2017, 6, 30))),
        c.AUTHOR: st.sampled_from(["Lee", "lee", "Wang", "王芳", None]), c.KIND: st.sampled_from(["visit", "电话", "note", "dance", None]),
        c.NEXT_ACTION_ON: st.one_of(st.none(), st.dates(dt.date(2017, 3, 1), dt.date(2017, 7, 30))),
        c.FOLLOW_UP_ID: st.sampled_from(["F1", None, f"{TASK_MARK}1"]),
    }),
    max_size=30,
)  # fmt: skip


@given(_ROWS)
def test_every_follow_up_counts_once_in_either_table(rows: list[dict[str, Any]]) -> None:
    follow_ups = table("follow_ups", rows)
    for made in (daily_summary(follow_ups), month_summary(follow_ups, PEOPLE, ROUTES, DAY)):
        assert made[c.FOLLOW_UPS].sum() == len(rows)
        assert made.select(pl.sum_horizontal(COUNTED) == pl.col(c.FOLLOW_UPS)).to_series().all()
        assert made.select(c.AUTHOR, made.columns[0]).is_duplicated().sum() == 0
        for share in (name for name in (c.REACHED, c.KEPT_AGREEMENTS) if name in made.columns):
            assert made[share].drop_nulls().is_between(0, 1).all()
        assert (made[c.CUSTOMERS] + made[c.TASKS] <= made[c.FOLLOW_UPS]).all()
        assert (made[c.AGREED] + made[c.TASKS] <= made[c.FOLLOW_UPS]).all()


def test_pandas_gives_the_same() -> None:
    follow_ups = table("follow_ups", [contact("1", 3, next_day=6), contact("1", 7, kind="call"), contact("2", 4, author=None)])
    frames = [follow_ups, PEOPLE, ROUTES]
    by_pandas = month_summary(*(frame.to_pandas(use_pyarrow_extension_array=True) for frame in frames), DAY)
    assert tuples(nw.from_native(by_pandas)) == tuples(nw.from_native(month_summary(*frames, DAY)))
