"""Cell values as an open workbook hands them over and takes them: to text for `check`, and from typed columns to values.

A spreadsheet program reads what is set into a cell as if it were typed: `=1+1` becomes a formula, `0012` a number, `1/2` a day.
Text that it could take for something else gets an apostrophe in front, which it swallows.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

import polars as pl

from xlcrm.sheets.xmlbits import MAX_TEXT, day_of_number
from xlcrm.tables.celltext import cell_text

LiveValue = str | int | float | bool | dt.date | None
"""What a cell holds: blank is None or the empty text; a moment is a datetime."""

_SENT_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$"
_MOMENT = re.compile(_SENT_MOMENT)
_FIRST_RELIABLE_DAY = dt.datetime(1900, 3, 1)
"""Before it the program's own calendar, which has a 29 February 1900, is a day behind what a client makes of the number."""
_FIRST_RELIABLE_TEXT = "1900-03-01"
_MIDNIGHT = "T00:00:00.000Z"
_FIRST_DAY = dt.date(1900, 1, 1)
# Behind blanks too, and what else a program may skip before it looks.
_NOT_TEXT_START = re.compile(r"[\s\x00-\x1f]*[=+\-@'＝＋－＠]")
_LETTERS_OF_NUMBERS = re.compile(
    r"(?i)jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|am|pm|rmb|cny|usd|nt|hk|us|[eap年月日号號时時点點分秒元上下午一二三四五六七八九十〇零]"
)
_DIGIT = re.compile(r"[\d一二三四五六七八九十〇零]")  # of any script: a program takes Arabic digits for a number too
_SURE_TEXT = re.compile(r"[A-Za-z][A-Za-z .,&'()]*")


@lru_cache(maxsize=65_536)
def is_taken_for_something_else(text: str) -> bool:
    """Whether a program could take a typed text for a formula, a number, a day, a truth value or an error."""
    if _SURE_TEXT.fullmatch(text):
        return text.strip().casefold() in ("true", "false")
    if _NOT_TEXT_START.match(text) or text.startswith("#"):
        return True
    if not _DIGIT.search(text):
        return False
    return not any(sign.isalpha() for sign in _LETTERS_OF_NUMBERS.sub("", text))


def typed_text(text: str) -> str:
    """A text as it must be set into a cell so that exactly this text stands there."""
    text = text[:MAX_TEXT]
    return "'" + text if is_taken_for_something_else(text) else text


def set_value(value: LiveValue) -> str | int | float | bool:
    """A value as it is set into a cell through JSON."""
    if isinstance(value, str):
        return typed_text(value) if value else ""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def stands(value: object) -> LiveValue:
    """A value as the snapshot holds it, in the form of `column_values`: moments as dates, blank as None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _moment(value) if _MOMENT.match(value) else value
    if isinstance(value, dt.datetime):
        return _day_or_moment(value.replace(tzinfo=None))
    if isinstance(value, bool | int | float | dt.date):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def _moment(sent: str) -> LiveValue:
    return _day_or_moment(dt.datetime.fromisoformat(sent.removesuffix("Z").partition(".")[0]))


def _day_or_moment(moment: dt.datetime) -> LiveValue:
    if moment < _FIRST_RELIABLE_DAY:
        moment += dt.timedelta(days=1)
    return moment.date() if moment.time() == dt.time() else moment


def column_texts(values: Sequence[object], as_date: bool) -> pl.Series:
    """What the cells of a column mean, as text; null where nothing stands. as_date: numbers of this column are days."""
    kinds = set(map(type, values))
    if kinds <= {str}:
        texts = pl.Series("text", values, dtype=pl.String)
        texts = texts.set((texts == "").fill_null(False), None)
        sent = texts.str.contains(_SENT_MOMENT)
        if not sent.any():
            return texts
        days = texts.str.ends_with(_MIDNIGHT) & (texts >= _FIRST_RELIABLE_TEXT)
        if (days | texts.is_null()).all():
            return texts.str.slice(0, 10)
    elif kinds <= {int, float, str, type(None)} and bool not in kinds and not as_date:
        numbers = _plain_numbers(values, kinds)
        if numbers is not None:
            return numbers
    return _one_by_one(values, as_date)


def _plain_numbers(values: Sequence[object], kinds: set[type]) -> pl.Series | None:
    """The texts of a column of numbers and blanks; None where it holds anything else, or a number that is written with an exponent."""
    if str in kinds:
        values = [None if value == "" else value for value in values]
        if any(type(value) is str for value in values):
            return None
    numbers = pl.Series("text", values, dtype=pl.Float64, strict=False)
    texts = numbers.cast(pl.String).str.strip_suffix(".0")
    odd = (numbers.abs() >= 1e15).any() or texts.str.contains("e", literal=True).any() or not numbers.is_finite().fill_null(True).all()
    return None if odd else texts


def _one_by_one(values: Sequence[object], as_date: bool) -> pl.Series:
    known: dict[tuple[type, object], str | None] = {}
    texts = []
    for value in values:
        key = (type(value), value)
        if key not in known:
            known[key] = _text(value, as_date)
        texts.append(known[key])
    return pl.Series("text", texts, dtype=pl.String)


def _text(value: object, as_date: bool) -> str | None:
    standing = stands(value)
    if standing is None or isinstance(standing, str):
        return standing
    if isinstance(standing, int | float) and not isinstance(standing, bool):
        moment = day_of_number(standing, False) if as_date and standing >= 1 else None
        if moment is None:
            return _number_text(standing)
        standing = moment
    if isinstance(standing, dt.datetime):
        return standing.strftime("%Y-%m-%d") if standing.time() == dt.time() else standing.strftime("%Y-%m-%d %H:%M:%S")
    return cell_text(standing)


def _number_text(number: int | float) -> str:
    written = repr(float(number))
    return cell_text(float(number)) if "e" in written or abs(number) >= 1e15 else written.removesuffix(".0")


def column_values(values: pl.Series, scale: int) -> list[LiveValue]:
    """A typed column as what shall stand in its cells. scale: whole numbers are that many parts of what a person reads."""
    if scale != 1:
        return [None if value is None else value // scale if value % scale == 0 else value / scale for value in values.to_list()]
    if values.dtype == pl.Date:
        # A day before the program's calendar stays readable as text.
        return [day if day is None or day >= _FIRST_DAY else day.isoformat() for day in values.to_list()]
    if values.dtype == pl.String:
        return [text or None for text in values.to_list()]
    if values.dtype.is_float():
        return [None if number is None or not math.isfinite(number) else number for number in values.to_list()]
    if values.dtype.is_decimal():
        return [None if number is None else float(number) for number in values.to_list()]
    return values.to_list()
