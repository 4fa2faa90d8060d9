"""Runs a macro for xlwings Lite: the one thing that a script of `main.py` does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xlcrm.hosts.remotedesk import RemoteDesk
from xlcrm.macros import MACROS, run
from xlcrm.texts import Language

if TYPE_CHECKING:
    import xlwings


def press(macro_id: str, book: xlwings.Book, language: Language) -> None:
    """Runs a macro on the open workbook, and says at the end what it changed.

    language: of the message where the workbook's own cannot be read. Raises xlwings' XlwingsError with the message where the macro could
    not do it; then nothing reaches the workbook.
    """
    desk = RemoteDesk(book)
    outcome = run(MACROS[macro_id], desk, language)
    sys.stdout.write(f"{outcome.title}\n{outcome.message}\n")  # for the task pane's output, where the message stays
    if outcome.failed:
        from xlwings import XlwingsError

        raise XlwingsError(outcome.message)
    desk.say(outcome.title, outcome.message)
