"""The visit plan in a workbook: written, kept, counted, shown."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import polars as pl
import pytest

from tests.jobs.both_stores import STORES, Do
from tests.rules.handmade import grades, table
from xlcrm.jobs import planning
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.recording import read_entries
from xlcrm.jobs.showing import table as shown
from xlcrm.jobs.todaysheet import fill_today
from xlcrm.jobs.undoing import undo
from xlcrm.macros import MACROS
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.settings_table import setting_rows
from xlcrm.texts import LANGUAGES, Language, text

MONDAY = dt.date(2018, 1, 8)
PEOPLE = [
    {c.CUSTOMER_CODE: "0011", c.CUSTOMER_NAME: "Corner Shop", c.ROUTE: "1", c.ADDRESS: "12 High St", c.SHOWN: "CS1↑"},
    {c.CUSTOMER_CODE: "0012", c.CUSTOMER_NAME: "街角商店", c.ROUTE: "1", c.ADDRESS: "9 High St"},
    {c.CUSTOMER_CODE: "0013", c.CUSTOMER_NAME: "Oak Market", c.ROUTE: "2", c.VISIT_ORDER: 2},
    {c.CUSTOMER_CODE: "0014", c.CUSTOMER_NAME: "Elm Market", c.ROUTE: "2", c.VISIT_ORDER: 1},
    {c.CUSTOMER_CODE: "0015", c.CUSTOMER_NAME: "Nowhere", c.ROUTE: None},
    {c.CUSTOMER_CODE: "0016", c.CUSTOMER_NAME: "Far Market", c.ROUTE: "7"},
]
ROUTES = [{c.ROUTE: str(number), c.POSITION: number} for number in (1, 2, 7)]


def contact(code: str, on: dt.date, kind: str = "visit") -> Mapping[str, object]:
    return {c.CUSTOMER_CODE: code, c.DATE: on, c.KIND: kind, c.FOLLOW_UP_ID: f"{code} {on}"}


def day(week: int, weekday: int) -> dt.date:
    return MONDAY + dt.timedelta(weeks=week, days=weekday)


def made(
    path: Path, language: Language, people: list[dict[str, Any]] = PEOPLE, follow_ups: list[Mapping[str, object]] | None = None
) -> Path:
    FileStore.create(path, language).save(
        WorkbookChanges(tables={
            "customers": table("customers", people), "routes": table("routes", ROUTES), "grades": grades(),
            "follow_ups": table("follow_ups", follow_ups or []),
        })
    )  # fmt: skip
    return path


@pytest.fixture(params=LANGUAGES)
def book(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Five customers on three routes, and one on none."""
    return made(tmp_path / "book.xlsx", request.param)


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """The same in English alone, for what is done in every store."""
    return made(tmp_path / "english.xlsx", "en")


@pytest.fixture(params=STORES.values(), ids=STORES)
def do(request: pytest.FixtureRequest) -> Do[Any]:
    found: Do[Any] = request.param
    return found


def rows(book: Path) -> list[tuple[Any, ...]]:
    frame = FileStore.open(book).read("visit_plan").frame
    return frame.select(c.DATE, c.ROUTE, c.POSITION, c.CUSTOMER_CODE, c.MINUTES, c.DONE_ON).rows()


PLANNED = [
    (day(0, 0), "1", 1, "0012", 20, None), (day(0, 0), "1", 2, "0011", 20, None), (day(0, 1), "2", 1, "0014", 20, None),
    (day(0, 1), "2", 2, "0013", 20, None), (day(1, 1), "7", 1, "0016", 20, None),
]  # fmt: skip


def test_the_plan_stands_in_the_workbook(english: Path, do: Do[Any]) -> None:
    report = do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    assert rows(english) == PLANNED
    assert (report.first_day, report.last_day, report.days, report.visits, report.customers) == (day(0, 0), day(1, 4), 3, 5, 5)
    assert (report.least_minutes, report.most_minutes) == (20, 40)
    assert list(report.unrouted) == ["0015"]
    assert dict(report.orders) == {"address": 2, "visit_order": 1}
    assert not report.had_plan


