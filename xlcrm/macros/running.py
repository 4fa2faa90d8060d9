"""Runs a macro: what it says at the end, or why it could not be done. Nothing but a sentence ever reaches the user."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from xlcrm.macros.catalog import Macro
from xlcrm.macros.desk import Desk
from xlcrm.problems import CannotDo, HalfDone
from xlcrm.texts import Language, text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a macro says at the end; `failed`: it could not be done, and nothing was changed unless the lines say otherwise."""

    title: str
    lines: Sequence[str]
    failed: bool = False

    @property
    def message(self) -> str:
        """The lines as one text for a message box."""
        return "\n".join(self.lines)


def run(macro: Macro, desk: Desk, fallback: Language = "en") -> Outcome:
    """Runs a macro on an open workbook.

    fallback: the language of the message where the workbook's own cannot be read. A failure names its place (sheet, cell) and what to
    do; a bug names itself in one line, and is raised as it is where XLCRM_DEBUG=1.
    """
    language = fallback
    try:
        language = desk.language
        return Outcome(macro.label(language), macro.body(desk))
    except CannotDo as refusal:
        return Outcome(macro.label(language), [refusal.problem.line(language), "", text("macros.nothing_changed", language)], failed=True)
    except HalfDone as stopped:
        reason = str(stopped).splitlines()[0]
        return Outcome(macro.label(language), [text("macros.half_done", language, reason=reason)], failed=True)
    except Exception as error:
        if os.environ.get("XLCRM_DEBUG") == "1":
            raise
        message = str(error).splitlines()[0] if str(error) else ""
        said = text("cli.unexpected", language, kind=type(error).__name__, message=message)
        return Outcome(macro.label(language), [said], failed=True)
