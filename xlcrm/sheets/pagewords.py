"""How pages name routes, quarters and days, and how they write figures, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, has, text

NOTHING = "–"
MINUS = "−"
ARROW = "→"
MARKS = {c.UP: "↑", c.KEPT: "", c.DOWN: "↓", c.NEW: "○", c.TYPE_CHANGED: "≠", c.LOST: "×", c.UNGRADED: "?"}
"""The mark behind a grade, by state."""

SHORTENED_FROM = 100_000
"""Amounts in currency units from here on are written 176k or 17.6万 on paper."""
SHORT_MONEY: dict[Language, str] = {"en": '#,##0,"k"_0;"−"#,##0,"k"_0', "zh": '0\\.0,"万"_0;"−"0\\.0,"万"_0'}

_DIGITS = "零一二三四五六七八九"
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
SHEET_NAME_LENGTH = 31


def chinese_number(number: int) -> str:
    """1 to 99 as Chinese writes them: 三, 十, 十二, 二十, 三十一. Larger ones stay digits."""
    if not 0 < number < 100:
        return str(number)
    tens, units = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return ten + (_DIGITS[units] if units else "")


def route_title(route: str, language: Language) -> str:
    """`3` -> `Route 3` / `三线`. A route that has a name of its own keeps it."""
    if not route.isdecimal():
        return route
    return text("print.route_title", language, route=chinese_number(int(route)) if language == "zh" else route)


def day_name(batch: str, language: Language, short: bool = False) -> str:
    """A visit batch: `Wednesday` / `星期三`; short: `Wed` / `周三`. A batch with a name of its own keeps it."""
    text_id = f"choices.{batch}" if short else f"print.day_{batch}"
    return text(text_id, language) if has(text_id) else batch


def route_order(route: object) -> tuple[bool, str]:
    """The key by which routes are sorted: 2 before 10, no route last."""
    return route is None, str(route).zfill(6)


def route_label(route: str, batch: str | None, language: Language, short: bool = False) -> str:
    """`Route 3 · Wednesday` / `三线 · 星期三`."""
    title = route_title(route, language)
    return text("print.route_label", language, route=title, day=day_name(batch, language, short)) if batch else title


def quarter_label(quarter: str, language: Language) -> str:
    """`2017Q4` -> `2017 Q4` / `2017年四季度`."""
    year, _, number = quarter.partition("Q")
    return text("print.quarter", language, year=year, number=_number(number, language))


def _number(number: str, language: Language) -> str:
    return chinese_number(int(number)) if language == "zh" and number.isdecimal() else number


def compared_label(current: str, previous: str, language: Language) -> str:
    """`2017 Q4 vs 2017 Q3` / `2017年四季度 对比 三季度`: Chinese leaves the same year out."""
    year, _, number = previous.partition("Q")
    same_year = current.partition("Q")[0] == year
    earlier = text("print.quarter_only" if same_year else "print.quarter", language, year=year, number=_number(number, language))
    return text("print.compared", language, current=quarter_label(current, language), previous=earlier)


def footer(settings: Settings, current: str, previous: str, printed_on: dt.date) -> str:
    """Who, which quarters, printed when: the left footer."""
    company, quarters = settings.company or "xlcrm", compared_label(current, previous, settings.language)
    return text("print.footer", settings.language, company=company, quarters=quarters, date=printed_on.isoformat())


def page_of(language: Language) -> str:
    """The right footer, with the places `{page}` and `{pages}` still open."""
    return text("print.page_of", language)


def sheet_name_of(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet and that is not `taken` yet (compared without case); it is added to `taken`."""
    name = _SHEET_FORBIDDEN.sub(" ", wanted).strip().strip("'")[:SHEET_NAME_LENGTH] or "-"
    chosen, number = name, 2
    while chosen.casefold() in taken:
        tail = f" ({number})"
        chosen, number = name[: SHEET_NAME_LENGTH - len(tail)] + tail, number + 1
    taken.add(chosen.casefold())
    return chosen


def quantity(value: int | None) -> int | float | None:
    """Thousandths of the typed frame as units, whole where it is whole."""
    return _units(value, SCALE[ColumnKind.QUANTITY])


