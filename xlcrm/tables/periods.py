"""Quarters, months, days and routes as people write them -> one spelling each. One text at a time.

A quarter is `2017Q1`, a month `2017-01`. What could mean two things is not read: 05/01/2017, a year of the
Republic of China (106/01/05), a year of two digits.
"""

from __future__ import annotations

import datetime as dt
import re

from xlcrm.tables.width import fold_width

_CHINESE_DIGITS = "一二三四五六七八九"
_YEAR = r"((?:19|20|21)\d\d)"
_QUARTER_NUMBER = {**{str(n): n for n in range(1, 5)}, **{_CHINESE_DIGITS[n - 1]: n for n in range(1, 5)}}
_QUARTER_FORMS = (
    re.compile(rf"(?<!\d){_YEAR}\s*年?\s*[-/._]?\s*第?\s*([1-4一二三四])\s*(?:季度|季)"),
    re.compile(rf"(?<!\d){_YEAR}\s*年?\s*[-/._]?\s*[Qq]\s*([1-4])(?!\d)"),
    re.compile(rf"(?<![A-Za-z\d])[Qq]([1-4])\s*[-/._]?\s*{_YEAR}(?!\d)\s*年?"),
    re.compile(rf"(?<!\d)([1-4])[Qq]\s*[-/._]?\s*{_YEAR}(?!\d)\s*年?"),
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_FORMS = (
    re.compile(rf"(?<!\d){_YEAR}\s*(?:年|[-/.])\s*(1[0-2]|0?[1-9])(?![\d])\s*(?:月份|月)?(?![-/.]?\d)"),
    re.compile(rf"(?<![\d.]){_YEAR}(0[1-9]|1[0-2])(?![\d.])"),
    re.compile(rf"(?<!\d){_YEAR}[\s-]*{_MONTH_NAME}(?![a-z])", re.IGNORECASE),
    re.compile(rf"(?<![a-z]){_MONTH_NAME}[\s-]*{_YEAR}(?!\d)", re.IGNORECASE),
)
_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號])")
_COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SERIAL_DAY = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME = re.compile(r"(?:T|\s+)\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[AP]M)?(?:Z|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
# Serial 10000 is 1927-05-18, 73050 is 2099-12-31: what is outside is hardly a day, and near 60 Excel's own calendar is wrong.
_SERIAL_RANGE = range(10_000, 73_051)
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_ROUTE_NUMBER = r"([0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_ROUTE_FORMS = (
    re.compile(rf"第?{_ROUTE_NUMBER}[号號條条]?[线線]路?"),
    re.compile(rf"(?:客[户戶])?(?:拜访|拜訪|访销|訪銷|送货|送貨)?[线線]路?[号號:：#-]?{_ROUTE_NUMBER}"),
    re.compile(r"route\s*(?:no\.?)?\s*[#_-]?\s*([0-9]{1,3})", re.IGNORECASE),
)
_WHOLE_ROUTE = re.compile(r"(?:R\s*)?([0-9]{1,3})(?:\.0+)?", re.IGNORECASE)


def find_quarter(text: str) -> tuple[str, str] | None:
    """The quarter inside a text, and the text without it (`2010年一季度客户等级` -> `2010Q1`, `客户等级`); None when there is none."""
    folded = fold_width(text).strip()
    for number, form in enumerate(_QUARTER_FORMS):
        match = form.search(folded)
        if match:
            year, quarter = match.groups() if number < 2 else reversed(match.groups())
            return f"{year}Q{_QUARTER_NUMBER[quarter]}", folded[: match.start()] + folded[match.end() :]
    return None


def find_month(text: str) -> tuple[str, str] | None:
    """The month inside a text, and the text without it (`2017年1月购进量` -> `2017-01`, `购进量`); None when there is none."""
    folded = fold_width(text).strip()
    for number, form in enumerate(_MONTH_FORMS):
        match = form.search(folded)
        if match:
            first, second = match.groups()
            year, month = (second, first) if number == 3 else (first, second)
            if not month.isdigit():
                month = str(_MONTH_NAMES.index(month.lower()) + 1)
            return f"{year}-{int(month):02d}", folded[: match.start()] + folded[match.end() :]
    return None


