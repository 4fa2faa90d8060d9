"""A small comparison of two quarters, made by hand: two routes, two business types, every state once or more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets.pages import Page
from xlcrm.sheets.routesheet import route_pages
from xlcrm.tables import columns as c

MARK = {c.UP: "↑", c.KEPT: "", c.DOWN: "↓", c.NEW: "○", c.TYPE_CHANGED: "≠", c.LOST: "×", c.UNGRADED: "?"}
BATCHES = ("mon", "tue", "wed", "thu", "fri")

# code, route, name, state, grade, earlier grade, quantity in units, amount in currency units
CUSTOMERS = (
    ("001", "1", "Maple Shop", c.UP, "CS1", "CS3", 196, 583.20),
    ("002", "1", "Harbor Market", c.TYPE_CHANGED, "CB2", "CS1", 87, 149.00),
    ("003", "1", "Sunrise Market", c.DOWN, "CB3", "CB1", 20, 55.00),
    ("004", "1", "Westgate Shop", c.KEPT, "CS3", "CS3", 6, 34.00),
    ("005", "1", "东升便利店", c.UP, "CS1", "CS2", 200, 176123.00),
    ("006", "3", "丽都超市", c.NEW, "CS2", None, 90, 0.00),
    ("007", "3", "晨光超市", c.LOST, None, "CB2", None, None),
    ("008", "3", "#panic(\"x\")", c.UNGRADED, None, None, None, None),
    ("009", "3", "*a* _b_ $x$ \\#", c.KEPT, "CB2", "CB2", 34, 33.18),
    ("010", "3", "Late Shop", c.UP, "CS1", "CS2", 196, 700.00),
    ("011", None, "Nowhere Shop", c.KEPT, "CS3", "CS3", 9, 40.00),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleComparison:
    """What `rules.comparison.Comparison` holds, as far as views read it."""

    changes: pl.DataFrame
    statistics: pl.DataFrame
    minimums: pl.DataFrame
    visit_lines: pl.DataFrame
    reconciliation: pl.DataFrame
    gaps: pl.DataFrame = field(default_factory=pl.DataFrame)
    route_summary: pl.DataFrame = field(default_factory=pl.DataFrame)
    current: str = "2017Q4"
    previous: str = "2017Q3"


def batch_of(route: str | None) -> str | None:
    return None if route is None else BATCHES[int(route) - 1]


def sample_comparison() -> SampleComparison:
    lines, changes = [], []
    for order, (code, route, name, state, grade, earlier, quantity, amount) in enumerate(CUSTOMERS, 1):
        shown = (grade or earlier or "–") + MARK[state]
        base = {c.CUSTOMER_CODE: code, c.ROUTE: route, c.BATCH: batch_of(route), c.BUSINESS_TYPE: grade[:2] if grade else None, c.GRADE: grade,
                c.PREVIOUS_GRADE: earlier, c.STATE: state, c.SHOWN: shown}  # fmt: skip
        changes.append(base)
        better = f"{grade[:2]}{int(grade[2]) - 1}" if grade and grade[2] != "1" else None
        lines.append({
            **base, c.VISIT_ORDER: order, c.CUSTOMER_NAME: name, c.CONTACT: "M. Hart", c.PHONE: "13800001100", c.ADDRESS: "128 Main St",
            c.ACCOUNT_MANAGER: "Chris Doyle" if route == "1" else None, c.QUANTITY: None if quantity is None else quantity * 1000,
            c.AMOUNT: None if amount is None else round(amount * 100), c.CHANGE: {"001": 5.76, "002": -0.56, "004": -0.08, "005": 12.0}.get(code),
            c.NEXT_GRADE: better, c.NEXT_MIN_QUANTITY: 109_000 if better else None, c.NEXT_MIN_AMOUNT: 19_207 if better else None,
            c.GAP_QUANTITY: 22_000 if better else None, c.GAP_AMOUNT: 4_307 if better else None,
            c.LAST_FOLLOW_UP: dt.date(2017, 12, 14) if route == "1" else None, c.KIND: "visit" if route == "1" else None,
            c.NEXT_ACTION: "display" if route == "1" else None, c.NEXT_ACTION_ON: dt.date(2018, 1, 10) if route == "1" else None,
            c.ADVICE: "Only 22 more to the next tier: one extra order closes it.",
        })  # fmt: skip
    visit_lines = pl.DataFrame(lines, infer_schema_length=None)
    return SampleComparison(
        pl.DataFrame(changes, infer_schema_length=None), _statistics(), _minimums(), visit_lines, _reconciliation()
    )  # fmt: skip


def counted(**wanted: object) -> int:
    """Customers of the sample that match, counted the slow way: type, grade, state, batch."""
    found = 0
    for _, route, _, state, grade, _, _, _ in CUSTOMERS:
        row = {"type": grade[:2] if grade else None, "grade": grade, "state": state, "batch": batch_of(route), "route": route}
        found += all(row[key] == value for key, value in wanted.items())
    return found


def _statistics() -> pl.DataFrame:
    rows = []
    for business_type in ("CS", "CB"):
        for size in "123":
            grade = business_type + size
            row: dict[str, object] = {c.BUSINESS_TYPE: business_type, c.SIZE: size, c.GRADE: grade}
            for state in (c.UP, c.KEPT, c.DOWN):
                row |= {f"{batch}_{state}": counted(grade=grade, state=state, batch=batch) for batch in BATCHES}
            row |= {f"{c.TOTAL}_{state}": counted(grade=grade, state=state) for state in (c.UP, c.KEPT, c.DOWN)}
            row |= {state: counted(grade=grade, state=state) for state in (c.NEW, c.TYPE_CHANGED)}
            rows.append(row)
    return pl.DataFrame(rows)


def _minimums() -> pl.DataFrame:
    return pl.DataFrame({
        c.BUSINESS_TYPE: ["CS", "CS", "CB", "CB"], c.SIZE: ["1", "2", "1", "2"], c.GRADE: ["CS1", "CS2", "CB1", "CB2"], c.CUSTOMERS: [3, 1, 0, 2],
        c.MIN_QUANTITY: [196_000, 90_000, None, 34_500], c.MIN_AMOUNT: [58_320, 0, None, 3_318],
        c.QUANTITY_HOLDERS: [["001", "010"], ["006"], [], ["009"]], c.AMOUNT_HOLDERS: [["001"], ["006"], [], ["009"]],
    })  # fmt: skip


def _reconciliation() -> pl.DataFrame:
    rows = []
    for route in ("1", "3", None):
        states = {state: counted(route=route, state=state) for state in c.STATES}
        rows.append(
            {c.ROUTE: route, c.BATCH: batch_of(route), c.CUSTOMERS: counted(route=route), **states, "sum": sum(states.values()), "ok": True}
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def route_page(
    lines: Sequence[Mapping[str, object]], settings: Settings, sheet_name: str = "Route 1", printed_on: dt.date = dt.date(2018, 1, 5)
) -> Page:
    """The page of the one route that these visit lines are on."""
    frame = pl.DataFrame(lines, infer_schema_length=None)
    return route_pages(frame, settings, "2017Q4", "2017Q3", printed_on, {str(frame[c.ROUTE][0]): sheet_name}, {})[0]
