"""Verbs of the day: who is due, what was done."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, help_text, open_book, say
from xlcrm.texts import text


def _said(name: str) -> str:
    return text(f"followups.{name}", LANGUAGE)


@app.command("due", help=help_text("help_due"))
def due(
    book: Book,
    on: Annotated[Optional[str], typer.Option("--on", metavar="DATE", help=help_text("arg_due_on"), show_default=False)] = None,  # noqa: UP045
    week: Annotated[bool, typer.Option("--week", help=text("due.arg_week", LANGUAGE))] = False,
) -> None:
    from xlcrm.jobs.due import day, due_list

    as_of = day(on)
    say(due_list(open_book(book), as_of, week).lines(LANGUAGE))


@app.command("log", help=help_text("help_log"))
def log(
    book: Book,
    code: Annotated[str, typer.Argument(metavar="CODE", help=help_text("arg_code"), show_default=False)],
    kind: Annotated[str, typer.Option("--kind", help=help_text("arg_kind"), show_default=False)],
    note: Annotated[str, typer.Option("--note", help=help_text("arg_note"), show_default=False)],
    next_action: Annotated[Optional[str], typer.Option("--next", help=help_text("arg_next"), show_default=False)] = None,  # noqa: UP045
    on: Annotated[Optional[str], typer.Option("--on", metavar="DATE", help=help_text("arg_next_on"), show_default=False)] = None,  # noqa: UP045
    outcome: Annotated[Optional[str], typer.Option("--outcome", help=help_text("arg_outcome"), show_default=False)] = None,  # noqa: UP045
    author: Annotated[Optional[str], typer.Option("--author", help=help_text("arg_author"), show_default=False)] = None,  # noqa: UP045
    date: Annotated[Optional[str], typer.Option("--date", metavar="DATE", help=help_text("arg_date"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.logging_followup import FollowUp, log_follow_up

    written = FollowUp(code, kind, note, outcome=outcome, next_action=next_action, next_action_on=on, author=author, date=date)
    print(log_follow_up(open_book(book), written).line(LANGUAGE))


@app.command("intake", help=text("macros.take_in_help", LANGUAGE))
def intake(book: Book) -> None:
    from xlcrm.jobs.intake import take_in

    say(take_in(open_book(book)).lines(LANGUAGE))


@app.command("summary", help=text("macros.summarise_help", LANGUAGE))
def summary(
    book: Book,
    month: Annotated[str | None, typer.Option("--month", metavar="MONTH", help=_said("arg_month"), show_default=False)] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help=_said("arg_sheet"))] = False,
) -> None:
    from xlcrm.jobs.summarising import month_of, summaries, summarise

    wanted, store = month_of(month), open_book(book)
    made = summarise(store) if sheet else summaries(store)
    say(made.tables(LANGUAGE, wanted))


@app.command("playbook", help=text("macros.apply_playbook_help", LANGUAGE))
def playbook(
    book: Book,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_said("arg_playbook_dry_run"))] = False,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=_said("arg_playbook_on"), show_default=False)] = None,
) -> None:
    from xlcrm.jobs.due import day
    from xlcrm.jobs.playbook import apply_playbook

    as_of = day(on)
    say(apply_playbook(open_book(book), as_of, dry_run).lines(LANGUAGE))
