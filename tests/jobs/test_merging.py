"""Two customers made one in a workbook: what the merged row holds, that nothing is lost, what undo gives back, what an import does later."""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from xlcrm import cli
from xlcrm.jobs import showing
from xlcrm.jobs.checking import check
from xlcrm.jobs.duplicates import find_duplicates, list_duplicates
from xlcrm.jobs.forgetting import forget
from xlcrm.jobs.handover import handover
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.merging import merge, merge_decided, plan_merge
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.undoing import undo
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 10, 5)
CODES = ("customers", "follow_ups", "purchases", "grades", "consents", "visit_plan", "intake", "handovers")

CUSTOMERS: dict[str, list[Any]] = {
    c.CUSTOMER_CODE: ["0001", "0002", "0003"],
    c.CUSTOMER_NAME: ["Corner Shop", "CORNER SHOP Ltd", "Oak Books"],
    c.ROUTE: ["1", "2", "1"],
    c.PHONE: ["138 1234 5678", "555-0199", None],
    c.ADDRESS: [None, "12 Mill Lane", "7 Bay Street"],
    c.BIRTHDAY: [None, dt.date(1970, 5, 4), None],
    "Favourite tea": ["green", "black", None],
    "Parking": [None, "behind the house", None],
}
ROUTES: dict[str, list[Any]] = {c.ROUTE: ["1", "2"], c.ACCOUNT_MANAGER: ["Ana", "Ben"], c.POSITION: [1, 2]}
PURCHASES: dict[str, list[Any]] = {
    c.CUSTOMER_CODE: ["0001", "0002", "0003", "0002", "0001"],
    c.PERIOD: ["2017-07", "2017-07", "2017-07", "2017-08", "2017Q2"],
    c.QUANTITY: [12_000, 7_500, 1_000, 3_000, 40_000],
    c.AMOUNT: [120_050, 75_099, 10_000, None, 400_000],
}
GRADES: dict[str, list[Any]] = {
    c.CUSTOMER_CODE: ["0001", "0002", "0003", "0002"],
    c.QUARTER: ["2017Q3", "2017Q3", "2017Q3", "2017Q2"],
    c.GRADE: ["CS2", "CS1", "CS3", "CS3"],
}


def made(folder: Path, language: Language = "en", quarter: bool = False) -> Path:
    """A workbook in which 0001 and 0002 are one shop."""
    book = folder / f"{language}.xlsx"
    FileStore.create(book, language)
    store = FileStore.open(book)
    said = {name: text(f"choices.{name}", language) for name in ("visit", "call", "marketing", "survey", "erasure")}
    tables: dict[str, dict[str, list[Any]]] = {
        "customers": CUSTOMERS, "routes": ROUTES, "purchases": PURCHASES, "grades": GRADES,
        "follow_ups": {
            c.DATE: [dt.date(2017, 9, 1), dt.date(2017, 9, 5)], c.CUSTOMER_CODE: ["0002", "0003"], c.KIND: [said["visit"], said["call"]],
            c.NOTE: ["shelf full", "closed"], c.AUTHOR: ["Ben", "Ana"], c.FOLLOW_UP_ID: ["F1", "F2"],
        },
        "consents": {
            c.CUSTOMER_CODE: ["0001", "0002", "0002"], c.PURPOSE: [said["marketing"], said["marketing"], said["survey"]],
            c.GIVEN_ON: [dt.date(2017, 2, 1), dt.date(2017, 1, 1), dt.date(2017, 3, 1)],
            c.WITHDRAWN_ON: [None, dt.date(2017, 6, 1), None], c.NOTE: ["on the phone", None, None],
        },
        "visit_plan": {
            c.DATE: [dt.date(2017, 10, 9)] * 2, c.CUSTOMER_CODE: ["0001", "0002"], c.POSITION: [1, 2], c.DONE_ON: [None, dt.date(2017, 10, 9)],
        },
        "intake": {c.CUSTOMER_CODE: ["0002"], c.KIND: [said["visit"]], c.NOTE: ["not entered yet"]},
        "handovers": {c.CUSTOMER_CODE: ["0002"], c.FROM_OWNER: ["Zoe"], c.TO_OWNER: ["Ben"], c.DONE_ON: [dt.date(2016, 1, 1)]},
    }  # fmt: skip
    frames = {name: pl.concat([store.read(name).frame, pl.DataFrame(rows)], how="diagonal_relaxed") for name, rows in tables.items()}
    store.save(WorkbookChanges(tables=frames))
    if quarter:
        close_quarter(FileStore.open(book), "2017Q3", as_of=DAY)
    return book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return made(tmp_path)


