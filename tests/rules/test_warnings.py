"""Warnings: each signal with its own figures, the two levels, actions, the cap; and who may be won back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.rules.standing import DAY, ago, bought, follow_ups, met, on_days, purchases, row
from xlcrm.rules.warnings import FIGURE_COLUMNS, SIGNALS, WARNING_COLUMNS, Thresholds, Warnings, warn
from xlcrm.rules.winback import CAUSES, WIN_BACK_COLUMNS, win_back
from xlcrm.tables import columns as c

NOW, BEFORE = [10, 30, 50, 70], [100, 120, 140, 160]
STEADY = {"1": [*NOW, *BEFORE]}


def warned(days: dict[str, list[int]] | None = None, *asked: dict[str, Any], table: pl.DataFrame | None = None, **options: Any) -> Warnings:
    found = warn(on_days(days or STEADY) if table is None else table, follow_ups(*asked), DAY, **options)
    assert found.rows.columns == list(WARNING_COLUMNS)
    assert found.figures.columns == list(FIGURE_COLUMNS)
    return found


def held(found: Warnings, code: str = "1") -> set[str]:
    figures = row(found.figures, code)
    return {signal for signal in SIGNALS if figures[signal]}


def test_a_steady_customer_gives_no_signal() -> None:
    found = warned()
    assert held(found) == set()
    assert (found.rows.height, found.found, row(found.figures, "1")[c.LEVEL]) == (0, 0, 0)


def test_purchase_frequency_down() -> None:
    """Three fifths of the days is the last that is a signal; the amounts are the same."""
    rows = [bought("1", ago(day), 10) for day in (100, 120, 140, 160, 175)]
    rows_now = [bought("1", ago(day), 50 / 3) for day in (5, 40, 80)]
    found = warned(table=purchases([*rows, *rows_now]))
    assert held(found) == {"purchase_frequency_down"}
    assert row(found.rows, "1")[c.REASONS] == "Days with a purchase 3 after 5"
    assert held(warned(table=purchases([*rows, *rows_now, bought("1", ago(60), 1)]))) == set()


def test_amount_down() -> None:
    rows = [bought("1", ago(day), 100) for day in BEFORE]
    found = warned(table=purchases([*rows, *(bought("1", ago(day), 70) for day in NOW)]))
    assert held(found) == {"amount_down"}
    assert row(found.rows, "1")[c.REASONS] == "Amount 280.00 after 400.00 (-30%)"
    assert held(warned(table=purchases([*rows, *(bought("1", ago(day), 70.01) for day in NOW)]))) == set()


def test_response_down() -> None:
    """Two of two contacts were followed by a purchase within 14 days, then one of three; the last one's time is not over."""
    asked = [met("1", 101), met("1", 161), met("1", 31), met("1", 89), met("1", 90), met("1", 13)]
    found = warned(STEADY, *asked)
    assert held(found) == {"response_down"}
    figures = row(found.figures, "1")
    assert [figures[name] for name in ("answered_before", "judged_before", "answered_now", "judged_now")] == [2, 2, 1, 3]
    assert held(warned(STEADY, *asked, thresholds=Thresholds(response_days=21))) == set(), "90 days ago to 70 is answered within 21"


def test_a_total_of_a_month_answers_no_contact() -> None:
    rows = [bought("1", None, 10, period=f"2017-0{month}") for month in range(1, 7)]
    found = warned({}, *(met("1", day) for day in (20, 40, 100, 120)), table=purchases(rows))
    assert row(found.figures, "1")["judged_now"] == 0


def test_contact_down() -> None:
    asked = [met("1", 100), met("1", 130), met("1", 95), met("1", 160)]
    assert held(warned(STEADY, *asked, met("1", 31), met("1", 51))) == {"contact_down"}
    assert held(warned(STEADY, *asked, met("1", 31), met("1", 51), met("1", 71))) == set()
    assert held(warned(STEADY, *asked, met("1", 31), met("1", 51), met("1", 71, key="PB-7"))) == {"contact_down"}, "a task is no contact"


