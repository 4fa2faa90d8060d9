"""Ids as people call them: what a typed frame holds and `show` prints as an id stands in a cell in the words of the workbook's language.

Only here an id becomes its words and any language's words become the id; `ColumnSpec.terms` says where. What is no known id stays as it is
written, both ways.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from xlcrm.tables.schema import ColumnSpec
from xlcrm.texts import Language, in_every_language, starting_with, text

JOINTS: dict[Language, str] = {"en": ", ", "zh": "、"}
"""What stands between several words in a cell."""
_BETWEEN_WORDS = re.compile(r"\s*[,;，；、]\s*")


def in_words(values: pl.Series, column: ColumnSpec, language: Language) -> pl.Series:
    """A column of ids as its cells show it."""
    written = {each: _in_words(each, column.terms, column.term_joint, language) for each in _distinct(values)}
    return _replaced(values, written)


def as_ids(values: pl.Series, column: ColumnSpec) -> pl.Series:
    """What cells show, in whichever language or as ids, as the ids of the typed frame."""
    return _replaced(values, {each: _as_ids(each, column.terms, column.term_joint) for each in _distinct(values)})


def _distinct(values: pl.Series) -> list[str]:
    return values.unique().drop_nulls().to_list()


def _replaced(values: pl.Series, written: dict[str, str]) -> pl.Series:
    other = {one: another for one, another in written.items() if one != another}
    return values.replace(other) if other else values


@cache
def _in_words(value: str, terms: str, joint: str, language: Language) -> str:
    ids = _parts(value, terms, joint)
    words = JOINTS[language].join(text(terms + each, language) for each in ids)
    return words[:1].upper() + words[1:] if ids else value


def _parts(value: str, terms: str, joint: str) -> list[str]:
    """The ids that a value consists of; none where any part of it is no known id."""
    known = sorted(starting_with(terms), key=len, reverse=True)  # an id may begin with another one and hold the joint itself
    if not joint:
        return [value] if value in known else []
    found, rest = [], value
    while rest:
        first = next((each for each in known if rest == each or rest.startswith(each + joint)), None)
        if first is None:
            return []
        found.append(first)
        rest = rest[len(first) + len(joint) :]
    return found


@cache
def _by_name(terms: str) -> dict[str, str]:
    """Every name of every id, and the id itself, case folded."""
    ids = starting_with(terms)
    return {name.casefold(): each for each in ids for name in in_every_language(terms + each)} | {each.casefold(): each for each in ids}


@cache
def _as_ids(shown: str, terms: str, joint: str) -> str:
    if _parts(shown, terms, joint):
        return shown
    known = _by_name(terms)
    found = [known.get(part.casefold()) for part in (_BETWEEN_WORDS.split(shown.strip()) if joint else [shown.strip()])]
    return shown if None in found else joint.join(each for each in found if each is not None)
