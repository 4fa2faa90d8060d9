"""Finding a customer by a code, a part of the name, of the contact, of the phone, or by the initials of a Chinese name.

The customer card's own formulas do the same in the workbook without Python: a wildcard search in the hidden column `search` of
Customers, without regard to case. A sign that is a wildcard there is an ordinary sign here and there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

SEPARATOR = "|"
"""Stands between the parts of a customer's search text."""
BETWEEN = "  "
"""Stands between code and name in a hit: what is chosen from the list names one customer by what stands before it."""
MOST_HITS = 10
"""Hits that are listed; the others are counted."""

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. code: the customer that is meant, empty for none; hits: code and name of the first ones; count: of all."""

    code: str
    hits: list[tuple[str, str]]
    count: int


def search_text(code: str, name: str | None, contact: str | None, phone: str | None, initials: str = "") -> str:
    """What is searched of one customer: `C01|永兴便利店|李敏|13800001581|yxbld lm`."""
    return SEPARATOR.join((code, name or "", contact or "", phone or "", initials))


def is_chinese(text: str | None) -> bool:
    """Whether a text has a Chinese character."""
    return text is not None and _CHINESE.search(text) is not None


def initials_of(text: str) -> str:
    """The first letters of a Chinese text as it is read aloud, other letters and digits as they are: 永兴便利店3号 -> yxbld3h.

    Of several readings the usual one counts, by the phrase that the character stands in: 重庆 is cq. Empty where nothing is installed
    that knows the readings.
    """
    readings = _readings()
    return readings(text).casefold() if readings is not None else ""


@cache
def _readings() -> Callable[[str], str] | None:
    """Chinese to initials; None without pypinyin, whose dictionaries take a quarter of a second: only a Chinese name asks for it."""
    try:
        from pypinyin import Style, lazy_pinyin
    except ImportError:
        return None

    def read(text: str) -> str:
        return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors=_letters_and_digits))

    return read


def _letters_and_digits(run: str) -> str:
    return "".join(sign for sign in run if sign.isalnum() and sign.isascii())


def code_meant(typed: str) -> str:
    """The code in `code  name`, a hit that was chosen from the list; any other text as it is, without blanks around it."""
    return _trimmed(typed.partition(BETWEEN)[0])


def find(typed: str, customers: Iterable[tuple[str, str | None, str | None]]) -> Found:
    """The customers that a typed text finds, in the order in which they come; each is code, name and search text.

    An exact code (also one chosen from the list as `code  name`) means that customer, else the first hit is meant. Nothing typed
    finds everyone and means nobody.
    """
    listed = [(code, name or "", (search or search_text(code, name, None, None)).lower()) for code, name, search in customers]
    wanted = code_meant(typed)
    exact = next((code for code, _, _ in listed if code.lower() == wanted.lower()), "") if wanted else ""
    needle = (wanted if exact else _trimmed(typed)).lower()
    hits = [(code, name) for code, name, search in listed if needle in search]
    if not _trimmed(typed):
        return Found("", hits[:MOST_HITS], len(hits))
    return Found(exact or (hits[0][0] if hits else ""), hits[:MOST_HITS], len(hits))


def _trimmed(text: str) -> str:
    """As a spreadsheet's TRIM: no blanks around, one between words."""
    return " ".join(part for part in text.split(" ") if part)
