"""Verbs about who a customer is and whose."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, help_text, open_book, say
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text

YES = ("y", "yes", "是")


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


@app.command("merge", help=help_text("help_merge"))
def merge(
    book: Book,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help=help_text("arg_keep"), show_default=False)],
    drop: Annotated[str, typer.Argument(metavar="DROP", help=help_text("arg_drop"), show_default=False)],
    take: Annotated[list[str] | None, typer.Option("--take", metavar="COLUMN", help=help_text("arg_take"), show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", help=help_text("arg_merge_yes"))] = False,
) -> None:
    from xlcrm.jobs import merging

    store = open_book(book)
    say(merging.plan_merge(store, keep, drop, take or ()).lines(LANGUAGE))
    if not yes:
        if not sys.stdin.isatty():
            raise CannotDo(Problem("merge_not_confirmed", file=store.name))
        print(text("merging.merge_ask", LANGUAGE, keep=keep, drop=drop), end="", flush=True)
        if sys.stdin.readline().strip().casefold() not in YES:
            print(text("merging.merge_not_done", LANGUAGE))
            return
    say(merging.merge(store, keep, drop, take or ()).lines(LANGUAGE))


@app.command("handover", help=help_text("help_handover"))
def handover(
    book: Book,
    to: Annotated[str, typer.Option("--to", metavar="OWNER", help=help_text("arg_to"), show_default=False)],
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE...]", help=help_text("arg_of_codes"), show_default=False)] = None,
    from_owner: Annotated[str | None, typer.Option("--from", metavar="OWNER", help=help_text("arg_from"), show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--print", metavar="OUT.pdf", help=help_text("arg_sheet_pdf"), show_default=False)] = None,
) -> None:
    from xlcrm.jobs.handover import handover as hand_over

    say(hand_over(open_book(book), to, from_owner, codes or (), out=out).lines(LANGUAGE))
    if out is not None:
        print(text("merging.handed_printed", LANGUAGE, path=out))
