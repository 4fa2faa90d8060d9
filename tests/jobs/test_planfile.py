"""The visit plan as a calendar file."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest

from xlcrm.jobs.planfile import CalendarDay, CalendarStop, calendar_bytes, uid
from xlcrm.settings import Settings
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2018, 1, 8)
WRITTEN = dt.datetime(2018, 1, 5, 9, 30, tzinfo=dt.UTC)
STOPS = [
    CalendarStop("0012", "街角便利店（中山路总店）有限责任公司", "杭州市上城区中山中路一百二十八号，鼓楼北侧第三间", 20),
    CalendarStop("0011", "Corner Shop; a, b", "12 High St, Flat 3", 30),
    CalendarStop("0013", "", "", 15),
    CalendarStop("0014", "Two\nlines 😀", "back\\slash", 15),
]


def days(person: str = "Ana Ruiz") -> list[CalendarDay]:
    return [CalendarDay(DAY, person, ["1", "6"], STOPS), CalendarDay(DAY + dt.timedelta(days=1), person, ["2"], STOPS[1:2])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_read_back(language: Language) -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes(days(), Settings(language=language), WRITTEN))
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    first, second = calendar.walk("VEVENT")
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (DAY, DAY + dt.timedelta(days=1))
    assert first.decoded("dtstamp") == WRITTEN
    for part in ("1", "6", "4", "80", "Ana Ruiz"):
        assert part in str(first["summary"])
    lines = str(first["description"]).split("\n")
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4"]
    assert "街角便利店（中山路总店）有限责任公司 (0012) · 杭州市上城区中山中路一百二十八号，鼓楼北侧第三间 · 20" in lines[0]
    assert "Corner Shop; a, b (0011) · 12 High St, Flat 3 · 30" in lines[1]
    assert lines[2].startswith("3. 0013 · 15")
    assert "Two lines 😀 (0014) · back\\slash" in lines[3]
    assert first["location"] == STOPS[0].address
    assert str(second["location"]) == "12 High St, Flat 3"
    assert "route" in str(second["summary"]).casefold() or "线" in str(second["summary"])


def test_no_alarm_and_the_day_stays_free() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes(days(), Settings(), WRITTEN))
    assert not calendar.walk("VALARM")
    assert {str(event["transp"]) for event in calendar.walk("VEVENT")} == {"TRANSPARENT"}


def test_lines_are_folded_between_characters() -> None:
    """RFC 5545, 3.1: at most 75 octets a line, CRLF, and each part of a folded line is text by itself."""
    content = calendar_bytes(days(), Settings(language="zh"), WRITTEN)
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")
    assert sum(line.startswith(b" ") for line in lines) > 3
    assert "杭州市上城区中山中路一百二十八号" in content.replace(b"\r\n ", b"").decode()


def test_a_newer_plan_is_the_same_event_and_the_newer_one() -> None:
    older, newer = (
        icalendar.Calendar.from_ical(calendar_bytes(days(), Settings(), moment)).walk("VEVENT")
        for moment in (WRITTEN, WRITTEN + dt.timedelta(minutes=1))
    )
    assert [event["uid"] for event in older] == [event["uid"] for event in newer]
    assert older[0]["uid"] != older[1]["uid"]
    assert int(newer[0]["sequence"]) > int(older[0]["sequence"])
    assert newer[0].decoded("dtstamp") > older[0].decoded("dtstamp")


def test_two_people_and_two_companies_have_events_of_their_own() -> None:
    found = {uid(DAY, person, Settings(company=company)) for person in ("Ana", "Ben", "") for company in ("", "A & B")}
    assert len(found) == 6
    assert all(each.startswith("2018-01-08-") and each.endswith("@xlcrm") for each in found)


def test_a_plan_of_nobody_by_name_names_nobody() -> None:
    event = icalendar.Calendar.from_ical(calendar_bytes(days(""), Settings(), WRITTEN)).walk("VEVENT")[0]
    assert not str(event["summary"]).rstrip().endswith("·")
