"""The VBA project: its modules as olevba reads them, and what they do when an interpreter runs them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlwings

from tests.hosts.classic.vbaroom import VbaRoom, vba_modules
from xlcrm.functions import FUNCTIONS
from xlcrm.hosts.classic import naming
from xlcrm.hosts.classic.vbacode import python_command
from xlcrm.macros import MACROS
from xlcrm.texts import LANGUAGES, text

LONGEST_LINE = 1023
"""Characters of a line that VBA takes."""
MOST_CONTINUATIONS = 24

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def test_xlwings_own_modules_are_those_of_the_installed_version(packed: dict[str, Path], language: str) -> None:
    modules = vba_modules(packed[language])
    shipped = Path(xlwings.__file__).parent
    lines = (shipped / "xlwings.bas").read_text(encoding="utf-8").splitlines()
    assert modules["xlwings"].splitlines() == lines
    body = (shipped / "addin" / "Dictionary.cls").read_text(encoding="utf-8").partition("Option Explicit")[2].split()
    assert modules["Dictionary"].partition("Option Explicit")[2].split() == body
    assert xlwings.__version__ in modules["xlwings"]


def test_every_module_is_ascii_and_keeps_within_vbas_limits(packed: dict[str, Path], language: str) -> None:
    modules = vba_modules(packed[language])
    assert {naming.MACROS_MODULE, naming.HELP_MODULE, naming.FUNCTIONS_MODULE, "ThisWorkbook", "xlwings", "Dictionary"} <= set(modules)
    for name, source in modules.items():
        if name in ("xlwings", "Dictionary"):
            continue
        assert source.isascii(), name
        assert max(map(len, source.splitlines())) <= LONGEST_LINE, name
        assert len(re.findall(r" _$", source, re.MULTILINE)) <= MOST_CONTINUATIONS, name


def test_each_macro_tells_python_one_readable_line(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    for macro in MACROS.values():
        assert room.commands_of(naming.sub_name(macro)) == [python_command(macro)]
        # It stands between double quotes on a command line, on Windows in cmd.exe, on a Mac in a shell.
        assert not set(python_command(macro)) & set('"%^&|<>$`\\')


def test_the_ribbons_callback_runs_the_macro_of_the_pressed_button(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    room.excel.add_module('Attribute VB_Name = "Pressed"\nPublic ID As String\n', name="Pressed", kind="class")
    press = "Sub Press(name As String)\n Dim b As New Pressed\n b.ID = name\n CRM_Ribbon b\nEnd Sub\n"
    room.excel.add_module(press, name="Pressing")
    for macro in MACROS.values():
        assert room.commands_of("Press", naming.control_id(macro)) == [python_command(macro)]
    assert room.commands_of("Press", "something_else") == []


def test_opening_the_workbook_registers_the_help_of_every_function(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    room.excel.run("ThisWorkbook.Workbook_Open")
    assert len(room.help) == len(FUNCTIONS)
    for given, function in zip(room.help, FUNCTIONS.values(), strict=True):
        assert given.macro == f"'{packed[language].name}'!{naming.function_name(function)}"
        assert given.description == function.help(language)
        assert given.category == f"CRM · {text(f'functions.category_{function.category}', language)}"
        assert given.arguments == [function.argument_help(argument, language) for argument in function.arguments]
    if language == "zh":
        assert all(re.search("[一-鿿]", given.description) for given in room.help)


def test_a_workbook_without_its_help_sheet_still_opens(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    sheet = next(view for view in room.excel.sheets() if view.name == naming.HELP_SHEET)
    sheet.sheet.vba_set("Name", "renamed")
    room.excel.run("ThisWorkbook.Workbook_Open")
    assert room.help == []


def test_each_wrapper_calls_its_python_function_with_all_its_arguments(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    for function in FUNCTIONS.values():
        name = naming.function_name(function)
        given = [f"a{number}" for number in range(len(function.arguments))]
        assert room.excel.run(name, *given) == f"xlcrm.hosts.classic.functions_{language}|{name}|{len(given)}|a0"


def test_optional_arguments_may_be_left_out(packed: dict[str, Path], language: str) -> None:
    room = VbaRoom(packed[language])
    for function in FUNCTIONS.values():
        needed = [argument for argument in function.arguments if not argument.optional]
        answered = room.excel.run(naming.function_name(function), *("x" for _ in needed))
        assert str(answered).split("|")[2] == str(len(function.arguments))


def test_the_signatures_are_the_catalogues(packed: dict[str, Path], language: str) -> None:
    source = vba_modules(packed[language])[naming.FUNCTIONS_MODULE]
    found = dict(re.findall(r"^Function (\w+)\((.*)\)\s*$", source, re.MULTILINE))
    wanted = {
        naming.function_name(function): ", ".join(
            ("Optional " if argument.optional else "") + naming.argument_name(argument.name) for argument in function.arguments
        )
        for function in FUNCTIONS.values()
    }
    assert found == wanted
    assert source.count(f"{naming.HELP_MODULE}.CRM_NotOnMac()") == len(FUNCTIONS)
