"""The terminal: the same jobs that the buttons call.

Exit status: 0 done, 1 problems with --strict, 2 usage, 3 could not do it (one line on standard error, nothing changed).
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from xlcrm.problems import CannotDo, Problem
from xlcrm.tables.catalog import SHOWN_TABLES
from xlcrm.texts import Language, text, user_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlcrm.sheets.filestore import FileStore

LANGUAGE = user_language()
DONE, PROBLEMS_FOUND, USAGE, COULD_NOT = 0, 1, 2, 3

app = typer.Typer(
    help=text("cli.about", LANGUAGE), no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


class WorkbookLanguage(StrEnum):
    """Languages of a workbook."""

    EN = "en"
    ZH = "zh"


class Via(StrEnum):
    """Who paints the printed pages."""

    TYPST = "typst"
    EXCEL = "excel"
    LIBREOFFICE = "libreoffice"


def _help(name: str, **places: object) -> str:
    return text(f"cli.{name}", LANGUAGE, **places)


Book = Annotated[Path, typer.Argument(metavar="BOOK", help=_help("arg_book"), show_default=False)]
Lang = Annotated[Optional[WorkbookLanguage], typer.Option("--lang", help=_help("arg_lang"), show_default=False)]  # noqa: UP045 - typer reads the annotation


def _language(lang: WorkbookLanguage | None) -> Language:
    return LANGUAGE if lang is None else ("zh" if lang is WorkbookLanguage.ZH else "en")


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _open(book: Path) -> FileStore:
    from xlcrm.sheets.filestore import FileStore

    return FileStore.open(book)


def _create(book: Path, language: Language) -> FileStore:
    from xlcrm.sheets.filestore import FileStore

    if book.exists():
        raise CannotDo(Problem("workbook_exists", file=str(book)))
    return FileStore.create(book, language)


@app.command("demo", help=_help("help_demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=_help("arg_dir"))] = Path("xlcrm-demo"),
    lang: Lang = None,
) -> None:
    from xlcrm.jobs.demo import make_demo
    from xlcrm.terminal import shown_progress

    language = _language(lang)
    with shown_progress() as progress:
        made = make_demo(folder, language, progress)
    _say(made.lines(language))


@app.command("new", help=_help("help_new"))
def new(book: Book, lang: Lang = None) -> None:
    _create(book, _language(lang))
    print(_help("made", path=book))


@app.command("import", help=text("macros.import_exports_help", LANGUAGE))
def import_(
    book: Book,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_help("arg_files"), show_default=False)],
    quarter: Annotated[Optional[str], typer.Option("--quarter", help=_help("arg_import_quarter"), show_default=False)] = None,  # noqa: UP045
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_help("arg_dry_run"))] = False,
    strict: Annotated[bool, typer.Option("--strict", help=_help("arg_strict"))] = False,
) -> None:
    from xlcrm.jobs.importing import import_files
    from xlcrm.terminal import shown_progress

    store = _open(book)
    with shown_progress() as progress:
        report = import_files(store, files, quarter, dry_run, progress)
    _say(report.lines(LANGUAGE))
    if strict and report.problems:
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("quarter", help=text("macros.close_quarter_help", LANGUAGE))
def quarter_(
    book: Book,
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help=_help("arg_quarter"), show_default=False)],
    against: Annotated[Optional[str], typer.Option("--against", help=_help("arg_against"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.quarter import close_quarter
    from xlcrm.terminal import shown_progress

    store = _open(book)
    with shown_progress() as progress:
        report = close_quarter(store, quarter, against, progress=progress)
    _say(report.lines(LANGUAGE))


@app.command("print", help=text("macros.print_pack_help", LANGUAGE))
def print_(
    book: Book,
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help=_help("arg_out"), show_default=False)],
    route: Annotated[Optional[list[str]], typer.Option("--route", help=_help("arg_route"), show_default=False)] = None,  # noqa: UP045
    via: Annotated[Via, typer.Option("--via", help=_help("arg_via"))] = Via.TYPST,
) -> None:
    from xlcrm.jobs.printing import print_pack
    from xlcrm.terminal import shown_progress

    store = _open(book)
    with shown_progress() as progress:
        progress(_help("step_print"), 0, 1)
        sheets = print_pack(store, book, out, route or (), via.value)
    print(_help("printed", sheets=sheets, path=out))


@app.command("show", help=_help("help_show", tables=", ".join(SHOWN_TABLES)))
def show(
    book: Book,
    table: Annotated[str, typer.Argument(metavar="TABLE", help=_help("arg_table"), show_default=False)],
    quarter: Annotated[Optional[str], typer.Option("--quarter", help=_help("arg_show_quarter"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs import showing

    frame = showing.table(_open(book), table, quarter)
    sys.stdout.write(frame.write_csv())


@app.command("due", help=_help("help_due"))
def due(
    book: Book,
    on: Annotated[Optional[str], typer.Option("--on", metavar="DATE", help=_help("arg_due_on"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.due import day, due_list

    as_of = day(on)
    _say(due_list(_open(book), as_of).lines(LANGUAGE))


@app.command("log", help=_help("help_log"))
def log(
    book: Book,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_help("arg_code"), show_default=False)],
    kind: Annotated[str, typer.Option("--kind", help=_help("arg_kind"), show_default=False)],
    note: Annotated[str, typer.Option("--note", help=_help("arg_note"), show_default=False)],
    next_action: Annotated[Optional[str], typer.Option("--next", help=_help("arg_next"), show_default=False)] = None,  # noqa: UP045
    on: Annotated[Optional[str], typer.Option("--on", metavar="DATE", help=_help("arg_next_on"), show_default=False)] = None,  # noqa: UP045
    outcome: Annotated[Optional[str], typer.Option("--outcome", help=_help("arg_outcome"), show_default=False)] = None,  # noqa: UP045
    author: Annotated[Optional[str], typer.Option("--author", help=_help("arg_author"), show_default=False)] = None,  # noqa: UP045
    date: Annotated[Optional[str], typer.Option("--date", metavar="DATE", help=_help("arg_date"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.logging_followup import FollowUp, log_follow_up

    written = FollowUp(code, kind, note, outcome=outcome, next_action=next_action, next_action_on=on, author=author, date=date)
    print(log_follow_up(_open(book), written).line(LANGUAGE))


@app.command("duplicates", help=_help("help_duplicates"))
def duplicates(
    book: Book,
    at_least: Annotated[
        float | None, typer.Option("--at-least", min=0, max=1, metavar="SCORE", help=_help("arg_at_least"), show_default=False)
    ] = None,
) -> None:
    from xlcrm.jobs.duplicates import find_duplicates

    store = _open(book)
    _say((find_duplicates(store) if at_least is None else find_duplicates(store, at_least)).lines(LANGUAGE))


@app.command("check", help=text("macros.check_help", LANGUAGE))
def check(book: Book, strict: Annotated[bool, typer.Option("--strict", help=_help("arg_strict"))] = False) -> None:
    from xlcrm.jobs import checking

    report = checking.check(_open(book))
    _say(report.lines(LANGUAGE))
    if strict and (report.problems or report.open_import_problems):
        raise typer.Exit(PROBLEMS_FOUND)


@app.command("audit", help=_help("help_audit"))
def audit_(book: Annotated[Path, typer.Argument(metavar="OLDBOOK", help=_help("arg_oldbook"), show_default=False)]) -> None:
    from xlcrm.audit import audit, audit_lines
    from xlcrm.settings import default_settings

    _say(audit_lines(audit(book, default_settings(LANGUAGE)), LANGUAGE))


@app.command("pack", help=_help("help_pack"))
def pack(
    classic: Annotated[Optional[Path], typer.Option("--classic", metavar="OUT.xlsm", help=_help("arg_classic"), show_default=False)] = None,  # noqa: UP045
    lite: Annotated[Optional[Path], typer.Option("--lite", metavar="OUT.xlsx", help=_help("arg_lite"), show_default=False)] = None,  # noqa: UP045
    lang: Lang = None,
) -> None:
    from xlcrm.hosts import classic as classic_host
    from xlcrm.hosts import lite as lite_host

    if classic is None and lite is None:
        raise typer.BadParameter(_help("pack_what"))
    for out, host in ((classic, classic_host), (lite, lite_host)):
        if out is not None:
            _say(host.pack(out, _language(lang)))


@app.command("serve", help=_help("help_serve"))
def serve_(
    host: Annotated[str, typer.Option("--host", help=_help("arg_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=_help("arg_port"))] = 8000,
    certificate: Annotated[Optional[Path], typer.Option("--certificate", help=_help("arg_certificate"), show_default=False)] = None,  # noqa: UP045
    key: Annotated[Optional[Path], typer.Option("--key", help=_help("arg_key"), show_default=False)] = None,  # noqa: UP045
    noncommercial: Annotated[bool, typer.Option("--noncommercial", help=_help("arg_noncommercial"))] = False,
    lang: Lang = None,
) -> None:
    from xlcrm.hosts.server import serve

    serve(host, port, _language(lang), certificate=certificate, key=key, noncommercial=noncommercial, say=print)


def main() -> None:
    """The `xlcrm` command."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may still speak a code page that has no arrows.
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text files here
    try:
        app()
    except CannotDo as refusal:
        print(f"xlcrm: {refusal.problem.line(LANGUAGE)}".replace("\n", " "), file=sys.stderr)
        sys.exit(COULD_NOT)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); nothing is wrong.
        os._exit(DONE)
    except Exception as error:
        if os.environ.get("XLCRM_DEBUG") == "1":
            raise
        message = str(error).splitlines()[0] if str(error) else ""
        print("xlcrm: " + _help("unexpected", kind=type(error).__name__, message=message), file=sys.stderr)
        sys.exit(COULD_NOT)


if __name__ == "__main__":
    main()
