"""What reading a workbook means, whether it is a closed file or open in Excel: columns by id, settings, what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from xlcrm.problems import CannotDo
from xlcrm.settings import Settings
from xlcrm.sheets.tablerows import Kept
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import Checked, TextTable
from xlcrm.tables.schema import TableSpec, header_key
from xlcrm.tables.settings_table import setting_id, settings_from_rows
from xlcrm.texts import Language


def ids_of_headers(headers: Sequence[str], first: int, spec: TableSpec) -> dict[str, int]:
    """Column ids, and headers that are no column of ours, with their column numbers on the sheet. The first of a kind wins."""
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        known = spec.by_header.get(header_key(header))
        name = known.id if known is not None and known.id not in found else header
        found.setdefault(name, first + place)
    return found


def language_of_heads(headers: Sequence[str]) -> Language:
    """The language that most heads of the Customers table are in; English where that says nothing."""
    spec = TABLES["customers"]
    heads = {header_key(header) for header in headers}
    chinese, english = (
        sum(header_key(label) in heads for label in labels) for labels in zip(*((s.zh, s.en) for s in spec.columns), strict=True)
    )
    return "zh" if chinese > english else "en"


def settings_of(cells: TextTable | None, customer_heads: Sequence[str], current_quarter: str, previous_quarter: str, file: str) -> Settings:
    """The settings that the Settings table says. Raises CannotDo naming the cell that holds a value that is not allowed."""
    rows: list[tuple[str, str]] = []
    numbers: list[int] = []
    letter = ""
    if cells is not None and c.SETTING in cells.frame.columns and c.VALUE in cells.frame.columns:
        letter = cells.cell_columns[c.VALUE]
        rows = [(name or "", value or "") for name, value in cells.frame.select(c.SETTING, c.VALUE).iter_rows()]
        numbers = list(cells.rows)
    written = next((value.strip().casefold() for name, value in rows if setting_id(name) == "language"), "")
    language: Language = "zh" if written == "zh" else "en" if written == "en" else language_of_heads(customer_heads)
    settings, problems = settings_from_rows(
        rows, sheet=cells.sheet if cells is not None else "", language=language, current_quarter=current_quarter,
        previous_quarter=previous_quarter,
    )  # fmt: skip
    for problem in problems:
        if problem.code != "setting_unknown":  # a row that the user added for himself stops nothing
            setting = setting_id(str(problem.details.get("setting", "")))
            place = next((number for (name, _), number in zip(rows, numbers, strict=True) if setting_id(name) == setting), 0)
            raise CannotDo(replace(problem, file=file, cell=f"{letter}{place}" if place else ""))
    return settings


def kept_of(checked: Checked, cells: TextTable) -> Kept:
    """Rows that are left out of the frame, and cells that are blank in it though something stands there."""
    numbers = pl.Series("row", cells.rows, dtype=pl.Int64)
    good = set(checked.rows.to_list())
    filled = (
        cells.frame.select(pl.any_horizontal(pl.all().str.strip_chars() != "").fill_null(False)).to_series() if cells.frame.width else None
    )
    rows = [number for number in numbers.filter(filled).to_list() if number not in good] if filled is not None else []
    names = {letter: name for name, letter in cells.cell_columns.items()}
    bad: dict[str, list[int]] = {}
    for problem in checked.problems:
        letter = problem.cell.rstrip("0123456789")
        if letter in names and problem.cell[len(letter) :]:
            number = int(problem.cell[len(letter) :])
            if number in good:
                bad.setdefault(names[letter], []).append(number)
    return Kept(rows, bad)
