"""What if the minimums were others: a file of minimums, or those typed on their sheet, against the workbook's own; no grade changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.what_if import AFTER, BEFORE
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import TextTable, check
from xlcrm.tables.schema import header_key
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.rules.what_if import WhatIf
    from xlcrm.settings import Settings

_SHOWN = 40
MARKS = {c.UP: "↑", c.DOWN: "↓"}


@dataclass(frozen=True, slots=True)
class WhatIfReport:
    """found: see `rules.what_if`. quarter: whose purchases were graded. problems: cells of the file that could not be read."""

    quarter: str
    found: WhatIf
    problems: Sequence[Problem]

    def lines(self, language: Language, shown: int = _SHOWN) -> list[str]:
        """For a terminal: each tier before and after, then who flips; of those so many are named."""
        flips = self.found.flips
        up = flips.filter(pl.col(c.STATE) == c.UP).height
        lines = [text("analysis.what_if", language, quarter=self.quarter, flips=flips.height, up=up, down=flips.height - up)]
        for row in self.found.tiers.iter_rows(named=True):
            sides = [
                _minimum(row[f"min_quantity_{side}"], row[f"min_amount_{side}"], row[f"customers_{side}"], language)
                for side in ("before", "after")
            ]
            if sides[0] != sides[1]:
                lines.append(text("analysis.what_if_tier", language, grade=row[c.GRADE], before=sides[0], after=sides[1]))
        for row in flips.head(shown).iter_rows(named=True):
            lines.append(f"  {row[c.CUSTOMER_CODE]}  {row[BEFORE]} → {row[AFTER]}{MARKS[row[c.STATE]]}")
        if flips.height > shown and shown:
            lines.append(text("analysis.what_if_more", language, more=flips.height - shown))
        for name, values in (("unknown", self.found.unknown), ("idle", self.found.idle)):
            if values:
                lines.append(text(f"analysis.what_if_{name}", language, tiers=", ".join(values)))
        lines += [text("analysis.what_if_crossed", language, grade=grade, better=better) for grade, better in self.found.crossed]
        if self.found.unlike_held:
            lines.append(text("analysis.what_if_unlike", language, customers=self.found.unlike_held))
        return [*lines, *(problem.line(language) for problem in self.problems)]


def _minimum(quantity: int | None, amount: int | None, customers: int, language: Language) -> str:
    parts = [
        "–" if quantity is None else f"{quantity / 1000:,g}", "–" if amount is None else f"{amount / 100:,.2f}",
        text("analysis.what_if_customers", language, customers=customers),
    ]  # fmt: skip
    return " / ".join(parts)


def what_if_minimums(store: Store, file: Path, quarter: str | None = None) -> WhatIfReport:
    """Grades everybody by the minimums as they are and with those of the file in their place.

    file: columns grade (or business type and size), minimum quantity, minimum amount; in either language or by their ids. Only tiers that
    change need be there. quarter: the workbook's own, else the newest. The minimums as they are: the Grade rules, and where there are
    none, the lowest that still earned each tier.
    Raises CannotDo where the file has no such columns.
    """
    settings = store.settings()
    changed, problems = _minimums_of(file, settings)
    basis = basis_of(store, quarter)
    return WhatIfReport(basis.quarter, basis.tried(changed), problems)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a trial needs of a workbook: the quarter whose purchases are graded, who holds which type and grade, what everybody bought,
    the minimums as they are, the customers."""

    quarter: str
    types: pl.DataFrame
    totals: Any
    present: pl.DataFrame
    customers: pl.DataFrame
    settings: Settings

    def tried(self, changed: pl.DataFrame) -> WhatIf:
        """Everybody graded with the changed tiers' minimums in the place of their own, see `rules.what_if`."""
        from xlcrm.rules.what_if import what_if

        return what_if(self.types, self.totals, self.present, changed, self.settings.grammar)


def basis_of(store: Store, quarter: str | None = None) -> Basis:
    """quarter: the workbook's own, else the newest, if none is given. Raises CannotDo where there is none."""
    from xlcrm.jobs.results import comparison_of, pair, read_records
    from xlcrm.jobs.store import today
    from xlcrm.rules.totals import quarter_totals

    settings = store.settings()
    frames = read_records(store)
    current, previous = pair(frames, settings, quarter, None)
    comparison = comparison_of(frames, settings, current, previous, today())
    rules = store.read("grade_rules").frame
    present = rules if not rules.is_empty() else comparison.minimums
    held = comparison.changes.select(c.CUSTOMER_CODE, c.GRADE).drop_nulls(c.CUSTOMER_CODE)
    types = held.with_columns(pl.Series(c.BUSINESS_TYPE, [_type_of(grade, settings) for grade in held[c.GRADE]], dtype=pl.String)).select(
        c.CUSTOMER_CODE, c.BUSINESS_TYPE, c.GRADE
    )
    return Basis(current, types, quarter_totals(frames["purchases"], [current]), present, frames["customers"], settings)


def _type_of(grade: str | None, settings: Settings) -> str | None:
    parts = settings.grammar.parse(grade) if grade else None
    return parts.business_type if parts is not None else None


def _minimums_of(file: Path, settings: Settings) -> tuple[pl.DataFrame, list[Problem]]:
    """The tiers of a file: business_type, size, min_quantity, min_amount; and the cells that could not be read."""
    from xlcrm.imports.readers import read

    spec, result = TABLES["grade_rules"], TABLES["minimums"]
    sheet = read(file)[0]
    head = [header_key(value or "") for value in sheet.frame.row(0)] if sheet.frame.height else []
    known = {**result.by_header, **spec.by_header}
    places = {known[key].id: letter for key, letter in zip(head, sheet.frame.columns, strict=True) if key in known}
    has_tier = c.GRADE in places or {c.BUSINESS_TYPE, c.SIZE} <= places.keys()
    if not has_tier or not {c.MIN_QUANTITY, c.MIN_AMOUNT} & places.keys():
        raise CannotDo(Problem("what_if_columns", file=file.name, sheet=sheet.name))
    body = sheet.frame.slice(1)
    wanted = (*spec.column_ids, c.GRADE)
    blank = pl.lit(None, pl.String)
    frame = body.select((pl.col(places[name]) if name in places else blank).alias(name) for name in wanted)
    filled = frame.select(pl.any_horizontal(pl.col(wanted).is_not_null()).alias("filled"))["filled"]
    parts = [settings.grammar.parse(grade) if grade else None for grade in frame[c.GRADE]]
    by_grade = {c.BUSINESS_TYPE: [part and part.business_type for part in parts], c.SIZE: [part and part.size for part in parts]}
    for name, found in by_grade.items():
        # A grade that the grammar does not know stands in their place, so that it is named as unknown and not lost.
        frame = frame.with_columns(pl.coalesce(pl.Series(name, found, dtype=pl.String), pl.col(name), pl.col(c.GRADE)).alias(name))
    letters = {name: places.get(name, "") for name in spec.column_ids}
    cells = frame.select(spec.column_ids).filter(filled)
    numbers = pl.int_range(2, body.height + 2, eager=True).filter(filled)
    checked = check(spec, TextTable(cells, file.name, sheet.name, numbers, letters, decimal_comma=sheet.decimal_comma), settings)
    return checked.frame.select(spec.column_ids), checked.problems
