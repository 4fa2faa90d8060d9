"""A file -> typed frames by table, and the problems found. Exactly one format must fit each sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath

import polars as pl

from xlcrm.imports.headers import find_header, seen_headers
from xlcrm.imports.origins import Origins, SheetPart
from xlcrm.imports.pieces import Pieces, cut
from xlcrm.imports.readers import read
from xlcrm.imports.refine import refine
from xlcrm.imports.textsheet import TextSheet
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables import periods
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import Checked, TextTable, check_alike

TABLE_ORDER = ("customers", "routes", "products", "grades", "purchases", "follow_ups", "surveys")


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
    gathered = _Gathered(settings)
    unknown: list[TextSheet] = []
    kinds: list[str] = []
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            unknown.append(sheet)
            continue
        if header.format.kind not in kinds:
            kinds.append(header.format.kind)
        gathered.add(sheet, cut(sheet, header, given, stem))
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

    def __init__(self, settings: Settings) -> None:
        self.problems: list[Problem] = []
        self._settings = settings
        self._pieces: list[tuple[str, TextSheet, TextTable]] = []
        self._noted: list[list[Problem]] = []
        self._place_of_notes: list[list[Problem]] = []
        self._dropped = 0

    def add(self, sheet: TextSheet, pieces: Pieces) -> None:
        """Takes every piece of a sheet."""
        noted = list(pieces.problems)
        if all(cells.frame.is_empty() for _, cells in pieces.tables):
            noted.append(Problem("no_rows", sheet.file, sheet.name))
        self._dropped += pieces.dropped
        self._noted.append(noted)
        for table_id, cells in pieces.tables:
            self._pieces.append((table_id, sheet, cells))
            self._noted.append([])
            self._place_of_notes.append(self._noted[-1])

    def _checked(self) -> list[Checked]:
        """Every piece checked, in order; those with the same columns together."""
        together: dict[tuple[object, ...], list[int]] = {}
        for place, (table_id, _, cells) in enumerate(self._pieces):
            together.setdefault((table_id, cells.decimal_comma, *cells.frame.columns), []).append(place)
        found: dict[int, Checked] = {}
        for places in together.values():
            table_id = self._pieces[places[0]][0]
            alike = [self._pieces[place][2] for place in places]
            found |= zip(places, check_alike(TABLES[table_id], alike, self._settings), strict=True)
        return [found[place] for place in range(len(self._pieces))]

    def loaded(self, kind: str) -> Loaded:
        """All together: each table in one frame, refined."""
        parts: dict[str, list[tuple[SheetPart, Checked]]] = {}
        for (table_id, sheet, cells), noted, checked in zip(self._pieces, self._place_of_notes, self._checked(), strict=True):
            # The routes piece repeats rows of the customers piece, and so would their problems.
            noted += checked.problems if table_id != "routes" else []
            parts.setdefault(table_id, []).append((SheetPart(sheet, cells.cell_columns), checked))
        problems = [*chain.from_iterable(self._noted), *self.problems]
        frames: dict[str, pl.DataFrame] = {}
        origins: dict[str, Origins] = {}
        for table_id in TABLE_ORDER:
            if table_id in parts:
                frame = pl.concat([checked.frame for _, checked in parts[table_id]], how="diagonal")
                stacked = Origins.stacked([(part, checked.rows) for part, checked in parts[table_id]])
                refined = refine(table_id, frame, stacked)
                frames[table_id], origins[table_id] = refined.frame, refined.origins
                problems += refined.problems
        return Loaded(kind, frames, _once(problems), origins, self._dropped)


def _once(problems: list[Problem]) -> list[Problem]:
    """A bad code of a wide sheet is found in every quarter's piece; it is one problem."""
    return list({(problem.code, problem.sheet, problem.cell, problem.value): problem for problem in problems}.values())
