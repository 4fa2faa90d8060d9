"""What a function says of each customer code: the tables it reads, the day it looks at, and the answers in the order of the codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from xlcrm.functions import answers, cells
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import Fault, fault_text
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import Known, empty, read, settings_of
from xlcrm.rules.frames import collected
from xlcrm.rules.purchasedays import DAY, dated
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.cleaning import Cleaned, clean_date
from xlcrm.tables.schema import ColumnKind
from xlcrm.texts import Language, text

BOUGHT_COLUMNS = (c.CUSTOMER_CODE, c.DATE, c.PERIOD, c.ORDER_NUMBER, c.QUANTITY, c.AMOUNT)
_FOUND = "found"


@dataclass(frozen=True, slots=True)
class Asked:
    """codes: as they were cleaned; faults: rows of them that are none, or whose figures are not certain. as_of: the day to look at."""

    codes: Cleaned
    faults: answers.Texts
    settings: Settings
    as_of: dt.date
    tables: Mapping[str, pl.DataFrame]

    @property
    def purchases(self) -> pl.DataFrame:
        """BOUGHT_COLUMNS."""
        return self.tables["purchases"]

    @property
    def language(self) -> Language:
        """Of the answer."""
        return self.settings.language

    def answer(self, found: pl.DataFrame, missing: str, money: Sequence[str] = ()) -> Grid:
        """The columns of `found` besides its customer_code, each row at its code; a blank code has a blank row.

        found: customer_code, each once. missing: the entry of the text for a code that is not there. money: the columns in cents.
        """
        codes = self.codes.values.alias(c.CUSTOMER_CODE).to_frame()
        marked = found.with_columns(pl.lit(True).alias(_FOUND))
        rows = codes.join(marked, on=c.CUSTOMER_CODE, how="left", maintain_order="left")
        faults = dict(self.faults)
        for row in (rows[c.CUSTOMER_CODE].is_not_null() & rows[_FOUND].is_null()).arg_true():
            faults.setdefault(row, fault_text(missing, self.language, value=rows[c.CUSTOMER_CODE][row], day=self.as_of.isoformat()))
        columns = rows.drop(c.CUSTOMER_CODE, _FOUND)
        kinds = {name: ColumnKind.MONEY if name in money else ColumnKind.TEXT for name in columns.columns}
        return answers.spilled(*(answers.units(columns[name], kind) for name, kind in kinds.items()), faults=faults)


def asked(given: Given, others: Mapping[str, Sequence[str]] | None = None) -> Asked:
    """The codes of a formula, its purchases, and the other tables (id -> columns), which count as empty where they are not given.

    Raises Fault where there are no purchases to read, or no day to look at.
    """
    settings = settings_of(given)
    [column] = given.columns("code")
    known = {"purchases": read(given, "purchases", BOUGHT_COLUMNS, settings)}
    for name, wanted in (others or {}).items():
        there = given.grid_or_none(name) is not None
        known[name] = read(given, name, wanted, settings) if there else Known(empty(name, wanted), pl.Series(dtype=pl.Int64))
    codes = cells.codes(column)
    faults = answers.merged(answers.faulty(codes, column, "code", settings.language), _uncertain(codes.values, known))
    tables = {name: table.frame for name, table in known.items()}
    return Asked(codes, faults, settings, day_of(given, tables["purchases"]), tables)


def _uncertain(codes: pl.Series, tables: Mapping[str, Known]) -> answers.Texts:
    """The rows of customers of whom a row could not be read."""
    left_out = {code: what for known in tables.values() for code, what in known.left_out.items()}
    if not left_out:
        return {}
    return {row: left_out[codes[row]] for row in codes.is_in(list(left_out)).fill_null(False).arg_true()}


def day_of(given: Given, purchases: pl.DataFrame) -> dt.date:
    """The day that the formula names, else that of the last purchase. Raises Fault where it is none, or there is none."""
    cell: Cell = given.value("as_of")
    if not cells.is_blank(cell) and cell != 0:  # a 0 is what a lookup gives of a blank cell
        named = clean_date(cells.texts([cell])).values[0]
        if named is None:
            raise Fault("day", value=str(cell))
        return _day(named)
    latest = collected(dated(purchases).select(nw.col(DAY).max())).to_native()[DAY][0]
    if latest is None:
        raise Fault("no_day")
    return _day(latest)


def _day(value: object) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def in_words(column: str, kind: str, ids: Sequence[str], language: Language) -> pl.Expr:
    """Ids as people call them; one that is a company's own stays as it is written."""
    names = {each: text(f"lifecycle.{kind}_{each}", language) for each in ids}
    return pl.col(column).replace(names)
