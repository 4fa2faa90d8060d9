"""Runs a packed workbook's own VBA in memory: what it would tell Python and Excel is written down instead of done."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyopenvba.apps.excel import Application, ExcelApplication
from pyopenvba.interpreter import MISSING, VBAArray, member, method, to_text

XLWINGS_STUB = """Attribute VB_Name = "xlwings"
Public Function RunPython(PythonCommand As String)
    Debug.Print PythonCommand
End Function

Public Function XLPy() As Object
    Set XLPy = New Served
End Function
"""
SERVED_STUB = """Attribute VB_Name = "Served"
Public Function CallUDF(PythonModule, FunctionName, Arguments, Book, Caller)
    CallUDF = PythonModule & "|" & FunctionName & "|" & UBound(Arguments) + 1 & "|" & Arguments(0)
End Function
"""


def vba_modules(path: Path) -> dict[str, str]:
    """Module name -> source, as olevba reads it."""
    with warnings.catch_warnings():  # of a library that it uses
        warnings.simplefilter("ignore", DeprecationWarning)
        from oletools.olevba import VBA_Parser
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


@dataclass
class Help:
    """One call of Application.MacroOptions."""

    macro: str
    description: str
    category: str
    arguments: list[str]


class _RecordingExcel(Application):
    recorded: list[Help]

    @member
    def Caller(self) -> object:  # noqa: N802
        """The cell that asks."""
        assert self.active_book is not None
        return self.active_book.active_sheet.vba_get("Range", ["B2"])

    @method
    def MacroOptions(  # noqa: N802 - Excel's own names, here and below
        self,
        Macro: Any = MISSING,  # noqa: N803
        Description: Any = MISSING,  # noqa: N803
        Category: Any = MISSING,  # noqa: N803
        ArgumentDescriptions: Any = MISSING,  # noqa: N803
    ) -> object:
        texts = [to_text(item) for item in ArgumentDescriptions.items] if isinstance(ArgumentDescriptions, VBAArray) else []
        self.recorded.append(Help(to_text(Macro), to_text(Description), to_text(Category), texts))
        return None


@dataclass
class VbaRoom:
    """The workbook is open, its modules are loaded as olevba read them; only xlwings' own module is a stub that writes down."""

    path: Path
    help: list[Help] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.excel = ExcelApplication.open(self.path, with_vba=False)
        application = self.excel.application
        application.__class__ = _RecordingExcel
        assert isinstance(application, _RecordingExcel)
        application.recorded = self.help
        self.excel.add_module(XLWINGS_STUB, name="xlwings")
        self.excel.add_module(SERVED_STUB, name="Served", kind="class")
        for name, source in vba_modules(self.path).items():
            if name.startswith("CRM_") or name == "xlwings_udfs":
                self.excel.add_module(source, name=name)
            elif name == "ThisWorkbook":
                self.excel.add_module(source, name=name, kind="document")

    def commands_of(self, macro: str, *arguments: object) -> list[str]:
        """What Python is told when that Sub runs."""
        before = len(self.excel.console)
        self.excel.run(macro, *arguments)
        return self.excel.console[before:]
