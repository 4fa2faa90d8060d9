"""CRM.STAGE, CRM.CHURN, CRM.CLV: by hand, on CDNOW, and what they say where a model cannot be fitted."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.functions.calls import answers, column, spilled
from xlcrm.functions.catalog import Grid
from xlcrm.models import worth as models
from xlcrm.models.chances import chances
from xlcrm.models.leaving import events
from xlcrm.models.lifetime import Fit

ROOT = Path(__file__).resolve().parents[2]
DAY = column("2017-12-31")
CUSTOMERS: list[list[object]] = [
    ["Code", "Customer since"],
    ["001", "2016-01-01"],
    ["005", "2017-12-01"],
    ["006", "2018-02-01"],
    ["007", None],
]
FOLLOW_UPS: list[list[object]] = [["日期", "客户代码", "方式"], ["2017-12-05", "005", "visit"], ["2017-12-06", "009", "电话"]]
PURCHASES: list[Sequence[object]] = [
    ["Code", "Date", "Quantity", "Amount"],
    # 001 for years, every month; 002 twice; 003 stopped in spring; 004 is down to a fifth.
    *(["001", f"{year}-{month:02}-10", 5, 100] for year in (2016, 2017) for month in range(1, 13)),
    ["002", "2017-12-01", 1, "10"], ["002", "2017-12-15", 1, 10],
    *(["003", f"2017-0{month}-03", 1, 50] for month in range(1, 5)),
    *(["004", f"2017-{month:02}-20", 1, 500 if month < 10 else 100] for month in range(4, 13)),
]  # fmt: skip


@pytest.fixture(scope="module")
def cdnow() -> Grid:
    """The purchases of CDNOW's sample as a table."""
    with (ROOT / "tests" / "data" / "cdnow_sample.csv").open(encoding="utf-8") as file:
        rows = [[row["customer_id"], row["date"], float(row["dollars"])] for row in csv.DictReader(file)]
    return [["Code", "Date", "Amount"], *rows]


def test_stages_in_three_vocabularies_with_their_facts() -> None:
    found = spilled("stage", column("001", "002", "003", "004", "005", "007", "009"), CUSTOMERS, PURCHASES, FOLLOW_UPS, DAY)
    assert [row[:3] for row in found] == [
        ["Sustained development", "Maturity", "Mature"], ["Conversion", "Growth", "New"], ["Decline", "Exit", "Lost"],
        ["Decline", "Decline", "Active"], ["Contact", "Acquisition", "Prospect"], ["Prospect", "Acquisition", "Prospect"],
        ["Contact", "Acquisition", "Prospect"],
    ]  # fmt: skip
    assert found[1][3] == "Bought on 2 days in 30 days, last 16 days ago; cycle 14 days."
    assert found[4][3] == "No purchase so far; contacts: 1."


def test_a_stage_needs_nothing_but_purchases_and_names_who_is_not_known_yet() -> None:
    assert spilled("stage", column("002", "006", None, "1E+17"), None, PURCHASES, None, DAY, language="zh")[0][:3] == [
        "转化",
        "成长期",
        "新客户",
    ]
    found = answers("stage", column("006", None, "1E+17"), CUSTOMERS, PURCHASES, None, DAY)
    assert found == ["No customer 006 up to 2017-12-31", "", "Damaged code: 1E+17"]
    assert answers("stage", column("006"), CUSTOMERS, PURCHASES, None, column("2018-03-01")) == ["Prospect"]


def test_stages_are_those_of_the_day() -> None:
    assert answers("stage", column("003"), None, PURCHASES, None, column("2017-04-20")) == ["Sustained development"]


def test_a_warning_has_a_level_and_its_reasons() -> None:
    found = spilled("churn", column("001", "002", "003", "004", "77", ""), PURCHASES, FOLLOW_UPS, DAY)
    assert [row[0] for row in found] == [0, 0, "", 2, "No purchase up to 2017-12-31", ""]
    assert found[2][2] == "Lost: nothing bought for four cycles and a quarter"
    assert "300.00" in str(found[3][2])
    assert found[0][2] == ""


def test_where_the_model_of_leaving_has_too_few_customers_the_level_stands_without_it() -> None:
    found = spilled("churn", column("001", "004"), PURCHASES, None, DAY)
    assert [row[:2] for row in found] == [[0, "Too few customers for a model"], [2, "Too few customers for a model"]]
    assert spilled("churn", column("001"), PURCHASES, None, DAY, language="zh")[0][1] == "客户太少，无法建立模型"


