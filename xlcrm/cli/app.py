"""What every verb of the terminal needs: the application, its language, exit status, arguments that stand in many."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from xlcrm.problems import CannotDo, Problem
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


def help_text(name: str, **places: object) -> str:
    """A text of the terminal, in its language."""
    return text(f"cli.{name}", LANGUAGE, **places)


Book = Annotated[Path, typer.Argument(metavar="BOOK", help=help_text("arg_book"), show_default=False)]
Lang = Annotated[Optional[WorkbookLanguage], typer.Option("--lang", help=help_text("arg_lang"), show_default=False)]  # noqa: UP045 - typer reads the annotation


def workbook_language(lang: WorkbookLanguage | None) -> Language:
    """The language that was asked for, else the terminal's own."""
    return LANGUAGE if lang is None else ("zh" if lang is WorkbookLanguage.ZH else "en")


def say(lines: Iterable[str]) -> None:
    """Prints lines."""
    for line in lines:
        print(line)


def open_book(book: Path) -> FileStore:
    """The store of a workbook file; a password for opening it is asked for when it has one."""
    from xlcrm.cli.passwords import ask_password
    from xlcrm.sheets.filestore import FileStore

    return FileStore.open(book, ask_password)


def create_book(book: Path, language: Language) -> FileStore:
    """A new workbook. Raises CannotDo where the file is there already."""
    from xlcrm.sheets.filestore import FileStore

    if book.exists():
        raise CannotDo(Problem("workbook_exists", file=str(book)))
    return FileStore.create(book, language)
