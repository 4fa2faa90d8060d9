"""A run is taken back field by field: what nobody changed since goes back, what was changed stays and is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.jobs.books import STORES, Book
from tests.rules.handmade import table
from tests.sheets.decorated import read_parts, sheet_parts
from xlcrm.jobs.checking import check
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.merging import merge
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.recording import save
from xlcrm.jobs.runs import past_runs
from xlcrm.jobs.store import Store
from xlcrm.jobs.undoing import UndoReport, undo
from xlcrm.problems import CannotDo
from xlcrm.rules.ledger import Entry, Told
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 7, 3)
TABLE_IDS = ("customers", "routes", "grades", "purchases", "follow_ups", "business_types", "products")
EXPORTS = {
    "routes.csv": "route,customer_code,customer_name\n1,01,One\n1,02,Two\n2,03,Three\n",
    "grades.csv": "customer_code,2017Q1,2017Q2\n01,CS2,CS1\n02,CS1,CS1\n03,CF1,CF2\n",
    "purchases.csv": "customer_code,month,quantity,amount\n01,2017-05,5,1.50\n02,2017-05,0,0\n",
}
CORRECTED = {
    "routes.csv": "route,customer_code,customer_name\n1,01,Uno\n2,02,Two\n3,04,Four\n",
    "grades.csv": "customer_code,2017Q1,2017Q2\n01,CS3,CS1\n04,CS1,CS1\n",
    "purchases.csv": "customer_code,month,quantity,amount\n01,2017-05,6.5,1.50\n02,2017-04,1,0.05\n04,2017-06,2,2\n",
}


def made(path: Path, store: str, language: Language = "en") -> Book:
    FileStore.create(path, language)
    book = Book(path, store)
    import_all(book, EXPORTS)
    return book


def import_all(book: Book, exports: dict[str, str]) -> None:
    for name, content in exports.items():
        (book.path.parent / name).write_text(content, encoding="utf-8")
    book.run(lambda store: import_files(store, [book.path.parent / name for name in exports]))


@pytest.fixture(params=STORES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Book:
    return made(tmp_path / "book.xlsx", request.param)


@pytest.fixture
def closed(tmp_path: Path) -> Book:
    return made(tmp_path / "book.xlsx", "closed")


def frames(book: Book, *besides: str) -> dict[str, pl.DataFrame]:
    """What people and imports fill, in the order of the keys: a row that comes back comes last."""
    found = {}
    for table_id in TABLE_IDS:
        frame, spec = book.frame(table_id), TABLES[table_id]
        own = [name for name in frame.columns if name in besides or name not in spec.by_id or spec.by_id[name].filled_by == "user"]
        found[table_id] = frame.select(own).sort(own, nulls_last=True)
    return found


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for table_id, frame in one.items():
        assert_frame_equal(frame, other[table_id])


def change(book: Book, table_id: str, job: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """As a person does: nobody tells the audit."""
    frame = FileStore.open(book.path).read(table_id).frame
    FileStore.open(book.path).save(WorkbookChanges(tables={table_id: job(frame)}))


def take_back(book: Book, job_id: str | None = None) -> UndoReport:
    return book.run(lambda store: undo(store, job_id, DAY))


def stayed(report: UndoReport) -> list[tuple[str, str]]:
    return [(problem.code, problem.value) for problem in report.stayed]


def refused(book: Book, job_id: str | None = None) -> str:
    before = book.path.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        take_back(book, job_id)
    assert book.path.read_bytes() == before
    assert refusal.value.problem.line("zh").count("\n") == 0
    return refusal.value.problem.code


def test_an_import_is_taken_back_and_done_again(book: Book) -> None:
    first = frames(book)
    import_all(book, CORRECTED)
    second = frames(book)
    report = take_back(book)
    assert (report.job_id, report.saved_as, report.stayed) == ("J0002", "J0003", [])
    assert (report.fields, report.rows_back) == (3, 1)
    assert_same(first, frames(book))
    again = take_back(book, "J0003")
    assert (again.job_id, again.saved_as) == ("J0003", "J0004")
    assert_same(second, frames(book))
    assert take_back(book).job_id == "J0002"  # it stands again, so it is the last one
    assert_same(first, frames(book))
    assert take_back(book).job_id == "J0001"
    assert all(frame.is_empty() for frame in frames(book).values())
    assert refused(book) == "undo_nothing"
    assert book.broken() is None


def test_lookups_and_home_follow(closed: Book) -> None:
    import_all(closed, CORRECTED)
    take_back(closed)
    shown = FileStore.open(closed.path).read("purchases", only=(c.CUSTOMER_CODE, c.CUSTOMER_NAME)).frame
    assert dict(shown.iter_rows())["01"] == "One"
    assert check(FileStore.open(closed.path)).reconciled is True


def test_what_was_changed_since_stays_and_is_named(book: Book) -> None:
    import_all(book, CORRECTED)
    is_first = pl.col(c.CUSTOMER_CODE) == "01"
    change(book, "customers", lambda frame: frame.with_columns(pl.when(is_first).then(pl.lit("Eins")).otherwise(pl.col(c.CUSTOMER_NAME)).alias(c.CUSTOMER_NAME)))  # fmt: skip
    change(book, "customers", lambda frame: frame.with_columns(pl.when(pl.col(c.CUSTOMER_CODE) == "04").then(pl.lit("9")).alias(c.PHONE)))
    change(
        book, "purchases", lambda frame: frame.with_columns(pl.when(is_first).then(7_000).otherwise(pl.col(c.QUANTITY)).alias(c.QUANTITY))
    )
    report = take_back(book)
    assert sorted(stayed(report)) == [
        ("undo_changed_since", "01"), ("undo_row_changed", "01 · 2017-05"), ("undo_row_changed", "04"), ("undo_row_exists", "01 · 2017-05"),
    ]  # fmt: skip
    lines = report.lines("en")
    assert any("Eins" in line and "Name" in line for line in lines)
    names = dict(book.frame("customers").select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows())
    assert names == {"01": "Eins", "02": "Two", "03": "Three", "04": "Four"}
    routes = dict(book.frame("customers").select(c.CUSTOMER_CODE, c.ROUTE).iter_rows())
    assert routes["02"] == "1"
    bought = book.frame("purchases").select(c.CUSTOMER_CODE, c.PERIOD, c.QUANTITY).sort(pl.all()).rows()
    assert bought == [("01", "2017-05", 7_000), ("02", "2017-05", 0)]
    assert take_back(book, "J0002").saved_as == ""  # what stayed may be tried again, and stays again
    assert book.broken() is None


def test_rows_that_are_gone_and_keys_that_stand_twice_are_named(closed: Book) -> None:
    import_all(closed, CORRECTED)
    change(closed, "customers", lambda frame: frame.filter(~pl.col(c.CUSTOMER_CODE).is_in(["01", "04"])))
    change(closed, "customers", lambda frame: pl.concat([frame, frame.filter(pl.col(c.CUSTOMER_CODE) == "02")]))
    report = take_back(closed)
    assert {("undo_row_gone", "01"), ("undo_row_gone", "04"), ("undo_row_unclear", "02")} == set(stayed(report))


def test_a_row_does_not_come_back_over_another_with_its_key(closed: Book) -> None:
    def without(store: Store) -> str:
        frame = store.read("customers").frame
        return save(store, "merge", WorkbookChanges(tables={"customers": frame.filter(pl.col(c.CUSTOMER_CODE) != "02")}))

    closed.run(without)
    change(closed, "customers", lambda frame: pl.concat([frame, frame.head(1).with_columns(pl.lit("02").alias(c.CUSTOMER_CODE))]))
    report = take_back(closed)
    assert (stayed(report), report.saved_as) == ([("undo_row_exists", "02")], "")
    assert "Nothing of" in report.lines("en")[0]


def test_a_row_that_went_comes_back_with_columns_that_the_run_did_not_write(closed: Book) -> None:
    before = frames(closed)
    few = pl.DataFrame({c.CUSTOMER_CODE: ["01"], c.CUSTOMER_NAME: ["One"]})
    closed.run(lambda store: save(store, "merge", WorkbookChanges(tables={"customers": few})))
    assert take_back(closed).stayed == []
    assert_same(before, frames(closed))


def test_a_follow_up_is_taken_back_with_what_customers_and_home_showed(book: Book) -> None:
    book.run(lambda store: close_quarter(store, "2017Q2", as_of=DAY))
    shown = (c.CUSTOMER_CODE, c.LAST_FOLLOW_UP, c.NEXT_ACTION)

    def seen() -> dict[str, tuple[object, ...]]:
        frame = FileStore.open(book.path).read("customers", only=shown).frame
        return {code: tuple(rest) for code, *rest in frame.select(shown).iter_rows()}

    book.run(lambda store: log_follow_up(store, FollowUp("01", "visit", "x", next_action="samples", date="2017-07-01"), DAY))
    before, home = seen(), FileStore.open(book.path).value("crm.home.band")
    book.run(lambda store: log_follow_up(store, FollowUp("01", "call", "y", next_action="price list", date="2017-07-02"), DAY))
    assert seen()["01"][1] == "price list"
    take_back(book)
    assert seen() == before if book.store == "closed" else seen()["01"][1] == "samples"
    assert FileStore.open(book.path).value("crm.home.band") == home  # no figure of the comparison waits for a new one
    take_back(book)
    assert seen()["01"][1] is None
    assert book.frame("follow_ups").is_empty()


def test_a_merge_is_taken_back(closed: Book) -> None:
    closed.run(lambda store: log_follow_up(store, FollowUp("02", "visit", "x", date="2017-05-01"), DAY))
    before = frames(closed)
    closed.run(lambda store: merge(store, "01", "02", as_of=DAY))
    assert "02" not in closed.frame("customers")[c.CUSTOMER_CODE]
    report = take_back(closed)
    assert report.stayed == []
    assert_same(before, frames(closed))
    assert FileStore.open(closed.path).read("duplicates").frame[c.DECISION].null_count() == 1  # else the button would merge them again


def test_taking_back_a_quarter_closes_the_earlier_pair_again(book: Book) -> None:
    book.run(lambda store: close_quarter(store, "2017Q1", "2016Q4", as_of=DAY))
    assert refused(book) == "undo_first_quarter"
    shown = frames(book, c.SHOWN, c.STATE, c.ADVICE)
    book.run(lambda store: close_quarter(store, "2017Q2", as_of=DAY))
    report = take_back(book)
    assert report.quarters == ("2017Q1", "2016Q4")
    settings_now = FileStore.open(book.path).settings()
    assert (settings_now.current_quarter, settings_now.previous_quarter) == ("2017Q1", "2016Q4")
    assert_same(shown, frames(book, c.SHOWN, c.STATE, c.ADVICE))
    assert take_back(book, report.saved_as).quarters == ("2017Q2", "2017Q1")
    FileStore.open(book.path).save(WorkbookChanges(values={"crm.current_quarter": "2017Q1"}))
    assert stayed(take_back(book, "J0003")) == [("undo_quarters_changed", "")]


def test_grades_that_a_quarter_computed_go_with_it(closed: Book) -> None:
    rules = table("grade_rules", [{c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.MIN_QUANTITY: 1_000}])
    change(closed, "grade_rules", lambda _: rules)
    change(closed, "settings", lambda frame: frame.with_columns(pl.when(pl.col(c.SETTING) == text("settings.grades_from", "en")).then(pl.lit("minimums")).otherwise(pl.col(c.VALUE)).alias(c.VALUE)))  # fmt: skip
    closed.run(lambda store: close_quarter(store, "2017Q1", as_of=DAY))
    before = frames(closed)
    closed.run(lambda store: close_quarter(store, "2017Q2", as_of=DAY))
    assert not frames(closed)["grades"].equals(before["grades"])
    assert take_back(closed).stayed == []
    assert_same(before, frames(closed))


def test_unchanged_tables_stay_byte_for_byte(closed: Book) -> None:
    closed.run(lambda store: close_quarter(store, "2017Q2", as_of=DAY))
    closed.run(lambda store: log_follow_up(store, FollowUp("01", "visit", "x", date="2017-07-01"), DAY))
    before = read_parts(closed.path)
    take_back(closed)
    after, sheets = read_parts(closed.path), sheet_parts(before)
    own = {sheets[text(f"sheets.{sheet}", "en")] for sheet in ("home", "customers", "follow_ups", "audit", "settings")}
    assert [name for name in before if name.startswith("xl/worksheets/sheet") and before[name] != after[name] and name not in own] == []


def test_runs_that_are_not_taken_back(closed: Book) -> None:
    assert refused(closed, "J9999") == "undo_unknown_run"
    take_back(closed, "j0001 ")
    assert refused(closed, "J0001") == "undo_done_already"
    closed.run(lambda store: save(store, "forget", WorkbookChanges(), told=[Told("Customers", "01", "Name", "", "")]))
    assert refused(closed) == "undo_erasure"


def test_an_older_workbook_says_that_it_keeps_no_audit(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "old.xlsx"
    FileStore.create(path, "en")
    workbook = openpyxl.load_workbook(path)
    del workbook[text("sheets.audit", "en")]
    workbook.save(path)
    assert refused(Book(path, "closed")) == "undo_no_audit"


def test_entries_that_were_erased_or_altered_or_speak_of_no_table_are_named(closed: Book) -> None:
    def told(store: Store) -> str:
        return save(
            store, "merge", WorkbookChanges(), told=[Told("Customers", "01", "Name", "a", "One"), Told("Nowhere", "1", "x", "a", "b")]
        )

    closed.run(told)
    newest = closed.entries()[-1].entry

    def tampered(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.when(pl.col(c.ENTRY) == newest - 1).then(pl.lit("Mallory")).otherwise(pl.col(c.OLD)).alias(c.OLD))

    change(closed, "audit", tampered)
    report = take_back(closed)
    assert (stayed(report), report.saved_as) == ([("undo_unknown_table", "1"), ("undo_altered", "01")], "")
    blank = pl.when(pl.col(c.ENTRY) < newest - 1).then(None)
    change(closed, "audit", lambda frame: frame.with_columns(blank.otherwise(pl.col(name)).alias(name) for name in (c.OLD, c.NEW, c.SALT)))
    report = take_back(closed, "J0001")
    assert {code for code, _ in stayed(report)} == {"undo_erased"}
    assert report.saved_as == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_says(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path / "book.xlsx", "closed", language)
    import_all(book, CORRECTED)
    report = take_back(book)
    for spoken in LANGUAGES:
        lines = report.lines(spoken)
        assert "J0002" in lines[0]
        assert text("jobs.import", spoken) in lines[0]
        assert "J0003" in lines[-1]
        assert "J0003" in report.lines(spoken, button=True)[-1]
        assert not any("{" in line for line in lines)


def test_a_long_note_comes_back_whole(closed: Book) -> None:
    long = '"é' * 16_000
    rows = table("follow_ups", [{c.FOLLOW_UP_ID: "1", c.CUSTOMER_CODE: "01", c.NOTE: long, c.DATE: DAY}])
    closed.run(lambda store: save(store, "import", WorkbookChanges(tables={"follow_ups": rows})))
    before = frames(closed)
    closed.run(lambda store: save(store, "merge", WorkbookChanges(tables={"follow_ups": rows.clear()})))
    assert closed.frame("follow_ups").is_empty()
    take_back(closed)
    assert_same(before, frames(closed))
    take_back(closed, "J0002")
    assert closed.frame("follow_ups").is_empty()


# --- Any runs, taken back in the reverse order, leave the tables as they were.

CODES = st.sampled_from(["01", "02", "03", "04", "5"])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zs")), min_size=1, max_size=6)
CUSTOMER_ROWS = st.lists(st.tuples(CODES, NAMES, st.none() | NAMES), max_size=4)
PURCHASE_ROWS = st.lists(st.tuples(CODES, st.integers(-9_999, 9_999), st.integers(-999, 999), st.none() | NAMES), max_size=5)


def run_of(customers: list[tuple[str, ...]], purchases: list[tuple[str, ...]]) -> Callable[[Store], str]:
    """A run that leaves these rows, some with the same key, and no others."""

    def run(store: Store) -> str:
        people = [{c.CUSTOMER_CODE: code, c.CUSTOMER_NAME: name, "Own": own} for code, name, own in customers]
        sold = [{c.CUSTOMER_CODE: code, c.PERIOD: "2017-05", c.QUANTITY: q, c.AMOUNT: a, c.PRODUCT_CODE: p} for code, q, a, p in purchases]
        tables = {
            "customers": table("customers", people).with_columns(pl.Series("Own", [row["Own"] for row in people], dtype=pl.String)),
            "purchases": table("purchases", sold).drop(c.QUARTER),
        }
        return save(store, "import", WorkbookChanges(tables=tables))

    return run


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CUSTOMER_ROWS, PURCHASE_ROWS), min_size=1, max_size=4))
def test_any_runs_taken_back_leave_the_tables_as_they_were(closed: Book, runs: list[tuple[list[tuple[str, ...]], ...]]) -> None:
    states = []
    for customers, purchases in runs:
        before = frames(closed)
        job_id = closed.run(run_of(customers, purchases))
        if job_id:
            states.append((job_id, before))
    for job_id, before in reversed(states):
        report = take_back(closed)
        assert (report.job_id, report.stayed) == (job_id, [])
        now = frames(closed)
        assert_same(before, {name: frame.select(before[name].columns) for name, frame in now.items()})
    assert closed.broken() is None


def test_what_came_back_does_not_come_back_twice(book: Book) -> None:
    """A run that was taken back in part can be taken back again: rows of purchases have no key that would say they are there."""
    import_all(book, {"purchases.csv": "customer_code,month,quantity,amount\n01,2017-05,6.5,1.50\n02,2017-05,1,0\n"})
    import_all(book, {"purchases.csv": "customer_code,month,quantity,amount\n01,2017-05,7,1.50\n"})
    runs = [entry.job_id for entry in book.entries()]
    middle = list(dict.fromkeys(runs))[-2]
    book.run(lambda store: undo(store, middle, DAY))
    once = book.frame("purchases")
    assert once.height == 2
    again = book.run(lambda store: undo(store, middle, DAY))
    assert again.rows_back == 0
    assert book.frame("purchases").equals(once)


def test_entries_of_which_somebody_took_the_run_away_stop_no_undo() -> None:
    """An altered audit is the check's to name; an undo takes back what is still told."""

    def entry(number: int, job_id: str, job: str, table_id: str = "", row_key: str = "") -> Entry:
        return Entry(
            number, job_id, "", "", text(f"jobs.{job}", "en"), TABLES[table_id].en if table_id else "", row_key, "", "", "", "s", "", ""
        )

    runs = past_runs([entry(1, "J0001", "log"), entry(2, "", "log"), entry(3, "J0002", "log"), entry(4, "J0003", "undo", "audit", "J0002")])
    assert {run.job_id: run.undone_by for run in runs.values()} == {"J0001": "", "": "", "J0002": "J0003", "J0003": ""}
    round_about = [
        entry(1, "J0001", "undo", "audit", "J0002"), entry(2, "J0002", "undo", "audit", "J0001"), entry(3, "J0003", "undo", "audit", "J0002"),
    ]  # fmt: skip
    assert set(past_runs(round_about)) == {"J0001", "J0002", "J0003"}
