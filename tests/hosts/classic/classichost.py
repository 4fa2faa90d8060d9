"""The classic host without Excel: the workbook's own VBA says what Python is told, Python does it on a book that records."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings

from tests.hosts.remote import RemoteBook
from tests.hosts.sample_books import Prepared
from xlcrm.functions import FUNCTIONS
from xlcrm.functions.catalog import Grid
from xlcrm.hosts.classic import naming, wrappers
from xlcrm.macros import MACROS
from xlcrm.texts import Language


@dataclass
class Screen:
    """What the user of a desktop Excel sees and answers. files: chosen in the dialog; False is Cancel."""

    files: tuple[str, ...] | bool = False
    status: list[object] = field(default_factory=list)
    boxes: list[tuple[str, str, str]] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)


class DesktopApp:
    """The application of a book on the desktop."""

    def __init__(self, app: Any, screen: Screen) -> None:
        self._app, self._screen = app, screen
        self.api = SimpleNamespace(GetOpenFilename=self._choose)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "status_bar":
            self._screen.status.append(value)
        else:
            object.__setattr__(self, name, value)

    def alert(self, prompt: str, title: str, mode: str) -> None:
        self._screen.boxes.append((title, prompt, mode))

    def _choose(self, FileFilter: str, Title: str, MultiSelect: bool) -> tuple[str, ...] | bool:  # noqa: N803 - Excel's own names
        assert MultiSelect
        assert Title
        self._screen.filters.append(FileFilter)
        return self._screen.files


class DesktopBook:
    """A book as Book.caller() gives it on the desktop: everything of the in-process book, and a path, a status bar, a dialog."""

    def __init__(self, book: xlwings.Book, path: Path, screen: Screen) -> None:
        self._book, self.fullname, self._screen = book, str(path), screen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    @property
    def app(self) -> DesktopApp:
        return DesktopApp(self._book.app, self._screen)


def press(command: str, at: Prepared, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> RemoteBook:
    """Does what a Sub tells Python, as `python -c` does; the file is then as the user would save it."""
    remote = RemoteBook(at.book)

    def told(book: xlwings.Book) -> None:
        monkeypatch.setattr(xlwings.Book, "caller", lambda: DesktopBook(book, at.book, screen))
        exec(compile(command, "RunPython", "exec"), {})

    remote.run(told, active=at.front, selection=at.selection)
    return remote


class DesktopEngine:
    """What xlwings does to cells on the way from and to Excel on Windows: blanks become None, None becomes the empty text."""

    name, type = "excel", "desktop"

    @property
    def impl(self) -> DesktopEngine:
        return self

    def clean_value_data(
        self, data: Any, datetime_builder: Any, empty_as: object, number_builder: Any, err_to_str: bool
    ) -> list[list[object]]:
        return [[empty_as if cell in ("", None) else cell for cell in row] for row in data]

    def prepare_xl_data_element(self, value: object, date_format: object) -> object:
        return "" if value is None else value


@contextmanager
def served(language: Language) -> Iterator[Any]:
    """Calls a function by its name in a cell, through xlwings' own server of functions; a range is already a grid there."""
    with wrappers.windows_xlwings() as udfs:
        stand_in = SimpleNamespace(Range=lambda xl: SimpleNamespace(), is_range_instance=lambda value: False, BOOK_CALLER=None)
        had = hasattr(xlwings, "_xlwindows")
        before = getattr(xlwings, "_xlwindows", None)
        xlwings._xlwindows = stand_in
        engines = xlwings.engines.engines_by_name
        engine = engines.get(DesktopEngine.name)
        engines[DesktopEngine.name] = DesktopEngine()
        sys.modules["xlwings.com_server"] = SimpleNamespace(loop=None)  # type: ignore[assignment]  # a module, for an import of one name
        module = naming.functions_python_module(language)
        sys.modules.pop(module, None)
        try:
            yield lambda name, *grids: udfs.call_udf(module, name, grids)
        finally:
            sys.modules.pop(module, None)
            del sys.modules["xlwings.com_server"], engines[DesktopEngine.name]
            if engine is not None:
                engines[DesktopEngine.name] = engine
            if had:
                xlwings._xlwindows = before
            else:
                del xlwings._xlwindows


def arguments(function_id: str, **given: Grid) -> Sequence[Grid | None]:
    """The arguments of a function in their order, None for those left out."""
    return [given.get(argument.name) for argument in FUNCTIONS[function_id].arguments]


ALL_MACROS = tuple(MACROS)
