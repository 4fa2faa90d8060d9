"""What the task pane and the manifest show: made from the catalogue of macros and the texts, in all languages at once.

The pane does not know its user's language until Office has told it, so it gets every text in each.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from xlcrm import __version__
from xlcrm.macros import MACROS, Macro
from xlcrm.macros.catalog import GROUPS, Group
from xlcrm.texts import LANGUAGES, Language, entries, text, user_language

ICON_SIZES = (16, 32, 80)
"""Pixels a side, as a manifest wants them."""
ADDIN_ICON = "xlcrm"
"""The picture of the add-in itself."""
LOCALES: dict[Language, str] = {"en": "en-US", "zh": "zh-CN"}
"""What Office calls our languages."""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of buttons under one heading."""

    group: Group
    macros: tuple[Macro, ...]

    @property
    def heading(self) -> str:
        """The id of the heading's text."""
        return f"macros.group_{self.group}"


def sections() -> list[Section]:
    """The groups that have buttons, in their order."""
    by_group = {group: tuple(macro for macro in MACROS.values() if macro.group == group) for group in GROUPS}
    return [Section(group, macros) for group, macros in by_group.items() if macros]


def icon_names() -> list[str]:
    """Every picture that is shown: the add-in's, and one a macro."""
    return [ADDIN_ICON, *MACROS]


def texts() -> dict[Language, dict[str, str]]:
    """Every text of the pane, by language and id."""
    return {language: _texts(language) for language in LANGUAGES}


def _texts(language: Language) -> dict[str, str]:
    found = {f"server.{entry}": text(f"server.{entry}", language) for entry in entries("server")}
    for section in sections():
        found[section.heading] = text(section.heading, language)
        for macro in section.macros:
            found[f"macros.{macro.id}"] = macro.label(language)
            found[f"macros.{macro.id}_help"] = macro.help(language)
    return found


def language() -> Language:
    """The pane's language until Office says otherwise."""
    return user_language()


def version() -> str:
    """Our version, as the manifest wants it: four numbers."""
    numbers = [part for part in __version__.split(".") if part.isdecimal()]
    return ".".join([*numbers, *"0000"][:4])


def addin_id(address: str) -> uuid.UUID:
    """The add-in's identity: the same for a server's address at every start, another for another server, so that both may be added."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{address}#xlcrm")
