"""How wide a text is on paper, and how it is shortened to fit its cell.

Widths are those of Noto Sans CJK, the font of the PDF and of LibreOffice on Linux; Segoe UI's Latin is about 7 % narrower, and
Chinese characters are squares in every font. A cell never relies on text flowing out of it, and no program puts an ellipsis
into a cell by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import polars as pl

# Thousandths of the font size, for the characters from space (32) to tilde (126).
_REGULAR = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555, 555, 555,
    555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742,
    635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275,
    552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
_BOLD = (
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590, 590, 590, 590, 590, 590, 590,
    590, 325, 325, 590, 590, 590, 514, 1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853, 749, 770, 667, 770,
    682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567, 626, 591, 644, 527, 644, 581, 372, 597, 640, 304, 306,
    604, 315, 964, 641, 626, 644, 644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590,
)  # fmt: skip
_OTHERS = {"·": 592, "–": 544, "−": 590, "✓": 723}
_NARROW, _WIDE = 600, 1000
_WIDEST = max(*_BOLD, *_REGULAR, _WIDE)

ELLIPSIS = "…"
PX_PER_POINT = 96 / 72

ADVICE_LATIN = 62
"""Latin characters of an advice at most; a wide character counts for 62/30 of one, so that 30 fit."""
ADVICE_WIDE = 30


@cache
def is_wide(character: str) -> bool:
    """Whether a character takes a full square, as Chinese ones do."""
    return unicodedata.east_asian_width(character) in "WFA" and character not in _OTHERS


def width_px(text: str, size: float = 10.0, bold: bool = False) -> float:
    """The width of a text in pixels at a font size in points."""
    return sum(map(_WIDTHS[bold].__getitem__, text)) / 1000 * size * PX_PER_POINT


class _Widths(dict[str, int]):
    """Widths of characters in thousandths of the font size; few different ones are ever met, most of them often."""

    def __init__(self, bold: bool) -> None:
        super().__init__()
        self._bold = bold

    def __missing__(self, character: str) -> int:
        width = self[character] = _thousandths(character, self._bold)
        return width


_WIDTHS = (_Widths(False), _Widths(True))


def _thousandths(character: str, bold: bool) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return (_BOLD if bold else _REGULAR)[code - 32]
    if character in _OTHERS:
        return _OTHERS[character]
    if unicodedata.combining(character):
        return 0
    return _WIDE if is_wide(character) else _NARROW


_CONTROLS = "[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_CONTROL = re.compile(_CONTROLS)
"""Control characters and the separators of lines and paragraphs (Unicode's Cc, Zl, Zp)."""


def one_line(text: str) -> str:
    """The text with a space for every line break, tab or other control character, and none at its ends."""
    return _CONTROL.sub(" ", text).strip()


def shorten(text: str, px: float, size: float = 10.0, bold: bool = False) -> str:
    """The text as one line, cut with `…` where it is wider than `px` pixels."""
    text = one_line(text)
    if width_px(text, size, bold) <= px:
        return text
    widths = _WIDTHS[bold]
    room = (px - width_px(ELLIPSIS, size, bold)) / size / PX_PER_POINT * 1000
    kept = 0
    for character in text:
        room -= widths[character]
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip(" ,，、·") + ELLIPSIS


def shorten_advice(text: str, px: float) -> str:
    """An advice: at most 62 Latin or 30 Chinese characters, and never wider than its cell."""
    text = one_line(text)
    room = float(ADVICE_LATIN)
    for position, character in enumerate(text):
        room -= ADVICE_LATIN / ADVICE_WIDE if is_wide(character) else 1
        if room < -1e-9:
            text = text[: max(position - 1, 0)].rstrip(" ,，、·") + ELLIPSIS
            break
    return shorten(text, px)


def one_line_each(texts: pl.Series) -> pl.Series:
    """`one_line` for a column; null is an empty text."""
    texts = texts.fill_null("")
    odd = texts.str.contains(_CONTROLS) | texts.str.contains(r"^\s|\s$")
    return _each(texts, odd, one_line) if odd.any() else texts


def too_wide(texts: pl.Series, px: float, size: float = 10.0, bold: bool = False) -> pl.Series:
    """Which texts of a column are wider than `px` pixels; null is not. Each different text is measured once."""
    room = px / size / PX_PER_POINT * 1000
    doubtful = (texts.str.len_chars() * _WIDEST > room).fill_null(False)
    if not doubtful.any():
        return doubtful
    width = _WIDTHS[bold].__getitem__
    wide = [text for text in texts.filter(doubtful).unique().to_list() if sum(map(width, text)) > room + 1e-6]
    return texts.is_in(wide).fill_null(False) if wide else pl.repeat(False, texts.len(), eager=True)


def shorten_each(texts: pl.Series, px: float, size: float = 10.0, bold: bool = False) -> pl.Series:
    """`shorten` for a column; null is an empty text."""
    texts = one_line_each(texts)
    return _each(texts, too_wide(texts, px, size, bold), lambda text: shorten(text, px, size, bold))


def shorten_advice_each(texts: pl.Series, px: float) -> pl.Series:
    """`shorten_advice` for a column; null is an empty text."""
    texts = one_line_each(texts)
    long = (texts.str.len_chars() > ADVICE_LATIN) | (texts.str.len_chars() != texts.str.len_bytes())
    return _each(texts, long | too_wide(texts, px), lambda text: shorten_advice(text, px))


def _each(texts: pl.Series, chosen: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """A function applied to the chosen texts, to each different one once."""
    different = texts.filter(chosen).unique().to_list()
    changed = {text: new for text in different if (new := function(text)) != text}
    return texts.replace(list(changed), list(changed.values())) if changed else texts
