"""CRM.NPS and CRM.CSAT: by hand, with dirty answers."""

from __future__ import annotations

import pytest

from tests.functions.calls import answers, column, labelled, spilled
from xlcrm.rules.voice import csat, nps


def test_nps_by_hand_with_its_interval() -> None:
    given = [10] * 20 + [9] * 5 + [8] * 10 + [7] * 5 + [6] * 5 + [0] * 5
    found = {label: values[0] for label, values in labelled(spilled("nps", column(*given))).items()}
    rule = nps(given)
    assert found == {
        "Net promoter score": 30.0, "Interval from": rule.low, "Interval to": rule.high, "Answers": 50, "Promoters": 25, "Passives": 15,
        "Detractors": 10,
    }  # fmt: skip
    assert -100 <= rule.low < 30 < rule.high <= 100


def test_csat_is_a_share_with_its_interval() -> None:
    given = [5] * 20 + [4] * 12 + [3] * 8
    found = {label: values[0] for label, values in labelled(spilled("csat", column(*given), language="zh")).items()}
    rule = csat(given)
    assert found == {"满意度": 0.8, "区间下限": rule.low / 100, "区间上限": rule.high / 100, "回答数": 40, "满意人数": 32}
    assert 0 < rule.low / 100 < 0.8 < rule.high / 100 < 1


@pytest.mark.parametrize("name", ["nps", "csat"])
def test_few_answers_say_so(name: str) -> None:
    assert ["Fewer than 30 answers: a hint, no finding", ""] in spilled(name, column(*[5] * 29))
    assert not any("Fewer" in str(row[0]) for row in spilled(name, column(*[5] * 30)))


def test_dirty_answers_are_understood_or_named() -> None:
    block = spilled("nps", column("９", "10 ", 10.0, None, "", "N/A", 11, -1, 7.5, "ten"))
    found = labelled(block)
    assert (found["Answers"], found["Promoters"]) == ([3], [3])
    assert [row[0] for row in block if str(row[0]).startswith("Row")] == [
        "Row 7 left out: No answer from 0 to 10: 11", "Row 8 left out: No answer from 0 to 10: -1", "Row 9 left out: No answer from 0 to 10: 7.5",
        "Row 10 left out: No number: ten",
    ]  # fmt: skip
    assert labelled(spilled("csat", column(0, 1, 5)))["Row 1 left out: No answer from 1 to 5: 0"] == [""]


def test_without_an_answer_a_cell_says_so() -> None:
    assert spilled("nps", column(None, "")) == [["No answer here"]]
    assert spilled("csat", column("")) == [["No answer here"]]
    assert answers("nps", None)[0].startswith("answers is missing. Example: =CRM.NPS(")  # type: ignore[attr-defined]


def test_answers_that_all_lie_off_the_scale_give_no_figure() -> None:
    block = spilled("csat", column(9, 10))
    assert labelled(block)["Answers"] == [0]
    assert not [row for row in block if row[0] == "Satisfied"]
    assert "Row 2 left out: No answer from 1 to 5: 10" in [row[0] for row in block]