def table(book: Path, table_id: str) -> pl.DataFrame:
    return FileStore.open(book).read(table_id).frame


def row(book: Path, code: str) -> dict[str, object]:
    return table(book, "customers").filter(pl.col(c.CUSTOMER_CODE) == code).row(0, named=True)


def test_a_blank_is_filled_a_conflict_keeps_what_the_kept_one_said_and_the_other_is_in_a_note(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    merged = row(book, "0001")
    assert (merged[c.CUSTOMER_NAME], merged[c.PHONE], merged[c.ROUTE]) == ("Corner Shop", "138 1234 5678", "1")
    assert (merged[c.ADDRESS], merged[c.BIRTHDAY]) == ("12 Mill Lane", dt.date(1970, 5, 4))
    assert (merged["Favourite tea"], merged["Parking"]) == ("green", "behind the house")  # added columns take part
    assert table(book, "customers")[c.CUSTOMER_CODE].to_list() == ["0001", "0003"]
    note = table(book, "follow_ups").filter(pl.col(c.DATE) == DAY).row(0, named=True)
    assert (note[c.CUSTOMER_CODE], note[c.KIND]) == ("0001", "note")
    for named in ("merged from 0002: ", "Phone 555-0199", "Name CORNER SHOP Ltd", "Route 2", "Favourite tea black"):
        assert named in note[c.NOTE]
    assert "green" not in note[c.NOTE]


def test_a_column_that_is_taken_from_the_dropped_one_leaves_the_kept_value_in_the_note(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", take=["phone", "客户名称", "favourite TEA", c.ADDRESS], as_of=DAY)
    merged = row(book, "0001")
    assert (merged[c.PHONE], merged[c.CUSTOMER_NAME], merged["Favourite tea"]) == ("555-0199", "CORNER SHOP Ltd", "black")
    note = table(book, "follow_ups")[c.NOTE][-1]
    assert all(said in note for said in ("Phone 138 1234 5678", "Name Corner Shop", "Favourite tea green"))


def test_every_row_goes_over_and_no_sum_changes(book: Path) -> None:
    before = {name: table(book, name) for name in CODES}
    plan = merge(FileStore.open(book), "0001", "0002", as_of=DAY).plans[0]
    after = {name: table(book, name) for name in CODES}
    assert not any((frame[c.CUSTOMER_CODE] == "0002").any() for frame in after.values())
    for name in (c.QUANTITY, c.AMOUNT):
        assert after["purchases"][name].sum() == before["purchases"][name].sum()
    assert after["purchases"].drop(c.CUSTOMER_CODE).equals(before["purchases"].drop(c.CUSTOMER_CODE))  # in their places too
    assert after["follow_ups"].height == before["follow_ups"].height + 1
    assert (after["follow_ups"][c.CUSTOMER_CODE][0], after["follow_ups"][c.AUTHOR][0]) == ("0001", "Ben")
    assert after["intake"][c.CUSTOMER_CODE].to_list() == ["0001"]
    assert after["handovers"][c.CUSTOMER_CODE].to_list() == ["0001"]
    assert plan.moved == {
        "Follow-ups": 1, "Purchases": 2, "Handover": 1, "Intake": 1, "Grades": 2, "Consents": 2, "Visit plan": 1,
    }  # fmt: skip


def test_of_two_grades_of_one_quarter_the_kept_ones_stays_and_the_other_is_named(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    grades = {row[c.QUARTER]: row[c.GRADE] for row in table(book, "grades").rows(named=True) if row[c.CUSTOMER_CODE] == "0001"}
    assert grades == {"2017Q3": "CS2", "2017Q2": "CS3"}
    assert "Grades 2017Q3: Grade CS1" in table(book, "follow_ups")[c.NOTE][-1]


def test_who_withdrew_a_consent_is_not_asked_again_by_a_merge(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    consents = table(book, "consents").sort(c.PURPOSE)
    assert consents.select(c.CUSTOMER_CODE, c.PURPOSE, c.WITHDRAWN_ON).rows() == [
        ("0001", "marketing", dt.date(2017, 6, 1)), ("0001", "survey", None),
    ]  # fmt: skip
    assert "Consents marketing: Given on 2017-02-01, Note on the phone" in table(book, "follow_ups")[c.NOTE][-1]


def test_one_visit_of_a_day_stays_planned_the_one_that_was_made(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    assert table(book, "visit_plan").select(c.CUSTOMER_CODE, c.DONE_ON).rows() == [("0001", dt.date(2017, 10, 9))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_merged_customer_has_the_grade_of_what_both_bought(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path, language, quarter=True)
    merge(FileStore.open(book), "0003", "0002", as_of=DAY)
    shown = showing.table(FileStore.open(book), "customers").filter(pl.col(c.CUSTOMER_CODE) == "0003").row(0, named=True)
    assert (shown[c.SHOWN], shown[c.PREVIOUS_GRADE], shown[c.STATE]) == ("CS3", "CS3", "kept")  # CS3 of 0003, CS3 of 0002 before
    assert shown[c.QUANTITY] == "11.5"
    follow_ups = FileStore.open(book).read("follow_ups", only=[c.CUSTOMER_CODE, c.CUSTOMER_NAME]).frame
    assert set(follow_ups.rows()) == {("0003", "Oak Books")}


def test_a_merge_leaves_the_workbook_clean_and_undo_gives_everything_back(book: Path) -> None:
    before = {name: table(book, name) for name in CODES}
    job = merge(FileStore.open(book), "0001", "0002", take=["phone"], as_of=DAY).job
    assert job
    found = {problem.code for problem in check(FileStore.open(book), claims=False).problems}
    assert not found & {"repeated_key", "code_without_customer", "audit_broken", "not_reconciled"}
    undo(FileStore.open(book), job)
    for name in CODES:
        if name == "intake":  # a tray, of which the audit tells nothing
            continue
        spec = TABLES[name].by_id
        told = [each for each in before[name].columns if each not in spec or spec[each].filled_by == "user"]
        key = [each for each in told if before[name][each].dtype != pl.Null]
        again, was = (frame.select(told).sort(key, nulls_last=True) for frame in (table(book, name), before[name]))
        assert again.equals(was), name
    assert "audit_broken" not in {problem.code for problem in check(FileStore.open(book), claims=False).problems}


@pytest.mark.parametrize(
    ("keep", "drop", "take", "code"),
    [
        ("0001", "0001", (), "merge_same"),
        ("0001", "2", (), "log_similar_customer"),
        ("77", "0002", (), "log_unknown_customer"),
        ("0001", "0002", ("shoe size",), "merge_unknown_column"),
        ("0001", "0002", ("grade",), "merge_unknown_column"),  # computed
        ("0001", "0002", ("code",), "merge_unknown_column"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_changes(book: Path, keep: str, drop: str, take: tuple[str, ...], code: str) -> None:
    before = book.read_bytes()
    for job in (merge, plan_merge):
        with pytest.raises(CannotDo) as refusal:
            job(FileStore.open(book), keep, drop, take)
        assert refusal.value.problem.code == code
    assert book.read_bytes() == before


def test_a_customer_that_stands_twice_is_no_customer_to_merge(book: Path) -> None:
    store = FileStore.open(book)
    customers = store.read("customers").frame
    store.save(WorkbookChanges(tables={"customers": pl.concat([customers, customers.filter(pl.col(c.CUSTOMER_CODE) == "0002")])}))
    with pytest.raises(CannotDo) as refusal:
        merge(FileStore.open(book), "0001", "0002")
    assert refusal.value.problem.code == "merge_repeated"


def test_a_workbook_of_an_earlier_version_lacks_tables_and_is_merged_all_the_same(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    for sheet in workbook.worksheets:
        for name in set(sheet.tables) & {"Duplicates", "Consents", "VisitPlan", "Intake", "Handovers", "Audit"}:
            del sheet.tables[name]
    workbook.save(book)
    quantity = table(book, "purchases")[c.QUANTITY].sum()
    assert merge(FileStore.open(book), "0001", "0002", as_of=DAY).job == ""  # no audit, so nothing to undo it by
    assert table(book, "customers")[c.CUSTOMER_CODE].to_list() == ["0001", "0003"]
    assert table(book, "purchases")[c.QUANTITY].sum() == quantity
    assert handover(FileStore.open(book), "Kim", codes=["0003"], as_of=DAY).parts[0].codes == ["0003"]
    assert row(book, "0003")[c.OWNER] == "Kim"


# --- Duplicates, decided on the sheet.


def decide(book: Path, choices: dict[tuple[str, str], str]) -> None:
    store = FileStore.open(book)
    pairs = store.read("duplicates").frame
    said = [choices.get((a, b), old) for a, b, old in pairs.select(c.CODE_A, c.CODE_B, c.DECISION).iter_rows()]
    store.save(WorkbookChanges(tables={"duplicates": pairs.with_columns(pl.Series(c.DECISION, said, dtype=pl.String))}))


def with_twins(book: Path) -> None:
    store = FileStore.open(book)
    more = pl.DataFrame({
        c.CUSTOMER_CODE: ["0004", "0005"], c.CUSTOMER_NAME: ["Oak Books Inc.", "Corner Shop"], c.ADDRESS: ["7 Bay Street", "12 Mill Lane"],
        c.PHONE: [None, "13812345678"],
    })  # fmt: skip
    store.save(WorkbookChanges(tables={"customers": pl.concat([store.read("customers").frame, more], how="diagonal")}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_are_listed_once_and_a_decision_is_never_lost(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path, language)
    with_twins(book)
    assert list_duplicates(FileStore.open(book)).frame.height >= 2
    listed = table(book, "duplicates")
    assert ("0003", "0004") in listed.select(c.CODE_A, c.CODE_B).rows()
    assert text("duplicates.same_address", language) in listed.filter(pl.col(c.CODE_A) == "0003")[c.REASONS][0]
    decide(book, {("0003", "0004"): text("choices.different", language)})
    assert ("0003", "0004") not in list_duplicates(FileStore.open(book)).frame.select(c.CODE_A, c.CODE_B).rows()
    assert ("0003", "0004") not in find_duplicates(FileStore.open(book)).frame.select(c.CODE_A, c.CODE_B).rows()
    assert ("0003", "0004") not in showing.table(FileStore.open(book), "duplicates").select(c.CODE_A, c.CODE_B).rows()
    again = table(book, "duplicates")
    assert again.filter(pl.col(c.CODE_A) == "0003")[c.DECISION].to_list() == [text("choices.different", language)]
    saved = book.read_bytes()
    list_duplicates(FileStore.open(book))
    assert book.read_bytes() == saved  # nothing new, nothing written


def test_decided_pairs_are_merged_together_through_chains(book: Path) -> None:
    with_twins(book)
    list_duplicates(FileStore.open(book))
    pairs = set(table(book, "duplicates").select(c.CODE_A, c.CODE_B).rows())
    assert {("0001", "0005"), ("0002", "0005"), ("0003", "0004")} <= pairs
    decide(book, {("0001", "0005"): "keep A", ("0002", "0005"): "keep B", ("0003", "0004"): "keep B"})
    done = merge_decided(FileStore.open(book), DAY)
    assert {plan.drop for plan in done.plans} == {"0002", "0003", "0005"}
    assert table(book, "customers")[c.CUSTOMER_CODE].to_list() == ["0001", "0004"]
    assert set(table(book, "purchases")[c.CUSTOMER_CODE]) == {"0001", "0004"}
    listed = table(book, "duplicates")
    assert listed[c.DECISION].null_count() == 0  # what was open about a customer that is no more, is gone
    with pytest.raises(CannotDo) as refusal:
        merge_decided(FileStore.open(book), DAY)
    assert refusal.value.problem.code == "merge_nothing_decided"


def test_an_import_with_the_old_code_enters_its_rows_under_the_new_one(book: Path, tmp_path: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    (tmp_path / "routes.csv").write_text(
        "customer_code,route,customer_name,phone\n0002,2,CORNER SHOP Ltd,555-0199\n0006,2,New,1\n", encoding="utf-8"
    )
    (tmp_path / "grades.csv").write_text("customer_code,2017Q3,2017Q4\n0002,CS1,CS1\n0001,CS2,\n", encoding="utf-8")
    (tmp_path / "purchases.csv").write_text(
        "customer_code,period,quantity,amount\n0002,2017-10,5,50\n0001,2017-07,12,1200.50\n0002,2017-07,7.5,750.99\n", encoding="utf-8"
    )
    quantity = table(book, "purchases")[c.QUANTITY].sum()
    report = import_files(FileStore.open(book), [tmp_path / name for name in ("routes.csv", "grades.csv", "purchases.csv")])
    assert table(book, "customers")[c.CUSTOMER_CODE].to_list() == ["0001", "0003", "0006"]
    assert row(book, "0001")[c.PHONE] == "138 1234 5678"
    grades = table(book, "grades").filter(pl.col(c.CUSTOMER_CODE) == "0001").sort(c.QUARTER)
    assert grades.select(c.QUARTER, c.GRADE).rows() == [("2017Q2", "CS3"), ("2017Q3", "CS2"), ("2017Q4", "CS1")]
    purchases = table(book, "purchases")
    assert not (purchases[c.CUSTOMER_CODE] == "0002").any()
    assert purchases[c.QUANTITY].sum() == quantity + 5_000
    assert any("merged" in line for line in report.lines("en"))


# --- The terminal.


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch, answer: str | None = None) -> int:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return answer is not None

    monkeypatch.setattr(sys, "argv", ["xlcrm", *arguments])
    monkeypatch.setattr(sys, "stdin", Terminal(answer or ""))
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_the_command_shows_both_side_by_side_and_merges_on_yes_alone(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()
    arguments = ["merge", str(book), "0001", "0002", "--take", "Phone"]
    assert run(arguments, monkeypatch, "n\n") == 0
    said = capsys.readouterr().out
    shown = next(line for line in said.splitlines() if line.strip().startswith("Phone"))
    assert shown.split() == ["Phone", "138", "1234", "5678", ">", "555-0199"]
    assert "Nothing was changed" in said
    assert run(arguments, monkeypatch) == 3  # no terminal to ask on
    assert "--yes" in capsys.readouterr().err  # merge_not_confirmed
    assert book.read_bytes() == before
    assert run(arguments, monkeypatch, "y\n") == 0
    assert row(book, "0001")[c.PHONE] == "555-0199"
    assert run(["merge", str(book), "0001", "0003", "--yes"], monkeypatch) == 0
    assert table(book, "customers").height == 1


# --- Taken back out of order.


def bought(book: Path) -> tuple[int, int, int]:
    purchases = table(book, "purchases")
    return purchases.height, int(purchases[c.QUANTITY].sum()), int(purchases[c.AMOUNT].sum())


def test_the_earlier_of_two_merges_taken_back_first_counts_nothing_twice(book: Path) -> None:
    before = bought(book)
    first = merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    second = merge(FileStore.open(book), "0003", "0001", as_of=DAY)
    report = undo(FileStore.open(book), first.job, as_of=DAY)
    assert "undo_row_moved" in {problem.code for problem in report.stayed}
    assert "0002" in table(book, "customers")[c.CUSTOMER_CODE]
    assert bought(book) == before
    assert set(table(book, "purchases")[c.CUSTOMER_CODE]) == {"0003"}
    undo(FileStore.open(book), second.job, as_of=DAY)
    undo(FileStore.open(book), first.job, as_of=DAY)
    assert bought(book) == before
    assert table(book, "purchases").filter(pl.col(c.CUSTOMER_CODE) == "0002")[c.QUANTITY].to_list() == [7_500, 3_000]


def test_a_purchase_that_an_import_corrected_after_the_merge_counts_once_when_it_is_taken_back(book: Path, tmp_path: Path) -> None:
    merged = merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    export = tmp_path / "corrected.csv"
    export.write_text("customer code,month,quantity\n0001,2017-08,99\n", encoding="utf-8")
    import_files(FileStore.open(book), [export])
    corrected = bought(book)
    undo(FileStore.open(book), merged.job, as_of=DAY)
    assert bought(book) == corrected


# --- And forgotten.

OF_THE_DROPPED = ("CORNER SHOP", "555-0199", "behind the house", "shelf full")


def quoted(book: Path) -> set[str]:
    with zipfile.ZipFile(book) as archive:
        content = "\n".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    return {said for said in OF_THE_DROPPED if said in content}


@pytest.fixture
def forgotten(book: Path) -> Path:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    assert forget(FileStore.open(book), ["0001"], DAY).is_proved
    return book


def test_a_merge_of_an_erased_customer_is_not_taken_back(forgotten: Path) -> None:
    before = forgotten.read_bytes()
    with pytest.raises(CannotDo) as refused:
        undo(FileStore.open(forgotten), "J0001", as_of=DAY)
    assert refused.value.problem.code == "undo_merge_erased"
    assert forgotten.read_bytes() == before


def test_an_old_export_brings_back_nothing_of_an_erased_customer_under_the_code_that_was_merged_away(forgotten: Path) -> None:
    exports = {
        "old.csv": "customer code,name,phone,address,route\n0002,CORNER SHOP Ltd,555-0199,12 Mill Lane,2\n0002,CORNER SHOP Ltd,555-0199,,1\n",
        "visits.csv": "date,customer code,kind,note\n2017-09-20,0002,visit,shelf full\n2017-09-99,0002,visit,behind the house\n",
        "bought.csv": "customer code,name,month,quantity\n0002,CORNER SHOP Ltd,2017-09,7\n0002,CORNER SHOP Ltd,2017-99,7\n",
    }
    for name, content in exports.items():
        (forgotten.parent / name).write_text(content, encoding="utf-8")
    report = import_files(FileStore.open(forgotten), [forgotten.parent / name for name in exports])
    assert {"not_a_date", "not_a_period"} <= {problem.code for problem in report.problems}
    assert table(forgotten, "customers")[c.CUSTOMER_CODE].to_list() == ["0001", "0003"]
    assert table(forgotten, "purchases").filter(pl.col(c.PERIOD) == "2017-09")[c.CUSTOMER_CODE].to_list() == ["0001"]
    assert quoted(forgotten) == set()


@pytest.mark.parametrize(("keep", "drop"), [("0003", "0001"), ("0001", "0003")])
def test_an_erased_customer_is_not_merged(forgotten: Path, keep: str, drop: str) -> None:
    """The one would be taken for erased like the other, or fill the other's row with a person's data."""
    before = forgotten.read_bytes()
    with pytest.raises(CannotDo) as refused:
        merge(FileStore.open(forgotten), keep, drop, as_of=DAY)
    assert (refused.value.problem.code, refused.value.problem.value) == ("merge_erased", "0001")
    assert forgotten.read_bytes() == before


def test_a_code_that_was_merged_away_is_forgotten_under_the_other(book: Path) -> None:
    merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    with pytest.raises(CannotDo) as refused:
        forget(FileStore.open(book), ["0002"], DAY)
    assert refused.value.problem.code == "forget_merged"
    assert "0001" in refused.value.problem.line("en")


def test_who_is_no_customer_any_more_is_forgotten_by_the_audit(book: Path) -> None:
    (book.parent / "new.csv").write_text("customer code,name,route\n0007,Secret Person,1\n", encoding="utf-8")
    import_files(FileStore.open(book), [book.parent / "new.csv"])
    undo(FileStore.open(book), as_of=DAY)
    assert forget(FileStore.open(book), ["0007"], DAY).is_proved
    with zipfile.ZipFile(book) as archive:
        assert not any(b"Secret Person" in archive.read(name) for name in archive.namelist())
    assert not [problem.code for problem in check(FileStore.open(book), claims=False).problems if problem.value == "0007"]
    import_files(FileStore.open(book), [book.parent / "new.csv"])
    assert row(book, "0007")[c.CUSTOMER_NAME] is None
