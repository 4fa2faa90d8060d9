"""The verb `plan`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import icalendar
import pytest

from tests.terminal import Run, typed
from xlcrm import cli

ROUTES = "route,visit_order,customer_code,customer_name\n1,1,0001,Corner Shop\n1,2,0002,Elm Market\n6,1,0003,Oak Market\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "LANGUAGE", "en")

    return typed(capsys, monkeypatch)


@pytest.fixture
def book(tmp_path: Path, run: Run) -> Path:
    export = tmp_path / "routes.csv"
    export.write_text(ROUTES, encoding="utf-8")
    book = tmp_path / "book.xlsx"
    assert run("new", book, "--lang", "en")[0] == 0
    assert run("import", book, export)[0] == 0
    return book


def test_from_a_day_over_cycles_with_a_calendar(book: Path, run: Run, tmp_path: Path) -> None:
    status, out, err = run("plan", book, "--from", "2018-01-08", "--cycles", 2, "--ics", tmp_path / "plan.ics")
    assert (status, err) == (0, "")
    assert "2018-01-08 to 2018-02-02: 6 visits of 3 customers on 4 days" in out
    assert "plan.ics" in out
    rows = list(csv.DictReader(io.StringIO(run("show", book, "visit_plan")[1])))
    assert [(row["date"], row["route"], row["position"], row["customer_code"]) for row in rows[:3]] == [
        ("2018-01-08", "1", "1", "0001"), ("2018-01-08", "1", "2", "0002"), ("2018-01-15", "6", "1", "0003"),
    ]  # fmt: skip
    events = icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert [str(event.decoded("dtstart")) for event in events] == ["2018-01-08", "2018-01-15", "2018-01-22", "2018-01-29"]


def test_status_counts_what_was_logged_and_writes_nothing(book: Path, run: Run) -> None:
    assert run("plan", book, "--from", "2018-01-08")[0] == 0
    assert run("log", book, "0001", "--kind", "visit", "--note", "shelf", "--date", "2018-01-08")[0] == 0
    assert run("log", book, "0002", "--kind", "visit", "--note", "shelf", "--date", "2018-01-10")[0] == 0
    before = book.read_bytes()
    status, out, _ = run("plan", book, "--status")
    assert status == 0
    assert "3 planned, 2 done (67%), 1 on their day (33%)" in out
    assert book.read_bytes() == before
    adherence = list(csv.DictReader(io.StringIO(run("show", book, "adherence")[1])))
    assert [(row["route"], row["planned"], row["done"], row["on_day"]) for row in adherence] == [
        ("1", "2", "2", "1"), ("6", "1", "0", "0"), ("Total", "3", "2", "1"),
    ]  # fmt: skip


def test_status_goes_alone(book: Path, run: Run) -> None:
    status, _, err = run("plan", book, "--status", "--from", "2018-01-08")
    assert status == 2
    assert "--status" in err


def test_a_day_that_is_none(book: Path, run: Run) -> None:
    before = book.read_bytes()
    status, _, err = run("plan", book, "--from", "soon")
    assert (status, err.count("\n")) == (3, 1)
    assert book.read_bytes() == before


def test_without_a_day_the_next_working_day(book: Path, run: Run) -> None:
    status, out, _ = run("plan", book)
    assert status == 0
    assert "3 visits of 3 customers" in out
