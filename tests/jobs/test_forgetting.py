"""Forgetting a customer: nothing of the person is left in any part of the file, everything else is."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.comments import Comment

from tests.rules.handmade import table
from tests.terminal import typed
from xlcrm import cli
from xlcrm.cli import privacy
from xlcrm.jobs import recording
from xlcrm.jobs.checking import check
from xlcrm.jobs.forgetting import forget, plan_forget, requested
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.quarter import close_quarter
from xlcrm.problems import CannotDo
from xlcrm.rules.ledger import Head, verify
from xlcrm.sheets import places
from xlcrm.sheets.changes import CellChange, WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.saving import backup_path
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language

CODE, DAY = "0011", dt.date(2017, 7, 10)
NAME, CONTACT, PHONE, OLD_PHONE = "Zyxwick Vellum & Sons", "Quillon Brask", "0461-555-9137", "0461-555-2846"
ADDRESS, LICENCE, NOTE, OUTCOME, NEXT = (
    "77 Umberglass Row", "LX-90417-QQ", "prefers the kestrel crates", "wants a bluefin ledger", "bring ochre samples",
)  # fmt: skip
HOBBY, BESIDE, OWN_NOTE = "collects tin zeppelins", "asks for marzipan", "likes to talk of marmots"
PLANTED = (NAME, CONTACT, PHONE, OLD_PHONE, ADDRESS, LICENCE, NOTE, OUTCOME, NEXT, HOBBY, OWN_NOTE)
SHARED_PHONE = "0461-555-0000"


def person(code: str, **more: Any) -> dict[str, Any]:
    return {c.CUSTOMER_CODE: code, c.ROUTE: "1", c.VISIT_ORDER: int(code), c.OWNER: "Lee", **more}


def planted(folder: Path, language: Language) -> Path:
    """A workbook in which the person stands wherever a person can: tables, audit, pages, comments, a user's sheet, properties."""
    book = folder / f"{language}.xlsx"
    store = FileStore.create(book, language)
    people = table("customers", [
        person(CODE, customer_name=NAME, contact=CONTACT, phone=OLD_PHONE, address=ADDRESS, licence_number=LICENCE, birthday=dt.date(1970, 7, 12),
               latitude=31.5, longitude=121.25, source="fair"),
        person("0012", customer_name="Oak Market", contact="Ann", phone=SHARED_PHONE, address="1 Mill Lane"),
        person("0013", customer_name="Corner Shop", phone=SHARED_PHONE),
    ]).with_columns(pl.Series("Hobby", [HOBBY, "golf", None]))  # fmt: skip
    quarters = [("2017Q1", "CS2"), ("2017Q2", "CS1")]
    grades = table(
        "grades", [{c.CUSTOMER_CODE: code, c.QUARTER: quarter, c.GRADE: grade} for code in (CODE, "0012") for quarter, grade in quarters]
    )
    bought = table("purchases", [
        {c.CUSTOMER_CODE: code, c.PERIOD: quarter, c.QUANTITY: 5000, c.AMOUNT: 12345} for code in (CODE, "0012") for quarter, _ in quarters
    ]).drop(c.QUARTER)  # fmt: skip
    recording.save(store, "import", WorkbookChanges(tables={
        "customers": people, "grades": grades, "purchases": bought, "routes": table("routes", [{c.ROUTE: "1", c.POSITION: 1}]),
        "consents": table("consents", [
            {c.CUSTOMER_CODE: CODE, c.PURPOSE: "marketing", c.GIVEN_ON: dt.date(2017, 1, 2), c.NOTE: f"by mail of {CONTACT}"},
            {c.CUSTOMER_CODE: "0012", c.PURPOSE: "marketing", c.GIVEN_ON: dt.date(2017, 1, 2)},
        ]),
        "handovers": table("handovers", [{c.CUSTOMER_CODE: CODE, c.TO_OWNER: "Lee", c.NOTE: f"call {CONTACT} first"}]),
        "intake": table("intake", [{c.CUSTOMER_CODE: CODE, c.KIND: "call", c.NOTE: f"{NOTE} again"}]),
        "problems": table("problems", [
            {c.FILE: "a.csv", c.CELL: "C7", c.PROBLEM: "not_a_date", c.VALUE: "31.2.", c.ROW_TEXT: f"{CODE} | {NAME} | 31.2."},
            {c.FILE: "b.csv", c.CELL: "C8", c.PROBLEM: "not_a_date", c.VALUE: "30.2.", c.ROW_TEXT: "0012 | Oak Market | 30.2."},
        ]),
    }))  # fmt: skip
    changed = store.read("customers").frame.with_columns(
        pl.when(pl.col(c.CUSTOMER_CODE) == CODE).then(pl.lit(PHONE)).otherwise(pl.col(c.PHONE)).alias(c.PHONE)
    )
    recording.save(store, "import", WorkbookChanges(tables={"customers": changed}))
    log_follow_up(
        store, FollowUp(CODE, "visit", NOTE, outcome=OUTCOME, next_action=NEXT, next_action_on="2017-07-20", date="2017-06-20"), DAY
    )
    log_follow_up(store, FollowUp("0012", "call", f"sends greetings to {NAME}", date="2017-06-21"), DAY)
    close_quarter(store, "2017Q2", as_of=DAY)
    decorate(book, language)
    return book


