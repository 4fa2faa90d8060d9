"""Full width to half width, for one text and for the lists that a whole column is folded by."""

from __future__ import annotations

FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)] + ["\u3000", "￥", "￡", "\u2212"]
HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)] + [" ", "¥", "£", "-"]
_FOLDING = str.maketrans(dict(zip(FULL_WIDTH, HALF_WIDTH, strict=True)))


def fold_width(text: str) -> str:
    """`ＣＳ１（２）` -> `CS1(2)`."""
    return text.translate(_FOLDING)
