"""Recalculates workbooks with LibreOffice, headless, for tests that need what a spreadsheet program makes of a formula."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
XLSX = "xlsx:Calc MS Excel 2007 XML"


@dataclass(frozen=True)
class Recalculated:
    """A workbook after LibreOffice calculated it: the saved file, and its values."""

    path: Path
    sheets: dict[str, dict[str, object]]

    def value(self, sheet: str, cell: str) -> object:
        """The value of a cell (`#N/A` and its like are texts), None where it is empty."""
        return self.sheets[sheet].get(cell)


def convert(soffice: str, sources: Sequence[Path], folder: Path, to: str = XLSX, timeout_seconds: float = 300) -> list[Path]:
    """Converts files with one run of LibreOffice under a profile of its own, every formula calculated anew; the new files lie in folder.

    folder must not be the sources' own, and the sources' names must differ. Raises subprocess.SubprocessError where LibreOffice
    fails, FileNotFoundError where it wrote nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="xlcrm-office-") as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [soffice, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", to, "--outdir", str(folder)]
        subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=timeout_seconds)
    written = [folder / f"{source.stem}.{to.partition(':')[0]}" for source in sources]
    for file in written:
        if not file.is_file():
            raise FileNotFoundError(file)
    return written


def read_values(path: Path) -> Recalculated:
    """The saved values of a workbook, sheet by sheet, cell by cell."""
    book = load_workbook(path, data_only=True)
    sheets = {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }
    book.close()
    return Recalculated(path, sheets)


def recalculate(soffice: str, source: Path, folder: Path) -> Recalculated:
    """The workbook with every formula calculated by LibreOffice. folder must not be the source's own."""
    return read_values(convert(soffice, [source], folder)[0])
