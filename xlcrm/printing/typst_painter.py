"""Pages as a PDF by typst: the same page definitions and the same styles as the workbook's sheets.

Texts go to typst as JSON and are used as strings: a customer's name is never read as markup or code. The document reads no
file and no package; its fonts come from `fonts.py` and from nowhere else.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from xlcrm.printing import fonts
from xlcrm.printing.layout import PT_PER_PX, paper_of, printed_pages
from xlcrm.printing.numberformats import shown
from xlcrm.problems import CannotDo, Problem
from xlcrm.sheets.pages import Page, PageCell
from xlcrm.sheets.pagewords import MARKS
from xlcrm.sheets.styles import STYLES, TOKENS, Edge, StyleSpec
from xlcrm.texts import Language

_EDGE_PT = {"thin": 0.6, "medium": 1.5, "thick": 2.25, "dotted": 0.6}
_PILL = "crm.route.grade"
_PILL_INSET_PT = 2
_THIN_SPACE = "\u2009"
_MARKS = frozenset(mark for mark in MARKS.values() if mark)

Json = dict[str, object]


def pdf(pages: Sequence[Page], out: Path, language: Language) -> int:
    """Writes the pages to a PDF, each page starting on a new sheet of paper; returns the number of sheets of paper.

    Raises CannotDo where the font is missing or the file cannot be written; nothing is left half written.
    """
    import typst

    folders = fonts.font_folders()
    document = _document(pages, language)
    sheets = document["sheets"]
    assert isinstance(sheets, list)
    source = files(__package__).joinpath("pages.typ").read_bytes()
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders])
    with tempfile.TemporaryDirectory(prefix="xlcrm-print-") as empty:
        compiler = typst.Compiler(source, root=empty, font_paths=loaded, sys_inputs={"pages": json.dumps(document, ensure_ascii=False)})
        painted = compiler.compile(format="pdf", pdf_tags=False)  # tags make the file nine times as large
    assert isinstance(painted, bytes)
    _write(out, painted)
    return len(sheets)


def _write(out: Path, content: bytes) -> None:
    """Beside first, then in place: a reader never sees half a file."""
    out = Path(out)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CannotDo(Problem("pdf_not_written", file=str(out), value=error.strerror or str(error))) from error


def _document(pages: Iterable[Page], language: Language) -> Json:
    """What the typst file draws: resolved styles, and per sheet of paper its lines in points."""
    used: set[str] = set()
    sheets: list[Json] = []
    titles: list[str] = []
    for page in pages:
        titles.append(page.title)
        paper = paper_of(page)
        across = PT_PER_PX * paper.scale * paper.widen
        for printed in printed_pages(page):
            lines = []
            for line in printed.lines:
                used.update(cell.style for cell in line.cells)
                lines.append([_points(line.height_px * PT_PER_PX * paper.scale), [_cell(cell) for cell in line.cells]])
            sheets.append({
                "width": _points(paper.width), "height": _points(paper.height), "left": _points(paper.left), "right": _points(paper.right),
                "top": _points(paper.top), "bottom": _points(paper.bottom - 1), "edge": _points(paper.footer), "scale": paper.scale,
                "columns": [_points(width * across) for width in page.column_widths_px], "head": len(page.head), "lines": lines,
                "footer-left": _numbered(page.footer_left, printed.number, printed.pages),
                "footer-right": _numbered(page.footer_right, printed.number, printed.pages),
            })  # fmt: skip
    return {
        "title": titles[0] if len(titles) == 1 else "xlcrm", "language": language, "font": fonts.FAMILY, "footer": "#" + TOKENS["ink-3"],
        "styles": {name: _style(STYLES[name]) for name in sorted(used)}, "sheets": sheets,
    }  # fmt: skip


def _points(length: float) -> float:
    return round(length, 3)


def _numbered(footer: str, number: int, pages: int) -> str:
    return footer.replace("{page}", str(number)).replace("{pages}", str(pages))


def _cell(cell: PageCell) -> list[object]:
    written = shown(cell.value, cell.number_format or STYLES[cell.style].number_format)
    words, inset = written.text, 0
    if cell.style.startswith(_PILL):
        inset = _PILL_INSET_PT
        if words[-1:] in _MARKS and len(words) > 1:
            words = words[:-1] + _THIN_SPACE + words[-1]
    return [cell.column, cell.span, cell.rows, words, cell.style, written.room, inset]


def _style(spec: StyleSpec) -> Json:
    edges = {side: edge for side in ("left", "right", "top", "bottom") if (edge := getattr(spec, side)) is not None}
    return {
        "size": spec.size, "bold": spec.bold, "color": "#" + TOKENS[spec.color], "fill": "#" + TOKENS[spec.fill] if spec.fill else None,
        "edges": {side: _edge(edge) for side, edge in edges.items()},
        "x": spec.horizontal, "y": spec.vertical, "indent": spec.indent, "wrap": spec.wrap,
    }  # fmt: skip


def _edge(edge: Edge) -> Json:
    return {"width": _EDGE_PT[edge.stroke], "color": "#" + TOKENS[edge.color], "dotted": edge.stroke == "dotted"}
