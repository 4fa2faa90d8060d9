"""Text becomes a value, here and nowhere else. Whole columns in, whole columns out.

Nothing is guessed: what could mean two things (`1.234,50`, `1e3`, `05/01/2017`) is bad, and the caller says so to
the user with the cell's address. Money and quantities are exact: digits are moved, no binary fraction takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.tables import periods
from xlcrm.tables.celltext import MOST_CHARACTERS, MOST_DIGITS, cell_text
from xlcrm.tables.width import FULL_WIDTH, HALF_WIDTH
from xlcrm.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from xlcrm.settings import GradeGrammar

__all__ = [
    "Cleaned", "cell_text", "clean_choice", "clean_code", "clean_count", "clean_date", "clean_grade", "clean_number",
    "clean_period", "clean_quarter", "clean_route", "clean_share", "clean_text",
]  # fmt: skip

# Format characters (zero width, byte order marks, direction marks), control characters except tab and line ends, and what XML forbids.
_INVISIBLE = r"[\p{Cf}\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\x{FFFE}\x{FFFF}]"
# What most cells have nothing of, so that most columns are tidy as they are.
_UNTIDY = r"^[ '=]|[^ -~]| $"
_QUOTED_FORMULA = r'^="([^"]*)"$'
_NOTHING = r"(?i)^(?:[-–—]+|#?n/a)$"
_EXCEL_ERROR = r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)$"
_DAMAGED_CODE = r"^[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$|^[+-]?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+$|^#+$|^#[A-Z/0]+[!?A]$"
_CODE_AS_FLOAT = r"^([0-9]+)\.0+$"
_CURRENCY = r"(?:NT\$|HK\$|US\$|RMB|CNY|TWD|USD|[$¥€£])"
_NUMBER = (
    r"(?i)^(?P<open>\()?\s*(?P<before>[+-])?\s*(?:" + _CURRENCY + r")?\s*(?P<after>[+-])?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?P<point>\.(?P<part>[0-9]*))?\s*元?(?P<behind>-)?\s*(?P<close>\))?$"
)
_GROUPED_NUMBER = r"^-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_PLAIN_NUMBER = r"^-?[0-9]{1,15}(?:\.[0-9]*)?$"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A column of values (blank is null) and, row by row, whether a text stood there that is no such value."""

    values: pl.Series
    bad: pl.Series


def _fold(column: pl.Series) -> pl.Series:
    if (column.str.len_bytes() == column.str.len_chars()).all():
        return column
    return column.str.replace_many(FULL_WIDTH, HALF_WIDTH)


def _tidy(column: pl.Series) -> pl.Series:
    """Without what nobody sees and what only protects a text: invisible characters, outer blanks, `'1`, `="1"`; half width."""
    if not column.str.contains(_UNTIDY).any():
        return column
    shown = _fold(column.str.replace_all(_INVISIBLE, "")).str.strip_chars()
    return shown.str.replace(_QUOTED_FORMULA, "$1").str.strip_prefix("'").str.strip_chars()


def _blank(tidy: pl.Series) -> pl.Series:
    return tidy.is_null() | (tidy == "") | tidy.str.contains(_NOTHING)


def _null_where(values: pl.Series, mask: pl.Series) -> pl.Series:
    return values.set(mask.fill_null(True), None)