def parse_quarter(text: str) -> str | None:
    """A text that is a quarter and nothing else -> `2017Q1`."""
    found = find_quarter(text)
    return found[0] if found and not found[1].strip() else None


def parse_period(text: str) -> str | None:
    """A text that is a quarter or a month (or a day, for its month) -> `2017Q1` or `2017-01`."""
    quarter = parse_quarter(text)
    if quarter:
        return quarter
    found = find_month(text)
    if found and not found[1].strip():
        return found[0]
    day = parse_date(text) if "-" in text else None
    return f"{day.year}-{day.month:02d}" if day else None


def parse_date(text: str) -> dt.date | None:
    """A day, written year first (2017-01-05, 2017/1/5, 2017年1月5日, 20170105, perhaps with a time) or as Excel's serial number."""
    written = _TIME.sub("", fold_width(text).strip())
    match = _DAY.fullmatch(written)
    if match:
        year, month, day = match.group(1), match.group(3) or match.group(5), match.group(4) or match.group(6)
    else:
        match = _COMPACT_DAY.fullmatch(written)
        if match is None:
            serial = _SERIAL_DAY.fullmatch(written)
            if serial and int(serial.group(1)) in _SERIAL_RANGE:
                return _SERIAL_ORIGIN + dt.timedelta(days=int(serial.group(1)))
            return None
        year, month, day = match.groups()
    if not 1900 <= int(year) < 2200:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def quarter_of(text: str) -> str | None:
    """The quarter that a text names, or that its month or day lies in -> `2017Q1`."""
    period = parse_period(text)
    if period and "Q" in period:
        return period
    day = parse_date(text)
    if period:
        year, month = period.split("-")
    elif day:
        year, month = str(day.year), str(day.month)
    else:
        return None
    return f"{year}Q{(int(month) + 2) // 3}"


def chinese_number(text: str) -> int | None:
    """一 … 九十九 as a number."""
    tens, ten, ones = text.partition("十")
    if any(sign not in _CHINESE_DIGITS for sign in tens + ones) or len(tens) > 1 or len(ones) > 1 or not text:
        return None
    unit = _CHINESE_DIGITS.index(ones) + 1 if ones else 0
    if not ten:
        return _CHINESE_DIGITS.index(tens) + 1
    return (_CHINESE_DIGITS.index(tens) + 1 if tens else 1) * 10 + unit


def find_route(text: str) -> str | None:
    """The number of the route that a title names (`客户拜访线路表（二线）`, `Route 3`); None when it names none."""
    folded = fold_width(text)
    for form in _ROUTE_FORMS:
        match = form.search(folded)
        if match:
            number = match.group(1)
            found = int(number) if number.isdigit() else chinese_number(number)
            if found is not None:
                return str(found)
    return None


def route_of_sheet(name: str) -> str | None:
    """The route that a sheet is named after (`一线`, `Route 3`, `3`, `R3`, `东线`); None when it is named after none."""
    folded = fold_width(name).strip()
    named = bool(_WHOLE_ROUTE.fullmatch(folded)) or folded.endswith(("线", "線", "线路", "線路")) or folded.lower().startswith("route ")
    return find_route(folded) or (parse_route(folded) if named else None)


def parse_route(text: str) -> str:
    """A route's name: its number where it is one (`3`, `03`, `R3`, `三线`, `Route 3`), else the text as it is."""
    folded = fold_width(text).strip()
    match = _WHOLE_ROUTE.fullmatch(folded)
    if match:
        return str(int(match.group(1)))
    for form in _ROUTE_FORMS:
        if form.fullmatch(folded):
            return find_route(folded) or folded
    return text
