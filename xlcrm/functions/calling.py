"""Calls a function of the catalogue with the grids that a host hands over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlcrm.functions.catalog import Function, Grid
from xlcrm.texts import Language


def call(function: Function, grids: Sequence[Grid | None], language: Language, tables: Callable[[str], Grid] | None = None) -> Grid:
    """The grid that spills. Grids stand in the order of the arguments; those left out are None."""
    given = {argument.name: grid for argument, grid in zip(function.arguments, grids, strict=False)}
    return function.body(**given, language=language)
