"""A macro run in this process as xlwings Lite and the server run it: payload, book, actions, and the workbook as Excel would leave it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.workbook import Workbook

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

from tests.hosts import openbooks
from tests.hosts.actions import Applier
from tests.hosts.office import cell_values, payload_of

if TYPE_CHECKING:
    import xlwings


def open_book(data: dict[str, Any]) -> xlwings.Book:
    """The payload as an xlwings book."""
    import xlwings

    return xlwings.Book(json=data)


class RemoteBook:
    """A workbook file that is treated as if it were open in Excel. actions: those of the last run, as they go over the wire."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.actions: list[dict[str, Any]] = []
        self.alerts: list[str] = []

    def run(
        self, macro: Callable[[xlwings.Book], object], include: Collection[str] | None = None, active: str | None = None,
        selection: str = "A1",
    ) -> Applier:  # fmt: skip
        """Hands the book to the macro, does what it asked for, and saves the file. Nothing is saved when the macro raises."""
        workbook = openbooks.load(self.path)
        sent = payload_of(workbook, cell_values(self.path), self.path.name, include, active, selection)
        book = open_book(json.loads(json.dumps(sent)))
        try:
            macro(book)
            self.actions = json.loads(json.dumps(book.json()))["actions"]
        finally:
            book.close()  # xlwings keeps every book that is not closed
        return self._apply(self.actions, workbook)

    def apply(self, actions: list[dict[str, Any]]) -> Applier:
        """Does what actions say, wherever they came from, and saves the file."""
        return self._apply(actions, openbooks.load(self.path))

    def _apply(self, actions: list[dict[str, Any]], workbook: Workbook) -> Applier:
        applier = Applier(workbook)
        applier.apply(actions)
        self.alerts = applier.alerts
        if actions:
            workbook.save(self.path)
        return applier
