"""A number as its Excel number format shows it, for a painter that is not a spreadsheet program.

Only what the styles of xlcrm use: sections with and without conditions, `#,##0.00`, thousands by `,`, `%`, quoted and escaped
literals, `_x` (room at the right), `@`. Dates reach a page as text.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<room>.)|\*.|(?P<other>.)', re.DOTALL)
_CONDITION = re.compile(r"^\[(?P<sign><=|>=|<>|<|>|=)(?P<limit>-?[\d.]+)\]")
_PLACES = "0#?"


@dataclass(frozen=True, slots=True)
class _Section:
    condition: tuple[str, Decimal] | None
    tokens: tuple[tuple[str, str], ...]
    """Kind and text: `literal`, `room`, `place`, `point`, `comma`, `percent`, `text`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a number, and how many digits of room its format keeps free at its right."""

    text: str
    room: int = 0


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[_Section, ...]:
    parts: list[str] = [""]
    for match in _TOKEN.finditer(number_format):
        if match.group("other") == ";":
            parts.append("")
        else:
            parts[-1] += match.group(0)
    return tuple(_section(part) for part in parts)


def _section(written: str) -> _Section:
    condition = None
    found = _CONDITION.match(written)
    if found:
        condition = (found.group("sign"), Decimal(found.group("limit")))
        written = written[found.end() :]
    tokens: list[tuple[str, str]] = []
    kinds = {".": "point", ",": "comma", "%": "percent", "@": "text"}
    for match in _TOKEN.finditer(written):
        if match.group("quoted") is not None or match.group("escaped") is not None:
            tokens.append(("literal", match.group("quoted") or match.group("escaped") or ""))
        elif match.group("room") is not None:
            tokens.append(("room", "0"))
        elif match.group("other") is not None:
            character = match.group("other")
            tokens.append(("place" if character in _PLACES else kinds.get(character, "literal"), character))
    return _Section(condition, tuple(tokens))


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, limit = condition
    compare = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
    return bool(compare[sign](value, limit))


def shown(value: str | float | None, number_format: str) -> Shown:
    """The value as the format shows it; a text keeps its wording."""
    if value is None:
        return Shown("")
    sections = _sections(number_format) if number_format and number_format != "General" else ()
    if isinstance(value, str):
        last = next((section for section in sections if any(kind == "text" for kind, _ in section.tokens)), None)
        return _render_text(value, last)
    if not sections or (len(sections) == 1 and sections[0].tokens == (("text", "@"),)):
        return Shown(f"{value:g}" if isinstance(value, float) and not value.is_integer() else str(int(value)))
    section, minus = _choose(sections, Decimal(str(value)))
    return _render(abs(Decimal(str(value))), section, minus)


def _choose(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section, bool]:
    """The section for a number, and whether a minus has to be written before it."""
    numeric = [section for section in sections if not any(kind == "text" for kind, _ in section.tokens)] or [sections[0]]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, value):
                return section, value < 0 and section.condition is None
        return numeric[-1], value < 0
    if value < 0 and len(numeric) > 1:
        return numeric[1], False
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], value < 0


def _render_text(value: str, section: _Section | None) -> Shown:
    if section is None:
        return Shown(value)
    written = "".join(value if kind == "text" else literal for kind, literal in section.tokens if kind in ("text", "literal"))
    return Shown(written, sum(kind == "room" for kind, _ in section.tokens))


def _render(size: Decimal, section: _Section, minus: bool) -> Shown:
    tokens = section.tokens
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "place"]
    room = sum(kind == "room" for kind, _ in tokens)
    if not places:
        return Shown("".join(literal for kind, literal in tokens if kind in ("literal", "percent")), room)
    point = next((index for index, (kind, _) in enumerate(tokens) if kind == "point"), None)
    last_place = places[-1] if point is None else max((index for index in places if index < point), default=places[-1])
    scale = _commas_after(tokens, last_place)
    grouped = any(kind == "comma" for kind, _ in tokens[places[0] : last_place])
    decimals = 0 if point is None else sum(1 for index in places if index > point)
    if any(kind == "percent" for kind, _ in tokens):
        size *= 100
    size = (size / (Decimal(1000) ** scale)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, rest = f"{size:f}".partition(".")
    return Shown(("−" if minus else "") + _filled(tokens, places, point, whole, rest, grouped), room)


def _commas_after(tokens: tuple[tuple[str, str], ...], last_place: int) -> int:
    """Commas right behind the last digit: each one divides by a thousand."""
    count = 0
    for kind, _ in tokens[last_place + 1 :]:
        if kind != "comma":
            break
        count += 1
    return count


def _filled(tokens: tuple[tuple[str, str], ...], places: list[int], point: int | None, whole: str, rest: str, grouped: bool) -> str:
    """The digits in their places, literals between them; the first place takes all digits that are left."""
    before = [index for index in places if point is None or index < point]
    least = max((len(before) - number for number, index in enumerate(before) if tokens[index][1] == "0"), default=0)
    digits = whole.zfill(least) if whole != "0" or least else ""
    digit_at: dict[int, str] = {}
    for index in reversed(before[1:]):
        digit_at[index], digits = digits[-1:], digits[:-1]
    if before:
        digit_at[before[0]] = digits
    if grouped:
        joined = "".join(digit_at[index] for index in before)
        digit_at = dict.fromkeys(before, "") | {before[0]: f"{int(joined):,}" if joined else ""}
    decimals = iter(rest)
    written = []
    for index, (kind, literal) in enumerate(tokens):
        if kind == "place":
            written.append(digit_at[index] if index in digit_at else next(decimals, ""))
        elif kind in ("literal", "percent", "point"):
            written.append(literal)
    return "".join(written)
