"""One way to press a button and to call a function on each host, so that a test body is written once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from tests.hosts.sample_books import Prepared
from tests.macros.filedesk import FileDesk
from xlcrm.functions import FUNCTIONS, call
from xlcrm.functions.catalog import Grid
from xlcrm.macros import MACROS, run
from xlcrm.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from tests.hosts.live_server import LiveServer


SAID_OF_OPEN_WORKBOOKS = tuple("! " + text("privacy.file_not_reached", language) for language in LANGUAGES)
"""What a button says of a workbook that is open, and not of a closed file, as docs/hosts.md lists it."""


@dataclass(frozen=True)
class Said:
    """What the user read at the end."""

    lines: tuple[str, ...]
    failed: bool

    def as_of_closed(self) -> Said:
        """Without what is said of open workbooks alone: comparable with the file store's."""
        return Said(tuple(line for line in self.lines if line not in SAID_OF_OPEN_WORKBOOKS), self.failed)


class Host(Protocol):
    """Presses a button in a prepared workbook, whose file is then as the user would save it; and fills a cell with a function."""

    def press(self, macro_id: str, at: Prepared) -> Said:
        """What the user reads."""

    def call(self, function_id: str, grids: Sequence[Grid | None], language: Language) -> Grid:
        """What spills."""


class ClosedFile:
    """No spreadsheet program: the file store, and functions called as they are."""

    def press(self, macro_id: str, at: Prepared) -> Said:
        outcome = run(MACROS[macro_id], FileDesk(at.book, pasted=at.pasted, selected=at.codes))
        return Said(tuple(outcome.lines), outcome.failed)

    def call(self, function_id: str, grids: Sequence[Grid | None], language: Language) -> Grid:
        return call(FUNCTIONS[function_id], grids, language)


class InProcess:
    """xlwings' remote engine in this process, as xlwings Lite runs it."""

    def press(self, macro_id: str, at: Prepared) -> Said:
        from tests.hosts.remote import RemoteBook

        with as_on_a_server() as xlwings:
            from xlcrm.hosts import registration

            script = registration.scripts("en")[macro_id]
            book = RemoteBook(at.book)
            try:
                book.run(lambda opened: asyncio.run(script(None, opened)), active=at.front, selection=at.selection)
            except xlwings.XlwingsError as refused:
                return Said(tuple(str(refused).split("\n")), failed=True)
        return Said(tuple(line for alert in book.alerts for line in alert.split("\n")), failed=False)

    def call(self, function_id: str, grids: Sequence[Grid | None], language: Language) -> Grid:
        with as_on_a_server() as xlwings:
            from xlcrm.hosts import registration

            module = ModuleType("functions")
            vars(module).update(registration.functions(language))
            data = {"func_name": function_id, "args": wire(grids), "client": "Office.js", "version": xlwings.__version__, "runtime": "1.4",
                    "date_format": "m/d/yyyy", "culture_info_name": "en-US"}  # fmt: skip
            answer: Grid = asyncio.run(xlwings.server.custom_functions_call(data, module))
            return unwired(answer)


class OverHttp:
    """The live server, asked as the task pane asks it."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server

    def press(self, macro_id: str, at: Prepared) -> Said:
        from tests.hosts.live_server import Refused
        from tests.hosts.office import payload
        from tests.hosts.remote import RemoteBook

        try:
            answer = self.server.press(macro_id, payload(at.book, active=at.front, selection=at.selection))
        except Refused as refused:
            if refused.status != 400:  # what is not an XlwingsError is tried again, and hidden from the user
                raise
            return Said(tuple(refused.message.split("\n")), failed=True)
        actions, said = without_outcome(answer["actions"])
        RemoteBook(at.book).apply(actions)
        return Said(said, failed=False)

    def call(self, function_id: str, grids: Sequence[Grid | None], language: Language) -> Grid:
        return unwired(self.server.call(function_id, wire(grids)))


def without_outcome(actions: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Actions for Excel, and the lines that the last one gives to the task pane."""
    *doing, last = actions
    assert last["func"] == "runMacro", "a script ends with its message"
    callback, _title, *lines = last["args"]
    assert callback == "xlcrmOutcome"
    return doing, tuple(lines)


@contextmanager
def as_on_a_server() -> Iterator[Any]:
    """xlwings with its server's decorators: on Linux without a server they do nothing."""
    import xlwings
    import xlwings.server

    names = ("func", "arg", "ret", "script")
    before: dict[str, Callable[..., Any]] = {name: getattr(xlwings, name) for name in names}
    for name in names:
        setattr(xlwings, name, getattr(xlwings.server, name))
    try:
        yield xlwings
    finally:
        for name, decorator in before.items():
            setattr(xlwings, name, decorator)


def wire(grids: Sequence[Grid | None]) -> list[Any]:
    """Arguments as Excel's custom functions runtime hands them over: days as numbers with their format, blanks as the empty text."""
    import datetime as dt

    def cell(value: object) -> object:
        if value is None:
            return ""
        if isinstance(value, dt.date):
            moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
            return {
                "type": "FormattedNumber",
                "basicValue": (moment - dt.datetime(1899, 12, 30)).total_seconds() / 86_400,
                "numberFormat": "yyyy-mm-dd",
            }
        return value

    sent: list[Any] = json.loads(json.dumps([grid and [[cell(value) for value in row] for row in grid] for grid in grids]))
    return sent


def unwired(grid: Grid) -> Grid:
    """A result as Excel shows it: days are numbers with a format, blanks the empty text."""
    return [[value["basicValue"] if isinstance(value, dict) else value for value in row] for row in grid]