@pytest.mark.parametrize("kind", ["complaint", "Complaint", "投诉"])
def test_feedback_worse_by_complaints(kind: str) -> None:
    asked = (met("1", 31, kind), met("1", 11))
    assert held(warned(STEADY, *asked)) == {"feedback_worse"}
    assert held(warned(STEADY, *asked, met("1", 101, kind))) == set(), "no more than before"


def test_feedback_worse_by_scores() -> None:
    def scores(now: float) -> pl.DataFrame:
        return pl.DataFrame({c.CUSTOMER_CODE: ["1"] * 3, c.DATE: [ago(100), ago(5), ago(-5)], c.SCORE: [0.9, now, 0.0]})

    assert held(warned(feedback=scores(0.75))) == {"feedback_worse"}
    assert held(warned(feedback=scores(0.76))) == set()


def test_order_cycle_longer() -> None:
    days = [*range(15, 90, 10), *range(105, 180, 10)]  # gaps of 10, one of 20
    assert held(warned({"1": days})) == {"order_cycle_longer"}
    assert row(warned({"1": days}).rows, "1")[c.REASONS] == "No purchase for 15 days, own cycle 10 days"
    assert held(warned({"1": [day - 1 for day in days]})) == set()


def test_levels_and_actions() -> None:
    offer = row(warned({"1": [*range(15, 90, 10), *range(105, 180, 10)]}).rows, "1")
    assert (offer[c.LEVEL], offer[c.ACTION]) == (1, "Make an offer for the next order.")
    dormant = row(warned({"1": [*range(21, 90, 10), *range(111, 180, 10)]}).rows, "1")
    assert dormant[c.LEVEL] == 2
    assert dormant[c.ACTION] == "Talk to the owner, find the cause; then a tailored solution."
    neglected = [met("1", day) for day in (100, 130)] + [met("1", 31, "complaint")]
    service = row(warned(STEADY, *neglected).rows, "1")
    assert (service[c.LEVEL], service[c.SIGNALS]) == (1, "contact_down,feedback_worse")
    assert service[c.ACTION] == "Offer dedicated service: one person, fixed days."
    assert warned(STEADY, met("1", 100), met("1", 130)).found == 0, "contacts alone warn of nobody: they are ours"
    rows = [bought("1", ago(day), 100) for day in BEFORE]
    for money, level in ((25.01, 1), (25, 2)):
        found = warned(table=purchases([*rows, *(bought("1", ago(day), money) for day in NOW)]))
        assert row(found.rows, "1")[c.LEVEL] == level, "a quarter of the amount is grave by itself"
    many = warned(
        None, *(met("1", day) for day in (100, 130)),
        table=purchases([*(bought("1", ago(day), 10) for day in (100, 110, 120, 130, 140)), *(bought("1", ago(day), 10) for day in (5, 35))]),
    )  # fmt: skip
    assert (row(many.rows, "1")[c.SIGNALS], row(many.rows, "1")[c.LEVEL]) == ("purchase_frequency_down,amount_down,contact_down", 2)


def test_the_most_valuable_first_and_no_more_than_the_week_holds() -> None:
    table = purchases([
        *(bought(code, ago(day), money) for code, money in (("1", 100), ("2", 300), ("3", 200)) for day in BEFORE),
        *(bought(code, ago(day), 10) for code in "123" for day in NOW),
    ])  # fmt: skip
    found = warned(table=table, capacity=2)
    assert (found.rows[c.CUSTOMER_CODE].to_list(), found.found) == (["2", "3"], 3)
    assert found.rows[c.VALUE_AT_RISK].to_list() == [124000, 84000]
    assert found.figures.height == 3
    assert warned(table=table, capacity=0).rows.is_empty()
    likely = warned(table=table, probabilities={"1": 0.9, "2": 0.1})
    assert likely.rows.select(c.CUSTOMER_CODE, c.PROBABILITY, c.VALUE_AT_RISK).rows() == [
        ("3", None, 84000),
        ("1", 0.9, 39600),
        ("2", 0.1, 12400),
    ]


