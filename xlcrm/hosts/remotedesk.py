"""The desk of a host that sends the open workbook to Python and takes back what to do with it: xlwings Lite and xlwings Server.

Such a host has no file dialog and can write no file; it shows nothing before a macro is done; its user reads one message at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xlcrm.jobs.store import Progress, no_progress
from xlcrm.sheets import opensheets
from xlcrm.tables import columns as c
from xlcrm.texts import Language

if TYPE_CHECKING:
    import xlwings

    from xlcrm.sheets.livestore import LiveStore


class RemoteDesk:
    """The open workbook that such a host handed over, as a macro's `Desk`."""

    def __init__(self, book: xlwings.Book) -> None:
        self.book = book

    @cached_property
    def store(self) -> LiveStore:
        """The open workbook's tables and pages."""
        from xlcrm.sheets.livestore import LiveStore

        return LiveStore(self.book)

    @property
    def language(self) -> Language:
        """The workbook's language."""
        return self.store.settings().language

    @property
    def progress(self) -> Progress:
        """Shows nothing: what a macro does reaches the workbook when it has ended."""
        return no_progress

    def import_sheets(self) -> list[tuple[str, Sequence[Sequence[object]]]]:
        """The sheets that hold an export."""
        return opensheets.import_sheets(self.book)

    def clear_import_sheets(self) -> None:
        """Empties the place to paste."""
        opensheets.clear_import_sheets(self.book)

    def choose_files(self) -> list[Path] | None:
        """None: there is no file dialog."""
        return None

    def selected_codes(self) -> list[str]:
        """The customer codes of the selected rows, else the one typed on Home."""
        return opensheets.selected_codes(self.book, set(self.store.read("customers").frame[c.CUSTOMER_CODE]))

    def selected_run(self) -> str:
        """The number of the run that is selected on the Audit sheet."""
        return opensheets.selected_run(self.book)

    def print_file(self) -> Path | None:
        """None: no file can be written."""
        return None

    def show_page(self, page_id: str) -> None:
        """Brings the sheet of a page to the front."""
        opensheets.show_sheet_of_page(self.book, page_id)

    def say(self, title: str, message: str, *, failed: bool = False) -> None:
        """Shows the message at the end."""
        self.book.app.alert(message, title, mode="critical" if failed else "info")
