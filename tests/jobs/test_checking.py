"""The check of a workbook, and each problem that a job can name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from xlcrm.jobs import showing
from xlcrm.jobs.checking import check
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.printing import print_pack
from xlcrm.jobs.quarter import close_quarter
from xlcrm.problems import CannotDo
from xlcrm.rules.reconcile import OK
from xlcrm.sheets import views
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c

EXPORTS = {
    "routes.csv": "route,customer_code,customer_name\n1,01,One\n1,02,Two\n2,03,Three\n",
    "grades.csv": "customer_code,2017Q1,2017Q2\n01,CS2,CS1\n02,CS1,CS1\n03,CF1,CF2\n",
    "purchases.csv": "customer_code,month,quantity,amount\n01,2017-05,5,1.50\n02,2017-05,0,0\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    for name, content in EXPORTS.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    import_files(FileStore.open(book), [tmp_path / name for name in EXPORTS])
    return book


def save(book: Path, **tables: pl.DataFrame) -> None:
    FileStore.open(book).save(WorkbookChanges(tables=tables))


def found(book: Path) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for problem in check(FileStore.open(book)).problems:
        codes.setdefault(problem.code, []).append(problem.value)
    return codes


def test_what_a_comparison_notices_is_named_and_the_counts_add_up(book: Path) -> None:
    report = check(FileStore.open(book))
    assert report.reconciled is True
    assert found(book) == {"graded_without_purchases": ["03"], "recorded_zero": ["02"]}


def test_a_customer_who_was_pasted_onto_a_second_route_is_named(book: Path) -> None:
    customers = FileStore.open(book).read("customers").frame
    twice = pl.concat([customers, customers.filter(pl.col(c.CUSTOMER_CODE) == "01").with_columns(pl.lit("2").alias(c.ROUTE))])
    save(book, customers=twice)
    codes = found(book)
    assert codes["customer_on_two_routes"] == ["01"]
    assert codes["repeated_key"] == ["01"]


def test_codes_and_routes_that_lead_nowhere_are_named(book: Path) -> None:
    store = FileStore.open(book)
    customers = store.read("customers").frame.with_columns(
        pl.when(pl.col(c.CUSTOMER_CODE) == "01")
        .then(pl.lit("9"))
        .when(pl.col(c.CUSTOMER_CODE) == "02")
        .then(None)
        .otherwise(c.ROUTE)
        .alias(c.ROUTE)
    )
    purchases = store.read("purchases").frame
    stray = purchases.head(1).with_columns(pl.lit("77").alias(c.CUSTOMER_CODE))
    grades = store.read("grades").frame
    save(
        book,
        customers=customers,
        purchases=pl.concat([purchases, stray]),
        grades=pl.concat([grades, grades.tail(1).with_columns(pl.lit("88").alias(c.CUSTOMER_CODE))]),
    )
    codes = found(book)
    assert codes["route_unknown"] == ["9"]
    assert "customers_without_route" in codes
    assert sorted(codes["code_without_customer"]) == ["77", "88"]
    assert codes["graded_without_customer"] == ["88"]


def test_an_empty_workbook_has_no_quarters(tmp_path: Path) -> None:
    FileStore.create(tmp_path / "empty.xlsx", "en")
    with pytest.raises(CannotDo) as refusal:
        showing.table(FileStore.open(tmp_path / "empty.xlsx"), "minimums")
    assert refusal.value.problem.code == "no_quarters"


def test_a_quarter_that_is_none_and_a_table_that_is_none_are_refused(book: Path) -> None:
    for code, act in (
        ("not_a_quarter", lambda: close_quarter(FileStore.open(book), "spring")),
        ("unknown_table", lambda: showing.table(FileStore.open(book), "everything")),
    ):
        with pytest.raises(CannotDo) as refusal:
            act()
        assert refusal.value.problem.code == code


def test_a_route_that_is_none_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as refusal:
        print_pack(FileStore.open(book), book, tmp_path / "out.pdf", routes=["77"])
    assert refusal.value.problem.code == "no_such_route"


def test_counts_that_do_not_add_up_stop_the_print(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules cannot be made to miscount from outside, so the reconciliation is made to find one customer too many."""
    from xlcrm.jobs import routesheets
    from xlcrm.jobs.results import compared

    def with_one_too_many(store: FileStore) -> object:
        comparison = compared(store)
        listed = comparison.reconciliation.with_columns((pl.col(c.CUSTOMERS) + 1).alias(c.CUSTOMERS), pl.lit(False).alias(OK))
        object.__setattr__(comparison, "reconciliation", listed)
        return comparison

    monkeypatch.setattr(routesheets, "compared", with_one_too_many)
    with pytest.raises(CannotDo) as refusal:
        print_pack(FileStore.open(book), book, tmp_path / "out.pdf")
    assert refusal.value.problem.code == "not_reconciled"
    assert not (tmp_path / "out.pdf").exists()
    assert views.refuse_unreconciled(compared(FileStore.open(book)), FileStore.open(book).settings()) is None


def test_a_workbook_that_is_there_is_not_made_again(book: Path) -> None:
    from xlcrm.cli.app import create_book

    with pytest.raises(CannotDo) as refusal:
        create_book(book, "en")
    assert refusal.value.problem.code == "workbook_exists"


def test_overdue_visits_are_counted_from_the_day_given(book: Path) -> None:
    report = close_quarter(FileStore.open(book), "2017Q2", as_of=dt.date(2017, 7, 1))
    assert report.reconciled
    assert report.counts[c.UP] == 1
