"""What if the minimums were others: files of minimums against the workbook, nothing written."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.whatif import what_if_minimums
from xlcrm.jobs.whatifsheet import try_minimums
from xlcrm.problems import CannotDo
from xlcrm.samples import SAMPLE_DAY, sample_files
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whatif") / "book.xlsx"
    import_files(FileStore.create(path, "en"), sample_files("en"))
    close_quarter(FileStore.open(path), "2017Q4", "2017Q3", as_of=SAMPLE_DAY)
    return path


def written(folder: Path, content: str) -> Path:
    file = folder / "minimums.csv"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "content",
    [
        "Grade,Min. quantity,Min. amount\nCS1,500,\n",
        "business_type,size,min_quantity\nCS,1,500\n",
        "等级,最低购进量,最低购进额\nCS1,500,\n",
    ],
)
def test_a_higher_minimum_lets_some_fall_and_nobody_rise(book: Path, tmp_path: Path, content: str) -> None:
    before = book.read_bytes()
    found = what_if_minimums(FileStore.open(book), written(tmp_path, content)).found
    flips = found.flips
    assert flips.height > 0
    assert set(flips[c.STATE]) == {c.DOWN}
    assert set(flips["before"]) == {"CS1"}
    assert all(quantity is None or quantity < 500_000 for quantity in flips[c.QUANTITY])
    assert book.read_bytes() == before


def test_the_minimums_as_they_are_change_nobody(book: Path, tmp_path: Path) -> None:
    store = FileStore.open(book)
    tier = what_if_minimums(store, written(tmp_path, "Grade,Min. quantity\nCS1,500\n")).found.tiers.row(
        by_predicate=pl.col(c.GRADE) == "CS1", named=True
    )
    quantity, amount = tier["min_quantity_before"] / 1000, tier["min_amount_before"] / 100
    same = what_if_minimums(store, written(tmp_path, f"Grade,Min. quantity,Min. amount\nCS1,{quantity},{amount}\n"))
    assert same.found.flips.is_empty()


def test_customers_of_each_type_add_up_on_both_sides(book: Path, tmp_path: Path) -> None:
    tiers = what_if_minimums(FileStore.open(book), written(tmp_path, "Grade,Min. quantity\nCS1,500\nCS2,300\n")).found.tiers
    sums = tiers.group_by(c.BUSINESS_TYPE).agg(before=pl.col("customers_before").sum(), after=pl.col("customers_after").sum())
    assert sums["before"].to_list() == sums["after"].to_list()


def test_what_cannot_be_tried_is_said(book: Path, tmp_path: Path) -> None:
    report = what_if_minimums(FileStore.open(book), written(tmp_path, "Grade,Min. quantity\nQQQ,1\nCS3,7\nCS1,many\n"))
    said = "\n".join(report.lines("en"))
    assert "QQQ" in said
    assert "CS3" in said
    assert [problem.code for problem in report.problems] == ["not_a_number"]


def test_a_file_without_minimums_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as refusal:
        what_if_minimums(FileStore.open(book), written(tmp_path, "Grade,Colour\nCS1,red\n"))
    assert refusal.value.problem.code == "what_if_columns"


# --- On its sheet: typed, tried, and beside it who flips.


@pytest.fixture
def listed(book: Path, tmp_path: Path) -> Path:
    """The workbook after the first press: every tier with its minimums as they are."""
    copy = tmp_path / "tried.xlsx"
    copy.write_bytes(book.read_bytes())
    said = try_minimums(FileStore.open(copy)).lines("en")
    assert len(said) == 1
    assert "2017Q4" in said[0]
    return copy


def tiers(book: Path) -> pl.DataFrame:
    return FileStore.open(book).read("what_if").frame


def typed(book: Path, grade: str, column: str, value: int | None) -> None:
    """As a person types into one cell."""
    own = pl.col(c.GRADE) == grade
    frame = tiers(book).with_columns(pl.when(own).then(pl.lit(value, pl.Int64)).otherwise(pl.col(column)).alias(column))
    FileStore.open(book).save(WorkbookChanges(tables={"what_if": frame}))


def test_the_first_press_lists_the_minimums_to_be_changed_and_a_second_one_changes_nothing(listed: Path) -> None:
    frame = tiers(listed)
    assert frame[c.NEW_MIN_QUANTITY].equals(frame[c.MIN_QUANTITY], check_names=False)
    assert frame[c.NEW_MIN_AMOUNT].equals(frame[c.MIN_AMOUNT], check_names=False)
    assert frame[c.CUSTOMERS_BEFORE].equals(frame[c.CUSTOMERS_AFTER], check_names=False)
    assert frame[c.CUSTOMERS_BEFORE].sum() > 200
    assert FileStore.open(listed).read("what_if_flips").frame.is_empty()
    before = listed.read_bytes()
    assert try_minimums(FileStore.open(listed)).changed == 0
    assert listed.read_bytes() == before


def test_a_minimum_typed_on_the_sheet_flips_the_same_customers_as_a_file(listed: Path, tmp_path: Path) -> None:
    grades = FileStore.open(listed).read("grades").frame
    amount = tiers(listed).row(by_predicate=pl.col(c.GRADE) == "CS1", named=True)[c.MIN_AMOUNT] / 100
    by_file = what_if_minimums(
        FileStore.open(listed), written(tmp_path, f"Grade,Min. quantity,Min. amount\nCS1,500,{amount}\n")
    ).found.flips
    typed(listed, "CS1", c.NEW_MIN_QUANTITY, 500_000)
    tried = try_minimums(FileStore.open(listed))
    flips = FileStore.open(listed).read("what_if_flips").frame
    assert flips.height > 0
    assert sorted(flips[c.CUSTOMER_CODE]) == sorted(by_file[c.CUSTOMER_CODE])
    assert set(flips[c.GRADE_BEFORE]) == {"CS1"}
    assert all(after.endswith("↓") for after in flips[c.SHOWN])
    frame = tiers(listed)
    row = frame.row(by_predicate=pl.col(c.GRADE) == "CS1", named=True)
    assert row[c.CUSTOMERS_AFTER] == row[c.CUSTOMERS_BEFORE] - row[c.FALLING_OUT] == row[c.CUSTOMERS_BEFORE] - flips.height
    assert row[c.NEW_MIN_QUANTITY] == 500_000
    assert frame[c.CUSTOMERS_AFTER].sum() == frame[c.CUSTOMERS_BEFORE].sum()
    assert FileStore.open(listed).read("grades").frame.equals(grades)
    said = tried.lines("en")
    assert f"{flips.height} customers flip" in said[0]
    assert not any(code in line for line in said for code in flips[c.CUSTOMER_CODE])  # they stand on the sheet


def test_what_is_changed_back_flips_nobody(listed: Path) -> None:
    present = tiers(listed).row(by_predicate=pl.col(c.GRADE) == "CS1", named=True)[c.MIN_QUANTITY]
    typed(listed, "CS1", c.NEW_MIN_QUANTITY, 500_000)
    try_minimums(FileStore.open(listed))
    typed(listed, "CS1", c.NEW_MIN_QUANTITY, present)
    assert try_minimums(FileStore.open(listed)).changed == 0
    assert FileStore.open(listed).read("what_if_flips").frame.is_empty()


def test_a_blank_minimum_asks_for_nothing(listed: Path) -> None:
    typed(listed, "CS1", c.NEW_MIN_QUANTITY, None)
    typed(listed, "CS1", c.NEW_MIN_AMOUNT, None)
    try_minimums(FileStore.open(listed))
    flips = FileStore.open(listed).read("what_if_flips").frame
    assert flips.height > 0
    assert set(flips[c.SHOWN]) == {"CS1↑"}


def test_a_tier_that_nobody_touched_follows_the_workbook(listed: Path) -> None:
    """Minimums by rules from now on: the table takes them over, what was typed stays."""
    typed(listed, "CS1", c.NEW_MIN_QUANTITY, 500_000)
    rules = pl.DataFrame({c.BUSINESS_TYPE: ["CS", "CS"], c.SIZE: ["1", "2"], c.MIN_QUANTITY: [200_000, 70_000], c.MIN_AMOUNT: [None, None]})
    FileStore.open(listed).save(WorkbookChanges(tables={"grade_rules": rules.cast({c.MIN_AMOUNT: pl.Int64})}))
    try_minimums(FileStore.open(listed))
    rows = {row[c.GRADE]: row for row in tiers(listed).iter_rows(named=True)}
    assert (rows["CS1"][c.MIN_QUANTITY], rows["CS1"][c.NEW_MIN_QUANTITY]) == (200_000, 500_000)
    assert (rows["CS2"][c.MIN_QUANTITY], rows["CS2"][c.NEW_MIN_QUANTITY]) == (70_000, 70_000)


def test_a_minimum_that_is_no_number_is_refused_and_nothing_written(listed: Path) -> None:
    workbook = openpyxl.load_workbook(listed)
    sheet = workbook["What if"]
    head = {cell.value: cell.column for cell in sheet[places.HEADER_ROW]}
    sheet.cell(places.HEADER_ROW + 1, head["New min. quantity"]).value = "many"
    workbook.save(listed)
    before = listed.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        try_minimums(FileStore.open(listed))
    assert refusal.value.problem.code == "not_a_number"
    assert refusal.value.problem.value == "many"
    assert listed.read_bytes() == before
