"""main.py and requirements.txt of a Lite workbook."""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from importlib.resources import files

import pytest
from packaging.requirements import Requirement

from xlcrm.functions import FUNCTIONS
from xlcrm.hosts.lite.bundle import REQUIREMENTS, main_text, requirements, text_areas
from xlcrm.hosts.lite.modules import needed
from xlcrm.hosts.lite.unpacking import unpack
from xlcrm.macros import MACROS
from xlcrm.texts import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_stands_in_main_word_for_word(language: Language) -> None:
    main = main_text(language)
    for module in needed():
        assert f"\n# {module.path}\n" in main
        assert f"\n{module.source}" in main, module.path
    assert "SOURCES" in main.split("xlcrm/__init__.py")[0]


def test_sources_come_out_as_they_went_in() -> None:
    sources = {path: content.lstrip("\n") for path, content in _sources(main_text("en")).items()}
    assert {path: content for path, content in sources.items() if path.endswith(".py")} == {
        module.path: module.source for module in needed()
    }
    for area in text_areas(needed()):
        assert sources[f"xlcrm/texts/{area}.toml"] == (files("xlcrm.texts") / f"{area}.toml").read_text(encoding="utf-8")


def _sources(main: str) -> dict[str, str]:
    """What main.py puts into SOURCES."""
    found = {}
    for node in ast.parse(main).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            found[ast.literal_eval(node.targets[0].slice)] = ast.literal_eval(node.value)
    return found


def test_texts_that_modules_name_are_in_and_those_of_other_hosts_are_not() -> None:
    areas = text_areas(needed())
    named = {area for module in needed() for area in re.findall(r"\btext\(f?[\"']([a-z]+)\.", module.source)}
    assert named <= set(areas)
    assert not {"audit", "classic", "server", "lite"} & set(areas)


@pytest.mark.parametrize("language", LANGUAGES)
def test_functions_and_scripts_are_plain_functions_of_main(language: Language) -> None:
    body = {node.name: node for node in ast.parse(main_text(language)).body if isinstance(node, ast.FunctionDef)}
    for function in FUNCTIONS.values():
        arguments = body[function.id].args
        assert [argument.arg for argument in arguments.args] == [argument.name for argument in function.arguments]
        assert len(arguments.defaults) == sum(argument.optional for argument in function.arguments)
        assert ast.get_docstring(body[function.id]) == function.help(language)
        read = [ast.unparse(decorator) for decorator in body[function.id].decorator_list if ast.unparse(decorator).startswith("arg(")]
        assert len(read) == len(function.arguments)
        assert all("err_to_str=True" in decorator for decorator in read), "an error in a cell is no blank, as on every host"
    for macro in MACROS.values():
        assert [argument.arg for argument in body[macro.id].args.args] == ["book"]
        assert ast.get_docstring(body[macro.id]) == macro.help(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_above_the_buttons_shows_a_formula_that_works(language: Language) -> None:
    about = ast.get_docstring(ast.parse(main_text(language)))
    assert about is not None
    assert FUNCTIONS["arrow"].formula(language) in about


def test_requirements_name_what_is_imported_and_pin_nothing_that_the_add_in_brings() -> None:
    lines = requirements().splitlines()
    assert [re.match(r"\w+", line).group() for line in lines] == [
        "efficient",
        "narwhals",
        "numpy",
        "polars",
        "pydantic",
        "scipy",
        "xlwings",
    ]  # type: ignore[union-attr]
    assert "polars" in lines
    assert "pydantic" in lines


@pytest.mark.parametrize("package", REQUIREMENTS)
def test_the_bundle_is_tested_with_versions_that_it_asks_for(package: str) -> None:
    asked = Requirement(REQUIREMENTS[package])
    assert asked.name.replace("-", "_") == package
    assert version(package) in asked.specifier


def test_unpacking_again_takes_the_place_of_what_was_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr("xlcrm.hosts.lite.unpacking.PACKAGE", "unpacked_example")
    monkeypatch.setattr(sys, "path", list(sys.path))
    first = unpack({"unpacked_example/__init__.py": "\nVALUE = 1\n"})
    import unpacked_example  # type: ignore[import-not-found]

    assert unpacked_example.VALUE == 1
    assert unpack({"unpacked_example/__init__.py": "\nVALUE = 1\n"}) == first
    assert sys.modules["unpacked_example"] is unpacked_example, "what was not edited is not loaded again"
    second = unpack({"unpacked_example/__init__.py": "\nVALUE = 2\n"})
    import unpacked_example

    assert unpacked_example.VALUE == 2
    assert not first.exists()
    assert [folder for folder in sys.path if "in-main.py" in folder] == [str(second)]
