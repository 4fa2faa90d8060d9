"""Handover sheets as a PDF; a room of its own, as a workbook in a browser writes no files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlcrm.sheets.pages import Page
from xlcrm.texts import Language


def print_handover(pages: Sequence[Page], out: Path, language: Language) -> None:
    """Writes the sheets one after another. Raises CannotDo where the file cannot be written."""
    from xlcrm.printing.typst_painter import pdf

    pdf(list(pages), out, language)
