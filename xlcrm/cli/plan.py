"""The verb of the visit plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, open_book, say
from xlcrm.texts import text


@app.command("plan", help=text("plan.help_plan", LANGUAGE))
def plan(
    book: Book,
    from_day: Annotated[
        Optional[str],  # noqa: UP045 - typer reads the annotation
        typer.Option("--from", metavar="DATE", help=text("plan.arg_from", LANGUAGE), show_default=False),
    ] = None,
    cycles: Annotated[
        Optional[int],  # noqa: UP045 - typer reads the annotation
        typer.Option("--cycles", metavar="N", min=1, help=text("plan.arg_cycles", LANGUAGE), show_default="1"),
    ] = None,
    ics: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads the annotation
        typer.Option("--ics", metavar="FILE", help=text("plan.arg_ics", LANGUAGE), show_default=False),
    ] = None,
    status: Annotated[bool, typer.Option("--status", help=text("plan.arg_status", LANGUAGE))] = False,
) -> None:
    from xlcrm.jobs import planning
    from xlcrm.jobs.due import day
    from xlcrm.jobs.store import today

    if status:
        if from_day is not None or cycles is not None or ics is not None:
            raise typer.BadParameter(text("plan.status_alone", LANGUAGE))
        say(planning.status(open_book(book)).lines(LANGUAGE))
        return
    first = day(from_day)
    store = open_book(book)
    report = planning.plan(store, first or planning.next_working_day(store.settings(), today()), cycles or 1, calendar=ics)
    say(report.lines(LANGUAGE))
