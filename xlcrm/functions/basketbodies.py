"""What the function of products bought together computes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlcrm.functions import answers
from xlcrm.functions.askedcodes import BOUGHT_COLUMNS, day_of
from xlcrm.functions.catalog import Cell, Grid
from xlcrm.functions.faults import fault_text
from xlcrm.functions.given import Given
from xlcrm.functions.tablegrids import read, settings_of
from xlcrm.models.baskets import Baskets, basket_table, baskets, orders
from xlcrm.tables import columns as c
from xlcrm.texts import Language, text

_NO_LIBRARY = "no_library"
_LIBRARY = "efficient_apriori"
_HEADS = ("head_antecedent", "head_consequent", "head_support", "head_confidence", "head_lift")


def rules_table(given: Given) -> Grid:
    """The rules with their heads; below them why there are none, and the rows of Purchases that could not be read."""
    settings = settings_of(given)
    language = settings.language
    known = read(given, "purchases", (*BOUGHT_COLUMNS, c.PRODUCT_CODE), settings)
    found = baskets(orders(known.frame, day_of(given, known.frame)))
    if found.problem == _NO_LIBRARY:
        raise ImportError(name=_LIBRARY)
    table: pl.DataFrame = basket_table(found, known.frame)
    heads = [text(f"functions.{head}", language) for head in _HEADS]
    grid: list[list[Cell]] = [heads, *(list(row) for row in table.rows())]  # type: ignore[list-item]  # texts are cells
    return [*grid, *([note, *[""] * (len(heads) - 1)] for note in [*_why_none(found, language), *_unread(known.problems, language)])]


def _why_none(found: Baskets, language: Language) -> list[str]:
    if found.rules:
        return []
    if found.problem:
        return [text("functions.baskets_too_few", language, together=found.together)]
    return [text("functions.baskets_none", language, orders=found.orders)]


def _unread(problems: Sequence[str], language: Language) -> list[str]:
    more = len(problems) - answers.MOST_NAMED
    return [*problems[: answers.MOST_NAMED], *([fault_text("more_rows", language, more=more)] if more > 0 else [])]
