"""Functions in cells: whole columns through xlwings' own custom functions protocol. Measured in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.measure import Result, python

# What an xlwings Server sets before it imports any function.
_ON_SERVER = {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}


def run(rows: int, repeats: int) -> Iterator[Result]:
    """One line a function, see `functioncalls`."""
    cost = python("-m", "benchmarks.functioncalls", str(rows), str(repeats), environment=_ON_SERVER)
    for line in cost.output.splitlines():
        if line.startswith("{"):
            yield Result(**json.loads(line))
