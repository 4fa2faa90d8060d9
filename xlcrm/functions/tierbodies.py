"""What the functions of tiers compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import Known, read, settings_of
from xlcrm.rules.frames import collected, lazy
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import by_minimums, graded, with_parts
from xlcrm.rules.minimums import minimums, tier_minimums
from xlcrm.rules.totals import quarter_totals, totals_of
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.cleaning import clean_quarter_of
from xlcrm.tables.schema import ColumnKind
from xlcrm.texts import text

GRADE_COLUMNS = (c.CUSTOMER_CODE, c.QUARTER, c.GRADE)
PURCHASE_COLUMNS = (c.CUSTOMER_CODE, c.DATE, c.PERIOD, c.QUARTER, c.QUANTITY, c.AMOUNT)
_KEPT = (c.CUSTOMER_CODE, c.GRADE)
RULE_COLUMNS = (c.BUSINESS_TYPE, c.SIZE, c.MIN_QUANTITY, c.MIN_AMOUNT)


def grades_by_rules(given: Given) -> Grid:
    """The grade of each row by the grade rules."""
    settings = settings_of(given)
    language = settings.language
    rules = read(given, "grade_rules", RULE_COLUMNS, settings).frame
    columns = given.columns("quantity", "amount", "business_type")
    quantity, amount = (cells.numbers(column, kind) for column, kind in zip(columns, (ColumnKind.QUANTITY, ColumnKind.MONEY), strict=False))
    types = cells.codes(columns[2])
    faults = answers.merged(
        answers.faulty(quantity, columns[0], "number", language),
        answers.faulty(amount, columns[1], "number", language),
        answers.faulty(types, columns[2], "code", language),
    )
    letters = types.values.str.to_uppercase().fill_null("") if settings.grammar.typed else pl.repeat("", len(types.values), eager=True)
    recorded = [
        (str(row), kind, units, worth)
        for row, (kind, units, worth) in enumerate(zip(letters, quantity.values, amount.values, strict=True))
        if units is not None or worth is not None
    ]
    found = by_minimums(recorded, rules, settings.grammar)
    for row, kind, _, _ in recorded:
        if row not in found:
            what = fault_text("no_rule", language, value=kind) if kind or not settings.grammar.typed else fault_text("no_type", language)
            faults.setdefault(int(row), what)
    return answers.spilled([found.get(str(row), "") for row in range(len(letters))], faults=faults)


def minimums_table(given: Given) -> Grid:
    """The table of minimums with its heads, best grade first inside a type."""
    settings = settings_of(given)
    columns = given.columns("grades", "quantity", "amount")
    grades = cells.grades(columns[0], settings.grammar)
    quantity, amount = cells.numbers(columns[1], ColumnKind.QUANTITY), cells.numbers(columns[2], ColumnKind.MONEY)
    faults = answers.merged(*(
        answers.faulty(cleaned, column, entry, settings.language)
        for cleaned, column, entry in zip((grades, quantity, amount), columns, ("grade", "number", "number"), strict=True)
    ))  # fmt: skip
    frame = pl.DataFrame([
        pl.int_range(len(grades.values), eager=True).alias(c.CUSTOMER_CODE), grades.values.alias(c.GRADE),
        quantity.values.alias(c.QUANTITY), amount.values.alias(c.AMOUNT),
    ])  # fmt: skip
    if faults:
        frame = frame.filter(~frame[c.CUSTOMER_CODE].is_in(list(faults)))
    rows = lazy(frame)
    recorded = rows.filter(~nw.col(c.QUANTITY).is_null() | ~nw.col(c.AMOUNT).is_null())
    tiers = tier_minimums(with_parts(rows, settings.grammar), recorded, len(settings.grammar.sizes) - 1)
    found = collected(minimums(tiers)).to_native()
    if not found.height and not faults:
        raise Fault("no_rows")
    return answers.table_of(TABLES["minimums"], found, settings.language, faults)


def next_tiers_of(given: Given) -> Grid:
    """The next tier of each code; behind it that nobody holds what lies in between."""
    found = _gaps(given, c.NEXT_GRADE, c.SKIPPED_TIERS)
    skipped = [text("functions.skipped", given.language, count=count) if count else "" for count in found.rows[c.SKIPPED_TIERS].to_list()]
    return answers.spilled(answers.cells_of(found.rows[c.NEXT_GRADE]), skipped, faults=found.faults)


def gaps_of(given: Given) -> Grid:
    """Quantity and amount missing to the next tier of each code."""
    return _figures(given, c.GAP_QUANTITY, c.GAP_AMOUNT)


def cushions_of(given: Given) -> Grid:
    """Quantity and amount of each code above its own tier's minimum."""
    return _figures(given, c.CUSHION_QUANTITY, c.CUSHION_AMOUNT)


