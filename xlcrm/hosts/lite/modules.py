"""Which of our modules a browser needs: everything that functions and macros can reach by imports, less what a browser cannot have.

The graph is read from the sources, so that a new module, or an import that goes, changes the bundle by itself. An import at the head of
a module is needed at once; one inside a function is needed when that function runs, and may be left out where it leads to a package
that the browser lacks or through one of the `DOORS` to files.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

ROOTS = ("xlcrm.functions", "xlcrm.macros", "xlcrm.hosts.lite.running")
"""What `main.py` itself imports."""

PACKAGES = ("xlwings", "polars", "narwhals", "pydantic", "pandas", "numpy", "scipy", "efficient_apriori")
"""Packages from outside that a browser has: Pyodide brings them, or PyPI has a wheel for it."""

LACKING = frozenset(
    {"subprocess", "multiprocessing", "threading", "socket", "ssl", "urllib", "http", "fcntl", "msvcrt", "winreg", "tkinter"}
)
"""Parts of the standard library that a browser lacks, or that do nothing there."""

DOORS = frozenset({"xlcrm.imports.readers", "xlcrm.jobs.printing", "xlcrm.hosts.lite"})
"""Modules whose lazy imports lead to files on a disk, which a workbook in a browser never opens or writes."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module of ours: its path inside the bundle, its source, and what it imports at once and lazily (names of modules)."""

    name: str
    path: str
    source: str
    at_once: tuple[str, ...]
    lazily: tuple[str, ...]


class NotForBrowsers(Exception):
    """A module that functions or macros need at once needs something that a browser lacks: a mistake in our code."""


@cache
def all_modules() -> dict[str, Module]:
    """Every module of ours by its name."""
    sources = {_module_name(path): (path, file) for path, file in _python_files(files("xlcrm"), "xlcrm")}
    return {name: _module(name, path, file.read_text(encoding="utf-8"), frozenset(sources)) for name, (path, file) in sources.items()}


def needed(roots: Iterable[str] = ROOTS) -> list[Module]:
    """The modules of the bundle, each after those that it imports at once.

    Raises NotForBrowsers where a root cannot do without what a browser lacks.
    """
    modules = all_modules()
    ordered: dict[str, Module] = {}
    waiting = list(roots)
    for root in waiting:
        if (why := _lack(root)) is not None:
            raise NotForBrowsers(f"{root} needs {why}")
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        for module in _at_once_first(name, seen):
            ordered[module.name] = module
            if module.name not in DOORS:
                waiting += [lazy for lazy in module.lazily if lazy in modules and _lack(lazy) is None]
    return list(ordered.values())


def outside(modules: Iterable[Module]) -> list[str]:
    """The packages from outside that these modules import and a browser has, sorted."""
    found = {name.partition(".")[0] for module in modules for name in (*module.at_once, *module.lazily)}
    return sorted(found & set(PACKAGES))


def _at_once_first(name: str, seen: set[str]) -> Iterator[Module]:
    if name in seen:
        return
    seen.add(name)
    module = all_modules()[name]
    for imported in module.at_once:
        if imported in all_modules():
            yield from _at_once_first(imported, seen)
    yield module


@cache
def _lack(name: str) -> str | None:
    """What keeps a module out of a browser: a package or part of the standard library that it needs at once, through others or itself."""
    return _lack_of(name, frozenset())


def _lack_of(name: str, above: frozenset[str]) -> str | None:
    for imported in all_modules()[name].at_once:
        if imported in all_modules():
            found = _lack_of(imported, above | {name}) if imported not in above else None
        else:
            found = None if _browser_has(imported) else imported
        if found is not None:
            return found
    return None


def _browser_has(package: str) -> bool:
    top = package.partition(".")[0]
    return top not in LACKING and (top in sys.stdlib_module_names or top in PACKAGES)


def _python_files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for file in sorted(folder.iterdir(), key=lambda found: found.name):
        if file.is_dir():
            yield from _python_files(file, f"{path}/{file.name}")
        elif file.name.endswith(".py"):
            yield f"{path}/{file.name}", file


def _module_name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _module(name: str, path: str, source: str, ours: frozenset[str]) -> Module:
    at_once: dict[str, None] = dict.fromkeys(_parents(name))
    lazily: dict[str, None] = {}
    for node, is_lazy in _imports(ast.parse(source, path), False):
        for imported in _imported_names(node, ours):
            (lazily if is_lazy else at_once).update(dict.fromkeys((*_parents(imported), imported) if imported in ours else (imported,)))
    at_once.pop(name, None)
    return Module(name, path, source, tuple(at_once), tuple(lazily))


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _imports(node: ast.AST, is_lazy: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import below a node that can happen, and whether it waits until a function is called."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_lazy
        elif isinstance(child, ast.If) and _is_for_type_checkers(child.test):
            for other in child.orelse:
                yield from _imports(other, is_lazy)
        else:
            yield from _imports(child, is_lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def _is_for_type_checkers(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _imported_names(node: ast.Import | ast.ImportFrom, ours: frozenset[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""  # the project has no relative imports
    return [inner if (inner := f"{base}.{alias.name}") in ours else base for alias in node.names]
