"""A file -> typed frames by table, and the problems found. Exactly one format must fit each sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from xlcrm.imports.headers import find_header, seen_headers
from xlcrm.imports.origins import Origins, SheetPart, stacked
from xlcrm.imports.pieces import Pieces, cut
from xlcrm.imports.readers import read
from xlcrm.imports.refine import refine
from xlcrm.imports.textsheet import TextSheet
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables import periods
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import check

TABLE_ORDER = ("customers", "routes", "products", "grades", "purchases", "follow_ups")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds.

    kind: the format, or several joined by `+` for a workbook of several. frames: table id -> typed rows, with the columns that the
    file has. origins: where each of those rows stood. dropped: total rows and repeated headers, which are no data.
    """

    kind: str
    frames: dict[str, pl.DataFrame]
    problems: list[Problem]
    origins: Mapping[str, Origins]
    dropped: int = 0


def load(path: Path, settings: Settings, quarter: str | None = None) -> Loaded:
    """Reads and checks one export. `quarter` (any spelling) says of which quarter the figures are, where the file does not.

    Raises CannotDo when the file cannot be read, no format or more than one fits, or a quarter is needed and not named.
    """
    return load_sheets(read(path), path.name, settings, quarter)


def load_sheets(sheets: Sequence[TextSheet], file: str, settings: Settings, quarter: str | None = None) -> Loaded:
    """Checks the sheets of one export, wherever they come from: a file, or a sheet of the open workbook into which it was pasted."""
    given = _quarter(quarter)
    sheets = [sheet for sheet in sheets if sheet.frame.height]
    sheets = [sheet for sheet in sheets if not sheet.hidden] or sheets
    if not sheets:
        raise CannotDo(Problem("file_empty", file=file))
    stem = PurePath(file).stem
    gathered = _Gathered()
    unknown: list[TextSheet] = []
    kinds: list[str] = []
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            unknown.append(sheet)
            continue
        if header.format.kind not in kinds:
            kinds.append(header.format.kind)
        gathered.add(sheet, cut(sheet, header, given, stem), settings)
    if not kinds:
        seen = "; ".join(dict.fromkeys(filter(None, map(seen_headers, unknown[:3]))))
        raise CannotDo(Problem("unknown_kind", file=file, sheet=unknown[0].name, details={"seen": seen or "–"}))
    for sheet in unknown:
        gathered.problems.append(Problem("sheet_not_recognised", file, sheet.name, details={"seen": seen_headers(sheet)}))
    return gathered.loaded("+".join(kinds))


def _quarter(written: str | None) -> str:
    if not written:
        return ""
    found = periods.parse_quarter(written)
    if found is None:
        raise CannotDo(Problem("not_a_quarter", value=written))
    return found


class _Gathered:
    """What the sheets of one file gave so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._frames: dict[str, list[pl.DataFrame]] = {}
        self._origins: dict[str, list[Origins]] = {}
        self._dropped = 0

    def add(self, sheet: TextSheet, pieces: Pieces, settings: Settings) -> None:
        """Checks every piece of a sheet."""
        self.problems += pieces.problems
        if all(text_table.frame.is_empty() for _, text_table in pieces.tables):
            self.problems.append(Problem("no_rows", sheet.file, sheet.name))
        self._dropped += pieces.dropped
        for table_id, text_table in pieces.tables:
            checked = check(TABLES[table_id], text_table, settings)
            # The routes piece repeats rows of the customers piece, and so would their problems.
            if table_id != "routes":
                self.problems += checked.problems
            places = pl.DataFrame({"part": pl.repeat(0, checked.frame.height, dtype=pl.Int64, eager=True), "row": checked.rows})
            self._frames.setdefault(table_id, []).append(checked.frame)
            self._origins.setdefault(table_id, []).append(Origins(places, [SheetPart(sheet, text_table.cell_columns)]))

    def loaded(self, kind: str) -> Loaded:
        """All together: each table in one frame, refined."""
        frames: dict[str, pl.DataFrame] = {}
        origins: dict[str, Origins] = {}
        for table_id in TABLE_ORDER:
            if table_id in self._frames:
                together = pl.concat(self._frames[table_id], how="diagonal")
                refined = refine(table_id, together, stacked(self._origins[table_id]))
                frames[table_id], origins[table_id] = refined.frame, refined.origins
                self.problems += refined.problems
        return Loaded(kind, frames, _once(self.problems), origins, self._dropped)


def _once(problems: list[Problem]) -> list[Problem]:
    """A bad code of a wide sheet is found in every quarter's piece; it is one problem."""
    return list({(problem.code, problem.sheet, problem.cell, problem.value): problem for problem in problems}.values())
