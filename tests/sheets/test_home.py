"""Home after a run: figures, steps, problems and the band, in both languages; every name has its cell in the template."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import openpyxl
import polars as pl
import pytest

from xlcrm.settings import Settings
from xlcrm.sheets import places
from xlcrm.sheets.home import home_values, quarter_rows
from xlcrm.sheets.template import template_bytes
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2018, 1, 5)
STATES = {c.UP: 3, c.KEPT: 10, c.DOWN: 2, c.NEW: 1, c.TYPE_CHANGED: 1, c.LOST: 2, c.UNGRADED: 4}
ALL_TABLES = {"customers": 23, "grades": 40, "purchases": 100}


@dataclass(frozen=True)
class Compared:
    """What Home reads of a comparison."""

    changes: pl.DataFrame
    visit_lines: pl.DataFrame
    route_summary: pl.DataFrame
    reconciliation: pl.DataFrame
    current: str = "2017Q4"
    previous: str = "2017Q3"


def compared(fails: str | None = "", earlier: int | None = 1000) -> Compared:
    """23 customers on two routes, 12 and 11; `fails` names a route whose sum is one too high (None: customers on no route)."""
    states = [state for state, count in STATES.items() for _ in range(count)]
    lines = pl.DataFrame(
        {
            c.CUSTOMER_CODE: [f"{number:03}" for number in range(23)],
            c.ROUTE: ["1"] * 12 + ["2"] * 11,
            c.QUANTITY: [1500] * 23,
            c.AMOUNT: [1010] * 23,
            c.PREVIOUS_QUANTITY: pl.Series([earlier] * 23, dtype=pl.Int64),
            c.PREVIOUS_AMOUNT: pl.Series([1020] * 23, dtype=pl.Int64),
        }
    )
    routes: list[str | None] = ["1", "2", None] if fails is None else ["1", "2"]
    rows = [{c.ROUTE: route, c.CUSTOMERS: 12, "sum": 13 if route == fails else 12, "ok": route != fails} for route in routes]
    return Compared(
        pl.DataFrame({c.STATE: states}),
        lines,
        pl.DataFrame({c.DUE: [5, 4], c.OVERDUE: [2, 1]}),
        pl.DataFrame(rows, infer_schema_length=None),
    )


def problem_table(codes: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {c.PROBLEM: codes, c.MESSAGE: [f"message of {code}" for code in codes]}, schema={c.PROBLEM: pl.String, c.MESSAGE: pl.String}
    )


def values(
    comparison: Compared | None,
    codes: Sequence[str] = (),
    language: Language = "en",
    counts: Mapping[str, int] = ALL_TABLES,
    settings: Settings | None = None,
) -> dict[str, object]:
    found = home_values(
        comparison=comparison,  # type: ignore[arg-type]  # a stand-in with the frames that Home reads
        counts=counts,
        problems=problem_table(codes),
        settings=settings or Settings(language=language),
        as_of=DAY,
        language=language,
    )
    return {name.removeprefix(places.HOME_PREFIX): value for name, value in found.items()}


def states_of_steps(found: Mapping[str, object]) -> list[object]:
    return [found[f"step_{number}_state"] for number in range(1, 6)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("comparison", [None, compared(), compared("2")])
def test_every_value_has_its_cell_in_the_template(language: Language, comparison: Compared | None) -> None:
    names = openpyxl.load_workbook(io.BytesIO(template_bytes(language))).defined_names
    found = home_values(comparison, ALL_TABLES, problem_table(["not_a_date"]), Settings(language=language), DAY, language)  # type: ignore[arg-type]
    assert set(found) - set(names) == set()
    filled_by_runs = {name for name in names if name.startswith(places.HOME_PREFIX) and not name.startswith(places.HOME_PREFIX + "count_")}
    if comparison is not None:
        assert filled_by_runs - set(found) == set()


def test_figures_are_what_a_person_reads() -> None:
    found = values(compared())
    assert found["customers"] == 23
    assert found["customers_note"] == "17 graded, 6 not"
    assert found["quantity"] == pytest.approx(34.5)
    assert found["quantity_note"] == "vs 2017Q3 ▲ +50.0%"
    assert found["amount"] == pytest.approx(232.3)
    assert found["amount_note"] == "vs 2017Q3 ▼ −1.0%"
    assert (found["up"], found["up_note"]) == (3, "20.0% of comparable")
    assert (found["down"], found["down_note"]) == (2, "13.3% of comparable")
    assert (found["overdue"], found["overdue_note"]) == (3, "of 9 due")
    assert (found[places.CURRENT_QUARTER], found[places.PREVIOUS_QUARTER], found[places.AS_OF]) == ("2017Q4", "2017Q3", DAY)


@pytest.mark.parametrize("earlier", [None, 0, -5])
def test_without_earlier_purchases_there_is_nothing_to_compare_with(earlier: int | None) -> None:
    assert values(compared(earlier=earlier))["quantity_note"] == "nothing to compare with"


def test_the_sum_is_written_out_and_adds_up() -> None:
    found = values(compared())
    assert found["band_state"] == "ok"
    assert found["band"] == "✓ Reconciled    23 customers = 3 promoted + 10 kept + 2 demoted + 1 new + 1 type changed + 2 lost + 4 ungraded"
    assert (
        values(compared(), language="zh")["band"]
        == "✓ 已平账    客户 23 = 提升 3 + 保持 10 + 下降 2 + 新增 1 + 业态变更 1 + 流失 2 + 未定级 4"
    )


def test_all_done_but_printing_leaves_printing_as_the_next_step() -> None:
    found = values(compared())
    assert states_of_steps(found) == ["done", "done", "done", "now", "open"]
    assert str(found["step_1"]).startswith("✓")
    assert found["step_4_note"] == "2 routes, about 4 pages"
    assert found["step_5_note"] == "3 overdue"
    assert found["problem_1"] == "none known"


def test_open_problems_are_the_next_step_and_the_ones_that_stop_come_first() -> None:
    found = values(compared("2"), ["not_a_date", "not_a_date", "two_routes"])
    assert states_of_steps(found) == ["done", "now", "open", "waits", "open"]
    assert found["step_2"] == "2   Settle the 3 open problems"
    assert found["step_2_note"] == "! blocking printing: 1"
    assert [found[f"problem_{line}"] for line in range(1, 4)] == ["! Customer on two routes", "Not a date", None]
    assert [found[f"problem_{line}_count"] for line in range(1, 4)] == [1, 2, None]


def test_a_route_that_does_not_add_up_stops_printing_and_is_named() -> None:
    found = values(compared("2"))
    assert found["band_state"] == "stop"
    assert found["band"] == "! Not reconciled    route 2: 12 customers, but the states add up to 13. Printing waits."
    assert found["step_3_note"] == "! route 2 does not add up"
    assert found["step_4_state"] == "waits"
    assert found["step_4_note"] == "waits for reconciliation"


def test_customers_on_no_route_are_named_as_such() -> None:
    found = values(compared(None))
    assert found["step_3_note"] == "! customers without a route"
    assert "12 customers without a route" in str(found["band"])


def test_more_kinds_of_problems_than_lines_are_added_up() -> None:
    codes = [f"kind_{letter}" for number, letter in enumerate("abcdefg", start=1) for _ in range(number)]
    found = values(compared(), codes)
    assert found["problem_1"] == "message of kind_g"
    assert (found["problem_5"], found["problem_5_count"]) == ("other problems", 1 + 2 + 3)
    assert sum(int(str(found[f"problem_{line}_count"])) for line in range(1, 6)) == len(codes)


def test_after_an_import_the_comparison_is_the_next_step() -> None:
    found = values(None)
    assert states_of_steps(found) == ["done", "done", "now", "waits", "open"]
    assert found["customers"] == 23
    assert found["band_state"] == "open"
    assert "up" not in found
    assert places.CURRENT_QUARTER not in found
    assert str(found["band"]).startswith("Not compared yet")
    earlier = values(None, settings=Settings(current_quarter="2017Q4"))
    assert str(earlier["band"]).startswith("Not compared since the last import")


def test_what_is_still_missing_is_named() -> None:
    found = values(None, counts={"customers": 3})
    assert found["step_1_state"] == "now"
    assert found["step_1_note"] == "still missing: Grades, Purchases"
    assert values(None, counts={}, language="zh")["step_1_note"] == "粘贴，或 xlcrm import"


def test_the_quarters_offered_begin_with_the_latest() -> None:
    assert quarter_rows(["2017Q1", "2018Q1", "2017Q4", "2017Q4"]).get_column(c.QUARTER).to_list() == ["2018Q1", "2017Q4", "2017Q1"]
    assert quarter_rows([]).schema == {c.QUARTER: pl.String}
