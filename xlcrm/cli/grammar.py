"""The verb that learns how grade codes are written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, app, help_text, say


@app.command("grammar", help=help_text("help_grammar"))
def grammar(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=help_text("arg_files"), show_default=False)],
    quarter: Annotated[Optional[str], typer.Option("--quarter", help=help_text("arg_import_quarter"), show_default=False)] = None,  # noqa: UP045
) -> None:
    from xlcrm.jobs.grammars import learn_from_files

    say(learn_from_files(files, quarter).lines(LANGUAGE))
