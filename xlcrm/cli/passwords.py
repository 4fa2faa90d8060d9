"""Where a password comes from: a file, a variable of the environment, or the terminal's hidden prompt; never from an argument."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, app
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import text

if TYPE_CHECKING:
    from xlcrm.sheets.encryption import Password

_MOST_BYTES = 4096
_given: dict[str, Path] = {}


@app.callback()
def _before_every_command(
    password_file: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads the annotation
        typer.Option("--password-file", metavar="FILE", help=text("locking.arg_password_file", LANGUAGE), show_default=False),
    ] = None,
) -> None:
    _given.clear()
    if password_file is not None:
        _given["file"] = password_file


def ask_password(file: str) -> Password:
    """The password of a workbook. Raises CannotDo where nobody can be asked."""
    return _found(_given.get("file"), "XLCRM_PASSWORD") or _typed(
        text("locking.ask_password", LANGUAGE, file=file), "password_needed", file
    )


def ask_new_password(file: str, password_file: Path | None = None) -> Password:
    """A new password for a workbook, typed twice where it is typed. Raises CannotDo where nobody can be asked, or the two differ."""
    found = _found(password_file, "XLCRM_NEW_PASSWORD")
    if found is not None:
        return found
    new = _typed(text("locking.ask_new_password", LANGUAGE, file=file), "new_password_needed", file)
    again = _typed(text("locking.ask_again", LANGUAGE), "new_password_needed", file)
    if new.reveal() != again.reveal():
        raise CannotDo(Problem("passwords_differ", file=file))
    return new


def _found(path: Path | None, variable: str) -> Password | None:
    """From the file where one is named, else from the variable where it is set."""
    from xlcrm.sheets.encryption import Password

    if path is not None:
        return Password(_first_line(path))
    written = os.environ.get(variable)
    return Password(written) if written is not None else None


def _first_line(path: Path) -> str:
    """What a file with a password holds, without the end of its line; a text that is none is no password."""
    try:
        with path.open("rb") as stream:
            written = stream.read(_MOST_BYTES)
    except FileNotFoundError:
        raise CannotDo(Problem("file_missing", file=path.name)) from None
    except OSError as error:
        raise CannotDo(Problem("file_unreadable", file=path.name, details={"reason": error.strerror or ""})) from None
    try:
        return written.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return ""


def _typed(question: str, missing: str, file: str) -> Password:
    """What is typed at the hidden prompt; never where it would be shown."""
    import getpass
    import warnings

    from xlcrm.sheets.encryption import Password

    if not sys.stdin.isatty():
        raise CannotDo(Problem(missing, file=file))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return Password(getpass.getpass(question))
    except (EOFError, getpass.GetPassWarning):
        raise CannotDo(Problem(missing, file=file)) from None