def clean_text(column: pl.Series) -> pl.Series:
    """Names, addresses, notes: never bad. Full-width letters and digits become half width, other signs stay as they were written.

    An apostrophe at the start drops out, except where it protects a text that looks like a formula. A text that starts with `= + - @`
    stays exactly that text. What is longer than a cell can hold is cut.
    """
    if not column.str.contains(_UNTIDY).any():
        column = column.str.slice(0, MOST_CHARACTERS)
        return _null_where(column, (column == "") | column.str.contains(_EXCEL_ERROR))
    shown = column.str.replace_all(_INVISIBLE, "").str.strip_chars()
    letters = [(full, half) for full, half in zip(FULL_WIDTH, HALF_WIDTH, strict=True) if half.isalnum() or half == " "]
    if not (shown.str.len_bytes() == shown.str.len_chars()).all():
        shown = shown.str.replace_many([full for full, _ in letters], [half for _, half in letters]).str.strip_chars()
    shown = shown.str.replace(_QUOTED_FORMULA, "$1").str.replace(r"^'([^=+\-@])", "$1").str.strip_chars().str.slice(0, MOST_CHARACTERS)
    return _null_where(shown, (shown == "") | shown.str.contains(_EXCEL_ERROR))


def clean_texts(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """`clean_text` of every column of a frame. Columns in which nothing is untidy, nearly all, are done in one step together."""
    if not frame.width:
        return {}
    untidy = frame.select(pl.all().str.contains(_UNTIDY).any()).row(0)
    tidy = [name for name, found in zip(frame.columns, untidy, strict=True) if not found]
    nothing = (pl.col(tidy) == "") | pl.col(tidy).str.contains(_EXCEL_ERROR)
    cleaned = frame.select(pl.when(nothing).then(None).otherwise(pl.col(tidy).str.slice(0, MOST_CHARACTERS)).name.keep()) if tidy else frame
    return {name: cleaned[name] if name in tidy else clean_text(frame[name]) for name in frame.columns}


def clean_code(column: pl.Series) -> Cleaned:
    """Codes: text, leading zeros kept. `123.0` becomes `123`; what has lost digits (`2.70E+08`, `####`) is bad."""
    tidy = _tidy(column)
    as_float = tidy.str.extract(_CODE_AS_FLOAT, 1)
    too_long = (as_float.str.len_chars() > MOST_DIGITS).fill_null(False)
    values = pl.select(pl.coalesce(as_float, tidy)).to_series()
    blank = _blank(tidy)
    bad = (tidy.str.contains(_DAMAGED_CODE).fill_null(False) | too_long) & ~blank
    return Cleaned(_null_where(values, blank | bad), bad)


def clean_number(column: pl.Series, scale: int) -> Cleaned:
    """Numbers as whole parts: `scale` parts make one unit (100 for cents). Finer parts round half away from zero.

    `1,234.50`, `￥88.00`, `(5)`, `1234-`, `１２` are numbers; `-` and `N/A` are blank; all else is bad.
    """
    tidy = _tidy(column)
    grouped = tidy.str.contains(_GROUPED_NUMBER).fill_null(False)
    if grouped.any():
        tidy = pl.select(pl.when(grouped).then(tidy.str.replace_all(",", "", literal=True)).otherwise(tidy)).to_series()
    blank = _blank(tidy).fill_null(True)
    plain = tidy.str.contains(_PLAIN_NUMBER).fill_null(False)
    whole = tidy.str.extract(r"^-?([0-9]+)", 1)
    part = tidy.str.extract(r"\.([0-9]*)$", 1)
    negative = tidy.str.starts_with("-")
    good = plain
    odd = ~plain & ~blank
    if odd.any():
        fields = tidy.filter(odd).str.extract_groups(_NUMBER).struct.unnest()
        marks = fields.select(pl.col("before", "after", "behind").is_not_null().cast(pl.Int64))
        brackets = fields["open"].is_not_null()
        fitting = (
            (brackets == fields["close"].is_not_null())
            & (marks.sum_horizontal() + brackets.cast(pl.Int64) <= 1)
            & (fields["whole"].is_not_null() | (fields["part"].str.len_chars() > 0).fill_null(False))
        )
        digits = fields["whole"].str.replace_all(",", "", literal=True).fill_null("0")
        fitting &= digits.str.len_chars() <= MOST_DIGITS
        signs = [(fields[name] == "-").fill_null(False) for name in ("before", "after", "behind")]
        minus = brackets | signs[0] | signs[1] | signs[2]
        places = odd.arg_true()
        whole, part = whole.scatter(places, digits), part.scatter(places, fields["part"])
        negative, good = negative.scatter(places, minus), good.scatter(places, fitting.fill_null(False))
    decimals = len(str(scale)) - 1
    kept = part.fill_null("").str.slice(0, decimals + 1).str.pad_end(decimals + 1, "0")
    finer = (kept.cast(pl.Int64, strict=False) + 5) // 10
    values = whole.str.slice(0, MOST_DIGITS + 1).cast(pl.Int64, strict=False) * scale + finer
    values = pl.select(pl.when(negative).then(-values).otherwise(values)).to_series()
    bad = ~good & ~blank
    return Cleaned(_null_where(values.cast(pl.Int64), ~good | blank), bad)


def clean_count(column: pl.Series) -> Cleaned:
    """Whole numbers."""
    tenths = clean_number(column, 10)
    broken = (tenths.values % 10 != 0).fill_null(False)
    return Cleaned(_null_where(tenths.values // 10, broken | tenths.values.is_null()), tenths.bad | broken)


def clean_share(column: pl.Series) -> Cleaned:
    """Shares: `12.5%` is 0.125, `0.125` is that number."""
    tidy = _tidy(column)
    percent = tidy.str.ends_with("%").fill_null(False)
    parts = clean_number(tidy.str.strip_suffix("%"), 10**9)
    values = parts.values.cast(pl.Float64) / 10**9
    return Cleaned(pl.select(pl.when(percent).then(values / 100).otherwise(values)).to_series(), parts.bad)


def _by_distinct(column: pl.Series, parse: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]) -> Cleaned:
    """`parse` once for each distinct text; None from it is bad."""
    tidy = _tidy(column).rename("text")
    blank = _blank(tidy)
    distinct = tidy.filter(~blank.fill_null(True)).unique()
    found = pl.DataFrame([distinct, pl.Series("value", [parse(written) for written in distinct], dtype=dtype)])
    values = tidy.to_frame().join(found, on="text", how="left", maintain_order="left")["value"]
    return Cleaned(values.rename(column.name), values.is_null() & ~blank.fill_null(True))


def clean_date(column: pl.Series) -> Cleaned:
    """Days, see `periods.parse_date`."""
    return _by_distinct(column, periods.parse_date, pl.Date)


def clean_quarter(column: pl.Series) -> Cleaned:
    """Quarters as `2017Q1`."""
    return _by_distinct(column, periods.parse_quarter, pl.String)


def clean_period(column: pl.Series) -> Cleaned:
    """Quarters as `2017Q1`, months as `2017-01`."""
    return _by_distinct(column, periods.parse_period, pl.String)


def clean_route(column: pl.Series) -> Cleaned:
    """Routes by number where they have one (`三线` is `3`), else by name; never bad."""
    return _by_distinct(clean_text(column), periods.parse_route, pl.String)


def clean_grade(column: pl.Series, grammar: GradeGrammar) -> Cleaned:
    """Grade codes as the grammar writes them (`cs１ ` is `CS1`); a code outside the grammar is bad."""

    def parse(written: str) -> str | None:
        parts = grammar.parse(written)
        return parts.code if parts else None

    return _by_distinct(column, parse, pl.String)


def clean_choice(column: pl.Series, choices: Sequence[str], language: Language) -> pl.Series:
    """A choice in that language, whichever language or id it was written in; another text stays as it is."""
    meant = {name.casefold(): text(f"choices.{choice}", language) for choice in choices for name in _names_of_choice(choice)}
    shown = clean_text(column)
    return shown.str.to_lowercase().replace_strict(meant, default=shown, return_dtype=pl.String) if meant else shown


def _names_of_choice(choice: str) -> list[str]:
    return [choice, *(text(f"choices.{choice}", language) for language in LANGUAGES)]
