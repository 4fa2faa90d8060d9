"""A call of a function in a cell against the rule on typed frames plus the bare protocol.

`python -m benchmarks.functioncalls ROWS REPEATS` prints one result a line as JSON. A process of its own, since xlwings must know
before it is imported that it is on a server.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import polars as pl
import xlwings
from xlwings.pro.udfs_officejs import custom_functions_call

from benchmarks.measure import Result
from xlcrm.functions import FUNCTIONS
from xlcrm.functions.catalog import Grid
from xlcrm.hosts.jsnull import quicken
from xlcrm.hosts.registration import functions
from xlcrm.rules.changes import changes_of_rows
from xlcrm.rules.frames import collected, lazy
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import graded, with_parts
from xlcrm.rules.minimums import minimums, tier_minimums
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import default_settings
from xlcrm.tables import columns as c
from xlcrm.tables.cleaning import clean_number

AIM = 1.2
QUARTER = "2017Q4"
GRADES = [f"{kind}{size}" for kind in ("CS", "CB", "CZ") for size in "123"]
SETTINGS = default_settings("en")


def run(rows: int, repeats: int) -> Iterator[Result]:
    """One line a function."""
    quicken()
    for name, arguments, rule in cases(rows):
        yield _measured(name, arguments, rule, rows, repeats)


def _measured(name: str, arguments: list[Grid], rule: Callable[[], object], rows: int, repeats: int) -> Result:
    made = functions("en")[name]
    answer = _called(made, arguments)

    def echo(*grids: Grid) -> Grid:
        return answer

    bare = _plain_function(echo, len(arguments))
    sides = (lambda: _called(made, arguments), lambda: _called(bare, arguments), rule)
    turns = _in_turns(sides, repeats)
    call, protocol, direct = map(statistics.median, turns)
    # Turn by turn: the machine's own speed changes within a run by more than what is measured.
    ratio = statistics.median(ours / (bare_call + by_rule) for ours, bare_call, by_rule in zip(*turns, strict=True))
    return Result(
        f"CRM.{FUNCTIONS[name].excel_name}: a call of {rows:,} rows", f"{_ms(call)} of processor time",
        f"{_ms(direct)} (the rule) + {_ms(protocol)} (the protocol)", f"{ratio:.2f} x", f"at most {AIM} x", ratio <= AIM,
    )  # fmt: skip


def _called(function: Callable[..., Any], arguments: Sequence[Grid]) -> Grid:
    """What xlwings does with a call that came from Excel, without the network."""
    data = {
        "func_name": function.__name__, "args": list(arguments), "version": xlwings.__version__, "client": "Office.js",
        "caller_address": None, "content_locale": "en-US", "runtime": "1.4", "culture_info_name": "en-US", "date_format": "yyyy-mm-dd",
    }  # fmt: skip
    answer: Grid = asyncio.run(custom_functions_call(data, SimpleNamespace(**{function.__name__: function})))
    return answer


def _plain_function(body: Callable[..., Grid], count: int) -> Callable[..., Any]:
    """A function that takes as many tables and gives its answer at once: the bare protocol."""
    names = [f"given_{number}" for number in range(count)]
    scope: dict[str, Any] = {"body": body}
    exec(f"def bare({', '.join(names)}):\n    return body({', '.join(names)})", scope)
    made = scope["bare"]
    for name in names:
        made = xlwings.arg(name, ndim=2, err_to_str=True)(made)  # as `hosts.registration` asks for them
    return xlwings.func(made)  # type: ignore[no-any-return]  # xlwings ships no hints


def _in_turns(sides: Sequence[Callable[[], object]], repeats: int) -> list[list[float]]:
    """Seconds of processor time, which a busy machine changes least, of each side; the first round warms up."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(repeats + 1):
        for side, seconds in zip(sides, times, strict=True):
            started = time.process_time()
            side()
            if turn:
                seconds.append(time.process_time() - started)
    return times


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def cases(rows: int) -> Iterator[tuple[str, list[Grid], Callable[[], object]]]:
    """Name, arguments as Excel sends them, and the same rule on typed frames."""
    random.seed(3)
    current = [random.choice([*GRADES, ""]) for _ in range(rows)]
    previous = [random.choice([*GRADES, ""]) for _ in range(rows)]
    quantity = [float(random.randrange(0, 2000)) for _ in range(rows)]
    amount = [random.randrange(0, 200_000) / 100 for _ in range(rows)]
    written = [random.choice((f"{value:,.2f}", f"￥{value}", f" {value} ", f"{value}")) for value in amount]
    codes = [f"{number:06d}" for number in range(rows)]

    pairs = pl.DataFrame({c.GRADE: [grade or None for grade in current], c.PREVIOUS_GRADE: [grade or None for grade in previous]})
    yield "grade_change", [_column(current), _column(previous)], lambda: collected(changes_of_rows(lazy(pairs), SETTINGS.grammar))

    held = pl.DataFrame({
        c.CUSTOMER_CODE: codes, c.GRADE: pairs[c.GRADE], c.QUANTITY: [int(value * 1000) for value in quantity],
        c.AMOUNT: [round(value * 100) for value in amount],
    })  # fmt: skip
    lowest = len(SETTINGS.grammar.sizes) - 1
    yield (
        "minimums", [_column(current), _column(quantity), _column(amount)],
        lambda: collected(minimums(tier_minimums(with_parts(lazy(held), SETTINGS.grammar), lazy(held), lowest))),
    )  # fmt: skip

    texts = pl.Series(written)
    yield "clean_number", [_column(written)], lambda: clean_number(texts, 1000)

    grades = pl.DataFrame({c.CUSTOMER_CODE: codes, c.QUARTER: [QUARTER] * rows, c.GRADE: [grade or "CS1" for grade in current]})
    purchases = held.select(c.CUSTOMER_CODE, pl.lit(QUARTER).alias(c.QUARTER), c.QUANTITY, c.AMOUNT)

    def gap_rule() -> object:
        now = collected(graded(grades, SETTINGS.grammar)).lazy()
        totals = collected(totals_of(quarter_totals(purchases, (QUARTER,)), QUARTER)).lazy()
        return collected(gaps(now, totals, collected(tier_minimums(now, totals, lowest)).lazy()))

    grade_table = [["Code", "Quarter", "Grade"], *map(list, grades.iter_rows())]
    purchase_rows = zip(codes, [QUARTER] * rows, quantity, amount, strict=True)
    yield "gap", [_column(codes), grade_table, [["Code", "Period", "Quantity", "Amount"], *map(list, purchase_rows)]], gap_rule


def _column(values: Sequence[object]) -> Grid:
    return [[value] for value in values]


if __name__ == "__main__":
    for measured in run(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(dataclasses.asdict(measured)), flush=True)
