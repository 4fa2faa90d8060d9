"""The catalogues as xlwings Server wants them: functions without a namespace of their own, scripts that speak to the task pane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import wraps
from typing import Any

import xlwings

from xlcrm.hosts import registration
from xlcrm.hosts.remotedesk import RemoteDesk
from xlcrm.macros import MACROS, Macro
from xlcrm.texts import Language, user_language

OUTCOME_CALLBACK = "xlcrmOutcome"
"""The pane's own callback for the message at the end: arguments are the title, then the lines."""


class ServerDesk(RemoteDesk):
    """A user's open workbook, sent here by the task pane."""

    def say(self, title: str, message: str, *, failed: bool = False) -> None:
        """Shows the message in the pane.

        `book.app.alert` would open a window, and would put it among the actions of whichever book came in last, which on a server
        may be another user's.
        """
        self.book.impl.append_json_action(func="runMacro", args=[OUTCOME_CALLBACK, title, *message.splitlines()])


def functions() -> dict[str, Callable[..., Any]]:
    """Every function of the catalogue; the namespace stands in the manifest, and a second one here would be written twice."""
    made = registration.functions(user_language())
    for function in made.values():
        function.__xlfunc__["namespace"] = None  # type: ignore[attr-defined]  # where xlwings keeps a function's options
    return {name: _threaded(function) for name, function in made.items()}


def _threaded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in a thread, so that one user's large call does not keep the others waiting."""

    @wraps(function)
    async def made(*grids: Any) -> Any:
        return await asyncio.to_thread(function, *grids)

    return made


def scripts() -> dict[str, Callable[..., Any]]:
    """Every macro of the catalogue as a script."""
    return {macro.id: _script(macro, user_language()) for macro in MACROS.values()}


def _script(macro: Macro, language: Language) -> Callable[..., Any]:
    async def body(book: xlwings.Book) -> None:
        # In a thread, so that one user's long import does not keep the others waiting.
        await asyncio.to_thread(registration.press, macro, ServerDesk(book), language)

    return registration.script(macro, body, language)
