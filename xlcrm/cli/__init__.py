"""The terminal: the same jobs that the buttons call.

Exit status: 0 done, 1 problems with --strict, 2 usage, 3 could not do it (one line on standard error, nothing changed).
"""

# ruff: noqa: I001 - the order of the imports is the order of the help
from __future__ import annotations

import os
import sys

from xlcrm.cli import books, grammar, quarter, card, dashboard, analysis, followups, plan, ownership, privacy, hosting, locking, undo  # noqa: F401 - they fill the application
from xlcrm.cli.app import COULD_NOT, DONE, LANGUAGE, app, help_text
from xlcrm.problems import CannotDo


def main() -> None:
    """The `xlcrm` command."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may still speak a code page that has no arrows.
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text files here
    try:
        app()
    except CannotDo as refusal:
        print(f"xlcrm: {refusal.problem.line(LANGUAGE)}".replace("\n", " "), file=sys.stderr)
        sys.exit(COULD_NOT)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing is wrong.
        os._exit(DONE)
    except Exception as error:
        if os.environ.get("XLCRM_DEBUG") == "1":
            raise
        message = str(error).splitlines()[0] if str(error) else ""
        print("xlcrm: " + help_text("unexpected", kind=type(error).__name__, message=message), file=sys.stderr)
        sys.exit(COULD_NOT)
