"""What a macro needs of the place it runs in: an open workbook, and what that host can do besides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from xlcrm.jobs.store import Progress, Store
from xlcrm.texts import Language


class Desk(Protocol):
    """An open workbook and its user."""

    @property
    def store(self) -> Store:
        """The open workbook's tables and pages."""

    @property
    def language(self) -> Language:
        """The workbook's language."""

    @property
    def progress(self) -> Progress:
        """Told of each step; shows nothing where the host cannot."""

    def import_sheets(self) -> Sequence[tuple[str, Sequence[Sequence[object]]]]:
        """Name and rows (from row 1 on) of every sheet of the workbook that holds an export, see `sheets.opensheets`."""

    def clear_import_sheets(self) -> None:
        """Empties the place to paste once its rows are in the tables."""

    def choose_files(self) -> list[Path] | None:
        """Asks for export files; an empty list where the user gave up, None where the host has no file dialog."""

    def selected_codes(self) -> list[str]:
        """The customer codes of the selected rows, on any sheet that has them; else of the code typed on Home."""

    def selected_run(self) -> str:
        """The number of the run that is selected in its column on the Audit sheet; empty where none is."""

    def print_file(self) -> Path | None:
        """Where a print pack goes; None where the host cannot write files."""

    def show_page(self, page_id: str) -> None:
        """Brings the sheet of a page to the front."""
