"""Text frame -> typed frame and problems. Types are assigned here, once, whether the text came from an export or from the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import cleaning
from xlcrm.tables import columns as c
from xlcrm.tables.celltext import MOST_CHARACTERS
from xlcrm.tables.cleaning import Cleaned
from xlcrm.tables.schema import SCALE, ColumnSpec, TableSpec
from xlcrm.tables.schema import ColumnKind as K
from xlcrm.tables.terms import as_ids

CELL_SEPARATOR = " | "
# Tables that hold other tables' text as it was found: nothing of it is cleaned.
_VERBATIM_TABLES = ("problems", "audit")
_DOT_OR_COMMA = r"^\s*[+-]?[0-9]{1,3}[.,][0-9]{3}\s*$"
_FILLED = pl.any_horizontal((pl.all().str.strip_chars() != "").fill_null(False)).alias("filled")
# What is wrong with a cell of that kind; a bad cell of another kind does not exist.
_PROBLEM_OF_KIND = {
    K.CODE: "code_damaged", K.GRADE: "not_a_grade", K.QUARTER: "not_a_quarter", K.DATE: "not_a_date",
    K.COUNT: "not_a_count", K.QUANTITY: "not_a_number", K.MONEY: "not_a_number", K.SHARE: "not_a_number", K.NUMBER: "not_a_number",
    K.TEXT: "not_a_period",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text, with the place of every cell.

    frame: String columns by column id, or by their own header where they are no column of ours. rows: the 1-based row number
    on the sheet. cell_columns: column -> letter. headers: column -> header as it was written. original: the whole rows as they
    were read (all cells, also of columns that are not ours), for the text of a row that is left out; without it `frame` serves.
    decimal_comma: numbers may be written with a decimal comma, so `1.234` and `1,234` say nothing certain and are bad.
    """

    frame: pl.DataFrame
    file: str
    sheet: str
    rows: pl.Series | list[int]
    cell_columns: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    original: pl.DataFrame | None = None
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """frame: the good rows, typed. problems: every bad cell. rows: sheet row numbers of the good rows. left_out: the text of the
    rows with a problem that costs the row, as they were given (a caller that writes the table back must write them back too).
    cell_columns: column -> letter."""

    frame: pl.DataFrame
    problems: list[Problem]
    rows: pl.Series
    left_out: pl.DataFrame
    cell_columns: Mapping[str, str] = field(default_factory=dict)


DTYPES: dict[K, type[pl.DataType]] = {
    K.CODE: pl.String, K.TEXT: pl.String, K.CHOICE: pl.String, K.GRADE: pl.String, K.QUARTER: pl.String,
    K.DATE: pl.Date, K.COUNT: pl.Int64, K.QUANTITY: pl.Int64, K.MONEY: pl.Int64, K.SHARE: pl.Float64,
    K.NUMBER: pl.Float64,
}  # fmt: skip
"""How a typed frame holds each kind."""


def _repeated(value: object, times: int, dtype: type[pl.DataType]) -> pl.Series:
    return pl.Series([value], dtype=dtype).new_from_index(0, times)


def clean_column(column: ColumnSpec, text: pl.Series, settings: Settings) -> Cleaned:
    """A column of text as its kind wants it."""
    if text.null_count() == len(text):
        # Most columns of a young workbook are empty; the many small steps of cleaning would cost more than all else.
        return Cleaned(_repeated(None, len(text), DTYPES[column.kind]), _repeated(False, len(text), pl.Boolean))
    match column.kind:
        case K.CODE:
            return cleaning.clean_code(text)
        case K.MONEY | K.QUANTITY:
            return cleaning.clean_number(text, SCALE[column.kind])
        case K.COUNT:
            return cleaning.clean_count(text)
        case K.SHARE | K.NUMBER:
            return cleaning.clean_share(text)
        case K.DATE:
            return cleaning.clean_date(text)
        case K.QUARTER:
            return cleaning.clean_quarter(text)
        case K.GRADE:
            return cleaning.clean_grade(text, settings.grammar)
        case K.CHOICE:
            values = cleaning.clean_choice(text, column.choices, settings.language)
        case K.TEXT:
            if column.id == c.PERIOD:
                return cleaning.clean_period(text)
            if column.id == c.ROUTE:
                return cleaning.clean_route(text)
            values = cleaning.clean_text(text)
            if column.terms:
                values = as_ids(values, column)
    return Cleaned(values, _repeated(False, len(text), pl.Boolean))


def _is_plain_text(spec: TableSpec, name: str) -> bool:
    """Whether a column holds names, addresses, notes, or is a user's own: text that cannot be wrong."""
    column = spec.by_id.get(name)
    if spec.id in _VERBATIM_TABLES:
        return False
    return column is None or (column.kind is K.TEXT and column.id not in (c.PERIOD, c.ROUTE) and not column.required and not column.terms)


def costs_the_row(column: ColumnSpec) -> bool:
    """Whether a bad cell of this column keeps its row out of the table.

    Keys, links, grades, figures and the dates of records do. A bad cell in a customer's profile (a birthday, a phone number) does
    not: the customer comes in with that cell blank, and the cell is reported.
    """
    return column.required or column.group in ("key", "behavioural", "record")


