"""Learns how grade codes are written from an export, and says which of them can be read in two ways (feature M13).

Each way to take codes apart is a shape: letters that are a type and digits that are a size (`CS1`), the same with a sub-level behind the
first digit (`CZ12`), a letter that is the size itself (`A`, or with a sub-level `A1`), letters whose last one is the size (`CSA`), digits
alone, and sizes in words (`大`). A shape is possible where it reads as many rows as any other. Of the possible ones evidence decides:

- `zero_or_run`: two-digit numbers with a zero, or numbers that run from 1 to 10 and on without a gap, are sizes, no sub-levels;
- `few_digits`: else a second digit is a sub-level;
- `moves`: where customers change their grade from one quarter to the next, types hardly change and sizes do: what changes in most of the
  moves is the size (with MOVES moves or more);
- `first_letters`: without so many moves, single letters that run from A are sizes, any others are types.

Sizes are in the order in which they are written (1 before 2, A before B, 大 before 中 before 小), or the other way round where quantities
say so: the median of the largest size inside most types is on the wrong side. What another possible shape reads differently is
ambiguous.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import narwhals as nw

from xlcrm.rules.frames import collected, frame_of, lazy, tuples
from xlcrm.settings import GradeGrammar
from xlcrm.tables import columns as c

MOVES = 20
SCALES = ("大中小", "高中低", "甲乙丙丁戊", "优良中差", "優良中差", "一二三四五六七八九十", "LMS")
"""Words of one letter whose order is not that of the alphabet, best first."""
SUB_LEVEL, OTHER_READINGS = "sub_level", "other_readings"
LEARNED_COLUMNS = (c.GRADE, c.CUSTOMERS, c.BUSINESS_TYPE, c.SIZE, SUB_LEVEL, OTHER_READINGS)

Reading = tuple[str, str, str]
"""Business type, size, sub-level."""

_LETTER = r"[^\W\d_]"
_SHAPES: Mapping[str, str] = {
    "type_size": rf"(?P<type>{_LETTER}+)(?P<size>\d+)",
    "type_size_sub": rf"(?P<type>{_LETTER}+)(?P<size>\d)(?P<sub>\d*)",
    "size_letter": rf"(?P<size>{_LETTER}[+-]*)",
    "size_letter_sub": rf"(?P<size>{_LETTER})(?P<sub>\d*)",
    "type_letter": rf"(?P<type>{_LETTER}+)(?P<size>{_LETTER})",
    "digits": r"(?P<size>\d+)",
    "digits_sub": r"(?P<size>\d)(?P<sub>\d*)",
}
"""The simplest reading of two that say the same stands first."""
_PAIRS = {"type_size_sub": "type_size", "digits_sub": "digits"}


@dataclass(frozen=True, slots=True)
class LearnedGrammar:
    """grammar: as the settings take it; None where no shape reads at least half of the rows. types: the business types found, sorted.

    codes: native frame, LEARNED_COLUMNS, by code: customers counts rows; other_readings as `type|size|sub-level` joined by `, `, null
    where there is none; type, size and sub-level are null where the grammar cannot read the code. ambiguous, unread: those codes.
    evidence: what decided between readings: ids of the head of this file; empty where nothing had to. order: `written`, or `reversed`
    where the quantities turned it round; `quantities` where they confirm it.
    """

    grammar: GradeGrammar | None
    types: tuple[str, ...]
    codes: Any
    ambiguous: tuple[str, ...]
    unread: tuple[str, ...]
    evidence: tuple[str, ...]
    order: str


def learn_grammar(grades: Any, totals: Any = None) -> LearnedGrammar:
    """The grammar of an export. grades: customer_code, quarter, grade. totals: customer_code, quarter, quantity, to check the order."""
    like = collected(lazy(grades).select(c.CUSTOMER_CODE, c.QUARTER, c.GRADE))
    rows = [(code, quarter, folded(grade)) for code, quarter, grade in tuples(like) if isinstance(grade, str) and folded(grade)]
    counts = Counter(grade for _, _, grade in rows)
    readings = {shape: _read(pattern, counts) for shape, pattern in _SHAPES.items()}
    covered = {shape: sum(counts[code] for code in found) for shape, found in readings.items()}
    most = max(covered.values())
    possible = [shape for shape in _SHAPES if covered[shape] == most and 2 * most >= len(rows) > 0]
    if not possible:
        return LearnedGrammar(None, (), _table(counts, {}, {}, like), (), tuple(sorted(counts)), (), "written")
    shape, evidence = _decided(possible, readings, _moves(rows))
    chosen = readings[shape]
    sizes, order = _ordered({size for _, size, _ in chosen.values()}, chosen, rows, totals)
    subs = sorted({sub for _, _, sub in chosen.values() if sub}, key=_place)
    types = tuple(sorted({kind for kind, _, _ in chosen.values() if kind}))
    grammar = GradeGrammar(sizes=tuple(sizes), sub_levels=tuple(subs), typed=bool(types))
    others = {
        code: sorted({readings[other][code] for other in possible if code in readings[other]} - {reading})
        for code, reading in chosen.items()
    }
    ambiguous = tuple(sorted(code for code, found in others.items() if found))
    unread = tuple(sorted(set(counts) - set(chosen)))
    return LearnedGrammar(grammar, types, _table(counts, chosen, others, like), ambiguous, unread, tuple(evidence), order)


def folded(grade: str) -> str:
    """A code as it is compared: NFKC, trimmed, upper case."""
    return unicodedata.normalize("NFKC", grade).strip().upper()


def _read(pattern: str, codes: Iterable[str]) -> dict[str, Reading]:
    found = {}
    for code in codes:
        match = re.fullmatch(pattern, code)
        if match is not None:
            parts = match.groupdict()
            found[code] = (parts.get("type") or "", parts["size"], parts.get("sub") or "")
    return found


def _moves(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Grades of a customer in a quarter and in its next one, where they differ."""
    held: dict[str, dict[str, str]] = {}
    for customer, quarter, grade in rows:
        if customer is not None and quarter is not None:
            held.setdefault(customer, {})[quarter] = min(grade, held.get(customer, {}).get(quarter, grade))
    found = []
    for quarters in held.values():
        ordered = [quarters[quarter] for quarter in sorted(quarters)]
        found += [(one, other) for one, other in itertools.pairwise(ordered) if one != other]
    return found