def test_the_same_again_changes_nothing_and_the_audit_says_nothing(english: Path, do: Do[Any]) -> None:
    do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    told = len(read_entries(FileStore.open(english)))
    report = do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    assert rows(english) == PLANNED
    assert len(read_entries(FileStore.open(english))) == told
    language = FileStore.open(english).language
    assert text("plan.unchanged", language) in report.lines(language)


def test_past_days_stay_and_visits_are_found(english: Path, do: Do[Any]) -> None:
    do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    store = FileStore.open(english)
    follow_ups = [contact("0012", day(0, 0)), contact("0011", day(0, 2)), contact("0013", day(0, 1), "call")]
    store.save(WorkbookChanges(tables={"follow_ups": table("follow_ups", follow_ups), "routes": table("routes", ROUTES[:1])}))
    people = [{**person, c.ROUTE: "1"} if person[c.CUSTOMER_CODE] == "0016" else person for person in PEOPLE]
    store.save(WorkbookChanges(tables={"customers": table("customers", people)}))
    report = do(english, lambda opened: planning.plan(opened, day(0, 3), as_of=day(0, 3)))
    found = rows(english)
    assert [row[:5] for row in found[:4]] == [row[:5] for row in PLANNED[:4]], "as they were, though their route has gone"
    assert [row[5] for row in found[:4]] == [day(0, 0), day(0, 2), None, None]
    assert {row[3]: row[0] for row in found[4:]}["0016"] == day(2, 0)
    assert report.moves[0][:1] + report.moves[0][2:] == ("0016", day(1, 1), day(2, 0))


def test_adherence_counts_by_route_and_in_all(english: Path, do: Do[Any]) -> None:
    do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    follow_ups = [contact("0012", day(0, 0)), contact("0011", day(0, 2)), contact("0013", day(0, 1), "return_visit")]
    FileStore.open(english).save(WorkbookChanges(tables={"follow_ups": table("follow_ups", follow_ups)}))
    do(english, lambda store: store.save(WorkbookChanges(tables=planning.refreshed(store, day(0, 2)))))
    store = FileStore.open(english)
    total = text("plan.total", store.language)
    expected = [("1", 2, 2, 1, 1.0, 0.5), ("2", 2, 1, 1, 0.5, 0.5), (total, 4, 3, 2, 0.75, 0.5)]
    assert store.read("adherence").frame.rows() == expected
    assert [row[5] for row in rows(english)] == [day(0, 0), day(0, 2), None, day(0, 1), None]
    lines = "\n".join(planning.status(store, day(0, 2)).lines(store.language))
    for words in ("75%", "50%", str(MONDAY), "1", "2"):
        assert words in lines
    assert str(day(1, 0)) not in lines


def test_follow_ups_that_will_be_written_count_already(book: Path) -> None:
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    coming = table("follow_ups", [contact("0012", MONDAY)])
    tables = planning.refreshed(FileStore.open(book), MONDAY, coming)
    assert tables["visit_plan"][c.DONE_ON].to_list() == [MONDAY, None, None, None, None]
    assert tables["adherence"].rows()[0][:4] == ("1", 2, 1, 1)


def test_without_a_plan_there_is_nothing_to_refresh(book: Path) -> None:
    store = FileStore.open(book)
    assert planning.refreshed(store) == {}
    assert planning.status(store).lines("en") == [text("plan.no_plan", "en")]
    assert shown(store, "adherence").height == shown(store, "visit_plan").height == 0


def test_show_gives_the_plan_and_the_adherence(book: Path) -> None:
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    plan = shown(FileStore.open(book), "visit_plan")
    assert plan.columns[:5] == ["date", "route", "position", "customer_code", "minutes"]
    assert plan.rows()[0][:5] == ("2018-01-08", "1", "1", "0012", "20")
    assert shown(FileStore.open(book), "adherence").columns == ["route", "planned", "done", "on_day", "coverage", "adherence"]


