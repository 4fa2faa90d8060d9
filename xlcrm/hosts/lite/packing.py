"""Packs the workbook that carries our code for xlwings Lite."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from xlcrm.hosts.lite.bundle import main_text, requirements
from xlcrm.hosts.lite.webextension import with_properties
from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.saving import save_atomically
from xlcrm.sheets.template import template_bytes
from xlcrm.texts import Language, text

PYTHON = "314.0.0"
"""The version of Pyodide that the workbook asks xlwings Lite for: the first that keeps to the versions of packages it once installed."""
SETTINGS = {"startupBehavior": "taskpane"}
"""xlwings Lite starts with the workbook, and shows its task pane."""


def pack(out: Path, language: Language) -> list[str]:
    """Writes a new workbook in that language with functions and buttons for xlwings Lite; returns what to say about it.

    Raises CannotDo where the file is no `.xlsx`, exists already or cannot be written.
    """
    if out.suffix.casefold() != ".xlsx":
        raise CannotDo(Problem("lite_not_xlsx", file=out.name))
    main = main_text(language)
    properties = {
        "main.py": main,
        "requirements.txt": requirements(),
        "pyodideVersion": PYTHON,
        "xlwingsSettingsWorkbook": SETTINGS,
    }
    data = with_properties(template_bytes(language), properties)
    save_atomically(out, lambda stream: _write(stream, data), None)
    kilobytes = round(len(main.encode()) / 1024)
    return [text("lite.packed", language, file=out.name, kilobytes=kilobytes), text("lite.open_it", language)]


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(data)
