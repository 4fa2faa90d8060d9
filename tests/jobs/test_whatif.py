"""What if the minimums were others: files of minimums against the workbook, nothing written."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.whatif import what_if_minimums
from xlcrm.problems import CannotDo
from xlcrm.samples import SAMPLE_DAY, sample_files
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
