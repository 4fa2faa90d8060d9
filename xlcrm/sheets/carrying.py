"""Cells of the user's that go with their row: their XML given a new row number, their formulas made right for the new place."""

from __future__ import annotations

import re

import polars as pl

from xlcrm.sheets.xmlbits import attributes, escape, unescape_cell, with_attribute
from xlcrm.tables.addresses import column_letters

_FORMULA = re.compile(r"<f\b([^>]*)>([^<]*)</f>|<f\b([^>]*)/>")
_CELL_REFERENCE = r"\$?[A-Z]{1,3}\$?[0-9]"


def carried_cells(raw: pl.Series, numbers: pl.Series, origin: pl.Series, top: int, column: int) -> pl.Series:
    """XML of one column's cells for the new rows, from behind their row number on; null where there is none.

    raw: the cells that stand there, one a scanned row; numbers: their row numbers. origin: for each new row the scanned row that it
    continues. top: number of the first new row.
    """
    target = pl.int_range(top, top + origin.len(), eager=True)
    source = numbers.gather(origin)
    with_formula = raw.str.contains("<f", literal=True).fill_null(False)
    if with_formula.any():
        same = source.len() == numbers.len() and source.null_count() == 0 and bool((source == target).all())
        if not same:
            raw = _without_shared(raw, numbers, column)
            cells = raw.gather(origin)
            return _moved(cells, source, target, column)
    return raw.gather(origin)


def _without_shared(raw: pl.Series, numbers: pl.Series, column: int) -> pl.Series:
    """Shared formulas written out, since their first cell may be gone."""
    if not raw.str.contains('t="shared"', literal=True).any():
        return raw
    cells = raw.to_list()
    masters: dict[str, tuple[str, str]] = {}
    for number, cell in zip(numbers.to_list(), cells, strict=True):
        found = _FORMULA.search(cell) if cell else None
        if found and found[2]:
            given = attributes(f"<f{found[1]}>")
            if given.get("t") == "shared":
                masters[given.get("si", "")] = (unescape_cell(found[2]), f"{column_letters(column)}{number}")
    for place, (number, cell) in enumerate(zip(numbers.to_list(), cells, strict=True)):
        found = _FORMULA.search(cell) if cell else None
        if cell is None or found is None:
            continue
        given = attributes(f"<f{found[1] or found[3] or ''}>")
        if given.get("t") == "shared" and given.get("si", "") in masters:
            formula, home = masters[given["si"]]
            written = translated(formula, home, f"{column_letters(column)}{number}")
            cells[place] = cell[: found.start()] + f"<f>{escape(written)}</f>" + cell[found.end() :]
    return pl.Series(raw.name, cells, dtype=pl.String)


def translated(formula: str, origin: str, target: str) -> str:
    """A formula (without `=`) as it reads after it was moved: relative references move along."""
    if origin == target or not re.search(_CELL_REFERENCE, formula):
        return formula
    # openpyxl costs 0.3 s to import; only a formula that changes its row needs it.
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        return str(Translator("=" + formula, origin=origin).translate_formula(target))[1:]
    except TranslatorError:
        return formula


def _moved(cells: pl.Series, source: pl.Series, target: pl.Series, column: int) -> pl.Series:
    """References to cells of the own row follow the row; array formulas get their new range."""
    need = (cells.str.contains(r"<f\b[^>]*>[^<]*" + _CELL_REFERENCE) | cells.str.contains(r'<f\b[^>]*\st="array"')).fill_null(False)
    need = need & (source != target).fill_null(False)
    if not need.any():
        return cells
    written = cells.to_list()
    name = column_letters(column)
    for place in need.arg_true().to_list():
        origin, goal = f"{name}{source[place]}", f"{name}{target[place]}"

        def changed(match: re.Match[str], origin: str = origin, goal: str = goal) -> str:
            tag = f"<f{match[1] or ''}>"
            if attributes(tag).get("ref") == origin:
                tag = with_attribute(tag, "ref", goal)
            return f"{tag}{escape(translated(unescape_cell(match[2] or ''), origin, goal))}</f>"

        written[place] = _FORMULA.sub(changed, written[place], count=1)
    return pl.Series(cells.name, written, dtype=pl.String)
