"""Stages: one small case a rule, the vocabularies, rules of a table, and the moves between quarters."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.handmade import table
from tests.rules.standing import DAY, bought, follow_ups, met, on_days, purchases, row
from xlcrm.rules.lifecycle import (
    ACQUISITION_STAGES,
    DEFAULT_RULES,
    STAGE_COLUMNS,
    STAGES,
    STATUS_STAGES,
    TRANSITION_COLUMNS,
    Lifecycle,
    StageRule,
    lifecycle,
    mapping,
    rows_of,
    rules_of,
)
from xlcrm.tables import columns as c

WEEKLY = [7 * week for week in range(30)]
"""A purchase every week, for 29 weeks."""


def lived(
    days: dict[str, list[int]], *, listed: tuple[dict[str, Any], ...] = (), asked: tuple[dict[str, Any], ...] = (), **options: Any
) -> Lifecycle:
    found = lifecycle(table("customers", listed), on_days(days), follow_ups(*asked), DAY, **options)
    assert found.stages.columns == list(STAGE_COLUMNS)
    assert found.transitions.columns == list(TRANSITION_COLUMNS)
    return found


def stage(days: list[int], **options: Any) -> tuple[str, str, str]:
    found = row(lived({"1": days}, **{"quarters": 0, **options}).stages, "1")
    return found[c.STAGE], found[c.ACQUISITION_STAGE], found[c.STATUS_STAGE]


def test_each_rule_names_its_stage() -> None:
    listed = ({c.CUSTOMER_CODE: "1"},)
    assert stage([], listed=listed) == ("prospect", "acquisition", "prospect")
    assert stage([], listed=listed, asked=(met("1", 3, key="PB-1"),)) == ("prospect", "acquisition", "prospect"), "a task is no contact"
    assert stage([], asked=(met("1", 3),)) == ("contact", "acquisition", "prospect")
    assert stage([5]) == ("conversion", "growth", "new")
    assert stage([60, 53, 46, 39, 32, 25, 18, 11, 4]) == ("conversion", "growth", "new"), "a customer for less than a quarter"
    assert stage(WEEKLY) == ("sustained", "growth", "active")
    assert stage([7 * week for week in range(60)]) == ("sustained", "maturity", "mature")
    assert stage([day + 15 for day in WEEKLY]) == ("decline", "decline", "lost"), "dormant: more than two weeks"
    assert stage([day + 91 for day in WEEKLY]) == ("decline", "exit", "lost"), "thirteen weeks"
    fewer = [1, 30, 60, *(7 * week + 92 for week in range(14))]
    assert stage(fewer) == ("decline", "decline", "active"), "three purchases of thirteen, and not yet dormant"


def test_later_contacts_and_purchases_are_not_known_yet() -> None:
    assert stage([-3], listed=({c.CUSTOMER_CODE: "1"},), asked=(met("1", -1),))[0] == "prospect"


def test_who_is_known_from_a_later_day_is_not_there() -> None:
    listed = ({c.CUSTOMER_CODE: "1", c.OPENED_ON: DAY + dt.timedelta(days=1)}, {c.CUSTOMER_CODE: "2", c.OPENED_ON: DAY})
    assert lived({}, listed=listed).stages[c.CUSTOMER_CODE].to_list() == ["2"]


def test_since_when_and_the_facts_in_words() -> None:
    found = row(lived({"1": [day + 91 for day in WEEKLY]}).stages, "1")
    assert found[c.SINCE] == "2017Q2"
    assert found[c.REASON] == "Bought on 30 days in 294 days, last 91 days ago; cycle 7 days. Amount of 91 days -100%."
    steady = row(lived({"1": [7 * week for week in range(40)]}).stages, "1")
    assert steady[c.SINCE] == "2016Q4"
    chinese = row(lived({}, asked=(met("1", 3),), language="zh").stages, "1")
    assert chinese[c.REASON] == "尚无购进；联系 1 次。"


def test_moves_are_counted_per_quarter() -> None:
    moves = lived({"1": WEEKLY, "2": [day + 91 for day in WEEKLY], "3": [9]}).transitions
    last = moves.filter(pl.col(c.QUARTER) == "2017Q2").drop(c.QUARTER).rows()
    assert sorted(last, key=str) == [("sustained", "decline", 1), ("sustained", "sustained", 1), (None, "conversion", 1)]
    assert moves[c.QUARTER].unique().sort().to_list() == ["2016Q3", "2016Q4", "2017Q1", "2017Q2"], "nothing was known before"


def test_a_companys_own_rules_and_stages() -> None:
    rules = rules_of([
        {c.STAGE: "vip", c.ACQUISITION_STAGE: "maturity", c.STATUS_STAGE: "mature", "purchase_days_from": 3, "recency_days_below": 30},
        {c.STAGE: None, "purchase_days_from": 1}, {c.STAGE: "other"},
    ])  # fmt: skip
    assert [rule.stage for rule in rules] == ["vip", "other"]
    found = lived({"1": [5, 9, 20], "2": [5, 9]}, rules=rules).stages
    assert found[c.STAGE].to_list() == ["vip", "other"]
    assert rules_of(rows_of(DEFAULT_RULES)) == DEFAULT_RULES


def test_who_fits_no_rule_has_no_stage() -> None:
    rule = StageRule("vip", "maturity", "mature", {"purchase_days": (3, None)})
    found = lived({"1": [5]}, rules=(rule,))
    assert row(found.stages, "1")[c.STAGE] is None
    assert found.transitions.rows() == [("2017Q2", None, None, 1)]


def test_both_other_vocabularies_are_mapped_whole() -> None:
    found = mapping()
    assert [stage for stage, _, _ in found] == sorted((stage for stage, _, _ in found), key=STAGES.index)
    assert {stage for stage, _, _ in found} == set(STAGES)
    assert {name for _, name, _ in found} == set(ACQUISITION_STAGES)
    assert {name for _, _, name in found} == set(STATUS_STAGES)


@settings(max_examples=5, deadline=None)
@given(st.dictionaries(st.sampled_from("12345"), st.lists(st.integers(0, 400), max_size=8), min_size=1), st.sets(st.sampled_from("1256")))
def test_everyone_has_one_stage_and_each_quarter_sums_to_all(case: dict[str, list[int]], asked: set[str]) -> None:
    found = lived(case, listed=({c.CUSTOMER_CODE: "7"},), asked=tuple(met(code, 10) for code in asked), quarters=2)
    everybody = {"7", *asked, *(code for code, days in case.items() if days)}
    assert sorted(found.stages[c.CUSTOMER_CODE]) == sorted(everybody)
    assert set(found.stages[c.STAGE]) <= set(STAGES)
    last = found.transitions.filter(pl.col(c.QUARTER) == "2017Q2")
    assert last[c.CUSTOMERS].sum() == len(everybody)
    counted = dict(last.group_by(c.TO_STAGE).agg(pl.col(c.CUSTOMERS).sum()).iter_rows())
    assert counted == Counter(found.stages[c.STAGE])


def test_complete_journey_moves_from_quarter_to_quarter(shared_data: Path) -> None:
    """Routes 1-5, monthly totals: what enters a quarter is what left the one before, and nobody who buys is a prospect."""
    rows = pl.read_csv(shared_data / "completejourney_r1-5" / "purchases_month.csv", infer_schema=False)
    typed = purchases([
        {**bought(code, None, period=month), c.QUANTITY: round(float(quantity) * 1000), c.AMOUNT: round(float(amount) * 100)}
        for code, month, quantity, amount in rows.select("customer_code", "month", "quantity", "amount").iter_rows()
    ])  # fmt: skip
    found = lifecycle(table("customers", []), typed, follow_ups(), dt.date(2017, 12, 31))
    assert found.stages.height == typed[c.CUSTOMER_CODE].n_unique()
    after = {
        quarter: dict(part.group_by(c.TO_STAGE).agg(pl.col(c.CUSTOMERS).sum()).iter_rows())
        for (quarter,), part in found.transitions.group_by(c.QUARTER)
    }
    assert sorted(after) == ["2017Q1", "2017Q2", "2017Q3", "2017Q4"]
    for quarter, before in (("2017Q2", "2017Q1"), ("2017Q3", "2017Q2"), ("2017Q4", "2017Q3")):
        left = found.transitions.filter((pl.col(c.QUARTER) == quarter) & pl.col(c.FROM_STAGE).is_not_null())
        assert dict(left.group_by(c.FROM_STAGE).agg(pl.col(c.CUSTOMERS).sum()).iter_rows()) == after[before]
    assert set(found.stages[c.STAGE]) == {"conversion", "sustained", "decline"}


@pytest.mark.parametrize("quarters", [0, 1])
def test_the_history_may_be_short(quarters: int) -> None:
    found = lived({"1": WEEKLY}, quarters=quarters)
    assert found.transitions.height == quarters, "the first quarter looked at has none to be compared with"
    assert row(found.stages, "1")[c.STAGE] == "sustained"
