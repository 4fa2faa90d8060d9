"""The elements of a sheet part around its rows: one is put in at the place where the file format wants it, or taken out."""

from __future__ import annotations

import re
from functools import lru_cache

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_TAG = re.compile(r"<(/?)([\w:.-]+)[^>]*?(/?)>")


@lru_cache(maxsize=4)
def _spans(xml: str) -> list[tuple[str, int, int]]:
    """Name, start and end of every element directly inside the worksheet; `xml` is its head or its tail."""
    found = []
    depth, start, name = 0, 0, ""
    for match in _TAG.finditer(xml):
        if match[2] in ("worksheet", "sheetData"):
            continue
        if match[1]:
            depth -= 1
        elif depth == 0:
            start, name = match.start(), match[2].rpartition(":")[2]
            depth += not match[3]
            if match[3]:
                found.append((name, start, match.end()))
            continue
        else:
            depth += not match[3]
        if depth == 0:
            found.append((name, start, match.end()))
    return found


def element(xml: str, name: str) -> str:
    """The element of that name, or nothing."""
    return next((xml[start:end] for each, start, end in _spans(xml) if each == name), "")


def with_element(xml: str, name: str, written: str) -> str:
    """The head or tail of a sheet with one element set; an empty text takes it out.

    Elements that a program wraps for compatibility (`mc:AlternateContent`) stay where they are.
    """
    spans = _spans(xml)
    for each, start, end in spans:
        if each == name:
            return xml[:start] + written + xml[end:]
    if not written:
        return xml
    place = _ORDER.index(name)
    for each, start, _ in spans:
        if each in _ORDER and _ORDER.index(each) > place:
            return xml[:start] + written + xml[start:]
    end = xml.rfind("<sheetData>") if xml.endswith("<sheetData>") else xml.rfind("</worksheet>")
    return xml[:end] + written + xml[end:]
