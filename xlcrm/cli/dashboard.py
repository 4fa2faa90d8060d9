"""The verb of the manager's page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, open_book, say
from xlcrm.texts import text


@app.command("dashboard", help=text("macros.dashboard_help", LANGUAGE))
def dashboard(
    book: Book,
    as_of: Annotated[
        Optional[dt.datetime],  # noqa: UP045
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help=text("dashboard.arg_as_of", LANGUAGE), show_default=False),
    ] = None,
    pdf: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--pdf", metavar="OUT.pdf", help=text("dashboard.arg_pdf", LANGUAGE), show_default=False),
    ] = None,
) -> None:
    store = open_book(book)
    day = as_of.date() if as_of else None
    if pdf is None:
        from xlcrm.jobs.dashboards import show_dashboard

        say(show_dashboard(store, day).lines(LANGUAGE))
        return
    from xlcrm.jobs.dashboardprint import print_dashboard

    print_dashboard(store, pdf, day)
    print(text("dashboard.printed", LANGUAGE, path=pdf))
