"""The benchmarks measure what they say: both sides of a ratio give the same answers, and the made-up data meets every case."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from benchmarks import comparers, data, recalculation, scaling, value, writers
from benchmarks.__main__ import page_part
from xlcrm.settings import Settings
from xlcrm.tables import columns as c

CUSTOMERS = 1500


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scaling.prepared(tmp_path_factory.mktemp("tables"), CUSTOMERS)


def kept(results: dict[str, pl.DataFrame], folder: Path) -> Path:
    folder.mkdir()
    for name, frame in results.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def test_the_portable_rules_and_the_query_by_hand_agree(tables: Path, tmp_path: Path) -> None:
    ours, theirs = comparers.on_polars(tables, Settings()), comparers.by_hand(tables, Settings())
    assert set(ours) == set(theirs)
    assert ours["grade_changes"].height == CUSTOMERS
    scaling.same(kept(ours, tmp_path / "ours"), kept(theirs, tmp_path / "theirs"))


def test_a_difference_would_be_found(tables: Path, tmp_path: Path) -> None:
    ours = comparers.by_hand(tables, Settings())
    other = ours | {"minimums": ours["minimums"].with_columns(pl.col(c.MIN_QUANTITY) + 1)}
    with pytest.raises(AssertionError, match=c.MIN_QUANTITY):
        scaling.same(kept(ours, tmp_path / "ours"), kept(other, tmp_path / "other"))


def test_the_made_up_customers_meet_every_state(tables: Path) -> None:
    states = comparers.by_hand(tables, Settings())["grade_changes"].get_column(c.STATE)
    assert set(states.unique()) == set(c.STATES)


def test_rfm_by_the_rule_and_by_hand_agree(tmp_path: Path) -> None:
    folder = value.prepared(tmp_path, CUSTOMERS)
    ours, theirs = value.rule(folder), value.by_hand(folder)
    assert ours.height > CUSTOMERS * 0.9
    assert (ours["orders"] != ours["frequency"]).any(), "orders are counted for themselves"
    for name, table in (("ours", ours), ("theirs", theirs), ("other", theirs.with_columns(pl.col("r") % 5 + 1))):
        (tmp_path / name).mkdir()
        table.write_parquet(tmp_path / name / value.TABLE)
    value.same(tmp_path / "ours", tmp_path / "theirs")
    with pytest.raises(AssertionError, match='"r"'):
        value.same(tmp_path / "ours", tmp_path / "other")


def test_the_same_size_gives_the_same_data() -> None:
    first, second = data.frames(200), data.frames(200)
    assert first.purchases.equals(second.purchases)
    assert first.grades.equals(second.grades)
    assert first.purchases.filter(pl.col(c.QUANTITY) < 0).height > 0


def test_the_written_cells_fill_every_visible_column() -> None:
    frame = writers.purchases(50)
    assert frame.null_count().sum_horizontal().item() == 0
    assert frame.get_column(c.AMOUNT).dtype == pl.Int64


def test_growth_is_fitted_as_a_power_of_the_size() -> None:
    assert recalculation._fit([(1000, 1.0), (2000, 4.0)], 4000) == pytest.approx(16.0)
    assert recalculation._fit([(1000, 1.0)], 4000) == pytest.approx(4.0)


def test_the_tutorial_workbook_recalculates_to_the_rules_minimums(soffice: str, tmp_path: Path) -> None:
    """LibreOffice really recalculates: what it saves equals what the figures say."""
    from benchmarks import tutorial

    small = data.frames(300, purchases_each=1)
    tutorial.build(small, tmp_path / "tutorial.xlsx")
    recalculation._office(soffice, tmp_path, limit_s=180)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "tutorial.xlsx", data_only=True)["Minimums"]
    found = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    now = small.grades.filter(pl.col(c.QUARTER) == "2017Q4").join(
        data.totals(small).filter(pl.col(c.QUARTER) == "2017Q4"), on=c.CUSTOMER_CODE
    )  # fmt: skip
    expected = dict(now.group_by(c.GRADE).agg(pl.col(c.QUANTITY).min() / 1000).iter_rows())
    assert {grade: found[grade] for grade in expected} == expected


def test_a_button_on_a_small_workbook_answers_with_actions(tmp_path: Path) -> None:
    from benchmarks import buttons

    results = list(buttons.run(tmp_path, purchases=1_200, repeats=1))
    assert [result.met is not None for result in results] == [True] * 3
    assert int(results[0].against.split()[0]) > 100, "closing another quarter paints every page anew"
    assert results[2].against == "0 actions", "a check changes nothing"


def test_a_part_measured_by_itself_replaces_its_own_rows_alone() -> None:
    rows = [("a", "1", "2", "0.5 x", "", ""), ("b", "3", "", "", "", "yes"), ("b", "4", "", "", "", "yes"), ("c", "5", "", "", "", "NO")]
    whole = page_part("", rows, 3, whole=True)
    assert "in one run of 3 minutes" in whole
    again = page_part(whole, [("b", "9", "-", "", "", "yes"), ("d", "7", "", "", "", "")], 1, whole=False)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in again.splitlines() if line.startswith("| ")]
    assert [line[:2] for line in cells[1:]] == [["a", "1"], ["b", "9"], ["d", "7"], ["c", "5"]]
    assert "in one run of 3 minutes" in again
    assert "by itself" in again
    assert again.splitlines()[2].endswith(": b; d.")