def test_names_and_grades_stand_there_before_any_program_calculates(book: Path) -> None:
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    sheets = openpyxl.load_workbook(book, data_only=True).worksheets
    plan = next(sheet for sheet in sheets if "VisitPlan" in sheet.tables)
    row = next(row for row in plan.iter_rows(values_only=True) if "0011" in row)
    assert {"Corner Shop", "CS1↑", "1", 20} <= set(row)


def test_what_a_user_added_to_a_planned_visit_stays(book: Path) -> None:
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    store = FileStore.open(book)
    noted = store.read("visit_plan").frame.with_columns(pl.lit("bring samples").alias("My note"))
    store.save(WorkbookChanges(tables={"visit_plan": noted}))
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    assert set(FileStore.open(book).read("visit_plan").frame["My note"]) == {"bring samples"}


def test_nobody_on_a_route_is_refused(tmp_path: Path, do: Do[Any]) -> None:
    book = made(tmp_path / "book.xlsx", "en", [PEOPLE[4]])
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        do(book, lambda store: planning.plan(store, MONDAY))
    assert refusal.value.problem.code == "nothing_to_plan"
    assert FileStore.open(book).read("visit_plan").frame.is_empty()
    assert book.read_bytes() == before or do is not STORES["closed file"]


@pytest.mark.parametrize("cycles", [0, 53])
def test_too_many_cycles_are_refused(book: Path, cycles: int) -> None:
    with pytest.raises(CannotDo) as refusal:
        planning.plan(FileStore.open(book), MONDAY, cycles)
    assert refusal.value.problem.code == "too_many_cycles"


def test_settings_of_the_workbook_count(tmp_path: Path) -> None:
    book = made(tmp_path / "book.xlsx", "en")
    store = FileStore.open(book)
    settings = store.settings().model_copy(update={"visit_interval_days": 7, "visit_minutes": 45})
    values = pl.DataFrame(setting_rows(settings), schema=[c.SETTING, c.VALUE, c.ABOUT], orient="row").cast(pl.String)
    store.save(WorkbookChanges(tables={"settings": values}))
    report = planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    assert (report.visits, report.least_minutes, report.most_minutes) == (10, 90, 135)


# --- The order by known places.


def with_places(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**person, c.LATITUDE: 30 + place % 3 / 10, c.LONGITUDE: 120.0} for place, person in enumerate(people)]


MANY = [{c.CUSTOMER_CODE: f"{number:04}", c.CUSTOMER_NAME: f"店 {number}", c.ROUTE: "1", c.VISIT_ORDER: number} for number in range(6)]


def test_known_places_give_the_shortest_way(tmp_path: Path) -> None:
    pytest.importorskip("pyvrp")
    book = made(tmp_path / "book.xlsx", "en", with_places(MANY))
    report = planning.plan(FileStore.open(book), MONDAY, cycles=2, as_of=MONDAY)
    assert dict(report.orders) == {"tour": 2}
    order = [int(row[3]) % 3 for row in rows(book)[:6]]
    assert order in ([0, 0, 1, 1, 2, 2], [2, 2, 1, 1, 0, 0])


def test_without_the_package_the_given_order_and_a_word_about_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    book = made(tmp_path / "book.xlsx", "en", with_places(MANY))
    report = planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    assert [row[3] for row in rows(book)] == [f"{number:04}" for number in range(6)]
    assert any("xlcrm[routing]" in line for line in report.lines("en"))