def test_who_is_gone_is_won_back_and_not_warned_of() -> None:
    days = {"1": [*range(91, 150, 10)], "2": [*range(90, 150, 10)], "3": [200]}
    assert set(warned(days).figures[c.CUSTOMER_CODE]) == {"2"}
    found = win_back(on_days(days), follow_ups(), DAY)
    assert found.columns == list(WIN_BACK_COLUMNS)
    assert found[c.CUSTOMER_CODE].to_list() == ["1", "3"], "who bought most first"
    assert found.select(c.LAST_DATE, c.RECENCY_DAYS, c.AMOUNT).rows() == [(ago(91), 91, 6000), (ago(200), 200, 1000)]
    assert win_back(on_days(days), follow_ups(), DAY, capacity=1).height == 1


def causes(days: list[int], *asked: dict[str, Any], code: str = "1", table: pl.DataFrame | None = None) -> dict[str, Any]:
    return row(win_back(on_days({"1": days}) if table is None else table, follow_ups(*asked), DAY), code)


def test_causes_of_leaving() -> None:
    gone = [*range(200, 400, 20)]
    assert causes(gone)[c.CAUSES] == "unknown"
    assert causes([], table=on_days({"1": [200], "2": [5, 10, 15]}))[c.CAUSES] == "bought_once"
    assert causes(gone, met("1", 210, "complaint"))[c.CAUSES] == "complaint"
    assert causes(gone, met("1", 210), met("2", 5))[c.CAUSES] == "unknown"
    assert causes(gone, met("1", 100), met("2", 5))[c.CAUSES] == "no_contact"
    falling = purchases([bought("1", ago(day), 50 if day > 290 else 20) for day in gone])
    assert causes(gone, met("2", 5), table=falling)[c.CAUSES] == "no_contact,shrinking"
    assert causes(gone, table=falling)[c.REASONS] == "bought less and less before leaving"
    assert causes(gone, met("1", 210, "complaint"))[c.ACTION].startswith("Settle the complaint first")


def test_every_cause_is_told_and_planned_in_both_languages() -> None:
    from xlcrm.texts import LANGUAGES, text

    for language in LANGUAGES:
        told = {text(f"lifecycle.{part}_{cause}", language) for part in ("cause", "plan") for cause in CAUSES}
        assert len(told) == 2 * len(CAUSES)


def test_on_complete_journey_the_graver_level_leaves_more_often(shared_data: Path) -> None:
    """Routes 1-5, monthly totals: of both quarters that have one before and one after, more of level 2 buy nothing, and fewer of level 0."""
    rows = pl.read_csv(shared_data / "completejourney_r1-5" / "purchases_month.csv", infer_schema=False)
    typed = purchases([
        {**bought(code, None, period=month), c.QUANTITY: round(float(quantity) * 1000), c.AMOUNT: round(float(amount) * 100)}
        for code, month, quantity, amount in rows.select("customer_code", "month", "quantity", "amount").iter_rows()
    ])  # fmt: skip
    counted = {}
    for day, months in ((dt.date(2017, 6, 30), ("07", "08", "09")), (dt.date(2017, 9, 30), ("10", "11", "12"))):
        found = warn(typed, follow_ups(), day)
        buyers = set(typed.filter(pl.col(c.PERIOD).str.slice(5, 2).is_in(months) & (pl.col(c.QUANTITY) > 0))[c.CUSTOMER_CODE])
        levels = {level: set(part[c.CUSTOMER_CODE]) for (level,), part in found.figures.group_by(c.LEVEL)}
        left = {level: len(codes - buyers) / len(codes) for level, codes in levels.items()}
        assert left[2] > 4 * left[1] > 4 * left[0] > 0
        counted |= {(day.month, level): (len(codes), round(left[level], 3)) for level, codes in levels.items()}
    assert counted == {
        (6, 0): (847, 0.025), (6, 1): (241, 0.046), (6, 2): (85, 0.212), (9, 0): (846, 0.03), (9, 1): (250, 0.048), (9, 2): (99, 0.202),
    }, "docs/lifecycle.md shows these"  # fmt: skip
