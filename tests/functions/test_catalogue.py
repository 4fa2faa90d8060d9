"""The catalogue is whole: texts in both languages, examples that name what exists, a section in the docs; and nobody needs a frame library to read it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl.formula import Tokenizer

from docs.functions_page import functions_page, unit_of
from xlcrm.functions import CATEGORIES, FUNCTIONS, Function
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language, entries, has

ROOT = Path(__file__).resolve().parents[2]
WIZARD_CUTS_AT = 255
EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.id)
# What VBA, in which the classic host's wrappers are written, keeps for itself.
RESERVED = {"type", "date", "next", "name", "end", "string", "loop", "select", "case", "set", "get", "let", "me", "new", "to", "step"}


def test_every_function_of_the_specification_is_there() -> None:
    assert set(FUNCTIONS) == {
        "grade_change", "arrow", "state", "grade", "next_tier", "gap", "cushion", "minimums", "change_stats", "route_summary", "card", "why",
        "clean_code", "clean_number", "quarter", "advice", "rfm", "next_purchase", "abc", "stage", "churn", "clv", "nps", "csat", "rules",
    }  # fmt: skip


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_stands_in_both_languages_and_fits_the_wizard(function: Function, language: Language) -> None:
    helps = [function.help(language), *(function.argument_help(argument, language) for argument in function.arguments)]
    assert all(words.strip() for words in helps)
    assert [words for words in helps if len(words) > WIZARD_CUTS_AT] == []
    assert has(f"functions.category_{function.category}")


@EVERY
def test_arguments_are_fit_for_every_host(function: Function) -> None:
    names = [argument.name for argument in function.arguments]
    optional = [argument.optional for argument in function.arguments]
    assert len(set(names)) == len(names)
    assert optional == sorted(optional), "what may be left out stands last"
    assert not RESERVED & set(names)
    assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in names)
    for argument in function.arguments:
        assert argument.holds in TABLES if argument.shape == "table" else unit_of(argument)


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_a_formula_over_what_the_template_has(function: Function, language: Language) -> None:
    formula = function.formula(language)
    tokens = Tokenizer(formula).items
    assert tokens[0].value == f"CRM.{function.excel_name}("
    assert function.formula(language, "CRM_X").startswith("=CRM_X(")
    given = formula.count(",", formula.index("(")) + 1
    required = sum(not argument.optional for argument in function.arguments)
    assert required <= given <= len(function.arguments)
    by_excel_name = {table.excel_name: table for table in TABLES.values()}
    for name, head in re.findall(r"(\w+)\[([^\]]+)\]", formula):
        labels = {column.label(language) for column in by_excel_name[name].columns}
        assert head == "#All" or head in labels, (name, head)


@EVERY
def test_the_docs_have_a_section_with_every_argument_and_the_example(function: Function) -> None:
    sections = functions_page().split("\n### ")
    [section] = [part for part in sections if part.startswith(f"CRM.{function.excel_name}\n")]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == [argument.name for argument in function.arguments]
    assert all(function.formula(language) in section and function.help(language) in section for language in LANGUAGES)


def test_every_category_has_functions() -> None:
    assert {function.category for function in FUNCTIONS.values()} == set(CATEGORIES)


def test_every_text_of_the_area_is_used() -> None:
    """No help of a function or argument that is no more; errors and reasons are named in the sources."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "xlcrm").rglob("*.py"))
    known = {f"category_{category}" for category in CATEGORIES} | set(FUNCTIONS)
    for function in FUNCTIONS.values():
        for argument in function.arguments:
            own = f"{function.id}_{argument.name}"
            known.add(own if has(f"functions.{own}") else f"argument_{argument.name}")
    rest = [entry for entry in entries("functions") if entry not in known]
    unused = [
        entry
        for entry in rest
        if not re.search(rf'"(functions\.)?(error_|reason_)?{entry.removeprefix("error_").removeprefix("reason_")}"', sources)
    ]
    assert unused == []


@pytest.mark.parametrize("module", ["xlcrm.functions", "xlcrm.functions.catalog"])
def test_declaring_needs_no_frame_library(module: str) -> None:
    program = f"import sys, {module}; print([name for name in ('polars', 'pandas', 'narwhals', 'numpy', 'xlwings') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_without_a_frame_library_a_cell_says_what_is_missing_and_what_was_forgotten() -> None:
    program = (
        "import sys; sys.modules['polars'] = None\n"
        "from xlcrm.functions import FUNCTIONS, call\n"
        "print(call(FUNCTIONS['quarter'], [[['2017-05-01']]], 'en')[0][0])\n"
        "print(call(FUNCTIONS['clean_code'], [None], 'zh')[0][0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[0] == "This host lacks the package polars"
