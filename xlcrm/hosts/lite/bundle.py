"""`main.py` and `requirements.txt` of a Lite workbook, made from our sources and the two catalogues.

`main.py` holds, in this order: what the task pane shows above the buttons; how the modules become importable; every module that
functions and macros need, as its own source under a heading with its path; the texts; and the functions and scripts themselves, as
ordinary Python functions of `main`, since xlwings looks for them there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from importlib.resources import files

from xlcrm.functions import FUNCTIONS, Function
from xlcrm.functions.catalog import NAMESPACE
from xlcrm.hosts.lite.modules import Module, needed, outside
from xlcrm.macros import MACROS, Macro
from xlcrm.texts import Language, text

REQUIREMENTS = {"efficient_apriori": "efficient-apriori>=2.0.5", "narwhals": "narwhals<3.0.0", "xlwings": "xlwings>=0.37.8,<1.0.0"}
"""Packages that need more than their name. The others come with the add-in's Python, in the one version that fits it."""

_RULE = "# " + "=" * 100


def requirements() -> str:
    """The text of `requirements.txt`: what the bundled modules import, one package a line."""
    return "".join(f"{REQUIREMENTS.get(package, package)}\n" for package in outside(needed()))


def main_text(language: Language) -> str:
    """The text of `main.py`; help and labels in that language."""
    modules = needed()
    parts = [
        _docstring(text("lite.about", language, example=FUNCTIONS["arrow"].formula(language))),
        _heading(text("lite.part_unpacking", language)),
        _unpacking(),
        "SOURCES: dict[str, str] = {}",
        _heading(text("lite.part_modules", language)),
        *(_source(module.path, module.source) for module in modules),
        _heading(text("lite.part_texts", language)),
        *(_source(path, content) for path, content in _texts(modules)),
        _heading(text("lite.part_functions", language)),
        "unpack(SOURCES)",
        _imports(),
        f'LANGUAGE = "{language}"',
        *(_function(function, language) for function in FUNCTIONS.values()),
        _heading(text("lite.part_scripts", language)),
        *(_script(macro, language) for macro in MACROS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def text_areas(modules: Iterable[Module]) -> list[str]:
    """The areas of the text catalogue that these modules name, sorted."""
    areas = [file.name.removesuffix(".toml") for file in files("xlcrm.texts").iterdir() if file.name.endswith(".toml")]
    sources = [module.source for module in modules]
    return sorted(area for area in areas if any(re.search(rf"""["']{area}\.|entries\(["']{area}["']""", source) for source in sources))


def _texts(modules: Sequence[Module]) -> list[tuple[str, str]]:
    folder = files("xlcrm.texts")
    return [(f"xlcrm/texts/{area}.toml", (folder / f"{area}.toml").read_text(encoding="utf-8")) for area in text_areas(modules)]


def _unpacking() -> str:
    """`unpacking.py` below its docstring."""
    source = (files("xlcrm.hosts.lite") / "unpacking.py").read_text(encoding="utf-8")
    docstring = ast.parse(source).body[0]
    return "\n".join(source.splitlines()[docstring.end_lineno :]).strip()


def _source(path: str, content: str) -> str:
    quotes = next((quotes for quotes in ("'''", '"""') if quotes not in content), None)
    if quotes is None or "\r" in content or not content.endswith("\n"):
        raise ValueError(f"{path} cannot stand in main.py as it is: both kinds of triple quotes, a carriage return, or no line end")
    return f'{_heading(path)}\nSOURCES["{path}"] = r{quotes}\n{content}{quotes}'


def _heading(words: str) -> str:
    return f"{_RULE}\n# {words}\n{_RULE}"


def _docstring(words: str) -> str:
    words = words.strip()
    if '"""' in words or "\\" in words or words.endswith('"'):
        return repr(words)
    return f'"""{words}"""'


def _imports() -> str:
    return "\n".join(
        (
            "import xlwings as xw",
            "from xlwings import arg, func, script",
            "",
            "from xlcrm.functions import FUNCTIONS, call",
            "from xlcrm.hosts.lite.running import press",
        )
    )


def _function(function: Function, language: Language) -> str:
    names = [argument.name for argument in function.arguments]
    signature = ", ".join(f"{argument.name}=None" if argument.optional else argument.name for argument in function.arguments)
    return "\n".join(
        (
            f'@func(namespace="{NAMESPACE}", name="{function.excel_name}")',
            *(
                f'@arg("{argument.name}", ndim=2, err_to_str=True, doc={function.argument_help(argument, language)!r})'
                for argument in function.arguments
            ),
            f"def {function.id}({signature}):",
            f"    {_docstring(function.help(language))}",
            f'    return call(FUNCTIONS["{function.id}"], [{", ".join(names)}], LANGUAGE)',
        )
    )


def _script(macro: Macro, language: Language) -> str:
    return "\n".join(
        (
            f"@script(name={macro.label(language)!r})",
            f"def {macro.id}(book: xw.Book):",
            f"    {_docstring(macro.help(language))}",
            f'    press("{macro.id}", book, LANGUAGE)',
        )
    )
