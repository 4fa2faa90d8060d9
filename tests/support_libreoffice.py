"""Recalculates a workbook with LibreOffice, headless, for tests that need what a spreadsheet program makes of a formula."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Recalculated:
    """A workbook after LibreOffice calculated it: the saved file, and its values."""

    path: Path
    sheets: dict[str, dict[str, object]]

    def value(self, sheet: str, cell: str) -> object:
        """The value of a cell (`#N/A` and its like are texts), None where it is empty."""
        return self.sheets[sheet].get(cell)


def convert(soffice: str, source: Path, folder: Path, to: str = "xlsx:Calc MS Excel 2007 XML", timeout_seconds: float = 180) -> Path:
    """Converts a file with LibreOffice under a profile of its own, every formula calculated anew; the new file lies in folder.

    Raises subprocess.SubprocessError where LibreOffice fails, FileNotFoundError where it wrote nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="xlcrm-office-") as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [soffice, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", to, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=timeout_seconds)
    written = folder / f"{source.stem}.{to.partition(':')[0]}"
    if not written.is_file():
        raise FileNotFoundError(written)
    return written


def recalculate(soffice: str, source: Path, folder: Path) -> Recalculated:
    """The workbook with every formula calculated by LibreOffice. folder must not be the source's own."""
    written = convert(soffice, source, folder)
    book = load_workbook(written, data_only=True)
    sheets = {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None} for sheet in book.worksheets
    }
    book.close()
    return Recalculated(written, sheets)
