"""What is personal in the tables, and how a person's texts are recognised elsewhere (feature S11).

A person's row keeps what says nothing of who it is: code, type, route, grades, figures, owner, status. Texts that identify (name,
contact, phone, address, licence number) are looked for everywhere; other texts of the person (notes) where they stand as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xlcrm.tables import columns as c

IDENTIFYING = (c.CUSTOMER_NAME, c.CONTACT, c.PHONE, c.ADDRESS, c.LICENCE_NUMBER)
"""Columns of Customers by which a person is recognised."""
PERSONAL = (
    *IDENTIFYING, c.SOURCE, c.OPENED_ON, c.BIRTHDAY, c.LATITUDE, c.LONGITUDE, c.NEXT_ACTION, c.ADVICE, c.SEARCH,
)  # fmt: skip
"""Columns of Customers that an erasure blanks, with all columns of the user's own."""
WRITTEN = {
    "follow_ups": (c.OUTCOME, c.NOTE, c.NEXT_ACTION), "intake": (c.OUTCOME, c.NOTE, c.NEXT_ACTION, c.MESSAGE),
    "handovers": (c.NOTE, c.MESSAGE), "consents": (c.NOTE,), "surveys": (c.FEEDBACK,),
    "due": (c.REASON_TEXT, c.CONTACT, c.PHONE),
}  # fmt: skip
"""What was written about a customer, by table: an erasure blanks it; the row, its date and its kind stay, so that totals stay right."""
OF_PERSONS = ("customers", "follow_ups", "intake", "handovers", "consents", "surveys")
"""Tables whose rows are about a person; what the audit holds of them is erased."""

_SHORTEST = 3
_FEWEST_DIGITS = 5
_WORD_SIGN = r"[0-9A-Za-z]"
_WORDS = re.compile(r"[^\s&<>\"']+")
_LONG = 4_000


def is_telling(written: str) -> bool:
    """Whether a text can be looked for at all: two signs, or a few digits, stand everywhere."""
    written = written.strip()
    if len(written) < _SHORTEST:
        return False
    return any(sign.isalpha() for sign in written) or sum(sign.isdigit() for sign in written) >= _FEWEST_DIGITS


def telling(texts: Iterable[str | None], *, words: bool = False) -> list[str]:
    """The texts worth looking for, each once, the longest first. words: only those with a letter; a number alone may be anything."""
    found = {text.strip() for text in texts if text and is_telling(text)}
    if words:
        found = {text for text in found if any(sign.isalpha() for sign in text)}
    return sorted(found, key=lambda text: (-len(text), text))


@dataclass(frozen=True)
class Pattern:
    """Finds texts, whole words of them, whatever the case and the blanks between their words. `escaped`: as XML writes them."""

    texts: tuple[str, ...]
    escaped: bool = False

    def __bool__(self) -> bool:
        return bool(self.texts)

    @property
    def expression(self) -> re.Pattern[str]:
        """The regular expression; needs at least one text."""
        return _expression(self.texts, self.escaped)

    def matches(self, text: str) -> list[re.Match[str]]:
        """Every place of every text, from left to right, none over another; where several begin at one place, the longest.

        A long text is searched for the rarest word of each first: as an expression in any case it would take a hundred times as long.
        """
        if not self.texts:
            return []
        folded = text.lower()
        if len(text) < _LONG or len(folded) != len(text):
            return list(self.expression.finditer(text))
        found = sorted((match for each in self.texts for match in _near_words(each, self.escaped, text, folded)), key=_place)
        apart: list[re.Match[str]] = []
        for match in found:
            if not apart or match.start() >= apart[-1].end():
                apart.append(match)
        return apart

    def found_in(self, text: str) -> bool:
        """Whether any of them stands in the text."""
        return bool(self.matches(text))

    def replaced(self, text: str, mark: str) -> str:
        """The text with the mark in the place of each."""
        pieces, done = [], 0
        for match in self.matches(text):
            pieces += [text[done : match.start()], mark]
            done = match.end()
        return "".join([*pieces, text[done:]])


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


def _near_words(written: str, escaped: bool, text: str, folded: str) -> Iterator[re.Match[str]]:
    """The places of one text, found round its rarest word."""
    words = {word for word in _WORDS.findall(written.lower()) if word}
    expression = _expression((written,), escaped)
    if not words:
        yield from expression.finditer(text)
        return
    if any(word not in folded for word in words):
        return
    rarest, reach = min(words, key=folded.count), 8 * len(written) + 32
    place, done = folded.find(rarest), 0
    while place >= 0:
        match = expression.search(text, max(done, place - reach), min(len(text), place + reach))
        if match is not None:
            yield match
            done = match.end()
        place = folded.find(rarest, max(place + len(rarest), done))


@lru_cache(maxsize=32)
def _expression(texts: tuple[str, ...], escaped: bool) -> re.Pattern[str]:
    return re.compile("|".join(_one(text, escaped) for text in sorted(texts, key=len, reverse=True)), re.IGNORECASE)


_XML = {
    "&": "&(?:amp|#38|#x26);", "<": "&(?:lt|#60|#x3c);", ">": "(?:&(?:gt|#62|#x3e);|>)", '"': '(?:&(?:quot|#34|#x22);|")',
    "'": "(?:&(?:apos|#39|#x27);|')",
}  # fmt: skip


def _one(text: str, escaped: bool) -> str:
    def sign(each: str) -> str:
        return _XML[each] if escaped and each in _XML else re.escape(each)

    blanks = r"(?:\s|&#(?:10|13|9|x0*[aAdD9]);|_x000[aAdD9]_)+" if escaped else r"\s+"
    words = blanks.join("".join(map(sign, word)) for word in text.split())
    before = rf"(?<!{_WORD_SIGN})" if re.match(_WORD_SIGN, text) else ""
    behind = rf"(?!{_WORD_SIGN})" if re.match(_WORD_SIGN, text[-1]) else ""
    return f"{before}{words}{behind}"


def standing_elsewhere(texts: Sequence[str], elsewhere: str) -> set[str]:
    """Those of the texts that stand in `elsewhere` too: they belong to somebody else as well, or are plain words."""
    folded = elsewhere.lower()  # most texts have a word that stands nowhere else, which is seen faster so
    return {text for text in texts if all(word in folded for word in text.lower().split()) and Pattern((text,)).found_in(elsewhere)}
