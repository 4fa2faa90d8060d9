"""Where each imported row came from, so that a problem found later (a duplicate, an overlap) can still name its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xlcrm.imports.textsheet import TextSheet
from xlcrm.problems import Problem
from xlcrm.tables.check import row_text


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Part of a sheet that became rows of one table: `letters` is column -> column letter."""

    sheet: TextSheet
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origins:
    """Row by row of a frame: `places` has the columns `part` (index into `parts`) and `row` (1-based, on the sheet)."""

    places: pl.DataFrame
    parts: Sequence[SheetPart]

    @classmethod
    def stacked(cls, parts: Sequence[tuple[SheetPart, pl.Series]]) -> Origins:
        """Of parts put below each other, each with the row numbers of its rows."""
        numbers = [pl.Series("part", [number], dtype=pl.Int64).new_from_index(0, rows.len()) for number, (_, rows) in enumerate(parts)]
        return cls(pl.DataFrame([pl.concat(numbers), pl.concat([rows.alias("row") for _, rows in parts])]), [part for part, _ in parts])

    def filter(self, mask: pl.Series) -> Origins:
        """Those of the rows that stay."""
        return Origins(self.places.filter(mask), self.parts)

    def problem(self, index: int, code: str, column: str, details: Mapping[str, object]) -> Problem:
        """A problem that costs row `index` of the frame, at the cell of `column`."""
        place = self.places.row(index)
        part, row = self.parts[place[0]], place[1]
        letter = part.letters.get(column, "")
        text = part.sheet.frame.slice(row - 1, 1)
        value = text[letter].item() if letter else None
        cell = f"{letter or 'A'}{row}"
        return Problem(code, part.sheet.file, part.sheet.name, cell, value or "", row_text(text).item(), details)

    def cell(self, index: int, column: str) -> str:
        """The address of a cell, with its sheet when the workbook has several."""
        place = self.places.row(index)
        part = self.parts[place[0]]
        address = f"{part.letters.get(column, 'A')}{place[1]}"
        return f"{part.sheet.name}!{address}" if part.sheet.name and len({other.sheet.name for other in self.parts}) > 1 else address
