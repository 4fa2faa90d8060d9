"""Where the figures of the manager's page lead: to their rows where they are one run of rows, else to the sheet that holds them.

The flow has a table of its own, `GradeFlow`, whose rows stand in the order of the flow, so that each of its figures is one run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import polars as pl

from xlcrm.rules.flow import NO_GRADE, with_flow
from xlcrm.settings import GradeGrammar
from xlcrm.sheets import places
from xlcrm.sheets.pagewords import route_order
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.results import GAPS, GRADE_CHANGES, GRADE_FLOW
from xlcrm.texts import Language, text


@dataclass(frozen=True, slots=True)
class DashboardLinks:
    """Places in the workbook. flow: of a cell (from, to), of a row (from, ""), of all ("", ""); a column has none, for its rows are no
    single run. types: of a business type's holders in GradeChanges. gaps: of a customer's row in Gaps. routes: of a route's sheet."""

    flow: Mapping[tuple[str, str], str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)


def sheet_link(sheet_id: str) -> str:
    """Where a sheet begins; nothing for a sheet that the template does not have."""
    return places.SHEET_PREFIX + sheet_id if sheet_id in places.SHEET_IDS else ""


def route_links(page_ids: Sequence[str]) -> dict[str, str]:
    """The sheets of routes that the workbook has."""
    return {page_id.removeprefix("route:"): places.page_name(page_id) for page_id in page_ids if page_id.startswith("route:")}


def type_links(rows: Sequence[tuple[int, str | None]], counts: Mapping[str, int], language: Language) -> dict[str, str]:
    """The rows of a business type on the sheet of grade changes, where they are one run and as many as the page counts.

    rows: row on the sheet and type, as they stand; after another comparison than the page's they are others, and there is no link.
    """
    found: dict[str, list[int]] = {}
    for row, business_type in rows:
        if business_type is not None:
            found.setdefault(business_type, []).append(row)
    sheet, left = places.quoted(places.sheet_name("grade_changes", language)), places.FIRST_COLUMN
    first, last = column_letters(left), column_letters(left + len(GRADE_CHANGES.columns) - 1)
    return {
        name: f"{sheet}!{first}{run[0]}:{last}{run[-1]}"
        for name, run in found.items()
        if len(run) == counts.get(name) == run[-1] - run[0] + 1
    }


def gap_links(rows_of: Mapping[str, int], language: Language) -> dict[str, str]:
    """rows_of: customer -> row on the sheet of gaps, as it stands."""
    sheet, left = places.quoted(places.sheet_name("gaps", language)), places.FIRST_COLUMN
    first, last = column_letters(left), column_letters(left + len(GAPS.columns) - 1)
    return {code: f"{sheet}!{first}{row}:{last}{row}" for code, row in rows_of.items()}


def flow_rows(changes: pl.DataFrame, names: Mapping[str, str], grammar: GradeGrammar) -> pl.DataFrame:
    """The rows of GradeFlow, in the order of the flow; from and to as rules name them. changes: those of a comparison."""
    flowed: nw.DataFrame[Any] = with_flow(changes, grammar).collect()
    rows: pl.DataFrame = flowed.to_native()
    sizes = list(grammar.sizes)
    routes = sorted(rows.get_column(c.ROUTE).unique().to_list(), key=route_order)

    def place(column: str, order: Sequence[str | None]) -> pl.Expr:
        return pl.col(column).replace_strict(list(order), list(range(len(order))), default=len(order), return_dtype=pl.Int64)

    name = pl.col(c.CUSTOMER_CODE).replace_strict(names, default=None, return_dtype=pl.String) if names else pl.lit(None, pl.String)
    order = (
        place(c.FLOW_FROM, [*sizes, NO_GRADE]), place(c.FLOW_TO, [*sizes, c.TYPE_CHANGED, NO_GRADE]),
        pl.col(c.BUSINESS_TYPE).fill_null(""), place(c.ROUTE, routes), c.CUSTOMER_CODE,
    )  # fmt: skip
    return rows.sort(*order).with_columns(name.alias(c.CUSTOMER_NAME)).select(*GRADE_FLOW.column_ids)


def flow_links(rows: pl.DataFrame, language: Language) -> dict[tuple[str, str], str]:
    """The run of rows behind each figure of the flow. rows: `flow_rows`."""
    sheet, left, top = places.quoted(places.sheet_name("grade_flow", language)), places.FIRST_COLUMN, places.HEADER_ROW + 1
    first, last = column_letters(left), column_letters(left + len(GRADE_FLOW.columns) - 1)
    runs: dict[tuple[str, str], tuple[int, int]] = {}
    for index, (before, now) in enumerate(rows.select(c.FLOW_FROM, c.FLOW_TO).iter_rows()):
        for key in ((before, now), (before, ""), ("", "")):
            runs[key] = (runs.get(key, (index, index))[0], index)
    return {key: f"{sheet}!{first}{top + start}:{last}{top + end}" for key, (start, end) in runs.items()}


def shown_flow(rows: pl.DataFrame, language: Language) -> pl.DataFrame:
    """The rows as the workbook shows them: no grade and another type in words."""
    before = {NO_GRADE: text("dashboard.no_grade", language)}
    now = {**before, c.TYPE_CHANGED: text("dashboard.other_type", language)}
    return rows.with_columns(pl.col(c.FLOW_FROM).replace(before), pl.col(c.FLOW_TO).replace(now))