def check(spec: TableSpec, cells: TextTable, settings: Settings) -> Checked:
    """Assigns types. Rows without any text are dropped silently; a column that a formula or a run fills is never a problem."""
    return check_alike(spec, [cells], settings)[0]


def check_alike(spec: TableSpec, parts: Sequence[TextTable], settings: Settings) -> list[Checked]:
    """`check` of tables with the same columns (ten route sheets, twelve months) in one go: most of a small table's time is fixed cost.

    One answer a table; all must say the same of decimal commas.
    """
    parts = [_without_blank_rows(cells) for cells in parts]
    table = pl.concat([cells.frame for cells in parts]) if len(parts) > 1 else parts[0].frame
    typed, found = _typed(spec, table, parts[0].decimal_comma, settings)
    out = _any([mask for _, _, mask, costly in found if costly], table.height)
    frame = pl.DataFrame([values.alias(name) for name, values in typed.items()])
    some_out = out.any()
    checked, start = [], 0
    for cells in parts:
        height = cells.frame.height
        masks = [(name, code, here) for name, code, mask, _ in found if (here := mask.slice(start, height)).any()]
        rows, own, own_out = pl.Series("row", cells.rows, dtype=pl.Int64), frame.slice(start, height), out.slice(start, height)
        problems = _problems(spec, cells, rows, masks, own_out, settings) if masks else []
        if some_out:
            good = own.filter(~own_out)
            checked.append(Checked(good, problems, rows.filter(~own_out), cells.frame.filter(own_out), cells.cell_columns))
        else:
            checked.append(Checked(own, problems, rows, cells.frame.clear(), cells.cell_columns))
        start += height
    return checked


def _without_blank_rows(cells: TextTable) -> TextTable:
    filled = cells.frame.select(_FILLED).to_series()
    if filled.all():
        return cells
    original = cells.original.filter(filled) if cells.original is not None else None
    rows = pl.Series("row", cells.rows, dtype=pl.Int64).filter(filled)
    return replace(cells, frame=cells.frame.filter(filled), rows=rows, original=original)


def _typed(
    spec: TableSpec, table: pl.DataFrame, decimal_comma: bool, settings: Settings
) -> tuple[dict[str, pl.Series], list[tuple[str, str, pl.Series, bool]]]:
    """The columns as values, and what is wrong: column, problem, in which rows, whether that costs the row."""
    texts = [name for name in table.columns if _is_plain_text(spec, name)]
    typed: dict[str, pl.Series] = dict.fromkeys(table.columns, pl.Series()) | cleaning.clean_texts(table.select(texts))
    found: list[tuple[str, str, pl.Series, bool]] = []
    for name in table.columns:
        column = spec.by_id.get(name)
        if spec.id in _VERBATIM_TABLES and DTYPES[column.kind if column else K.TEXT] == pl.String:
            typed[name] = table[name].set((table[name] == "").fill_null(False), None)
            continue
        if column is None or _is_plain_text(spec, name):
            continue
        cleaned = clean_column(column, table[name], settings)
        if decimal_comma and column.kind in (K.MONEY, K.QUANTITY):
            unclear = table[name].str.contains(_DOT_OR_COMMA).fill_null(False)
            cleaned = Cleaned(cleaned.values.set(unclear, None), cleaned.bad | unclear)
        typed[name] = cleaned.values
        if column.filled_by != "user":
            continue
        if cleaned.bad.any():
            found.append((name, _PROBLEM_OF_KIND[column.kind], cleaned.bad, costs_the_row(column) and not spec.tray))
        if column.required and cleaned.values.null_count():
            missing = cleaned.values.is_null() & ~cleaned.bad
            if missing.any():
                found.append((name, "required_missing", missing, not spec.tray))
    return typed, found


def row_text(cells: pl.DataFrame) -> pl.Series:
    """Each row's text on one line."""
    if not cells.width:
        return pl.Series([""] * cells.height, dtype=pl.String)
    return cells.select(pl.concat_str(pl.all().fill_null(""), separator=CELL_SEPARATOR).str.slice(0, MOST_CHARACTERS)).to_series()


def _any(masks: list[pl.Series], height: int) -> pl.Series:
    together = _repeated(False, height, pl.Boolean)
    for mask in masks:
        together |= mask
    return together


def _problems(
    spec: TableSpec, cells: TextTable, rows: pl.Series, found: list[tuple[str, str, pl.Series]], out: pl.Series, settings: Settings
) -> list[Problem]:
    """In the order of the rows, then of the columns."""
    listed: list[tuple[int, int, Problem]] = []
    originals = cells.original if cells.original is not None else cells.frame
    for order, (name, code, mask) in enumerate(found):
        column = spec.by_id[name]
        details = {"column": cells.headers.get(name) or column.label(settings.language), "table": spec.label(settings.language)}
        letter = cells.cell_columns.get(name, "")
        picked = zip(
            rows.filter(mask), cells.frame[name].filter(mask).fill_null(""), row_text(originals.filter(mask)), out.filter(mask), strict=True
        )
        for row, value, text_of_row, left_out in picked:
            cell = f"{letter}{row}" if letter else ""
            problem = Problem(code, cells.file, cells.sheet, cell, value[:MOST_CHARACTERS], text_of_row if left_out else "", details)
            listed.append((row, order, problem))
    listed.sort(key=lambda entry: entry[:2])
    return [problem for _, _, problem in listed]
