"""The Playbook applied to a workbook: tasks in Follow-ups, once each, over both stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.jobs.both_stores import STORES, Do
from tests.rules.handmade import BEFORE, NOW, grades, table
from tests.sheets.filling import fill_table
from xlcrm.jobs.due import due_list
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.lookups import fill
from xlcrm.jobs.playbook import Applied, apply_playbook
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 7, 10)
PEOPLE = [
    {c.CUSTOMER_CODE: "0001", c.CUSTOMER_NAME: "Demoted Shop", c.ROUTE: "1", c.OPENED_ON: DAY - dt.timedelta(days=5)},
    {c.CUSTOMER_CODE: "0002", c.CUSTOMER_NAME: "Lost Shop", c.ROUTE: "1", c.OPENED_ON: DAY},
    {c.CUSTOMER_CODE: "0003", c.CUSTOMER_NAME: "New Shop", c.ROUTE: "1", c.OPENED_ON: DAY, c.BIRTHDAY: dt.date(1980, 7, 13)},
    {c.CUSTOMER_CODE: "0004", c.CUSTOMER_NAME: "Silent Shop", c.ROUTE: "1"},
]
HELD = grades((NOW, {"0001": "CS2", "0003": "CS1"}), (BEFORE, {"0001": "CS1", "0002": "CS1"}))
EXPECTED = {
    "0001": [DAY + dt.timedelta(days=7)], "0002": [DAY + dt.timedelta(days=3)],
    "0003": [DAY + dt.timedelta(days=5), dt.date(2017, 7, 13)], "0004": [DAY + dt.timedelta(days=3)],
}  # fmt: skip


@pytest.fixture(params=STORES)
def do(request: pytest.FixtureRequest) -> Do[Applied]:
    found: Do[Applied] = STORES[request.param]
    return found


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLCRM_USER", "Ana")


def book_of(folder: Path, language: Language = "en", people: list[dict[str, Any]] = PEOPLE) -> Path:
    """A new workbook, with its own rules to start from, and customers for each of them."""
    path = folder / "book.xlsx"
    tables = {"customers": table("customers", people), "grades": HELD, "routes": table("routes", [{c.ROUTE: "1", c.POSITION: 1}])}
    FileStore.create(path, language).save(WorkbookChanges(tables=tables))
    return path


def with_rules(book: Path, *rows: Mapping[str, object]) -> Path:
    workbook = openpyxl.load_workbook(book)
    fill_table(workbook, "playbook", rows, "en")
    workbook.save(book)
    return book


def rule(**given: object) -> dict[str, object]:
    return {c.RULE: "r", c.CONDITION: "warning", c.EQUALS: "no contact", c.ACTION: "call", c.WITHIN_DAYS: 3, **given}


def follow_ups(book: Path) -> pl.DataFrame:
    return FileStore.open(book).read("follow_ups").frame


def at(day: dt.date, dry_run: bool = False) -> Callable[[Any], Applied]:
    return lambda store: apply_playbook(store, day, dry_run)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_of_a_new_workbook_can_be_carried_out(tmp_path: Path, do: Do[Applied], language: Language) -> None:
    book = book_of(tmp_path, language)
    applied = do(book, at(DAY))
    assert list(applied.problems) == []
    assert list(applied.by_rule.values()) == [(1, 0)] * 5
    made = follow_ups(book)
    found: dict[str, list[dt.date]] = {}
    for code, on in made.sort(c.FOLLOW_UP_ID).select(c.CUSTOMER_CODE, c.NEXT_ACTION_ON).iter_rows():
        found.setdefault(code, []).append(on)
    assert {code: sorted(days, reverse=True) for code, days in found.items()} == EXPECTED
    assert set(made[c.AUTHOR]) == {"Ana"}
    assert set(made[c.KIND]) == {text("choices.note", language)}
    assert set(made[c.DATE]) == {DAY}
    assert all(note.startswith(text("followups.task_note", language, rule="")) for note in made[c.NOTE])


def test_a_second_run_makes_nothing_and_after_its_rows_are_gone_they_come_again(tmp_path: Path, do: Do[Applied]) -> None:
    book = book_of(tmp_path)
    first = do(book, at(DAY))
    before = follow_ups(book)
    second = do(book, at(DAY + dt.timedelta(days=1)))
    assert second.tasks.is_empty()
    assert list(second.by_rule.values()) == [(0, 1)] * 5
    assert follow_ups(book).equals(before)
    store = FileStore.open(book)
    store.save(WorkbookChanges(tables={"follow_ups": store.read("follow_ups").frame.clear()}))  # as undo does
    assert do(book, at(DAY)).tasks[c.FOLLOW_UP_ID].to_list() == first.tasks[c.FOLLOW_UP_ID].to_list()


def test_a_dry_run_says_what_would_be_made_and_changes_nothing(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    before = book.read_bytes()
    applied = apply_playbook(FileStore.open(book), DAY, dry_run=True)
    assert applied.tasks.height == 5
    said = "\n".join(applied.lines("en"))
    assert "nothing was changed" in said
    assert "2017-07-13  0003  New Shop  Wish a happy birthday" in said
    assert book.read_bytes() == before


def test_a_bad_rule_is_named_by_its_cell_and_the_good_ones_go_on(tmp_path: Path, do: Do[Applied]) -> None:
    rows = [
        rule(), rule(**{c.RULE: "bad value", c.EQUALS: "weather"}), rule(**{c.RULE: "no days", c.WITHIN_DAYS: None}),
        rule(**{c.RULE: "odd days", c.WITHIN_DAYS: "soon"}), rule(**{c.RULE: "R"}), rule(**{c.RULE: "stage", c.CONDITION: "stage"}),
    ]  # fmt: skip
    applied = do(with_rules(book_of(tmp_path), *rows), at(DAY))
    assert list(applied.by_rule.values()) == [(1, 0)]
    found = sorted((problem.cell, problem.code) for problem in applied.problems)
    assert found == [
        ("B10", "playbook_repeated_rule"), ("C11", "playbook_no_stage"), ("D7", "playbook_unknown_value"), ("G8", "required_missing"), ("G9", "not_a_count"),
    ]  # fmt: skip
    assert {problem.sheet for problem in applied.problems} == {"Playbook"}
    assert "Playbook!D7: weather is no value of warning" in "\n".join(applied.lines("en"))


def test_a_stage_is_a_column_of_the_users_own(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    store = FileStore.open(book)
    customers = store.read("customers").frame.with_columns(pl.Series("阶段", ["成长", None, "成长 ", "衰退"]))
    store.save(WorkbookChanges(tables={"customers": customers}))
    with_rules(book, rule(**{c.CONDITION: "stage", c.EQUALS: "成长"}))
    assert apply_playbook(FileStore.open(book), DAY).tasks[c.CUSTOMER_CODE].to_list() == ["0001", "0003"]


def analysed(folder: Path, language: Language = "en") -> Path:
    """A workbook in which Analyse found stages and warnings."""
    book = book_of(folder, language)
    found = {
        "stages": table("stages", [{c.CUSTOMER_CODE: "0001", c.STAGE: "decline"}, {c.CUSTOMER_CODE: "0002", c.STAGE: "sustained"}]),
        "warnings": table("warnings", [{c.CUSTOMER_CODE: "0002", c.LEVEL: 1}, {c.CUSTOMER_CODE: "0003", c.LEVEL: 2}]),
    }
    FileStore.open(book).save(WorkbookChanges(tables=found))
    return book


@pytest.mark.parametrize("written", ["decline", "Decline", "衰退"])
def test_without_such_a_column_the_stage_is_what_analyse_found(tmp_path: Path, do: Do[Applied], written: str) -> None:
    book = with_rules(analysed(tmp_path), rule(**{c.CONDITION: "stage", c.EQUALS: written}))
    applied = do(book, at(DAY))
    assert (applied.tasks[c.CUSTOMER_CODE].to_list(), list(applied.problems)) == (["0001"], [])


def test_a_column_of_the_users_own_goes_before_what_analyse_found(tmp_path: Path) -> None:
    book = analysed(tmp_path)
    store = FileStore.open(book)
    store.save(
        WorkbookChanges(tables={"customers": store.read("customers").frame.with_columns(pl.Series("Stage", [None, "decline", None, None]))})
    )
    with_rules(book, rule(**{c.CONDITION: "stage", c.EQUALS: "decline"}))
    assert apply_playbook(FileStore.open(book), DAY).tasks[c.CUSTOMER_CODE].to_list() == ["0002"]


@pytest.mark.parametrize(("written", "code"), [("level_1", "0002"), ("Level 2", "0003"), ("二级", "0003")])
def test_a_level_of_a_warning_makes_a_task_a_quarter(tmp_path: Path, written: str, code: str) -> None:
    book = with_rules(analysed(tmp_path), rule(**{c.EQUALS: written}))
    for day, codes in ((DAY, [code]), (dt.date(2017, 9, 30), []), (dt.date(2017, 10, 1), [code])):
        applied = apply_playbook(FileStore.open(book), day)
        assert (applied.tasks[c.CUSTOMER_CODE].to_list(), list(applied.problems)) == (codes, [])


def test_whoever_was_erased_gets_no_task(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    erased = {c.CUSTOMER_CODE: "0002", c.PURPOSE: "erasure", c.GIVEN_ON: DAY, c.WITHDRAWN_ON: DAY}
    FileStore.open(book).save(WorkbookChanges(tables={"consents": table("consents", [erased])}))
    assert "0002" not in apply_playbook(FileStore.open(book), DAY).tasks[c.CUSTOMER_CODE].to_list()
    assert "0002" in apply_playbook(FileStore.open(book), DAY - dt.timedelta(days=1), dry_run=True).tasks[c.CUSTOMER_CODE].to_list()


def test_without_rules_or_grades_there_is_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    FileStore.create(path, "en")
    assert apply_playbook(FileStore.open(path), DAY).tasks.is_empty()
    with_rules(path, {})
    before = path.read_bytes()
    assert apply_playbook(FileStore.open(path), DAY).lines("en") == ["The Playbook has no rule that is active."]
    assert path.read_bytes() == before


# --- A task is no contact.


def test_a_task_hides_no_agreement_and_is_no_contact(tmp_path: Path) -> None:
    book = book_of(tmp_path, people=[PEOPLE[0]])
    log_follow_up(
        FileStore.open(book), FollowUp("0001", "visit", "x", next_action="samples", next_action_on="2017-07-20", date="2017-07-08"), DAY
    )
    assert apply_playbook(FileStore.open(book), DAY).tasks.height == 1  # due on the 17th
    reasons = {day: _agreed(book, day) for day in (16, 17, 20)}
    assert reasons == {
        16: None,
        17: "task: Visit: find out what changed, show the way back up",
        20: "task: Visit: find out what changed, show the way back up",
    }
    log_follow_up(FileStore.open(book), FollowUp("0001", "call", "x", date="2017-07-12"), DAY + dt.timedelta(days=2))
    assert {day: _agreed(book, day) for day in (17, 20)} == {17: None, 20: "agreed: samples"}  # done before its day; the agreement stays


def _agreed(book: Path, day: int) -> str | None:
    rows = due_list(FileStore.open(book), dt.date(2017, 7, day)).frame.filter(pl.col(c.REASON) == "next_action")
    return rows[c.REASON_TEXT][0] if rows.height else None


def test_the_silence_goes_on_after_a_task_was_made_of_it(tmp_path: Path) -> None:
    book = book_of(tmp_path, people=[PEOPLE[3]])
    before = due_list(FileStore.open(book), DAY).frame[c.REASON].to_list()
    assert apply_playbook(FileStore.open(book), DAY).tasks.height == 1
    assert due_list(FileStore.open(book), DAY).frame[c.REASON].to_list() == before
    frames = {table_id: FileStore.open(book).read(table_id).frame for table_id in ("customers", "follow_ups")}
    assert fill(frames, NOW)["customers"][c.LAST_FOLLOW_UP].to_list() == [None]
    log_follow_up(FileStore.open(book), FollowUp("0004", "call", "x", date="2017-07-01"), DAY)
    frames = {table_id: FileStore.open(book).read(table_id).frame for table_id in ("customers", "follow_ups")}
    assert fill(frames, NOW)["customers"][c.LAST_FOLLOW_UP].to_list() == [dt.date(2017, 7, 1)]
