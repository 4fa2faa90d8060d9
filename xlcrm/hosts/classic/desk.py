"""The desk of Excel with a Python of its own: it has a file dialog on Windows, a status bar, and can write files."""

from __future__ import annotations

import platform
from pathlib import Path

import xlwings as xw

from xlcrm.hosts.remotedesk import RemoteDesk
from xlcrm.jobs.store import Progress
from xlcrm.texts import text

EXPORT_PATTERNS = "*.xlsx;*.xlsm;*.xlsb;*.xls;*.ods;*.csv;*.tsv;*.txt;*.htm;*.html"
MOST_LINES = 30
"""A message box is never taller than the screen."""


class ClassicDesk(RemoteDesk):
    """The workbook that called Python, as a macro's `Desk`."""

    @property
    def progress(self) -> Progress:
        """Each step in the status bar."""

        def show(step: str, done: int, of: int) -> None:
            self.book.app.status_bar = text("classic.step", self.language, step=step, percent=round(100 * done / of)) if of > 1 else step

        return show

    def choose_files(self) -> list[Path] | None:
        """Excel's own dialog on Windows; None on a Mac, where Python cannot open it: exports are pasted on the Import sheet there."""
        if platform.system() != "Windows":
            return None
        chosen = self.book.app.api.GetOpenFilename(
            FileFilter=f"{text('classic.file_kinds', self.language)} ({EXPORT_PATTERNS}),{EXPORT_PATTERNS}",
            Title=text("classic.choose_files", self.language),
            MultiSelect=True,
        )
        return [Path(name) for name in chosen] if chosen else []  # False: the user gave up

    def print_file(self) -> Path | None:
        """A PDF of the workbook's name beside it; in the home folder where the workbook has no folder on this machine."""
        name = Path(self.book.name).with_suffix(".pdf").name
        try:
            folder = Path(self.book.fullname).parent
        except xw.XlwingsError:  # a workbook in the cloud whose folder on this machine is unknown
            return Path.home() / name
        return (folder if folder.is_absolute() and folder.is_dir() else Path.home()) / name

    def say(self, title: str, message: str, *, failed: bool = False) -> None:
        """A message box; what does not fit on a screen is left out."""
        lines = message.split("\n")
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], "…"]
        super().say(f"xlcrm · {title}", "\n".join(lines), failed=failed)

    def clear_status(self) -> None:
        """Gives the status bar back to Excel."""
        self.book.app.status_bar = False
