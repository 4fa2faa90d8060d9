"""How a spreadsheet turns cell values into one another and compares them."""

from __future__ import annotations

import re
from collections.abc import Callable

from xlcrm.audit.book import ErrorValue, Value

VALUE_ERROR = ErrorValue("#VALUE!")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

MatchKey = tuple[str, str | float | bool]
"""Two cells are equal to a lookup when their keys are: a text never equals a number."""


def as_text(value: Value) -> str:
    """A value as `&` joins it: numbers with up to 15 digits, nothing for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, ErrorValue):
        return value.code
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}".upper()
    return value


def as_number(value: Value) -> float | ErrorValue:
    """A value as arithmetic takes it."""
    if value is None:
        return 0.0
    if isinstance(value, ErrorValue):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    match = _NUMBER.fullmatch(value.strip())
    return float(match.group()) if match else VALUE_ERROR


def truth(value: Value) -> bool | ErrorValue:
    """A value as IF takes it."""
    if isinstance(value, str):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), VALUE_ERROR)
    number = as_number(value)
    return number if isinstance(number, ErrorValue) else number != 0


def match_key(value: Value) -> MatchKey | None:
    """What an exact VLOOKUP or MATCH compares; None for what it never finds."""
    if value is None or isinstance(value, ErrorValue):
        return None
    if isinstance(value, bool):
        return ("truth", value)
    return ("number", value) if isinstance(value, float) else ("text", value.casefold())


def criterion_key(value: Value) -> MatchKey | None:
    """What an equality criterion of COUNTIF compares: a text that looks like a number counts as that number, of 15 digits."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip())
        value = float(f"{float(match.group()):.15g}") if match else value
    elif isinstance(value, float):
        value = float(f"{value:.15g}")
    return ("text", "") if value is None else match_key(value)


def _order(value: Value) -> tuple[int, float | str]:
    if isinstance(value, bool):
        return (2, float(value))
    if isinstance(value, float):
        return (0, value)
    return (1, as_text(value).casefold())


def compare(operator: str, left: Value, right: Value) -> Value:
    """`=`, `<`, … between two values; an empty cell is 0 beside a number and an empty text beside a text."""
    for side in (left, right):
        if isinstance(side, ErrorValue):
            return side
    left = _filled(left, right)
    right = _filled(right, left)
    one, other = _order(left), _order(right)
    below, equal = one < other, one == other
    return {"=": equal, "<>": not equal, "<": below, "<=": below or equal, ">": not below and not equal, ">=": not below}[operator]


def _filled(value: Value, beside: Value) -> Value:
    if value is not None:
        return value
    if isinstance(beside, bool):
        return False
    return "" if isinstance(beside, str) else 0.0


_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)


def _pattern(wanted: str) -> re.Pattern[str] | None:
    """The regular expression of a criterion with wildcards, None where it has none."""
    if not re.search(r"[*?~]", wanted):
        return None
    parts = re.findall(r"~[*?~]|\*|\?|[^*?~]+|~", wanted)
    written = "".join({"*": ".*", "?": "."}.get(part, re.escape(part.lstrip("~") or part)) for part in parts)
    return re.compile(written, re.DOTALL | re.IGNORECASE)


def criterion(wanted: Value) -> tuple[MatchKey | None, Callable[[Value], bool] | None]:
    """A criterion of COUNTIF: the key it looks for, or a test where it is no plain equality."""
    if not isinstance(wanted, str):
        return criterion_key(0.0 if wanted is None else wanted), None
    match = _CRITERION.fullmatch(wanted)
    operator, rest = (match.group(1), match.group(2)) if match else (None, wanted)
    pattern = _pattern(rest)
    if operator in (None, "="):
        if pattern is None:
            return criterion_key(rest), None
        return None, lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
    if operator == "<>":
        key = criterion_key(rest)
        return None, lambda value: criterion_key(value) != key
    number = as_number(rest)
    if isinstance(number, ErrorValue):
        return None, lambda value: isinstance(value, str) and compare(operator, value, rest) is True
    return None, lambda value: isinstance(value, float) and compare(operator, value, number) is True