def money(value: int | None) -> int | float | None:
    """Cents of the typed frame as currency units."""
    return _units(value, SCALE[ColumnKind.MONEY])


def _units(value: int | None, scale: int) -> int | float | None:
    if value is None:
        return None
    return value // scale if value % scale == 0 else value / scale


def rounded(value: int, scale: int) -> int:
    """A scaled integer as whole units, halves away from zero; what is more than nothing never becomes 0."""
    whole = (abs(value) + scale // 2) // scale
    if value and not whole:
        whole = 1
    return -whole if value < 0 else whole


@dataclass(frozen=True, slots=True)
class Brevity:
    """How short figures are written. shortened_from: whole units from which on it is `176k` / `17.6万`; tight: `1/2` for `1 / 2`;
    rough: from 100,000 on no decimals, `18万`, and `1.2M` from a million on."""

    shortened_from: int = SHORTENED_FROM
    tight: bool = False
    rough: bool = False


BREVITIES = (Brevity(), Brevity(10_000), Brevity(1000), Brevity(1000, tight=True), Brevity(1000, tight=True, rough=True))
"""From the usual way to the shortest, for a figure that has little room: it is rounded further, but never cut."""


def short_figure(units: int, language: Language, brevity: Brevity = BREVITIES[0]) -> str:
    """A whole figure as text: `1,171`, from 100,000 on `176k` / `17.6万`."""
    sign, size = (MINUS if units < 0 else ""), abs(units)
    if size < brevity.shortened_from:
        return f"{sign}{size:,}"
    thousands = (size + 500) // 1000
    if language == "en":
        return f"{sign}{size / 1_000_000:.1f}M" if brevity.rough and thousands >= 1000 else f"{sign}{thousands:,}k"
    return f"{sign}{(size + 5000) // 10_000:,}万" if brevity.rough and thousands >= 100 else f"{sign}{thousands // 10}.{thousands % 10}万"


def signed(count: int) -> str:
    """A net change as text: `+20`, `−18`, `0`."""
    return f"+{count:,}" if count > 0 else f"{MINUS}{-count:,}" if count < 0 else "0"


def pair(quantity_milli: int | None, amount_cents: int | None, language: Language, brevity: Brevity = BREVITIES[0]) -> str:
    """Quantity and amount as `109 / 192`; a dash where nothing is known."""
    if quantity_milli is None and amount_cents is None:
        return NOTHING
    scaled = ((quantity_milli, SCALE[ColumnKind.QUANTITY]), (amount_cents, SCALE[ColumnKind.MONEY]))
    parts = [NOTHING if value is None else short_figure(rounded(value, scale), language, brevity) for value, scale in scaled]
    return ("/" if brevity.tight else " / ").join(parts)


def pairs(quantities: pl.Series, amounts: pl.Series) -> pl.Series:
    """`pair` for columns, written in the usual way; null where a figure is negative or large enough to be shortened."""

    def figure(values: pl.Series, scale: int) -> pl.Expr:
        units = (values + scale // 2) // scale
        units = units.set(((values > 0) & (units == 0)).fill_null(False), 1)
        whole = pl.lit(units)
        grouped = pl.concat_str(whole // 1000, pl.lit(","), (whole % 1000).cast(pl.String).str.zfill(3))
        usual = pl.when(whole < 1000).then(whole.cast(pl.String)).otherwise(grouped)
        unusual = (pl.lit(values) < 0) | (whole >= SHORTENED_FROM)
        return pl.when(whole.is_null()).then(pl.lit(NOTHING)).otherwise(pl.when(~unusual).then(usual))

    unknown = quantities.is_null() & amounts.is_null()
    both = pl.concat_str(
        figure(quantities, SCALE[ColumnKind.QUANTITY]), pl.lit(" / "), figure(amounts, SCALE[ColumnKind.MONEY]), ignore_nulls=False
    )
    return pl.select(pl.when(unknown).then(pl.lit(NOTHING)).otherwise(both)).to_series()


def phone_numbers(phones: pl.Series) -> pl.Series:
    """Chinese mobile numbers in their usual groups (138 0000 1100); any others stay as they are."""
    return phones.str.replace(r"^(1\d{2})(\d{4})(\d{4})$", "$1 $2 $3")
