"""The catalogues as xlwings functions and scripts: made once for all hosts, with `xlwings.func` and `xlwings.script` of the host.

A signature is made from the catalogue, since hosts read names, defaults and help from a Python function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings

from xlcrm.functions import FUNCTIONS, Function, call
from xlcrm.functions.catalog import NAMESPACE, Grid
from xlcrm.hosts.remotedesk import RemoteDesk
from xlcrm.macros import MACROS, Macro, run
from xlcrm.texts import Language, text

Tables = Callable[[str], Grid]
"""Gives a table of the caller's workbook with its heads, by table id; only some hosts can."""


def functions(language: Language, prefix: str = "", tables: Tables | None = None) -> dict[str, Callable[..., Any]]:
    """Every function of the catalogue as an xlwings function, by its Python name.

    prefix: stands before the name where a host has no namespaces (`crm_`). language: of help and error texts. tables: how a function
    reads a table that the formula leaves out; None where a function cannot see the workbook.
    """
    return {name: made for function in FUNCTIONS.values() for name, made in [_function(function, language, prefix, tables)]}


def _function(function: Function, language: Language, prefix: str, tables: Tables | None) -> tuple[str, Callable[..., Any]]:
    def body(*grids: Grid | None) -> Grid:
        return call(function, grids, language, tables, name.upper() if prefix else "")

    name = f"{prefix}{function.id}"
    body.__name__ = body.__qualname__ = name
    body.__doc__ = function.help(language)
    body.__annotations__ = {}
    body.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what inspect.signature reads first
        [
            inspect.Parameter(
                argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None if argument.optional else inspect.Parameter.empty
            )
            for argument in function.arguments
        ]
    )
    made: Callable[..., Any] = body
    for argument in function.arguments:
        # An error in a cell arrives as its text: as a blank, a figure that is #REF! would pass for nothing bought.
        made = xlwings.arg(argument.name, ndim=2, err_to_str=True, doc=function.argument_help(argument, language))(made)
    category = f"{NAMESPACE} · {text(f'functions.category_{function.category}', language)}"
    options: dict[str, Any] = {"category": category} if prefix else {"namespace": NAMESPACE, "name": function.excel_name}
    return name, xlwings.func(**options)(made)


def scripts(language: Language) -> dict[str, Callable[..., Any]]:
    """Every macro of the catalogue as an xlwings script for a host that hands the open workbook over, by its Python name.

    language: of labels, and of a message where the workbook's own language cannot be read.
    """
    return {macro.id: _script(macro, language) for macro in MACROS.values()}


def _script(macro: Macro, language: Language) -> Callable[..., Any]:
    def body(book: xlwings.Book) -> None:
        press(macro, RemoteDesk(book), language)

    return script(macro, body, language)


def press(macro: Macro, desk: RemoteDesk, language: Language) -> None:
    """Runs a macro and says what came of it. Raises XlwingsError where it could not be done."""
    outcome = run(macro, desk, language)
    if outcome.failed:
        # The one error that such a host shows to the user; nothing that was prepared reaches the workbook.
        raise xlwings.XlwingsError(outcome.message)
    desk.say(outcome.title, outcome.message)


def script(macro: Macro, body: Callable[[xlwings.Book], Any], language: Language) -> Callable[..., Any]:
    """The body as that macro's xlwings script; it may be a coroutine where the host waits for one."""
    body.__name__ = body.__qualname__ = macro.id
    body.__doc__ = macro.help(language)
    body.__annotations__ = {"book": xlwings.Book}
    made: Callable[..., Any] = xlwings.script(name=macro.label(language), group=macro.group, help=macro.help(language))(body)
    return made
