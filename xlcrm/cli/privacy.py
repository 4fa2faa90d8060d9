"""Verbs of consent and erasure: whom a message may go to, and forgetting a customer."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, PROBLEMS_FOUND, Book, app, help_text, open_book, say
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text


def _help(name: str) -> str:
    return text(f"privacy.{name}", LANGUAGE)


@app.command("contacts", help=_help("help_contacts"))
def contacts(
    book: Book,
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help=_help("arg_purpose"), show_default=False)],
    route: Annotated[Optional[str], typer.Option("--route", help=_help("arg_route"), show_default=False)] = None,  # noqa: UP045 - typer reads the annotation
    on: Annotated[Optional[str], typer.Option("--on", metavar="DATE", help=help_text("arg_due_on"), show_default=False)] = None,  # noqa: UP045
    csv: Annotated[bool, typer.Option("--csv", help=_help("arg_csv"))] = False,
) -> None:
    from xlcrm.jobs.contacts import contact_list
    from xlcrm.jobs.due import day

    as_of = day(on)
    listed = contact_list(open_book(book), purpose, route, as_of)
    if not csv:
        say(listed.lines(LANGUAGE))
        return
    sys.stdout.write(listed.frame.write_csv())
    for line in listed.summary(LANGUAGE):
        print(line, file=sys.stderr)


@app.command("forget", help=_help("help_forget"))
def forget(
    book: Book,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_help("arg_forget_code"), show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help=_help("arg_yes"))] = False,
) -> None:
    from xlcrm.jobs import forgetting

    store = open_book(book)
    plan = forgetting.plan_forget(store, [code])
    if not yes:
        say(plan.lines(LANGUAGE))
        if not _agreed(code):
            print(_help("not_forgotten"))
            return
    report = forgetting.forget(store, [code])
    say(report.lines(LANGUAGE))
    if not report.is_proved:
        raise typer.Exit(PROBLEMS_FOUND)


def _agreed(code: str) -> bool:
    """Asks on a terminal. Raises CannotDo where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise CannotDo(Problem("forget_needs_yes", value=code))
    return input(_help("ask_forget")).strip().casefold() in ("y", "yes", "是")
