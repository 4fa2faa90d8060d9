"""The catalogue of macros: what a button, a ribbon entry, a task pane button and a verb of the command line are made from.

Texts stand in `texts/macros.toml`: `<id>` is the label, `<id>_help` one sentence of what it does, `group_<group>` names its group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from xlcrm.macros.desk import Desk
from xlcrm.texts import Language, text

Group = Literal["day", "customers", "data", "quarter", "look", "safety"]
GROUPS: tuple[Group, ...] = ("day", "customers", "data", "quarter", "look", "safety")


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro. `body` works on a `Desk` and returns the lines of the message at the end; it writes once, or not at all.

    verb: the command of the terminal that does the same; empty where there is none.
    """

    id: str
    group: Group
    body: Callable[[Desk], list[str]]
    verb: str = ""

    def label(self, language: Language) -> str:
        """What stands on the button."""
        return text(f"macros.{self.id}", language)

    def help(self, language: Language) -> str:
        """What the button does, one sentence."""
        return text(f"macros.{self.id}_help", language)


MACROS: dict[str, Macro] = {}
"""Every macro by id, in the order of the buttons; filled by `declare`."""


def declare(*, group: Group, verb: str = "") -> Callable[[Callable[[Desk], list[str]]], Callable[[Desk], list[str]]]:
    """Declares the decorated body under its own name."""

    def inner(body: Callable[[Desk], list[str]]) -> Callable[[Desk], list[str]]:
        MACROS[body.__name__] = Macro(body.__name__, group, body, verb)
        return body

    return inner
