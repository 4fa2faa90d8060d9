"""Verbs of the quarter: close it, print it, show its tables."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, help_text, open_book, say
from xlcrm.tables.catalog import SHOWN_TABLES
from xlcrm.texts import text


class Via(StrEnum):
    """Who paints the printed pages."""

    TYPST = "typst"
    EXCEL = "excel"
    LIBREOFFICE = "libreoffice"


@app.command("quarter", help=text("macros.close_quarter_help", LANGUAGE))
def quarter_(
    book: Book,
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help=help_text("arg_quarter"), show_default=False)],
    against: Annotated[Optional[str], typer.Option("--against", help=help_text("arg_against"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.quarter import close_quarter
    from xlcrm.terminal import shown_progress

    store = open_book(book)
    with shown_progress() as progress:
        report = close_quarter(store, quarter, against, progress=progress)
    say(report.lines(LANGUAGE))


@app.command("print", help=text("macros.print_pack_help", LANGUAGE))
def print_(
    book: Book,
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help=help_text("arg_out"), show_default=False)],
    route: Annotated[Optional[list[str]], typer.Option("--route", help=help_text("arg_route"), show_default=False)] = None,  # noqa: UP045
    via: Annotated[Via, typer.Option("--via", help=help_text("arg_via"))] = Via.TYPST,
) -> None:
    from xlcrm.jobs.printing import print_pack
    from xlcrm.terminal import shown_progress

    store = open_book(book)
    with shown_progress() as progress:
        progress(help_text("step_print"), 0, 1)
        sheets = print_pack(store, book, out, route or (), via.value)
    print(help_text("printed", sheets=sheets, path=out))


@app.command("show", help=help_text("help_show", tables=", ".join(SHOWN_TABLES)))
def show(
    book: Book,
    table: Annotated[str, typer.Argument(metavar="TABLE", help=help_text("arg_table"), show_default=False)],
    quarter: Annotated[Optional[str], typer.Option("--quarter", help=help_text("arg_show_quarter"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs import showing

    frame = showing.table(open_book(book), table, quarter)
    sys.stdout.write(frame.write_csv())
