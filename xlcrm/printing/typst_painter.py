"""Pages as a PDF by typst: the same page definitions and the same styles as the workbook's sheets.

Texts go to typst as JSON and are used as strings: a customer's name is never read as markup or code. The document reads no
file and no package; its fonts come from `fonts.py` and from nowhere else.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from xlcrm.printing import fonts
from xlcrm.printing.drawing import Drawing, drawings
from xlcrm.printing.shapes import Words
from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.pages import Page
from xlcrm.texts import Language

_SIDES = {"left": 0, "center": 1, "right": 2}

Row = list[object]


def pdf(pages: Sequence[Page], out: Path, language: Language) -> int:
    """Writes the pages to a PDF, each page starting on a new sheet of paper; returns the number of sheets of paper.

    Raises CannotDo where the font is missing or the file cannot be written; nothing is left half written.
    """
    import typst

    folders = [str(folder) for folder in fonts.font_folders()]
    sheets = [drawing for page in pages for drawing in drawings(page)]
    title = pages[0].title if len(pages) == 1 else "xlcrm"
    document = json.dumps(_document(sheets, title, language), ensure_ascii=False)
    source = files(__package__).joinpath("pages.typ").read_bytes()
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    with tempfile.TemporaryDirectory(prefix="xlcrm-print-") as empty:
        compiler = typst.Compiler(source, root=empty, font_paths=loaded, sys_inputs={"pages": document})
        painted = compiler.compile(format="pdf", pdf_tags=False)  # tags make the file nine times as large
    assert isinstance(painted, bytes)
    _write(Path(out), painted)
    return len(sheets)


def _write(out: Path, content: bytes) -> None:
    """Beside first, then in place: a reader never sees half a file."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CannotDo(Problem("pdf_not_written", file=str(out), value=error.strerror or str(error))) from error


class _Colors:
    """Colours by number, so that a shape names one shortly."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, color: str) -> int | None:
        return self.numbers.setdefault(color, len(self.numbers)) if color else None


def _document(sheets: Sequence[Drawing], title: str, language: Language) -> dict[str, object]:
    """What the typst file draws."""
    colors = _Colors()
    drawn = [_sheet(sheet, colors) for sheet in sheets]
    named = [f"#{color}" for color in colors.numbers]
    return {"title": title, "language": language, "font": fonts.FAMILY, "colors": named, "sheets": drawn}


def _sheet(sheet: Drawing, colors: _Colors) -> dict[str, object]:
    free: list[Row] = []
    kept: list[Row] = []
    for words in sheet.words:
        row = _words(words, colors)
        if words.box is None:
            free.append(row)
        else:
            kept.append([*row, *(_points(side) for side in words.box), words.wrap])
    return {
        "width": _points(sheet.width), "height": _points(sheet.height), "words": free, "kept": kept,
        "rectangles": [
            [_points(each.x), _points(each.y), _points(each.width), _points(each.height), colors(each.fill), colors(each.border)]
            for each in sheet.rectangles
        ],
        "rules": [
            [_points(rule.x), _points(rule.y), _points(rule.length), rule.down, rule.stroke, colors(rule.color), rule.dotted]
            for rule in sheet.rules
        ],
    }  # fmt: skip


def _words(words: Words, colors: _Colors) -> Row:
    return [_points(words.x), _points(words.y), _SIDES[words.align], _points(words.size), words.bold, colors(words.color), words.text]


def _points(length: float) -> float:
    return round(length, 2)
