"""Verbs for a workbook as a whole: make one, fill it, look it over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, PROBLEMS_FOUND, Book, Lang, app, create_book, help_text, open_book, say, workbook_language
from xlcrm.texts import text


@app.command("demo", help=help_text("help_demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=help_text("arg_dir"))] = Path("xlcrm-demo"),
    lang: Lang = None,
) -> None:
    from xlcrm.jobs.demo import make_demo
    from xlcrm.terminal import shown_progress

    language = workbook_language(lang)
    with shown_progress() as progress:
        made = make_demo(folder, language, progress)
    say(made.lines(language))


@app.command("new", help=help_text("help_new"))
def new(book: Book, lang: Lang = None) -> None:
    create_book(book, workbook_language(lang))
    print(help_text("made", path=book))


@app.command("import", help=text("macros.import_exports_help", LANGUAGE))
def import_(
    book: Book,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=help_text("arg_files"), show_default=False)],
    quarter: Annotated[Optional[str], typer.Option("--quarter", help=help_text("arg_import_quarter"), show_default=False)] = None,  # noqa: UP045
    dry_run: Annotated[bool, typer.Option("--dry-run", help=help_text("arg_dry_run"))] = False,
    strict: Annotated[bool, typer.Option("--strict", help=help_text("arg_strict"))] = False,
) -> None:
    from xlcrm.jobs.importing import import_files
    from xlcrm.terminal import shown_progress

    store = open_book(book)
    with shown_progress() as progress:
        report = import_files(store, files, quarter, dry_run, progress)
    say(report.lines(LANGUAGE))
    if strict and report.problems:
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("check", help=text("macros.check_help", LANGUAGE))
def check(book: Book, strict: Annotated[bool, typer.Option("--strict", help=help_text("arg_strict"))] = False) -> None:
    from xlcrm.jobs import checking

    report = checking.check(open_book(book))
    say(report.lines(LANGUAGE))
    if strict and (report.problems or report.open_import_problems):
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("audit", help=help_text("help_audit"))
def audit_(book: Annotated[Path, typer.Argument(metavar="OLDBOOK", help=help_text("arg_oldbook"), show_default=False)]) -> None:
    from xlcrm.audit import audit, audit_lines
    from xlcrm.settings import default_settings

    say(audit_lines(audit(book, default_settings(LANGUAGE)), LANGUAGE))
