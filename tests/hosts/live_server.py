"""The real server as a process of its own on a free loopback port, and a client that speaks to it as the task pane does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import xlwings

from xlcrm.texts import Language, text

Grid = Sequence[Sequence[object]]
START_SECONDS, CALL_SECONDS = 60, 120
JSON_HEAD = {"Content-Type": "application/json"}


class Refused(Exception):
    """The server answered with an error: what a user would read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class LiveServer:
    """Speaks HTTP with a running server."""

    def __init__(self, address: str, lines: list[str]) -> None:
        self.address = address
        self.lines = lines

    def get(self, path: str) -> tuple[str, bytes]:
        """Content type and content. Raises Refused where the server does not answer with 200."""
        return self._ask(urllib.request.Request(self.address + path))

    def post(self, path: str, body: object) -> Any:
        """What the server answers to a JSON body."""
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), JSON_HEAD)
        return json.loads(self._ask(request)[1])

    def call(self, function: str, grids: Sequence[Grid | None]) -> Grid:
        """A custom function, called as the client in Excel calls it."""
        answer: dict[str, Grid] = self.post(
            "/xlwings/custom-functions-call",
            {
                "client": "Office.js", "func_name": function, "args": list(grids), "caller_address": "[book.xlsx]Sheet1!A1",
                "session_id": "test", "culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": xlwings.__version__, "runtime": "1.4",
            },
        )  # fmt: skip
        return answer["result"]

    def press(self, macro: str, payload: dict[str, Any]) -> dict[str, Any]:
        """A script, called as the task pane calls it: what comes back, with its actions."""
        answer: dict[str, Any] = self.post(f"/xlwings/custom-scripts-call/{macro}", payload)
        return answer

    @staticmethod
    def _ask(request: urllib.request.Request) -> tuple[str, bytes]:
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:
                return answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from None


@contextmanager
def running(language: Language = "en", options: Sequence[str] = ()) -> Iterator[LiveServer]:
    """`xlcrm serve` on a free port; ended with the block.

    `--noncommercial` is the declaration of these tests alone: they are not commercial use.
    """
    command = [sys.executable, "-m", "xlcrm", "serve", "--port", "0", "--lang", language, "--noncommercial", *options]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    surroundings |= {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=surroundings, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if lines[-1] == text("server.stop", language):
                break
        else:
            raise AssertionError("the server did not start:\n" + "\n".join(lines))
        address = re.search(r"https?://\S+", lines[0])
        assert address is not None, lines
        yield LiveServer(address[0], lines)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
