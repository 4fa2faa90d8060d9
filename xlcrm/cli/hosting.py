"""Verbs that bring the same functions and buttons into Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import Lang, app, help_text, say, workbook_language


@app.command("pack", help=help_text("help_pack"))
def pack(
    classic: Annotated[
        Path | None, typer.Option("--classic", metavar="OUT.xlsm", help=help_text("arg_classic"), show_default=False)
    ] = None,
    lite: Annotated[Optional[Path], typer.Option("--lite", metavar="OUT.xlsx", help=help_text("arg_lite"), show_default=False)] = None,  # noqa: UP045
    lang: Lang = None,
) -> None:
    from xlcrm.hosts import classic as classic_host
    from xlcrm.hosts import lite as lite_host

    if classic is None and lite is None:
        raise typer.BadParameter(help_text("pack_what"))
    for out, host in ((classic, classic_host), (lite, lite_host)):
        if out is not None:
            say(host.pack(out, workbook_language(lang)))


@app.command("serve", help=help_text("help_serve"))
def serve_(
    host: Annotated[str, typer.Option("--host", help=help_text("arg_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=help_text("arg_port"))] = 8000,
    certificate: Annotated[Optional[Path], typer.Option("--certificate", help=help_text("arg_certificate"), show_default=False)] = None,  # noqa: UP045
    key: Annotated[Optional[Path], typer.Option("--key", help=help_text("arg_key"), show_default=False)] = None,  # noqa: UP045
    noncommercial: Annotated[bool, typer.Option("--noncommercial", help=help_text("arg_noncommercial"))] = False,
    lang: Lang = None,
) -> None:
    from xlcrm.hosts.server import serve

    serve(host, port, workbook_language(lang), certificate=certificate, key=key, noncommercial=noncommercial, say=print)