def test_the_probability_of_leaving_on_cdnow_is_that_of_the_model(cdnow: Grid) -> None:
    day = dt.date(1998, 3, 31)
    codes = sorted({str(row[0]) for row in cdnow[1:]})
    found = {code: row[1] for code, row in zip(codes, spilled("churn", column(*codes), cdnow, None, column(str(day))), strict=True)}
    rows = pl.DataFrame(cdnow[1:], schema=["customer_code", "written", "dollars"], orient="row").select(
        "customer_code", pl.col("written").str.to_date().alias("date"), (pl.col("dollars") * 100).round().cast(pl.Int64).alias("amount")
    )
    wanted = chances(events(rows), day).by_code
    assert len(wanted) > 900
    # Who bought nothing for a year is gone: the model says nothing of him.
    assert {code: chance for code, chance in found.items() if chance != ""} == pytest.approx(wanted)


def test_lifetime_value_by_hand_where_no_model_fits() -> None:
    found = spilled("clv", column("001", "003", "77", None), PURCHASES, DAY)
    # 24 purchases of 100 in 721 days; 4 of 50 in less than a year count as a year's.
    assert found[0] == [pytest.approx(2400 / (721 / 7 / 52.1775), abs=0.01), "Too few customers for a model", "", ""]
    assert found[1][0] == 200.0
    assert found[2] == ["No purchase with a date up to 2017-12-31", "", "", ""]
    assert found[3] == [""] * 4


def test_lifetime_value_needs_days(cdnow: Grid) -> None:
    months: list[list[object]] = [["Code", "Period", "Amount"], ["001", "2017-11", 5]]
    assert answers("clv", column("001"), months, DAY) == ["No purchase with a date up to 2017-12-31"]


def test_lifetime_value_of_cdnow_as_fader_hardie_lee_2005(cdnow: Grid) -> None:
    """The paper's customer of its section 7: x = 2, t_x = 30.43, T = 38.86 is code 0001; P(alive) 0.7266 (their note of 2008)."""
    codes = sorted({str(row[0]) for row in cdnow[1:]})
    found = spilled("clv", column(*codes), cdnow, column("1997-09-30"))
    by_code = dict(zip(codes, found, strict=True))
    # Within 39 weeks 1.226 purchases are expected of it, within the year of the function more.
    assert 1.226 < float(str(by_code["0001"][1])) < 1.226 * 52.18 / 39
    assert by_code["0001"][3] == pytest.approx(0.7266, abs=0.01)
    # Whoever bought once is active for the model.
    once = [code for code in codes if sum(row[0] == code and str(row[1]) <= "1997-09-30" for row in cdnow[1:]) == 1]
    assert {by_code[code][3] for code in once[:50]} == {1.0}
    assert all(isinstance(row[2], float) and row[2] > 0 for row in found)


@pytest.mark.parametrize(
    ("problem", "said"),
    [("not_converged", "The model did not converge"), ("run_away", "The model has no finite best parameters for these purchases")],
)
def test_a_fit_that_failed_is_said_in_place_of_its_first_figure(
    problem: str, said: str, cdnow: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the fit of the amounts fails, so the purchases stand.
    monkeypatch.setattr(models, "fit_gamma_gamma", lambda known: Fit("gamma_gamma", {}, float("nan"), len(known), problem))
    [row] = spilled("clv", column("1516"), cdnow, column("1997-09-30"))
    assert isinstance(row[1], float)
    assert row[2] == said
    assert isinstance(row[3], float)
    monkeypatch.setattr(models, "fit_bgnbd", lambda known: Fit("bgnbd", {}, float("nan"), len(known), problem))
    [row] = spilled("clv", column("1516"), cdnow, column("1997-09-30"))
    assert (row[1:], isinstance(row[0], float)) == ([said, "", ""], True)


def test_without_scipy_stages_go_on_and_what_needs_it_says_so() -> None:
    program = (
        "import sys; sys.modules['scipy'] = None; sys.modules['scipy.optimize'] = None\n"
        "from xlcrm.functions import FUNCTIONS, call\n"
        "bought = [['Code', 'Date', 'Amount'], ['001', '2017-01-05', 5]]\n"
        "print(call(FUNCTIONS['rfm'], [[['001']], bought], 'en')[0][0])\n"
        "print(call(FUNCTIONS['stage'], [[['001']], None, bought], 'en')[0][0])\n"
        "print(call(FUNCTIONS['clv'], [[['001']], bought], 'en')[0][0])\n"
        "print(call(FUNCTIONS['churn'], [[['001']], bought], 'zh')[0][0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True, encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["0", "Conversion", "This host lacks the package scipy.optimize", "此环境缺少软件包 scipy.optimize"]


def test_the_day_left_out_is_that_of_the_last_purchase() -> None:
    assert dt.date.fromisoformat("2017-12-20") == max(dt.date.fromisoformat(str(row[1])) for row in PURCHASES[1:])
    assert answers("churn", column("004"), PURCHASES) == answers("churn", column("004"), PURCHASES, None, column("2017-12-20"))
