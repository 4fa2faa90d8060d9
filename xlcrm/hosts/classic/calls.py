"""What a button runs: `RunPython "import xlcrm.hosts.classic.calls as calls; calls.run('close_quarter')"`."""

from __future__ import annotations

import os

import xlwings as xw

from xlcrm.texts import text, user_language


def run(macro_id: str) -> None:
    """Runs a macro on the workbook that called, and says in a message box what came of it.

    Ends with one line instead of a traceback where not even the workbook can be reached: xlwings shows what Python writes at its end.
    """
    try:
        from xlcrm.hosts.classic.desk import ClassicDesk
        from xlcrm.macros import MACROS
        from xlcrm.macros import run as run_macro

        desk = ClassicDesk(xw.Book.caller())
        try:
            outcome = run_macro(MACROS[macro_id], desk, user_language())
        finally:
            desk.clear_status()
        desk.say(outcome.title, outcome.message, failed=outcome.failed)
    except Exception as error:
        if os.environ.get("XLCRM_DEBUG") == "1":
            raise
        message = str(error).splitlines()[0] if str(error) else ""
        raise SystemExit(text("classic.unreachable", user_language(), kind=type(error).__name__, message=message)) from None
