"""Forgetting a customer: nothing of the person is left in any part of the file, everything else is."""

from __future__ import annotations

import datetime as dt
import html
import re
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
from xlcrm.sheets.changes import WorkbookChanges
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
    grades = table("grades", [{c.CUSTOMER_CODE: code, c.QUARTER: quarter, c.GRADE: grade} for code in (CODE, "0012") for quarter, grade in quarters])
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
    log_follow_up(store, FollowUp(CODE, "visit", NOTE, outcome=OUTCOME, next_action=NEXT, next_action_on="2017-07-20", date="2017-06-20"), DAY)
    log_follow_up(store, FollowUp("0012", "call", f"sends greetings to {NAME}", date="2017-06-21"), DAY)
    close_quarter(store, "2017Q2", as_of=DAY)
    decorate(book, language)
    return book


def decorate(book: Path, language: Language) -> None:
    """What users and their programs add. openpyxl keeps what xlcrm needs of a page but not everything, so this comes in the end."""
    workbook = openpyxl.load_workbook(book)
    customers = workbook[places.sheet_name("customers", language)]
    customers.cell(6, 2).comment = Comment(f"{CONTACT} {OWN_NOTE}", CONTACT)
    route = next(workbook[name] for name in workbook.sheetnames if name.startswith(("Route 1", "线路 1")))
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


@pytest.fixture(params=LANGUAGES)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return planted(tmp_path, request.param)


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
