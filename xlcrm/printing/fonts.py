"""The font of the PDF: Noto Sans CJK from two installed packages, the same on every machine.

The packages carry the Japanese cut, which holds every glyph of all regions; the language tag `zh-CN` makes typst take the
simplified Chinese forms. The Latin letters and figures are the font's own.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from xlcrm.problems import CannotDo, Problem

FAMILY = "Noto Sans CJK JP"
PACKAGES = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")


def font_folders() -> list[Path]:
    """The folders that hold the regular and the bold font. Raises CannotDo where one is not installed."""
    folders = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise CannotDo(Problem("print_font_missing", value=package.replace("_", "-")))
        folders.append(Path(spec.origin).parent)
    return folders
