"""Starts the server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xlcrm.hosts.server.surroundings import prepare
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    import uvicorn

LOOPBACK = "127.0.0.1"
PORT = 8000
_PACKAGES = ("xlwings_server", "uvicorn")


def serve(
    host: str = LOOPBACK,
    port: int = PORT,
    language: Language = "en",
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    noncommercial: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Serves functions, macros and the task pane until it is interrupted.

    host, port: where it listens; port 0 takes a free one. language: of function help and messages outside a workbook. certificate, key:
    PEM files for HTTPS, which Excel demands unless a reverse proxy in front provides it. noncommercial: the user's own declaration
    that the server is used under the PolyForm Noncommercial License. say: is told, line by line, where everything is.
    Raises CannotDo where a package, a licence, a certificate or the port is missing.
    """
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        raise CannotDo(Problem("server_not_installed", value=missing[0]))
    if (certificate is None) != (key is None):
        raise CannotDo(Problem("server_half_certificate", file=str(certificate or key)))
    prepare(language)
    from xlcrm.hosts.server.licence import require_licence

    require_licence(noncommercial)
    listening = _listen(host, port)
    try:
        server = _made(certificate, key, language)
        for line in _lines(listening, certificate is not None, language):
            say(line)
        server.run(sockets=[listening])
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    """Takes the port before anything else is loaded, so that a port in use is said at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise _cannot_listen(host, port, error) from None
    return listening


def _cannot_listen(host: str, port: int, error: OSError) -> CannotDo:
    return CannotDo(Problem("server_port", value=f"{host}:{port}", details={"reason": error.strerror or str(error)}))


def _made(certificate: Path | None, key: Path | None, language: Language) -> uvicorn.Server:
    import uvicorn

    from xlcrm.hosts.jsnull import quicken

    config = uvicorn.Config(
        "xlwings_server.main:main_app",
        ssl_certfile=str(certificate) if certificate else None,
        ssl_keyfile=key,
        log_level="warning",
        proxy_headers=True,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CannotDo(Problem("server_bad_certificate", file=str(certificate), details={"reason": str(error)})) from None
    quicken()
    return uvicorn.Server(config)


def _lines(listening: socket.socket, secure: bool, language: Language) -> list[str]:
    from xlcrm.hosts.server.licence import is_noncommercial

    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    address = f"{'https' if secure else 'http'}://{shown}:{port}"
    lines = [
        text("server.running", language, address=address),
        text("server.manifest_at", language, address=f"{address}/manifest.xml"),
        text("server.pane_at", language, address=f"{address}/taskpane.html"),
    ]
    if not secure:
        lines.append(text("server.needs_https", language))
    if is_noncommercial():
        lines.append(text("server.noncommercial", language))
    return [*lines, text("server.stop", language)]