@dataclass(frozen=True, slots=True)
class _Gaps:
    """rows: `rules.gaps` of each given code, in its order. faults: rows without an answer."""

    rows: pl.DataFrame
    faults: answers.Texts


def _figures(given: Given, quantity: str, amount: str) -> Grid:
    found = _gaps(given, quantity, amount)
    kinds = ((quantity, ColumnKind.QUANTITY), (amount, ColumnKind.MONEY))
    return answers.spilled(*(answers.units(found.rows[name], kind) for name, kind in kinds), faults=found.faults)


def _gaps(given: Given, *wanted: str) -> _Gaps:
    settings = settings_of(given)
    [column] = given.columns("code")
    grades = read(given, "grades", GRADE_COLUMNS, settings)
    purchases = read(given, "purchases", PURCHASE_COLUMNS, settings)
    quarter = quarter_of(given, grades.frame, purchases.frame)
    found = customer_gaps(grades.frame, purchases.frame, settings, quarter)
    codes = cells.codes(column)
    rows = (
        codes.values.alias(c.CUSTOMER_CODE)
        .to_frame()
        .join(found.select(*_KEPT, *wanted), on=c.CUSTOMER_CODE, how="left", maintain_order="left")
    )
    faults = _without_grade(rows, grades, purchases, quarter, given)
    return _Gaps(rows, answers.merged(answers.faulty(codes, column, "code", given.language), faults))


def customer_gaps(grades: pl.DataFrame, purchases: pl.DataFrame, settings: Settings, quarter: str) -> pl.DataFrame:
    """`rules.gaps` of everyone who has a grade in that quarter."""
    held = collected(graded(grades, settings.grammar).filter(nw.col(c.QUARTER) == quarter)).lazy()
    totals = collected(totals_of(quarter_totals(purchases, (quarter,)), quarter)).lazy()
    tiers = collected(tier_minimums(held, totals, len(settings.grammar.sizes) - 1)).lazy()
    native: pl.DataFrame = collected(gaps(held, totals, tiers)).to_native()
    return native


def _without_grade(rows: pl.DataFrame, grades: Known, purchases: Known, quarter: str, given: Given) -> answers.Texts:
    """Rows whose customer has no grade, or whose figures are not certain because a row of it could not be read."""
    faults: answers.Texts = {}
    uncertain = {**purchases.left_out, **grades.left_out}
    if uncertain:
        for row in rows[c.CUSTOMER_CODE].is_in(list(uncertain)).fill_null(False).arg_true():
            faults[row] = uncertain[rows[c.CUSTOMER_CODE][row]]
    if rows[c.GRADE].null_count():
        missing = (rows[c.CUSTOMER_CODE].is_not_null() & rows[c.GRADE].is_null()).arg_true()
        what = fault_text("not_graded", given.language, quarter=quarter)
        for row in missing:
            faults.setdefault(row, what)
    return faults


def quarter_of(given: Given, grades: pl.DataFrame, purchases: pl.DataFrame) -> str:
    """The quarter that the formula names, else the latest that has grades. Raises Fault where it is none, or there is none."""
    cell = given.value("quarter")
    if cells.is_blank(cell) or cell == 0:  # a 0 is what a lookup gives of a blank cell
        latest = grades[c.QUARTER].max() or purchases[c.QUARTER].max()
        if latest is None:
            raise Fault("no_quarter")
        return str(latest)
    named = clean_quarter_of(cells.texts(_one(cell))).values[0]
    if named is None:
        raise Fault("quarter", value=str(cell))
    return str(named)


def _one(cell: Cell) -> Sequence[Cell]:
    return [cell]
