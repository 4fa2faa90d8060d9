"""Every text that a user reads, in English and simplified Chinese: the one catalogue.

One TOML file an area (`problems.toml`, `cli.toml`, ...); an entry is a table with `en` and `zh` side by
side, so that neither language is forgotten. A text may hold `{named}` places. The id of a text is
`area.entry`, for example `problems.unknown_kind`.
"""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


_HEAD = re.compile(r"^\[([^\]\n]+)\][ \t]*$", re.MULTILINE)


@cache
def _written(area: str) -> str:
    return (files(__package__) / f"{area}.toml").read_text(encoding="utf-8")


@cache
def _unread(area: str) -> dict[str, str]:
    """Entry -> its TOML. A run needs few of an area's texts, so only those are read."""
    _, *pieces = _HEAD.split(_written(area))
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


@cache
def _entry(area: str, entry: str) -> dict[str, str]:
    return tomllib.loads(_unread(area)[entry])


def text(text_id: str, language: Language, **places: object) -> str:
    """The text of that id in that language, its `{named}` places filled in.

    Raises KeyError for an id that the catalogue does not know (a bug, never a user's fault).
    """
    area, _, entry = text_id.partition(".")
    found = _entry(area, entry)[language]
    return found.format(**places) if places else found


def in_every_language(text_id: str) -> tuple[str, ...]:
    """The text of that id in each of LANGUAGES: what a person may have written for it."""
    return tuple(text(text_id, language) for language in LANGUAGES)


def starting_with(prefix: str) -> tuple[str, ...]:
    """What follows the prefix in the ids of texts that begin with it, in the order of the file: `lifecycle.stage_` -> `prospect`, ..."""
    area, _, start = prefix.partition(".")
    return tuple(entry.removeprefix(start) for entry in _unread(area) if entry.startswith(start))


def has(text_id: str) -> bool:
    """Whether the catalogue knows that id."""
    area, _, entry = text_id.partition(".")
    return entry in _unread(area)


@cache
def entries(area: str) -> dict[str, dict[str, str]]:
    """All texts of an area: entry -> language -> text."""
    return tomllib.loads(_written(area))


def user_language() -> Language:
    """The language of this user's terminal: `XLCRM_LANG`, else the locale's."""
    for name in ("XLCRM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value:
            return "zh" if value.startswith("zh") else "en"
    return "en"
