"""Names, addresses, phones and numbers in one form, so that the same thing written twice compares as the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_ALL_HAN = re.compile(f"[{_HAN}]+")
_BLANK_IN_HAN = re.compile(f"(?<=[{_HAN}]) +(?=[{_HAN}])")
_LEGAL_FORM_HAN = re.compile("(?:股份有限公司|有限责任公司|有限責任公司|有限公司|分公司|总公司|總公司|公司|集团|集團)$")
_LEGAL_FORMS = {
    *("ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc", "llp", "ltd", "nv", "plc"),
    *("pte", "pty", "sa", "sarl", "sas", "srl", "the"),
}


def text_key(written: Any) -> str:
    """A text as it is compared: NFKC, no accents, no case, no punctuation, single blanks, none between Chinese characters."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", str(written or "")).casefold())
    bare = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", folded))
    words = " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())
    return _BLANK_IN_HAN.sub("", words)


def name_key(written: Any) -> str:
    """A name as it is compared: as any text, without the words that only say that it is a company."""
    key = text_key(written)
    words = [word for word in key.split() if word not in _LEGAL_FORMS]
    key = " ".join(words) or key
    while (shorter := _LEGAL_FORM_HAN.sub("", key).strip()) != key and len(shorter) >= 2:
        key = shorter
    return key


def common_words(names: Iterable[str], share: float, least: int) -> frozenset[str]:
    """Words, and last two to four Chinese characters, of more names than that share and than `least`: shop, market, 便利店."""
    counted: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        counted.update({*name.split(), *_endings(name)})
    return frozenset(word for word, count in counted.items() if count > max(least, share * total))


def _endings(name: str) -> list[str]:
    """The last four, three and two Chinese characters of a name that has two more."""
    return [name[-length:] for length in (4, 3, 2) if len(name) >= length + 2 and _ALL_HAN.fullmatch(name[-length:])]


def core_of(name: str, common: frozenset[str]) -> str:
    """The name without its common words and its longest common ending; the whole where nothing else is left."""
    kept = " ".join(word for word in name.split() if word not in common) or name
    ending = next((ending for ending in _endings(kept) if ending in common), "")
    return kept.removesuffix(ending).strip()


_EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|extension|#|x)\s*[:.]?\s*\d+\s*$", re.IGNORECASE)
_PHONE = re.compile(r"[+\d][\d\s().·\-–—]{5,}\d")
_LEAST_DIGITS, _MOST_NATIONAL = 7, 11
# Country codes of E.164: one digit (1, 7), these of two, all others three.
_TWO_DIGITS = frozenset(
    str(code)
    for code in (
        *(
            20,
            27,
            30,
            31,
            32,
            33,
            34,
            36,
            39,
            40,
            41,
            43,
            44,
            45,
            46,
            47,
            48,
            49,
            51,
            52,
            53,
            54,
            55,
            56,
            57,
            58,
            60,
            61,
            62,
            63,
            64,
            65,
            66,
        ),
        *(81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98),
    )
)


def phone_keys(written: Any) -> frozenset[str]:
    """The phone numbers of a cell: digits without country code, trunk zero and extension; several may stand in one cell."""
    text = unicodedata.normalize("NFKC", str(written or "")).replace("(0)", "")
    found = (_national(match) for part in re.split("[;,、/]", text) for match in _PHONE.findall(_EXTENSION.sub("", part)))
    return frozenset(number for number in found if len(number) >= _LEAST_DIGITS and len(set(number)) > 1)


def _national(number: str) -> str:
    digits = "".join(sign for sign in number if sign.isdigit())
    abroad = number.startswith("+") or digits.startswith("00")
    digits = digits.lstrip("0")
    if abroad or len(digits) > _MOST_NATIONAL:
        digits = digits[1 if digits[:1] in ("1", "7") else 2 if digits[:2] in _TWO_DIGITS else 3 :]
    return digits.lstrip("0")


def number_key(written: Any) -> str:
    """A licence number as it is compared: letters and digits, upper case; one sign over and over is none."""
    key = "".join(sign for sign in unicodedata.normalize("NFKC", str(written or "")).upper() if sign.isalnum())
    return key if len(key) >= 4 and len(set(key)) > 1 else ""


_RUN = re.compile(f"[{_HAN}]+|[^ {_HAN}]+")


def words_of(text: str) -> Iterator[str]:
    """Words of letters or digits; of a run of Chinese characters each two that follow one another."""
    for run in _RUN.findall(text):
        if len(run) > 1 and "\u3040" <= run[0] <= "\ufaff":
            yield from (run[start : start + 2] for start in range(len(run) - 1))
        else:
            yield run
