"""Contact lists: who agreed, in the order of the routes, and who was left out and why."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from tests.rules.handmade import codes, table
from tests.terminal import typed
from xlcrm.cli import privacy
from xlcrm.jobs.checking import check
from xlcrm.jobs.contacts import LISTED, contact_list
from xlcrm.jobs.due import due_list
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, text

DAY = dt.date(2017, 5, 10)


def consent(code: str, purpose: str, given: int | None, withdrawn: int | None = None) -> dict[str, Any]:
    days = [None if each is None else DAY + dt.timedelta(days=each) for each in (given, withdrawn)]
    return {c.CUSTOMER_CODE: code, c.PURPOSE: purpose, c.GIVEN_ON: days[0], c.WITHDRAWN_ON: days[1]}


@pytest.fixture(params=LANGUAGES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "book.xlsx"
    people = [
        {c.CUSTOMER_CODE: f"000{number}", c.CUSTOMER_NAME: f"Shop {number}", c.CONTACT: f"Ann {number}", c.PHONE: f"0571-{number}000",
         c.ADDRESS: f"{number} Mill Lane", c.ROUTE: "10" if number % 2 else "2", c.VISIT_ORDER: 9 - number, c.BIRTHDAY: dt.date(1970, 5, 12)}
        for number in range(1, 8)
    ]  # fmt: skip
    agreed = [
        consent("0001", "marketing", -9), consent("0002", text("choices.marketing", request.param), -9), consent("0003", "marketing", -9, -1),
        consent("0004", "marketing", 3), consent("0005", "marketing", -9), consent("0005", "erasure", -5, -2), consent("0006", "contact", -9, -3),
        consent("0003", "contact", -9), consent("0007", "marketing", -3),
    ]  # fmt: skip
    routes = [{c.ROUTE: "10", c.POSITION: 10}, {c.ROUTE: "2", c.POSITION: 2}]
    tables = {"customers": table("customers", people), "routes": table("routes", routes), "consents": table("consents", agreed)}
    FileStore.create(path, request.param).save(WorkbookChanges(tables=tables))
    return path


def test_only_those_who_agreed_in_the_order_of_the_visits(book: Path) -> None:
    listed = contact_list(FileStore.open(book), "marketing", as_of=DAY)
    assert listed.frame.columns == list(LISTED)
    assert listed.frame[c.CUSTOMER_CODE].to_list() == ["0002", "0007", "0001"]
    assert listed.frame.row(0) == ("0002", "Shop 2", "Ann 2", "0571-2000", "2 Mill Lane", "2")
    assert listed.left_out == {"withdrawn": 1, "not_yet": 1, "erased": 1, "none": 1}


def test_everybody_is_on_the_list_or_counted(book: Path) -> None:
    for purpose in ("marketing", "contact", "survey", "data_sharing"):
        for days in (-20, 0, 20):
            listed = contact_list(FileStore.open(book), purpose, as_of=DAY + dt.timedelta(days=days))
            assert listed.frame.height + sum(listed.left_out.values()) == 7


def test_one_route_alone(book: Path) -> None:
    listed = contact_list(FileStore.open(book), "marketing", "10", DAY)
    assert listed.frame[c.CUSTOMER_CODE].to_list() == ["0007", "0001"]
    assert sum(listed.left_out.values()) == 2
    with pytest.raises(CannotDo) as refused:
        contact_list(FileStore.open(book), "marketing", "11", DAY)
    assert refused.value.problem.code == "no_such_route"


@pytest.mark.parametrize("purpose", ["erasure", "anything"])
def test_what_is_no_purpose_to_contact_anybody_for(book: Path, purpose: str) -> None:
    with pytest.raises(CannotDo) as refused:
        contact_list(FileStore.open(book), purpose)
    assert refused.value.problem.code == "consent_unknown_purpose"


def test_the_due_list_greets_nobody_who_withdrew_and_calls_on_nobody_who_was_erased(book: Path) -> None:
    frame = due_list(FileStore.open(book), DAY).frame
    reasons = {code: set(group[c.REASON]) for (code,), group in frame.group_by(c.CUSTOMER_CODE)}
    assert "birthday" in reasons["0001"], "no consent is needed for it"
    assert "birthday" in reasons["0003"], "marketing was withdrawn, contact was not"
    assert "birthday" not in reasons["0006"]
    assert "visit" in reasons["0006"], "visits are the contract's business"
    assert "0005" not in reasons


def test_the_check_names_what_is_wrong_with_consents(book: Path) -> None:
    store = FileStore.open(book)
    rows = [
        consent("0001", "survey", -1, -2),
        consent("9999", "survey", -1),
        consent("0002", "erasure", -1),
        consent("8888", "erasure", -3, -3),
    ]
    store.save(WorkbookChanges(tables={"consents": table("consents", rows)}))
    problems = check(FileStore.open(book), claims=False).problems
    sheet = text("sheets.consents", FileStore.open(book).language)
    assert codes(problem for problem in problems if problem.sheet == sheet) == [
        "code_without_customer", "consent_withdrawn_before_given", "erasure_waits",
    ]  # fmt: skip


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(privacy, "LANGUAGE", "en")

    return typed(capsys, monkeypatch)


def test_the_terminal_shows_it_aligned_or_as_csv(book: Path, said: Any) -> None:
    status, out, _ = said("contacts", book, "--purpose", "marketing", "--on", "2017-05-10")
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == "3 customers may be contacted for marketing on 2017-05-10"
    assert lines[1] == "left out: 4 (no consent 1 · not given by that day 1 · withdrawn 1 · erased 1)"
    assert len({line.index("0571") for line in lines if "0571" in line}) == 1
    status, out, err = said("contacts", book, "--purpose", "marketing", "--on", "2017-05-10", "--csv")
    assert [row["phone"] for row in csv.DictReader(io.StringIO(out))] == ["0571-2000", "0571-7000", "0571-1000"]
    assert "left out: 4" in err
