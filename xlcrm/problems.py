"""A problem: what was found where, what is wrong with it, what to do. Values, not exceptions.

Every code has its text in both languages in `texts/problems.toml` (entries `<code>` for what is wrong
and `<code>_remedy` for what to do), a paragraph in the docs and a minimal bad file in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xlcrm.texts import Language, text

_MOST_SHOWN = 300
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, with its place.

    code: entry of the catalogue. file, sheet, cell: where (cell as `C7`; empty where there is none).
    value: the text that was found, unchanged. row_text: the whole row's original text, cells separated by
    ` | `, when the row was left out. details: fills the `{named}` places of the texts.
    """

    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    row_text: str = ""
    details: Mapping[str, object] = field(default_factory=lambda: _NOTHING)

    @property
    def place(self) -> str:
        """`file!sheet!cell`, as far as known."""
        return "!".join(part for part in (self.file, self.sheet, self.cell) if part)

    def message(self, language: Language) -> str:
        """What is wrong."""
        return text(f"problems.{self.code}", language).format_map(self._places(language))

    def remedy(self, language: Language) -> str:
        """What to do."""
        return text(f"problems.{self.code}_remedy", language).format_map(self._places(language))

    def _places(self, language: Language) -> dict[str, object]:
        """What fills the `{named}` places: texts from a file on one line, printable, and not longer than a message bears; a tuple
        is a list of what may be chosen, whole."""
        places = {"value": self.value, **self.details}
        separator = ", " if language == "en" else "、"
        return {name: separator.join(value) if isinstance(value, tuple) else _shown(value) if isinstance(value, str) else value
                for name, value in places.items()}  # fmt: skip

    def line(self, language: Language) -> str:
        """One line for a terminal: place, what is wrong, what to do. A remedy that is a sentence stands as one."""
        remedy = self.remedy(language)
        said = [part for part in (self.place, self.message(language)) if part]
        colon = ": " if language == "en" else "："
        return colon.join(said) + (". " if remedy[:1].isupper() and language == "en" else colon) + remedy


def _shown(value: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in value[: 2 * _MOST_SHOWN])
    return printable if len(printable) <= _MOST_SHOWN else printable[:_MOST_SHOWN] + "…"


class CannotDo(Exception):
    """A job could not be done; nothing was changed. Carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.line("en"))
        self.problem = problem


class HalfDone(Exception):
    """Writing into an open workbook was stopped in the middle, so something was changed. Its text says what stopped it."""