def decorate(book: Path, language: Language) -> None:
    """What users and their programs add. openpyxl keeps what xlcrm needs of a page but not everything, so this comes in the end."""
    workbook = openpyxl.load_workbook(book)
    customers = workbook[places.sheet_name("customers", language)]
    customers.cell(6, 2).comment = Comment(f"{CONTACT} {OWN_NOTE}", CONTACT)
    route = workbook[next(iter(workbook.defined_names[places.page_name("route:1")].destinations))[0]]
    for row in route.iter_rows(min_row=1, max_row=route.max_row):
        if any(str(cell.value or "").endswith(f"={CODE}") for cell in row):
            route.cell(row[0].row, len(row) + 1).value = BESIDE
            break
    own = workbook.create_sheet("My list")
    own["A1"], own["B2"] = "to call", f"{NAME}, soon"
    workbook.properties.subject = f"all about {NAME}"
    workbook.save(book)


def parts(book: Path) -> Iterator[tuple[str, str]]:
    """Every part of the file as text, entities resolved."""
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            yield name, html.unescape(archive.read(name).decode("utf-8", "replace"))


def standing(book: Path, texts: tuple[str, ...] = PLANTED) -> set[tuple[str, str]]:
    return {(name, each) for name, xml in parts(book) for each in texts if each.casefold() in xml.casefold()}


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {language: planted(tmp_path_factory.mktemp(language), language) for language in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def book(request: pytest.FixtureRequest, tmp_path: Path, originals: dict[str, Path]) -> Path:
    """A copy to forget in, with its backup."""
    original = originals[request.param]
    shutil.copy2(backup_path(original), backup_path(tmp_path / original.name))
    return Path(shutil.copy2(original, tmp_path / original.name))


def test_nothing_of_the_person_is_left_in_any_part_but_the_users_own_sheet(book: Path) -> None:
    before = {each for _, each in standing(book)}
    assert before == set(PLANTED), "everything was planted"
    assert len({name for name, _ in standing(book)}) > 8, "in many parts"
    store = FileStore.open(book)
    report = forget(store, [CODE], DAY)
    language = store.language
    left = standing(book)
    assert {each for _, each in left} <= {NAME}, left
    assert [(each.place, each.users) for each in report.found or ()] == [("My list!B2", True)]
    assert report.is_proved
    said = "\n".join(report.lines(language))
    assert "My list!B2" in said
    assert not any(each in said for each in PLANTED)
    assert BESIDE not in "".join(xml for _, xml in parts(book)), "the note in the block of a page"


def test_what_is_no_persons_stays_to_the_cent(book: Path) -> None:
    before = {table_id: FileStore.open(book).read(table_id).frame for table_id in ("customers", "follow_ups", "purchases", "grades")}
    store = FileStore.open(book)
    report = forget(store, [CODE], DAY)
    assert report.before == report.after
    assert (report.before.customers, report.before.follow_ups, report.before.quantity, report.before.amount) == (3, 2, 20, 493.8)
    after = {table_id: FileStore.open(book).read(table_id).frame for table_id in before}
    for table_id in ("purchases", "grades"):
        assert after[table_id].equals(before[table_id]), table_id
    others = pl.col(c.CUSTOMER_CODE) != CODE
    assert after["customers"].filter(others).equals(before["customers"].filter(others))
    row, old = (frame["customers"].filter(~others).row(0, named=True) for frame in (after, before))
    mark = row[c.CUSTOMER_NAME]
    assert mark in ("(erased)", "（已删除）")
    kept = (c.CUSTOMER_CODE, c.ROUTE, c.VISIT_ORDER, c.OWNER, c.SHOWN, c.PREVIOUS_GRADE, c.STATE, c.STATUS, c.BUSINESS_TYPE)
    assert {name: row[name] for name in kept} == {name: old[name] for name in kept}
    gone = (
        c.CONTACT,
        c.PHONE,
        c.ADDRESS,
        c.LICENCE_NUMBER,
        c.BIRTHDAY,
        c.LATITUDE,
        c.LONGITUDE,
        c.SOURCE,
        c.SEARCH,
        c.ADVICE,
        c.NEXT_ACTION,
        "Hobby",
    )
    assert {row[name] for name in gone} == {None}
    contact, earlier = (frame["follow_ups"].filter(~others).row(0, named=True) for frame in (after, before))
    assert {contact[name] for name in (c.OUTCOME, c.NOTE, c.NEXT_ACTION)} == {None}
    for name in (c.DATE, c.KIND, c.AUTHOR, c.NEXT_ACTION_ON, c.FOLLOW_UP_ID):
        assert contact[name] == earlier[name]
    assert after["follow_ups"].filter(others)[c.NOTE].to_list() == [f"sends greetings to {mark}"], (
        "a mention in what was written of another"
    )


def test_the_audit_tells_what_went_but_no_value_and_its_chain_holds(book: Path) -> None:
    store = FileStore.open(book)
    before = recording.read_entries(store)
    report = forget(store, [CODE], DAY)
    store = FileStore.open(book)
    entries = recording.read_entries(store)
    assert verify(entries, Head.parse(store.value(places.AUDIT_HEAD))) is None
    assert [entry.digest for entry in entries[: len(before)]] == [entry.digest for entry in before]
    erased = [entry for entry, old in zip(entries, before, strict=False) if entry.erased and not old.erased]
    assert len(erased) == report.plan.entries >= 5
    told = [entry for entry in entries if entry.job_id == report.job_id]
    assert told
    assert {entry.row_key.split(" ")[0] for entry in told} == {CODE}
    assert not any(text in entry.old + entry.new for entry in told for text in PLANTED)
    kept = [entry for entry in entries[: len(before)] if entry.table == before[-1].table and not entry.erased]
    assert kept, "entries about others keep their values"
    codes = [problem.code for problem in check(store, claims=False).problems]
    assert "audit_broken" not in codes
    assert "erasure_waits" not in codes


def test_problems_that_quote_the_person_keep_what_is_wrong_only(book: Path) -> None:
    store = FileStore.open(book)
    report = forget(store, [CODE], DAY)
    rows = FileStore.open(book).read("problems").frame.filter(pl.col(c.PROBLEM) == "not_a_date")
    assert rows.select(c.FILE, c.CELL, c.VALUE, c.ROW_TEXT).rows() == [
        ("a.csv", "C7", None, None),
        ("b.csv", "C8", "30.2.", "0012 | Oak Market | 30.2."),
    ]
    assert report.plan.problems == 1


def test_no_later_import_brings_the_person_back(book: Path, tmp_path: Path) -> None:
    forget(FileStore.open(book), [CODE], DAY)
    consents = FileStore.open(book).read("consents").frame
    carried_out = consents.filter((pl.col(c.CUSTOMER_CODE) == CODE) & pl.col(c.WITHDRAWN_ON).is_not_null())
    assert carried_out.select(c.GIVEN_ON, c.WITHDRAWN_ON).rows() == [(DAY, DAY)]
    assert consents.filter(pl.col(c.CUSTOMER_CODE) == CODE)[c.NOTE].to_list() == [None, None]
    export = tmp_path / "again.csv"
    export.write_text(
        f"customer_code,customer_name,phone,route,Hobby\n{CODE},{NAME},{PHONE},2,{HOBBY}\n0012,Oak Market,1,1,chess\n", encoding="utf-8"
    )
    report = import_files(FileStore.open(book), [export])
    assert [(problem.code, problem.value, problem.row_text) for problem in report.problems] == [("erased_customer", CODE, "")]
    row = FileStore.open(book).read("customers").frame.filter(pl.col(c.CUSTOMER_CODE) == CODE).row(0, named=True)
    assert (row[c.ROUTE], row[c.PHONE], row["Hobby"]) == ("2", None, None)
    assert {place for place, text in standing(book) if text != NAME} == set()
    follow_ups = tmp_path / "follow-ups.csv"
    follow_ups.write_text(f"customer_code,date,kind,note\n{CODE},2017-05-05,visit,{NOTE}\nbad,2017-13-45,visit,x\n", encoding="utf-8")
    import_files(FileStore.open(book), [follow_ups])
    notes = FileStore.open(book).read("follow_ups").frame.filter(pl.col(c.CUSTOMER_CODE) == CODE)[c.NOTE].to_list()
    assert notes == [None, None]


def test_a_bad_row_about_an_erased_person_is_not_quoted(book: Path, tmp_path: Path) -> None:
    forget(FileStore.open(book), [CODE], DAY)
    export = tmp_path / "bad.csv"
    export.write_text(f"customer_code,date,kind,note\n{CODE},31.31.2017,visit,{NOTE}\n", encoding="utf-8")
    report = import_files(FileStore.open(book), [export])
    assert [(problem.code, problem.value, problem.row_text) for problem in report.problems] == [("not_a_date", "", "")]
    assert NOTE not in {text for _, text in standing(book)}


def test_no_undo_brings_anything_back(book: Path) -> None:
    from xlcrm.jobs.runs import past_runs
    from xlcrm.jobs.undoing import undo

    report = forget(FileStore.open(book), [CODE], DAY)
    with pytest.raises(CannotDo) as refused:
        undo(FileStore.open(book), report.job_id)
    assert refused.value.problem.code == "undo_erasure"
    assert {text for _, text in standing(book)} == {NAME}
    for run in reversed(list(past_runs(recording.read_entries(FileStore.open(book))).values())):
        with contextlib.suppress(CannotDo):  # an erasure, a first quarter
            undo(FileStore.open(book), run.job_id, DAY)
        assert {text for _, text in standing(book)} <= {NAME}, run.job_id


def test_what_others_have_too_is_named_and_stays_with_them(book: Path) -> None:
    store = FileStore.open(book)
    plan = plan_forget(store, ["0012"], DAY)
    assert SHARED_PHONE in plan.shared
    report = forget(store, ["0012"], DAY)
    assert report.is_proved
    phones = dict(FileStore.open(book).read("customers").frame.select(c.CUSTOMER_CODE, c.PHONE).iter_rows())
    assert (phones["0012"], phones["0013"]) == (None, SHARED_PHONE)
    with zipfile.ZipFile(book) as archive:
        assert b"Oak Market" not in b"".join(archive.read(name) for name in archive.namelist())


def test_it_can_be_done_again_and_finds_nothing_more(book: Path) -> None:
    forget(FileStore.open(book), [CODE], DAY)
    again = forget(FileStore.open(book), [CODE], DAY)
    assert (again.plan.entries, again.plan.problems) == (0, 0)
    assert FileStore.open(book).read("consents").frame.filter(pl.col(c.CUSTOMER_CODE) == CODE).height == 2
    assert again.before == again.after


def test_no_earlier_version_is_left_beside_the_workbook(book: Path) -> None:
    assert backup_path(book).exists()
    report = forget(FileStore.open(book), [CODE], DAY)
    assert report.backups == [backup_path(book).name]
    assert sorted(path.name for path in book.parent.iterdir()) == [book.name]


def test_requests_on_the_sheet_are_those_that_wait(book: Path) -> None:
    store = FileStore.open(book)
    consents = store.read("consents").frame
    asked = table("consents", [
        {c.CUSTOMER_CODE: "0012", c.PURPOSE: "erasure", c.GIVEN_ON: DAY}, {c.CUSTOMER_CODE: "0013", c.PURPOSE: "erasure"},
    ]).select(consents.columns)  # fmt: skip
    store.save(WorkbookChanges(tables={"consents": pl.concat([consents, asked])}))
    assert requested(FileStore.open(book)) == ["0012"]
    forget(FileStore.open(book), ["0012"], DAY)
    rows = FileStore.open(book).read("consents").frame.filter(pl.col(c.CUSTOMER_CODE) == "0012")
    assert rows[c.WITHDRAWN_ON].to_list() == [None, DAY], "the request is told as carried out, no second one is made"
    assert requested(FileStore.open(book)) == []


def test_nobody_of_that_code_changes_nothing(book: Path) -> None:
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refused:
        forget(FileStore.open(book), [CODE, "9999"], DAY)
    assert refused.value.problem.code == "log_unknown_customer"
    assert book.read_bytes() == before


def test_a_workbook_with_a_password_keeps_it(book: Path) -> None:
    from xlcrm.sheets.encryption import Password, decrypt, is_encrypted
    from xlcrm.sheets.relocking import lock

    lock(book, lambda file: Password("x"), lambda file: Password("secret"))
    report = forget(FileStore.open(book, lambda file: Password("secret")), [CODE], DAY)
    assert report.is_proved
    sealed = book.read_bytes()
    assert is_encrypted(sealed)
    clear = book.with_name("clear.xlsx")
    clear.write_bytes(decrypt(sealed, Password("secret"), book.name))
    assert {text for _, text in standing(clear)} == {NAME}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(privacy, "LANGUAGE", "en")
    monkeypatch.setattr(cli, "LANGUAGE", "en")

    return typed(capsys, monkeypatch)


def test_the_terminal_asks_or_is_told(book: Path, said: Any) -> None:
    before = book.read_bytes()
    status, out, err = said("forget", book, CODE)
    assert (status, book.read_bytes()) == (3, before)
    assert "--yes" in err
    assert NAME in out, "what will go is shown first"
    status, out, _ = said("forget", book, CODE, "--yes")
    assert status == 0
    assert "totals before and after are the same" in out
    assert not any(text in out for text in PLANTED)
    assert re.search(r"still stands in My list!B2", out)


def test_what_is_left_of_ours_fails_the_proof(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search is one of its own: it does not trust the eraser."""
    from xlcrm.sheets.erasing import Eraser

    monkeypatch.setattr(Eraser, "erase", lambda self: None)
    report = forget(FileStore.open(book), [CODE], DAY)
    assert not report.is_proved
    assert any(not each.users for each in report.found)
    assert "! still stands in" in "\n".join(report.lines("en"))


def test_a_backup_that_cannot_be_deleted_is_said(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refuses(path: Path, missing_ok: bool = False) -> None:
        if path == backup_path(book):
            raise PermissionError
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuses)
    report = forget(FileStore.open(book), [CODE], DAY)
    assert report.problem is not None
    assert report.problem.code == "backup_not_erased"
    assert any(line.startswith("! ") and backup_path(book).name in line for line in report.lines("en"))
    assert {text for _, text in standing(book)} == {NAME}, "the workbook itself is done"


def test_the_button_says_when_nobody_waits(book: Path) -> None:
    from tests.macros.filedesk import FileDesk
    from xlcrm.macros import MACROS

    with pytest.raises(CannotDo) as refused:
        MACROS["erase_customers"].body(FileDesk(book))
    assert refused.value.problem.code == "nobody_to_forget"


def test_without_a_terminal_and_without_yes_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(CannotDo) as refused:
        privacy._agreed(CODE)
    assert refused.value.problem.code == "forget_needs_yes"


def test_the_check_finds_an_entry_that_was_blanked_by_hand(book: Path) -> None:
    """What an erasure leaves and what somebody blanked look alike; but an erasure is told of by an entry of its own."""
    store = FileStore.open(book)
    rows = store.read("audit").rows
    cells = [CellChange("audit", rows[1], name, None) for name in (c.OLD, c.NEW, c.SALT)]
    assert "audit_broken_altered" not in {problem.code for problem in check(store, claims=False).problems}
    store.save(WorkbookChanges(cells=cells))
    found = [problem for problem in check(FileStore.open(book), claims=False).problems if problem.code == "audit_broken_altered"]
    assert [problem.value for problem in found] == ["2"]


def test_a_customer_of_whom_nothing_but_the_code_is_known_is_told_of_too(book: Path) -> None:
    store = FileStore.open(book)
    customers = store.read("customers").frame
    nobody = pl.DataFrame({c.CUSTOMER_CODE: ["0999"]})
    recording.save(store, "import", WorkbookChanges(tables={"customers": pl.concat([customers, nobody], how="diagonal_relaxed")}))
    report = forget(FileStore.open(book), ["0999"], DAY)
    told = [entry.row_key for entry in recording.read_entries(FileStore.open(book)) if entry.job_id == report.job_id]
    assert told == ["0999"]
    assert "audit_broken_altered" not in {problem.code for problem in check(FileStore.open(book), claims=False).problems}
