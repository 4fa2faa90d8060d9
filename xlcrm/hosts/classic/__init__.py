"""Excel on Windows and macOS with a Python of its own: a macro workbook."""

from __future__ import annotations

from pathlib import Path

from xlcrm.texts import Language

__all__ = ["pack"]


def pack(out: Path, language: Language) -> list[str]:
    """Makes the macro workbook of that language; returns the lines that say what was made.

    Raises CannotDo, with nothing written, where the file exists, its name does not end in `.xlsm`, or the extra is not installed.
    """
    from xlcrm.hosts.classic.packing import pack as make

    return make(out, language)
