"""What a formula gave to a function: whole columns, tables, single values; checked for their shape before any rule runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlcrm.functions.catalog import Cell, Function, Grid
from xlcrm.functions.faults import Fault
from xlcrm.problems import CannotDo
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language

Tables = Callable[[str], Grid]
"""Gives a table of the caller's workbook with its heads, by table id. Raises CannotDo where the workbook does not have it."""


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call. grids: by argument name, None where left out. name: of the function as it stands in the formula."""

    function: Function
    grids: Mapping[str, Grid | None]
    language: Language
    tables: Tables | None = None
    name: str = ""

    @property
    def example(self) -> str:
        """How the function is written, for an error that says what is missing."""
        return self.function.formula(self.language, self.name)

    def columns(self, *names: str) -> list[Sequence[Cell]]:
        """Columns of one length; a one-cell argument stands for that value in every row, one left out for blanks.

        Raises Fault where an argument is missing, is wider than a column, or two have different lengths.
        """
        found = {name: self._column(name) for name in names}
        longest = max((len(cells) for cells in found.values()), default=0)
        rows = {name: len(cells) for name, cells in found.items() if len(cells) != 1}
        if len(set(rows.values())) > 1:
            first = next(iter(rows))
            second = next(name for name in rows if rows[name] != rows[first])
            raise Fault("lengths", first=first, first_rows=rows[first], second=second, second_rows=rows[second])
        return [cells if len(cells) == longest else cells * longest for cells in found.values()]

    def long(self, *names: str) -> list[bool]:
        """Which of those columns have a cell for every row; in a row where these are blank nothing was asked."""
        lengths = [len(self.grids.get(name) or " ") for name in names]
        return [length == max(lengths) for length in lengths]

    def _column(self, name: str) -> list[Cell]:
        grid = self.grids.get(name)
        if not grid:
            if self._argument_optional(name):
                return [None]
            raise Fault("missing", argument=name, example=self.example)
        try:
            return [cell for (cell,) in grid]
        except ValueError:  # a row of no cell, or of several
            widest = max(map(len, grid))
        if widest > 1:
            raise Fault("one_column", argument=name, columns=widest)
        return [row[0] if row else None for row in grid]

    def value(self, name: str) -> Cell:
        """One cell; None where it is blank or left out. Raises Fault where there are more."""
        grid = self.grids.get(name)
        if not grid or not grid[0]:
            return None
        if len(grid) > 1 or len(grid[0]) > 1:
            raise Fault("one_cell", argument=name, rows=len(grid), columns=len(grid[0]))
        cell = grid[0][0]
        return None if cell == "" else cell

    def grid(self, name: str) -> Grid:
        """A whole table with its heads: the argument, else the table of the host's workbook. Raises Fault where there is neither."""
        found = self.grid_or_none(name)
        if found is None:
            table = TABLES[self.holds(name)]
            raise Fault("table_missing", table=table.label(self.language), argument=name, example=self.example)
        return found

    def grid_or_none(self, name: str) -> Grid | None:
        """Like `grid`, for a table that a function can do without."""
        given = self.grids.get(name)
        if given and not (len(given) == 1 and all(cell in (None, "") for cell in given[0])):
            return given
        if self.tables is None:
            return None
        try:
            return self.tables(self.holds(name)) or None
        except (CannotDo, LookupError):
            return None

    def _argument_optional(self, name: str) -> bool:
        return next(argument.optional for argument in self.function.arguments if argument.name == name)

    def holds(self, name: str) -> str:
        """The column id or table id that an argument holds."""
        return next(argument.holds for argument in self.function.arguments if argument.name == name)
