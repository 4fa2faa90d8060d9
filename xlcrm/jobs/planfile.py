"""The visit plan as a calendar file (`.ics`, RFC 5545): one event a day, with the visits in their order in its description.

Names and addresses leave the workbook with it; phone numbers do not. Events are of the whole day, set no alarm and do not block the day.
A day's event has the same UID whenever it is written, so importing a newer plan brings the day up to date.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from icalendar import Calendar, Event

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.texts import Language, text


@dataclass(frozen=True, slots=True)
class CalendarStop:
    """One visit; minutes without the way."""

    code: str
    name: str
    address: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One person's visits of a day in their order, and the routes they are on."""

    date: dt.date
    person: str
    routes: Sequence[str]
    stops: Sequence[CalendarStop]


def calendar_bytes(days: Iterable[CalendarDay], settings: Settings, written_at: dt.datetime) -> bytes:
    """The file's content. written_at: this computer's time."""
    language = settings.language
    calendar = Calendar()
    calendar.add("prodid", "-//xlcrm//visit plan//" + language.upper())
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", text("plan.calendar_name", language))
    for day in days:
        calendar.add_component(_event(day, settings, written_at.astimezone(dt.UTC)))
    content: bytes = calendar.to_ical()
    return content


def _event(day: CalendarDay, settings: Settings, written_at: dt.datetime) -> Event:
    language, event = settings.language, Event()
    minutes = sum(stop.minutes for stop in day.stops)
    event.add("uid", uid(day.date, day.person, settings))
    event.add("dtstamp", written_at)
    event.add("last-modified", written_at)
    # Grows with every writing, so that a calendar takes the newer one for the newer one.
    event.add("sequence", int(written_at.timestamp()) // 60)
    event.add("dtstart", day.date)
    event.add("dtend", day.date + dt.timedelta(days=1))
    event.add("summary", _summary(day, minutes, language))
    event.add("description", "\n".join(_line(place, stop, language) for place, stop in enumerate(day.stops, start=1)))
    if day.stops[0].address:
        event.add("location", day.stops[0].address)
    event.add("transp", "TRANSPARENT")
    return event


def uid(day: dt.date, person: str, settings: Settings) -> str:
    """The event of a person's day, the same in every plan."""
    owner = "\x1f".join(("visit plan", settings.company, settings.user_name, person))
    return f"{day.isoformat()}-{hashlib.sha256(owner.encode()).hexdigest()[:16]}@xlcrm"


def _summary(day: CalendarDay, minutes: int, language: Language) -> str:
    routes = text("plan.between", language).join(day.routes)
    summary = text("plan.event", language, routes=routes, visits=len(day.stops), minutes=minutes)
    return f"{summary} · {day.person}" if day.person else summary


def _line(place: int, stop: CalendarStop, language: Language) -> str:
    who = f"{stop.name} ({stop.code})" if stop.name else stop.code
    parts = (who, stop.address, text("plan.event_minutes", language, minutes=stop.minutes))
    return f"{place}. " + " · ".join(" ".join(part.split()) for part in parts if part)


class PartFile:
    """A file that is written beside its place first. Raises CannotDo where it cannot be; what is not put in its place goes at the end."""

    def __init__(self, out: Path, content: bytes) -> None:
        self._out, self._content = out, content
        self._part = out.with_name(f".{out.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        try:
            self._out.parent.mkdir(parents=True, exist_ok=True)
            self._part.write_bytes(self._content)
        except OSError as error:
            raise CannotDo(Problem("calendar_not_written", file=str(self._out), value=error.strerror or str(error))) from error
        return self

    def put_in_place(self) -> str:
        """Moves it to its place; says why where that cannot be done, else nothing."""
        try:
            self._part.replace(self._out)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)