def test_a_workbook_without_coordinates_can_be_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One made by an earlier version."""
    book = made(tmp_path / "book.xlsx", "en")
    whole = FileStore.read

    def read(self: FileStore, table_id: str, only: tuple[str, ...] = ()) -> Any:
        checked = whole(self, table_id, only)
        if table_id != "customers":
            return checked
        return type(checked)(checked.frame.drop(c.LATITUDE, c.LONGITUDE), checked.problems, checked.rows, checked.left_out)

    monkeypatch.setattr(FileStore, "read", read)
    planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY)
    assert rows(book) == PLANNED


# --- The button, the next working day.


@pytest.mark.parametrize(("today", "expected"), [(0, 1), (3, 4), (4, 7), (5, 7), (6, 7)])
def test_the_next_working_day(today: int, expected: int, book: Path) -> None:
    settings = FileStore.open(book).settings()
    assert planning.next_working_day(settings, MONDAY + dt.timedelta(days=today)) == MONDAY + dt.timedelta(days=expected)


def test_the_button_plans_from_the_next_working_day(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.macros.filedesk import FileDesk
    from xlcrm.jobs import store

    monkeypatch.setattr(store, "today", lambda: day(-1, 4))
    lines = MACROS["plan_visits"].body(FileDesk(book))
    assert [row[:5] for row in rows(book)] == [row[:5] for row in PLANNED]
    assert str(MONDAY) in lines[0]
    assert not list(tmp_path.glob("*.ics")), "this host writes no files"
    MACROS["plan_visits"].body(FileDesk(book, pdf=tmp_path / "book.pdf"))
    assert len(icalendar.Calendar.from_ical((tmp_path / "book.ics").read_bytes()).walk("VEVENT")) == 3


def test_a_calendar_that_cannot_be_written_changes_nothing(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    before = book.read_bytes()
    with pytest.raises(CannotDo) as refusal:
        planning.plan(FileStore.open(book), MONDAY, calendar=tmp_path / "file" / "plan.ics")
    assert refusal.value.problem.code == "calendar_not_written"
    assert book.read_bytes() == before


def test_a_calendar_that_cannot_be_put_in_its_place_is_said(book: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.ics").mkdir()
    report = planning.plan(FileStore.open(book), MONDAY, as_of=MONDAY, calendar=tmp_path / "plan.ics")
    assert len(rows(book)) == 5
    language = FileStore.open(book).language
    assert any(report.calendar_fault in line for line in report.lines(language))
    assert report.calendar_fault
    assert not list(tmp_path.glob(".*.part"))


def test_the_today_sheet_says_what_was_done_and_the_plan_can_still_be_taken_back(english: Path, do: Do[Any]) -> None:
    do(english, lambda store: planning.plan(store, MONDAY, as_of=MONDAY))
    code, planned = planned_first(english)
    do(english, lambda store: log_follow_up(store, FollowUp(code, "visit", "x", date=str(planned)), planned))
    do(english, lambda store: fill_today(store, planned))
    plan = FileStore.open(english).read("visit_plan").frame
    assert plan.filter(pl.col(c.DONE_ON).is_not_null()).select(c.CUSTOMER_CODE, c.DONE_ON).rows() == [(code, planned)]
    assert FileStore.open(english).read("adherence").frame[c.DONE].to_list()[-1] == 1
    report = do(english, lambda store: undo(store, "J0001", planned))
    assert (report.stayed, FileStore.open(english).read("visit_plan").frame.height) == ([], 0)


def planned_first(book: Path) -> tuple[str, dt.date]:
    first = FileStore.open(book).read("visit_plan").frame.row(0, named=True)
    return first[c.CUSTOMER_CODE], first[c.DATE]


def test_a_time_in_which_nobody_is_due_is_said(english: Path) -> None:
    store = FileStore.open(english)
    settings = store.settings().model_copy(update={"visit_interval_days": 365})
    values = pl.DataFrame(setting_rows(settings), schema=[c.SETTING, c.VALUE, c.ABOUT], orient="row").cast(pl.String)
    store.save(WorkbookChanges(tables={"settings": values}))
    planning.plan(FileStore.open(english), MONDAY, 24, as_of=MONDAY)
    last = FileStore.open(english).read("visit_plan").frame[c.DATE].max()
    assert isinstance(last, dt.date)
    with pytest.raises(CannotDo) as refused:
        planning.plan(FileStore.open(english), last + dt.timedelta(weeks=1), as_of=MONDAY)
    assert refused.value.problem.code == "nothing_due_to_plan"
