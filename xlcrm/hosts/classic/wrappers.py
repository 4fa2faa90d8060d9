"""The VBA wrappers of the functions, written by xlwings' own generator, which otherwise runs on Windows only."""

from __future__ import annotations

import importlib
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import xlwings

from xlcrm.hosts.classic.naming import FUNCTIONS_MODULE, HELP_MODULE, functions_python_module
from xlcrm.texts import Language

_WINDOWS_ONLY = ("pythoncom", "pywintypes", "win32com", "win32com.client")
_DECORATORS = {"func": "xlfunc", "script": "xlsub", "arg": "xlarg", "ret": "xlret"}
_HEAD = (
    f'Attribute VB_Name = "{FUNCTIONS_MODULE}"',
    "' Written from the catalogue of functions: xlwings calls Python with the arguments of the cell.",
    '#Const App = "Microsoft Excel"',
)
_START = re.compile(r"^Function (\w+)\(.*\)\n", re.MULTILINE)


def wrappers(language: Language) -> str:
    """The module with one VBA function for each function of the catalogue."""
    with windows_xlwings() as udfs:
        name = functions_python_module(language)
        module = _fresh(name)
        out = io.StringIO()
        out.write("\n".join((*_HEAD, "")))
        udfs.generate_vba_wrapper(name, module, out, SimpleNamespace(Name="book.xlsm"))
    return _START.sub(_not_on_a_mac, out.getvalue())


def _not_on_a_mac(start: re.Match[str]) -> str:
    """On a Mac xlwings serves no functions: the cell says so instead of naming a missing library."""
    return f"{start[0]}#If Mac Then\n    {start[1]} = {HELP_MODULE}.CRM_NotOnMac()\n    Exit Function\n#End If\n"


def _fresh(name: str) -> ModuleType:
    """The module imported anew, so that its functions are decorated as on Windows; the import leaves nothing behind."""
    before = sys.modules.pop(name, None)
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


@contextmanager
def windows_xlwings() -> Iterator[Any]:
    """xlwings' module of functions; off Windows over empty stand-ins for the Windows libraries, which only a running Excel would use."""
    if sys.platform.startswith("win"):
        yield importlib.import_module("xlwings.udfs")
        return
    names = (*_WINDOWS_ONLY, "xlwings.udfs")
    modules = {name: sys.modules.get(name) for name in names}
    attributes = {name: getattr(xlwings, name, None) for name in (*_DECORATORS, "udfs")}
    try:
        _stand_in("pythoncom", CoInitialize=lambda: None)
        _stand_in("pywintypes", com_error=type("com_error", (Exception,), {}))
        _stand_in("win32com", client=_stand_in("win32com.client", Dispatch=lambda item: item))
        udfs = importlib.import_module("xlwings.udfs")
        for public, name in _DECORATORS.items():
            setattr(xlwings, public, getattr(udfs, name))
        yield udfs
    finally:
        for name, module in modules.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        for name, value in attributes.items():
            if value is not None:
                setattr(xlwings, name, value)
            elif hasattr(xlwings, name):
                delattr(xlwings, name)


def _stand_in(name: str, **members: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return module
