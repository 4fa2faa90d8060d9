"""The functions of the catalogue as xlwings serves them to cells on Windows, under the names that the wrappers call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlcrm.functions import FUNCTIONS
from xlcrm.hosts import registration
from xlcrm.hosts.classic.booktables import table_of_caller
from xlcrm.hosts.classic.naming import argument_name, function_name
from xlcrm.texts import Language


def functions_of(language: Language) -> dict[str, Callable[..., Any]]:
    """Name in a cell -> callable. A table that a formula leaves out is read from the workbook that asks."""
    made = {}
    served = registration.functions(language, prefix="crm_", tables=table_of_caller)
    for function, call in zip(FUNCTIONS.values(), served.values(), strict=True):
        name = function_name(function)
        described = getattr(call, "__xlfunc__", None)  # only where xlwings serves functions: on Windows, and while packing
        if described is not None:
            described["name"] = name
            for argument in described["args"]:
                argument["name"] = argument_name(argument["name"])
        made[name] = call
    return made
