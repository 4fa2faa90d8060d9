"""The verb that takes back a run."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, open_book, say
from xlcrm.texts import text


@app.command("undo", help=text("macros.undo_last_help", LANGUAGE))
def undo(
    book: Book,
    job: Annotated[Optional[str], typer.Argument(metavar="JOB", help=text("undo.arg_job", LANGUAGE), show_default=False)] = None,  # noqa: UP045 - typer reads the annotation
) -> None:
    from xlcrm.jobs.undoing import undo as take_back

    say(take_back(open_book(book), job).lines(LANGUAGE))
