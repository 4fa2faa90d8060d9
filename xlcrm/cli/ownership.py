"""Verbs about who a customer is and whose."""

from __future__ import annotations

from typing import Annotated

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, help_text, open_book, say


@app.command("duplicates", help=help_text("help_duplicates"))
def duplicates(
    book: Book,
    at_least: Annotated[
        float | None, typer.Option("--at-least", min=0, max=1, metavar="SCORE", help=help_text("arg_at_least"), show_default=False)
    ] = None,
) -> None:
    from xlcrm.jobs.duplicates import find_duplicates

    store = open_book(book)
    say((find_duplicates(store) if at_least is None else find_duplicates(store, at_least)).lines(LANGUAGE))
