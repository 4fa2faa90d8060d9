"""Workbooks (.xlsx .xlsm .xlsb .xls .ods) -> grids of text, through calamine.

A plain .xlsx is read in this process. What a package cannot be looked into for (.xls), or what looks unusual, is read in a child
process with a limit on memory and time, so that a broken or hostile file costs neither.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from xlcrm.imports import packages
from xlcrm.imports.grids import grids
from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.problems import CannotDo, Problem

SECONDS = 8
MEMORY_MIB = 700


def read_package(path: Path) -> list[TextSheet]:
    """An .xlsx, .xlsm, .xlsb or .ods. Raises CannotDo."""
    look = packages.look(path)
    if look.kind == "ods" or not look.plain:
        return read_guarded(path)
    sheets = _sheets(path.name, grids(path))
    if look.hides_text:
        from xlcrm.imports.errorcells import with_hidden_text

        return with_hidden_text(path, sheets)
    return sheets


def read_guarded(path: Path) -> list[TextSheet]:
    """Any workbook, in a child process. Raises CannotDo."""
    command = [sys.executable, "-m", "xlcrm.imports.guarded", str(path.resolve()), str(MEMORY_MIB), str(SECONDS)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL)
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, MemoryError):
        answer = None
    if answer is None:
        raise CannotDo(Problem("workbook_too_slow", file=path.name, details={"seconds": SECONDS}))
    if "problem" in answer:
        raise CannotDo(Problem(answer["problem"], file=path.name, details=answer["details"]))
    return _sheets(path.name, answer["sheets"])


def _sheets(file: str, found: list[dict[str, Any]]) -> list[TextSheet]:
    sheets = []
    for grid in found:
        merged = [(first_row, first_column, last_row, last_column) for first_row, first_column, last_row, last_column in grid["merged"]]
        sheets.append(TextSheet(file, grid["name"], frame_of_rows(grid["rows"]), merged, grid["hidden"]))
    return sheets
