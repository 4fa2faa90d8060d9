"""The catalogue of functions: each is declared once, and every host, the docs and the function wizard are made from it.

Texts stand in `texts/functions.toml`: `<id>` says what the function does, `<id>_<argument>` what an argument is (else
`argument_<argument>`, for arguments that mean the same everywhere), `category_<category>` names its group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, has, text

if TYPE_CHECKING:
    from xlcrm.functions.given import Given

Cell: TypeAlias = object
"""A cell's value as a host hands it over: None or "" where blank, str, float, int, bool, datetime."""
Grid: TypeAlias = Sequence[Sequence[Cell]]
"""Rows of cells; one cell is a grid of one row and one column."""

Shape = Literal["value", "column", "table"]
Category = Literal["change", "tiers", "customer", "value", "voice", "cleaning"]
CATEGORIES: tuple[Category, ...] = ("change", "tiers", "customer", "value", "voice", "cleaning")
NAMESPACE = "CRM"
_PLACE = re.compile(r"\{(\w+)(?:\[(\w+)\])?\}")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument.

    shape: `value` one cell, `column` any number of rows, `table` a whole table with its heads (`Customers[#All]`).
    holds: the column id (its kind says type and unit), or for a table the table's id. optional: may be left out.
    """

    name: str
    shape: Shape
    holds: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `body` takes what a formula gave and returns the grid that spills; only `call` runs it.

    example: a formula over the template's own tables, with `{name}` for the function's name, `{table}` for a table with its heads
    and `{table[column]}` for a column; `formula` fills them in.
    """

    id: str
    category: Category
    arguments: tuple[Argument, ...]
    result: Shape
    body: Callable[[Given], Grid]
    example: str

    @property
    def excel_name(self) -> str:
        """The name behind the namespace: `CRM.GRADE_CHANGE` is `GRADE_CHANGE`."""
        return self.id.upper()

    def help(self, language: Language) -> str:
        """What the function does."""
        return text(f"functions.{self.id}", language)

    def argument_help(self, argument: Argument, language: Language) -> str:
        """What an argument is."""
        own = f"functions.{self.id}_{argument.name}"
        return text(own if has(own) else f"functions.argument_{argument.name}", language)

    def formula(self, language: Language, name: str = "") -> str:
        """The example as a formula of a workbook in that language. name: the function's name on that host; else `CRM.GRADE_CHANGE`."""

        def filled(place: re.Match[str]) -> str:
            table_id, column_id = place.group(1), place.group(2)
            if table_id == "name":
                return name or f"{NAMESPACE}.{self.excel_name}"
            table = TABLES[table_id]
            return f"{table.excel_name}[{table.by_id[column_id].label(language) if column_id else '#All'}]"

        return _PLACE.sub(filled, self.example)


FUNCTIONS: dict[str, Function] = {}
"""Every function by id; filled by `declare`."""


def declare(
    *arguments: Argument, category: Category, result: Shape, example: str
) -> Callable[[Callable[[Given], Grid]], Callable[[Given], Grid]]:
    """Declares the decorated body under its own name."""

    def inner(body: Callable[[Given], Grid]) -> Callable[[Given], Grid]:
        FUNCTIONS[body.__name__] = Function(body.__name__, category, arguments, result, body, example)
        return body

    return inner