def _decided(
    possible: Sequence[str], readings: Mapping[str, dict[str, Reading]], moves: Sequence[tuple[str, str]]
) -> tuple[str, list[str]]:  # fmt: skip
    """The shape, and what decided."""
    evidence = []
    left = list(possible)
    for with_sub, plain in _PAIRS.items():
        if with_sub in left and plain in left:
            numbers = sorted({int(size) for _, size, _ in readings[plain].values()})
            if all(number < 10 for number in numbers):
                left.remove(with_sub)
                continue
            as_sizes = any(number % 10 == 0 for number in numbers) or (numbers[-1] > 9 and numbers == list(range(1, numbers[-1] + 1)))
            as_sizes = as_sizes or any(len(size) > 2 for _, size, _ in readings[plain].values())
            left.remove(with_sub if as_sizes else plain)
            evidence.append("zero_or_run" if as_sizes else "few_digits")
    if "size_letter" in left:  # letters alone: no digit that could be a sub-level
        left = [shape for shape in left if shape != "size_letter_sub"]
    typed = [shape for shape in left if shape in ("type_size", "type_size_sub")]
    if typed and "size_letter_sub" in left:
        letters_are_sizes, why = _letters_are_sizes(readings["size_letter_sub"], moves)
        evidence.append(why)
        return ("size_letter_sub" if letters_are_sizes else typed[0]), evidence
    return left[0], evidence


def _letters_are_sizes(readings: Mapping[str, Reading], moves: Sequence[tuple[str, str]]) -> tuple[bool, str]:
    known = [(readings[one][1], readings[other][1]) for one, other in moves if one in readings and other in readings]
    if len(known) >= MOVES:
        return 2 * sum(one != other for one, other in known) > len(known), "moves"
    letters = sorted({size for _, size, _ in readings.values()})
    return len(letters) > 1 and letters == [chr(ord("A") + number) for number in range(len(letters))], "first_letters"


def _place(part: str) -> tuple[int, int, str]:
    """Digits by their value, others by a known scale, else by the alphabet; `A+` before `A` before `A-`."""
    if part.isdecimal():
        return 0, int(part), part
    sign = part.count("-") - part.count("+")
    return 1, 0, part.rstrip("+-") + chr(ord("m") + max(-9, min(9, sign)))


def _ordered(
    sizes: set[str], chosen: Mapping[str, Reading], rows: Sequence[tuple[str, str, str]], totals: Any
) -> tuple[list[str], str]:  # fmt: skip
    scale = next((scale for scale in SCALES if len(sizes) > 1 and sizes <= set(scale)), None)
    written = sorted(sizes, key=_place if scale is None else scale.index)
    if totals is None:
        return written, "written"
    table = tuples(collected(lazy(totals).select(c.CUSTOMER_CODE, c.QUARTER, c.QUANTITY)))
    bought = {(code, quarter): quantity for code, quarter, quantity in table if quantity is not None}
    figures: dict[str, dict[str, list[int]]] = {}
    for customer, quarter, grade in rows:
        if grade in chosen and (customer, quarter) in bought:
            kind, size, _ = chosen[grade]
            figures.setdefault(kind, {}).setdefault(size, []).append(bought[customer, quarter])
    votes = 0
    for of_size in figures.values():
        there = [size for size in written if size in of_size]
        if len(there) > 1:
            first, last = median(of_size[there[0]]), median(of_size[there[-1]])
            votes += (first > last) - (first < last)
    return (written[::-1], "reversed") if votes < 0 else (written, "quantities" if votes > 0 else "written")


def _table(counts: Counter[str], chosen: Mapping[str, Reading], others: Mapping[str, list[Reading]], like: nw.DataFrame[Any]) -> Any:
    rows: list[tuple[Any, ...]] = []
    for code in sorted(counts):
        reading = chosen.get(code)
        other = ", ".join("|".join(each) for each in others.get(code, ()))
        rows.append((code, counts[code], *((None, None, None) if reading is None else reading), other or None))
    return frame_of(rows, {name: nw.Int64() if name == c.CUSTOMERS else nw.String() for name in LEARNED_COLUMNS}, like)
