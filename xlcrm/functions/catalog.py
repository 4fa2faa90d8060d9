"""The catalogue of functions: each is declared once, and every host, the docs and the function wizard are made from it.

Texts stand in `texts/functions.toml`: `<id>` says what the function does, `<id>_<argument>` what an argument is,
`category_<category>` names its group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from xlcrm.texts import Language, text

Cell: TypeAlias = object
"""A cell's value as a host hands it over: None or "" where blank, str, float, int, bool, datetime."""
Grid: TypeAlias = Sequence[Sequence[Cell]]
"""Rows of cells; one cell is a grid of one row and one column."""

Shape = Literal["value", "column", "table"]
Category = Literal["change", "tiers", "customer", "cleaning"]
CATEGORIES: tuple[Category, ...] = ("change", "tiers", "customer", "cleaning")
NAMESPACE = "CRM"


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
    """One function. `body` takes one grid an argument (None where left out) by keyword and a `language`, and returns the grid that spills.

    example: a formula over the template's own tables, with `{name}` for the function's name on that host.
    """

    id: str
    category: Category
    arguments: tuple[Argument, ...]
    result: Shape
    body: Callable[..., Grid]
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
        return text(f"functions.{self.id}_{argument.name}", language)


FUNCTIONS: dict[str, Function] = {}
"""Every function by id, in the order of the docs; filled by `declare`."""


def declare(
    *arguments: Argument, category: Category, result: Shape, example: str
) -> Callable[[Callable[..., Grid]], Callable[..., Grid]]:
    """Declares the decorated body under its own name."""

    def inner(body: Callable[..., Grid]) -> Callable[..., Grid]:
        FUNCTIONS[body.__name__] = Function(body.__name__, category, arguments, result, body, example)
        return body

    return inner
