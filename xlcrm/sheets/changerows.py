"""Where the customers behind a count stand on the sheet of grade changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets import places
from xlcrm.sheets.pagewords import route_order
from xlcrm.tables import columns as c
from xlcrm.tables.addresses import column_letters
from xlcrm.tables.results import GRADE_CHANGES
from xlcrm.texts import Language, text

NAMES_IN_NOTE = 30
"""A note names this many customers at most; the link leads to all of them."""


def ordered_changes(changes: pl.DataFrame, statistics: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The changes in the order in which the workbook holds them: type and grade as in the statistics, then state, batch, route, code.

    So the rows behind a count, with or without its batch, are one run. Who has no grade now (lost, ungraded) comes last.
    """
    grades = statistics.select(c.BUSINESS_TYPE, c.GRADE).unique(maintain_order=True).with_row_index("_grade_place")
    placed = changes.join(grades, on=[c.BUSINESS_TYPE, c.GRADE], how="left", nulls_equal=True, maintain_order="left")
    routes = sorted(changes.get_column(c.ROUTE).unique().to_list(), key=route_order)
    behind = pl.col(c.STATE).is_in([c.LOST, c.UNGRADED])

    def of_holders(key: pl.Expr) -> pl.Expr:
        return pl.when(~behind).then(key)

    order = (
        behind, of_holders(pl.col("_grade_place").fill_null(grades.height)), of_holders(pl.col(c.GRADE).fill_null("")),
        _place(c.STATE, c.STATES), _place(c.BATCH, settings.batches), pl.col(c.BATCH).fill_null(""), _place(c.ROUTE, routes),
        c.CUSTOMER_CODE,
    )  # fmt: skip
    return placed.sort(*order, maintain_order=True).drop("_grade_place")


def _place(column: str, order: Sequence[str | None]) -> pl.Expr:
    """The place of a column's values in an order; those that are not in it come last."""
    return pl.col(column).replace_strict(list(order), list(range(len(order))), default=len(order), return_dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of the sheet that belong to one count."""

    link: str
    names: Sequence[str]

    def note(self, language: Language) -> str:
        """The names behind the count, one a line."""
        shown = list(self.names[:NAMES_IN_NOTE])
        if len(self.names) > NAMES_IN_NOTE:
            shown.append(text("print.more_names", language, more=len(self.names) - NAMES_IN_NOTE))
        return "\n".join(shown)


class ChangeRows:
    """Finds runs of rows in changes that stand in the order of `ordered_changes`."""

    def __init__(self, ordered: pl.DataFrame, names: Mapping[str, str], language: Language) -> None:
        self._sheet = places.quoted(places.sheet_name("grade_changes", language))
        self._codes = [str(code) for code in ordered.get_column(c.CUSTOMER_CODE)]
        self._names = names
        self._places: dict[tuple[str, str, str | None, str | None], tuple[int, int]] = {}
        columns = (ordered.get_column(name).to_list() for name in (c.BUSINESS_TYPE, c.GRADE, c.STATE, c.BATCH))
        for index, (business_type, grade, state, batch) in enumerate(zip(*columns, strict=True)):
            if state in (c.LOST, c.UNGRADED):
                continue
            for of_state, of_batch in ((None, None), (state, None), (state, batch)):
                key = (business_type or "", grade or "", of_state, of_batch)
                start, _ = self._places.get(key, (index, index))
                self._places[key] = (start, index)

    @property
    def everything(self) -> str:
        """The place of all rows."""
        return self._range(0, max(len(self._codes) - 1, 0))

    def run(self, business_type: str, grade: str, state: str | None, batch: str | None) -> Run | None:
        """The rows of a type and grade, perhaps of one state, perhaps of one batch; None where there are none."""
        found = self._places.get((business_type, grade, state, batch))
        if found is None:
            return None
        first, last = found
        return Run(self._range(first, last), [f"{self._names.get(code, '')} {code}".strip() for code in self._codes[first : last + 1]])

    def _range(self, first: int, last: int) -> str:
        left = places.FIRST_COLUMN
        top = places.HEADER_ROW + 1
        return f"{self._sheet}!{column_letters(left)}{top + first}:{column_letters(left + len(GRADE_CHANGES.columns) - 1)}{top + last}"
