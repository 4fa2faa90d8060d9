"""Excel 2021+ and 365 on Windows, macOS and the web: the code inside the workbook, run by xlwings Lite."""

from __future__ import annotations

from pathlib import Path

from xlcrm.texts import Language


def pack(out: Path, language: Language) -> list[str]:
    """Writes a new workbook with functions and buttons for xlwings Lite, see `packing`."""
    from xlcrm.hosts.lite import packing  # not at once: this package also stands in the workbook, where nothing is packed

    return packing.pack(out, language)
