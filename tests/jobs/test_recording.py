"""What is told to the audit when a run saves, by whom and when, and that it reads back as it was sealed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.jobs.books import STORES, Book
from tests.rules.handmade import table
from xlcrm.jobs.checking import check
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.recording import Pen, fixed_pen, head_of, job_of, read_entries, save, written_with
from xlcrm.jobs.showing import table as shown
from xlcrm.jobs.store import Store
from xlcrm.jobs.telling import MOST_OF_ENTRY
from xlcrm.jobs.users import USER_VARIABLE
from xlcrm.rules.ledger import Told
from xlcrm.sheets import places
from xlcrm.sheets.changes import CellChange, WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, text

MOMENT = dt.datetime(2017, 5, 10, 14, 3, 5)
PEN = fixed_pen("Lee", MOMENT)


def customers(*rows: dict[str, object]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows))
    return frame.with_columns(pl.col(c.CUSTOMER_CODE).cast(pl.String))


SHOPS = customers(
    {c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop", c.PHONE: "123", "Loyalty": "gold"},
    {c.CUSTOMER_CODE: "0012", c.CUSTOMER_NAME: "街角商店", c.PHONE: None, "Loyalty": None},
)


@pytest.fixture(params=STORES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Book:
    path = tmp_path / "book.xlsx"
    FileStore.create(path, "en")
    made = Book(path, request.param)
    saved(made, "import", customers=SHOPS)
    return made


def saved(book: Book, job: str, **tables: pl.DataFrame) -> str:
    return book.run(lambda store: save(store, job, WorkbookChanges(tables=tables)))


def changed(book: Book, table_id: str, change: Callable[[pl.DataFrame], pl.DataFrame], job: str = "import") -> str:
    def run(store: Store) -> str:
        before = store.read(table_id).frame
        return save(store, job, WorkbookChanges(tables={table_id: change(before)}), {table_id: before})

    return book.run(run)


def row(told: str) -> dict[str, str]:
    found = json.loads(told)
    assert isinstance(found, dict)
    return found


def test_rows_that_came_and_fields_that_changed(book: Book) -> None:
    came = book.told("J0001")
    assert [(entry[:4], row(entry[4])) for entry in came] == [
        (("Customers", "0011", "", ""), {c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop", c.PHONE: "123", "Loyalty": "gold"}),
        (("Customers", "0012", "", ""), {c.CUSTOMER_CODE: "0012", c.CUSTOMER_NAME: "街角商店"}),
    ]
    job = changed(book, "customers", lambda frame: frame.with_columns(pl.Series(c.PHONE, [None, "456"]), pl.lit("silver").alias("Loyalty")))
    assert job == "J0002"
    assert book.told(job) == [
        ("Customers", "0011", "Phone", "123", ""), ("Customers", "0011", "Loyalty", "gold", "silver"),
        ("Customers", "0012", "Phone", "", "456"), ("Customers", "0012", "Loyalty", "", "silver"),
    ]  # fmt: skip
    job = changed(book, "customers", lambda frame: frame.tail(1), "merge")
    ((*place, old, new),) = book.told(job)
    assert (place, new) == (["Customers", "0011", ""], "")
    assert row(old) == {c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop", "Loyalty": "silver"}
    assert book.broken() is None


def test_nothing_changed_is_no_run(book: Book) -> None:
    assert changed(book, "customers", lambda frame: frame.reverse().reverse()) == ""
    assert changed(book, "customers", lambda frame: frame.with_columns(pl.lit("x").alias(c.ADVICE), pl.lit(5).alias(c.GAP_QUANTITY))) == ""
    assert saved(book, "import", problems=table("problems", [{c.MESSAGE: "x"}]), gaps=table("gaps", [])) == ""
    assert len(book.entries()) == 2


def test_an_older_workbook_is_saved_without_an_audit(tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    FileStore.create(path, "en")
    workbook = openpyxl.load_workbook(path)
    del workbook[text("sheets.audit", "en")]
    workbook.save(path)
    assert save(FileStore.open(path), "import", WorkbookChanges(tables={"customers": SHOPS})) == ""
    assert FileStore.open(path).read("customers").frame.height == 2
    assert not [problem for problem in check(FileStore.open(path)).problems if problem.code.startswith("audit")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_value_is_told_as_it_is_written(tmp_path: Path, language: str) -> None:
    path = tmp_path / "book.xlsx"
    store = FileStore.create(path, "zh" if language == "zh" else "en")
    day = dt.date(2017, 5, 10)
    frame = table("customers", [{c.CUSTOMER_CODE: "1", c.BIRTHDAY: day, c.VISIT_ORDER: 7, c.LATITUDE: -0.000000125, c.LONGITUDE: 31.2}])
    rules = table("grade_rules", [{c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.MIN_QUANTITY: -1_500, c.MIN_AMOUNT: 1_234_560}])
    save(store, "import", WorkbookChanges(tables={"customers": frame, "grade_rules": rules}))
    one, other = (row(entry.new) for entry in read_entries(FileStore.open(path)))
    assert one == {c.CUSTOMER_CODE: "1", c.VISIT_ORDER: "7", c.BIRTHDAY: "2017-05-10", c.LATITUDE: "-0.000000125", c.LONGITUDE: "31.2"}
    assert other == {c.BUSINESS_TYPE: "CS", c.SIZE: "1", c.MIN_QUANTITY: "-1.5", c.MIN_AMOUNT: "12345.60"}
    entry = read_entries(FileStore.open(path))[0]
    assert (entry.table, job_of(entry.job)) == (TABLES["customers"].label(FileStore.open(path).language), "import")


def test_who_and_when(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER_VARIABLE, "Wang")
    with written_with(Pen(now=lambda: MOMENT)):
        saved(book, "import", products=table("products", [{c.PRODUCT_CODE: "1"}]))
    monkeypatch.delenv(USER_VARIABLE)
    workbook_says = table("settings", [{c.SETTING: "user_name", c.VALUE: "Li"}])
    changed(book, "settings", lambda frame: pl.concat([frame, workbook_says], how="diagonal"))
    saved(book, "import", products=table("products", [{c.PRODUCT_CODE: "2"}]))
    newest = {entry.job_id: entry for entry in book.entries()}
    assert (newest["J0002"].author, newest["J0002"].written_at) == ("Wang", "2017-05-10 14:03:05")
    assert newest["J0004"].author == "Li"


def test_nobody_is_known_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise ImportError("pwd")

    monkeypatch.delenv(USER_VARIABLE, raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    path = tmp_path / "book.xlsx"
    save(FileStore.create(path, "en"), "import", WorkbookChanges(tables={"customers": SHOPS}))
    assert {entry.author for entry in read_entries(FileStore.open(path))} == {""}


def test_a_fixed_pen_writes_the_same_every_time(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        path = tmp_path / name / "book.xlsx"
        path.parent.mkdir()
        FileStore.create(path, "en")
        with written_with(fixed_pen("Lee", MOMENT)):
            save(FileStore.open(path), "import", WorkbookChanges(tables={"customers": SHOPS}))
        made.append(path.read_bytes())
    assert made[0] == made[1]


# --- Tables of their own manner.


def bought(*rows: tuple[str, int, int]) -> pl.DataFrame:
    return table("purchases", [{c.CUSTOMER_CODE: code, c.PERIOD: "2017-05", c.QUANTITY: q, c.AMOUNT: a} for code, q, a in rows]).drop(
        c.QUARTER
    )


def test_purchases_are_told_in_packets_and_a_changed_one_as_two_rows(book: Book) -> None:
    job = saved(book, "import", purchases=bought(*((f"{number:04}", number * 500, number) for number in range(3_000))))
    told = book.told(job)
    assert len(told) < 10
    assert sum(int(entry[1].split()[0].replace(",", "")) for entry in told) == 3_000
    assert max(len(entry[4]) for entry in told) <= MOST_OF_ENTRY
    heads, first, second, *_ = json.loads(told[0][4])
    assert heads == [c.CUSTOMER_CODE, c.PERIOD, c.QUANTITY, c.AMOUNT]
    assert [first, second] == [["0000", "2017-05", 0, 0.0], ["0001", "2017-05", 0.5, 0.01]]
    job = changed(book, "purchases", lambda frame: frame.with_columns(pl.when(pl.col(c.CUSTOMER_CODE) == "0007").then(1).otherwise(pl.col(c.AMOUNT)).alias(c.AMOUNT)))  # fmt: skip
    gone, come = book.told(job)
    assert (row(gone[3])[c.AMOUNT], gone[4]) == ("0.07", "")
    assert (come[3], row(come[4])[c.AMOUNT]) == ("", "0.01")
    assert gone[1] == come[1] == "0007 · 2017-05"


def test_rows_whose_key_stands_twice_are_told_whole(book: Book) -> None:
    twice = customers({c.CUSTOMER_CODE: "7", c.CUSTOMER_NAME: "a"}, {c.CUSTOMER_CODE: "7", c.CUSTOMER_NAME: "b"})
    saved(book, "import", customers=twice)
    job = changed(book, "customers", lambda frame: frame.with_columns(pl.Series(c.CUSTOMER_NAME, ["a", "c"])))
    gone, come = book.told(job)
    assert (row(gone[3])[c.CUSTOMER_NAME], row(come[4])[c.CUSTOMER_NAME]) == ("b", "c")


def test_a_closed_quarter_is_told_by_its_pair(book: Book, tmp_path: Path) -> None:
    (tmp_path / "grades.csv").write_text("customer_code,2017Q1,2017Q2\n0011,CS2,CS1\n0012,CS1,CS1\n", encoding="utf-8")
    book.run(lambda store: import_files(store, [tmp_path / "grades.csv"]))
    book.run(lambda store: close_quarter(store, "2017Q1", as_of=MOMENT.date()))
    book.run(lambda store: close_quarter(store, "2017Q2", as_of=MOMENT.date()))
    assert book.told("J0003")[0] == ("Settings", "Home", "Quarters compared", "", "2017Q1 2016Q4")
    assert book.told("J0004") == [("Settings", "Home", "Quarters compared", "2017Q1 2016Q4", "2017Q2 2017Q1")]
    assert [entry.job for entry in book.entries()][-1] == "close the quarter"
    assert not [problem for problem in book.run(check).problems if problem.code.startswith("audit")]


def test_a_follow_up_is_one_entry_and_reads_no_earlier_one(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def unread(self: FileStore, table_id: str, only: tuple[str, ...] = ()) -> object:
        assert table_id != "audit", "the end of the chain is enough"
        return read(self, table_id, only)

    read = FileStore.read
    monkeypatch.setattr(FileStore, "read", unread)
    book.run(lambda store: log_follow_up(store, FollowUp("0011", "visit", "=1+1", next_action="samples"), MOMENT.date()))
    monkeypatch.undo()
    ((*place, _, new),) = book.told("J0002")
    assert (place[0], place[2]) == ("Follow-ups", "")
    assert (row(new)[c.NOTE], row(new)[c.NEXT_ACTION]) == ("=1+1", "samples")
    assert book.broken() is None


def test_a_note_as_long_as_a_cell_stands_in_an_entry_of_its_own(book: Book) -> None:
    long = '"é' * 16_000
    frame = table("follow_ups", [{c.FOLLOW_UP_ID: "1", c.CUSTOMER_CODE: "0011", c.NOTE: long, c.DATE: MOMENT.date()}])
    job = saved(book, "import", follow_ups=frame)
    whole, note = book.told(job)
    assert c.NOTE not in row(whole[4])
    assert (note[2], note[3]) == ("Note", "")
    assert note[4] == long
    assert book.broken() is None


def test_single_cells_of_what_people_fill_are_told(book: Book) -> None:
    def job(store: Store) -> str:
        rows = store.read("customers").rows
        cells = [
            CellChange("customers", int(rows[1]), name, value)
            for name, value in ((c.PHONE, "99"), (c.ADVICE, "x"), (c.BIRTHDAY, MOMENT.date()))
        ]
        return save(store, "consent", WorkbookChanges(cells=cells))

    told = book.told(book.run(job))
    assert told == [("Customers", "0012", "Phone", "", "99"), ("Customers", "0012", "Birthday", "", "2017-05-10")]


def test_what_was_decided_of_duplicates_is_told_and_no_other_of_their_columns(book: Book) -> None:
    pair = {c.CODE_A: "0011", c.CODE_B: "0012", c.SCORE: 0.9}
    saved(book, "merge", duplicates=table("duplicates", [pair]))
    job = saved(book, "merge", duplicates=table("duplicates", [pair | {c.DECISION: text("choices.merge_into_a", "en")}]))
    assert book.told(job) == [("Duplicates", "0011 · 0012", "Decision", "", text("choices.merge_into_a", "en"))]


def test_nothing_of_an_erasure_is_told_but_what_it_tells_itself(book: Book) -> None:
    def job(store: Store) -> str:
        rows = store.read("customers").rows
        cells = [CellChange("customers", int(rows[0]), c.CUSTOMER_NAME, None)]
        tables = {"grades": table("grades", [{c.CUSTOMER_CODE: "0011", c.QUARTER: "2017Q1", c.GRADE: "CS1"}])}
        return save(store, "forget", WorkbookChanges(cells=cells, tables=tables), told=[Told("Customers", "0011", "Name", "", "")])

    assert book.told(book.run(job)) == [("Customers", "0011", "Name", "", "")]


def test_entries_that_an_erasure_writes_anew_stay_before_its_own(book: Book) -> None:
    def job(store: Store) -> str:
        blank = pl.when(pl.col(c.ROW_KEY) == "0011").then(None)
        audit = store.read("audit").frame.with_columns(blank.otherwise(pl.col(name)).alias(name) for name in (c.OLD, c.NEW, c.SALT))
        return save(store, "forget", WorkbookChanges(tables={"audit": audit}), told=[Told("Customers", "0011", "", "", "")])

    assert book.run(job) == "J0002"
    assert [(entry.entry, entry.erased) for entry in book.entries()] == [(1, True), (2, False), (3, False)]
    assert book.broken() is None


def test_show_has_the_entries_without_salt(book: Book) -> None:
    frame = shown(FileStore.open(book.path), "audit")
    assert frame[c.ENTRY].to_list() == ["1", "2"]
    assert not {c.SALT, c.DIGEST} & set(frame.columns)


# --- What is sealed is what reads back.


NASTY = [
    "=1+1", "'quoted", '="1"', "0012", "1e5", "-", "#N/A", "TRUE", "true", "ｆｕｌｌ　width１", "  outer  ", "a\nb", "a\r\nb", "tab\there", "2017-05-10",
    "2017-05-10T00:00:00.000Z", "10:20", "5%", "1/2", "@x", "+86 10", "<&>\"'", "é\u0301", "\u200bzero", "😀", "_x0041_", "١٢٣", "x" * 32_767,
]  # fmt: skip


def test_nasty_texts_read_back_as_they_were_sealed(book: Book) -> None:
    # The stand-in for an open program writes such a sequence into its file as it is, where it means a sign; programs protect it.
    nasty = [each for each in NASTY if book.store == "closed" or "_x" not in each]
    told = [Told(each, each, each, each, each) for each in nasty]
    for _ in range(2):  # into an empty table, and below its rows
        book.run(lambda store: save(store, "import", WorkbookChanges(), told=told))
    assert book.broken() is None


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=40))
def test_any_text_reads_back_as_it_was_sealed(book: Book, texts: list[str]) -> None:
    if book.store == "open":  # the stand-in for the program takes no control characters
        texts = ["".join(sign for sign in each if sign.isprintable()) for each in texts]
    book.run(lambda store: save(store, "import", WorkbookChanges(), told=[Told(each, each, each, each, each[::-1]) for each in texts]))
    assert book.broken() is None


def test_the_end_of_the_chain_that_was_lost_is_found_again(book: Book) -> None:
    FileStore.open(book.path).save(WorkbookChanges(values={places.AUDIT_HEAD: None}))
    assert book.broken() is not None
    head = head_of(FileStore.open(book.path))
    assert (head.entry, head.job) == (2, 1)
    assert saved(book, "import", products=table("products", [{c.PRODUCT_CODE: "1"}])) == "J0002"
    assert book.broken() is None


def broken_by(book: Book, change: Callable[[pl.DataFrame], pl.DataFrame]) -> list[tuple[str, str]]:
    frame = FileStore.open(book.path).read("audit").frame
    FileStore.open(book.path).save(WorkbookChanges(tables={"audit": change(frame)}))
    return [(problem.code, problem.value) for problem in book.run(check).problems if problem.code.startswith("audit")]


def test_check_names_the_entry_at_which_the_chain_is_broken(book: Book) -> None:
    saved(book, "import", products=table("products", [{c.PRODUCT_CODE: "1"}]))
    assert broken_by(book, lambda frame: frame) == []
    whole = FileStore.open(book.path).read("audit").frame
    altered = pl.when(pl.col(c.ENTRY) == 2).then(pl.lit("Mallory")).otherwise(pl.col(c.AUTHOR)).alias(c.AUTHOR)
    assert broken_by(book, lambda frame: frame.with_columns(altered)) == [("audit_broken_altered", "2")]
    assert broken_by(book, lambda _: whole.filter(pl.col(c.ENTRY) != 2)) == [("audit_broken_removed", "2")]
    assert broken_by(book, lambda _: whole.head(2)) == [("audit_broken_tail_cut", "3")]
    assert broken_by(book, lambda _: whole.reverse()) == [("audit_broken_reordered", "1")]
    again = pl.concat([whole.head(1), whole])
    assert broken_by(book, lambda _: again) == [("audit_broken_inserted", "1")]
    assert broken_by(book, lambda _: whole) == []
    FileStore.open(book.path).save(WorkbookChanges(values={places.AUDIT_HEAD: "nonsense"}))
    assert [problem.code for problem in book.run(check).problems if problem.code.startswith("audit")] == ["audit_broken_head_lost"]
