"""A command typed in a terminal, in the process of the test."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from xlcrm import cli


class Said(NamedTuple):
    """The exit status, and what was printed to standard output and to standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types `xlcrm` with these words."""

    def called(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["xlcrm", *map(str, words)])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return called
