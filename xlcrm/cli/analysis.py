"""Verbs that analyse: what customers are worth, where they stand, who is slipping."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, open_book, say
from xlcrm.texts import text


@app.command("analyse", help=text("macros.analyse_help", LANGUAGE))
def analyse(
    book: Book,
    as_of: Annotated[
        Optional[str],  # noqa: UP045 - typer reads the annotation
        typer.Option("--as-of", metavar="DATE", help=text("analysis.arg_as_of", LANGUAGE), show_default=False),
    ] = None,
) -> None:
    from xlcrm.jobs.analysing import analyse as compute
    from xlcrm.jobs.due import day
    from xlcrm.terminal import shown_progress

    wanted, store = day(as_of), open_book(book)
    with shown_progress() as progress:
        found = compute(store, wanted, progress)
    say(found.lines(LANGUAGE))


@app.command("what-if", help=text("analysis.help_what_if", LANGUAGE))
def what_if(
    book: Book,
    minimums: Annotated[Path, typer.Argument(metavar="MINIMUMS", help=text("analysis.arg_minimums", LANGUAGE), show_default=False)],
    quarter: Annotated[
        Optional[str],  # noqa: UP045 - typer reads the annotation
        typer.Option("--quarter", help=text("analysis.arg_what_if_quarter", LANGUAGE), show_default=False),
    ] = None,
) -> None:
    from xlcrm.jobs.whatif import what_if_minimums

    say(what_if_minimums(open_book(book), minimums, quarter).lines(LANGUAGE))
