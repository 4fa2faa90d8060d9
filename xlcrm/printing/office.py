"""Prints the workbook's own sheets, through LibreOffice or through Excel. The workbook is only read: a copy is printed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.encryption import is_encrypted
from xlcrm.sheets.printcopy import font_names, write_print_copy
from xlcrm.sheets.saving import read_stamped

TIMEOUT_SECONDS = 300.0
_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_REPLACEMENTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "WenQuanYi Micro Hei", "PingFang SC")
"""Fonts that hold Latin and Chinese and are about as wide as the workbook's own, the nearest first."""


def print_sheets(
    book: Path, page_ids: Sequence[str], out: Path, via: Literal["excel", "libreoffice"], timeout_seconds: float = TIMEOUT_SECONDS
) -> list[str]:
    """Writes the sheets of those pages to a PDF and returns their names.

    Raises CannotDo when the program is missing, fails or takes longer than `timeout_seconds`, a page has no sheet, or the workbook has
    a password.
    """
    if is_encrypted(read_stamped(Path(book))[0]):  # its copy would lie in clear on the disk
        raise CannotDo(Problem("print_with_password", file=Path(book).name))
    program = _libreoffice() if via == "libreoffice" else ""
    if via == "excel":
        _require_excel()
    with tempfile.TemporaryDirectory(prefix="xlcrm-print-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"print{book.suffix.lower() or '.xlsx'}"
        fonts = _font_replacements(Path(book)) if via == "libreoffice" else {}
        names = write_print_copy(Path(book), page_ids, copy, fonts)
        printed = Path(folder) / "print.pdf"
        if via == "libreoffice":
            _by_libreoffice(program, copy, printed, timeout_seconds)
        else:
            _by_excel(copy, names, printed)
        _move(printed, Path(out))
    return names


def _move(printed: Path, out: Path) -> None:
    """To its place in one step, so that no half file is ever seen there."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(printed, part)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CannotDo(Problem("pdf_not_written", file=str(out), value=error.strerror or str(error))) from error


def _font_replacements(book: Path) -> dict[str, str]:
    """The workbook's fonts that this machine lacks, and what it has in their place; none where that cannot be asked.

    Without a font of its own kind LibreOffice takes a much wider one, and figures no longer fit their cells.
    """
    asker = shutil.which("fc-list")
    if asker is None:
        return {}
    said = subprocess.run([asker, ":", "family"], capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL)
    families = {name.strip() for line in said.stdout.decode(errors="replace").splitlines() for name in line.split(",")}
    instead = next((name for name in _REPLACEMENTS if name in families), None)
    return {name: instead for name in font_names(book) if name not in families} if instead else {}


def _libreoffice() -> str:
    """LibreOffice's command. Raises CannotDo where there is none."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    for place in _USUAL_PLACES:
        if Path(place).is_file():
            return place
    raise CannotDo(Problem("libreoffice_missing"))


def _by_libreoffice(program: str, copy: Path, printed: Path, timeout_seconds: float) -> None:
    """Converts the copy with a profile of its own, so that a LibreOffice that is open is not disturbed."""
    profile = copy.parent / "profile"
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
        "--convert-to", "pdf:calc_pdf_Export", "--outdir", str(printed.parent), str(copy),
    ]  # fmt: skip
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as error:
        raise CannotDo(Problem("libreoffice_failed", value=error.strerror or str(error))) from error
    try:
        said, _ = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise CannotDo(Problem("print_timeout", value=f"{timeout_seconds:g}")) from error
    if not printed.is_file():
        lines = said.decode(errors="replace").strip().splitlines()
        raise CannotDo(Problem("libreoffice_failed", value=lines[-1] if lines else str(process.returncode)))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends LibreOffice with the processes that it started."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _require_excel() -> None:
    if sys.platform not in ("win32", "darwin"):
        raise CannotDo(Problem("excel_not_here"))


def _by_excel(copy: Path, names: Sequence[str], printed: Path) -> None:
    """Lets an Excel of its own print the copy; one that is open is not disturbed."""
    import xlwings

    try:
        with xlwings.App(visible=False, add_book=False) as app:
            app.display_alerts = False
            opened = app.books.open(str(copy), update_links=False, read_only=True)
            try:
                opened.to_pdf(str(printed), include=list(names))
            finally:
                opened.close()
    except CannotDo:
        raise
    except Exception as error:  # xlwings raises the automation layer's own errors, which differ by platform
        raise CannotDo(Problem("excel_failed", value=" ".join(str(error).split()))) from error
    if not printed.is_file():
        raise CannotDo(Problem("excel_failed", value=printed.name))
