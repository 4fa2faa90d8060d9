"""The VBA that is ours: a Sub a macro, the ribbon's callback, help for the function wizard when the workbook opens.

Only ASCII: a VBA module is stored in a code page, which would spoil Chinese texts on another machine. Texts stand on a hidden sheet.
"""

from __future__ import annotations

from xlcrm.hosts.classic.naming import HELP_MODULE, HELP_SHEET, MACROS_MODULE, RIBBON_CALLBACK, control_id, sub_name
from xlcrm.macros.catalog import MACROS, Macro

CALLS = "xlcrm.hosts.classic.calls"
"""The Python module that runs a macro."""


def python_command(macro: Macro) -> str:
    """What Python is told to do; no double quotes, since it stands inside them on a command line."""
    return f"import {CALLS} as calls; calls.run('{macro.id}')"


def macros_module() -> str:
    """The module with one Sub without arguments for each macro, and the callback of the ribbon."""
    lines = [
        f'Attribute VB_Name = "{MACROS_MODULE}"',
        "Option Explicit",
        "",
        "' One Sub a button. RunPython is xlwings' own; the work is done in Python.",
    ]
    for macro in MACROS.values():
        lines += ["", f"Public Sub {sub_name(macro)}()", f'    RunPython "{python_command(macro)}"', "End Sub"]
    lines += ["", "' A button of the ribbon was pressed.", f"Public Sub {RIBBON_CALLBACK}(control As Object)", "    Select Case control.ID"]
    lines += [f'        Case "{control_id(macro)}": {sub_name(macro)}' for macro in MACROS.values()]
    lines += ["    End Select", "End Sub"]
    return _crlf(lines)


def workbook_module() -> str:
    """The code of ThisWorkbook."""
    return _crlf(["Option Explicit", "", "Private Sub Workbook_Open()", "    CRM_RegisterHelp", "End Sub"])


def help_module() -> str:
    """The module that tells the function wizard what each function and argument is, from the hidden sheet of texts."""
    return _crlf(_HELP.replace("{module}", HELP_MODULE).replace("{sheet}", HELP_SHEET).splitlines())


def _crlf(lines: list[str]) -> str:
    return "\r\n".join(lines) + "\r\n"


_HELP = """Attribute VB_Name = "{module}"
Option Explicit
Option Private Module

' The texts stand on a hidden sheet: a module of VBA holds only the characters of one code page.
' Row 1 says what stands where; then one row a function: name, category, description, number of arguments, one text an argument.
Private Const HELP_SHEET As String = "{sheet}"
Private Const FIRST_ROW As Long = 3
Private Const COLUMN_NAME As Long = 1
Private Const COLUMN_CATEGORY As Long = 2
Private Const COLUMN_DESCRIPTION As Long = 3
Private Const COLUMN_COUNT As Long = 4

Public Sub CRM_RegisterHelp()
    Dim texts As Worksheet
    Dim row As Long
    Dim saved As Boolean
    ' A workbook works without help texts: nothing here may keep it from opening.
    On Error Resume Next
    #If Mac Then
        Exit Sub
    #End If
    saved = ThisWorkbook.Saved
    Set texts = ThisWorkbook.Worksheets(HELP_SHEET)
    If texts Is Nothing Then Exit Sub
    row = FIRST_ROW
    Do While Len(texts.Cells(row, COLUMN_NAME).Value) > 0
        RegisterFunction texts, row
        row = row + 1
    Loop
    ThisWorkbook.Saved = saved
End Sub

Private Sub RegisterFunction(texts As Worksheet, row As Long)
    Dim macroName As String
    Dim argumentCount As Long
    Dim place As Long
    Dim description As String
    Dim category As String
    Dim arguments() As String
    macroName = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & texts.Cells(row, COLUMN_NAME).Value
    description = texts.Cells(row, COLUMN_DESCRIPTION).Value
    category = texts.Cells(row, COLUMN_CATEGORY).Value
    argumentCount = texts.Cells(row, COLUMN_COUNT).Value
    If argumentCount = 0 Then
        Application.MacroOptions Macro:=macroName, Description:=description, Category:=category
        Exit Sub
    End If
    ReDim arguments(1 To argumentCount)
    For place = 1 To argumentCount
        arguments(place) = texts.Cells(row, COLUMN_COUNT + place).Value
    Next place
    Application.MacroOptions Macro:=macroName, Description:=description, Category:=category, ArgumentDescriptions:=arguments
End Sub

Public Function CRM_NotOnMac() As String
    CRM_NotOnMac = ThisWorkbook.Worksheets(HELP_SHEET).Cells(2, 1).Value
End Function
"""
