"""The verbs that set and take off a workbook's password."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, say
from xlcrm.cli.passwords import ask_new_password, ask_password
from xlcrm.texts import text


@app.command("lock", help=text("locking.help_lock", LANGUAGE))
def lock(
    book: Book,
    new_password_file: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads the annotation
        typer.Option("--new-password-file", metavar="FILE", help=text("locking.arg_new_password_file", LANGUAGE), show_default=False),
    ] = None,
) -> None:
    from xlcrm.jobs.locking import lock_workbook

    say(lock_workbook(book, ask_password, lambda file: ask_new_password(file, new_password_file)).lines(LANGUAGE))


@app.command("unlock", help=text("locking.help_unlock", LANGUAGE))
def unlock(book: Book) -> None:
    from xlcrm.jobs.locking import unlock_workbook

    say(unlock_workbook(book, ask_password).lines(LANGUAGE))
