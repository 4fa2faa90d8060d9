"""Text becomes a value, here and nowhere else. Whole columns in, whole columns out.

Nothing is guessed: what could mean two things (`1.234,50`, `1e3`, `05/01/2017`) is bad, and the caller says so to
the user with the cell's address. Money and quantities are exact: digits are moved, no binary fraction takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.tables import periods
from xlcrm.tables.celltext import MOST_CHARACTERS, MOST_DIGITS, cell_text
from xlcrm.tables.choices import choice_names
from xlcrm.tables.width import FULL_WIDTH, HALF_WIDTH
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.settings import GradeGrammar

__all__ = [
    "Cleaned", "cell_text", "clean_choice", "clean_code", "clean_count", "clean_date", "clean_floats", "clean_grade", "clean_number",
    "clean_period", "clean_quarter", "clean_quarter_of", "clean_route", "clean_share", "clean_text",
]  # fmt: skip

# Format characters (zero width, byte order marks, direction marks), control characters except tab and line ends, and what XML forbids.
_INVISIBLE = r"[\p{Cf}\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\x{FFFE}\x{FFFF}]"
# What most cells have nothing of, so that most columns are tidy as they are.
_UNTIDY = r"^[ '=]|[^ -~]| $"
_QUOTED_FORMULA = r'^="([^"]*)"$'
_LETTERS = {full: half for full, half in zip(FULL_WIDTH, HALF_WIDTH, strict=True) if half.isalnum() or half == " "}
_NOTHING = r"(?i)^(?:[-–—]+|#?n/a)$"
_EXCEL_ERROR = r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)$"
_DAMAGED_CODE = r"^[+-]?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$|^[+-]?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+$|^#+$|^#[A-Z/0]+[!?A]$"
# Letters and digits alone: neither blank nor damaged nor in need of tidying.
_PLAIN_CODE = r"^[0-9A-Za-z]+$"
_CODE_AS_FLOAT = r"^([0-9]+)\.0+$"
_CURRENCY = r"(?:NT\$|HK\$|US\$|RMB|CNY|TWD|USD|[$¥€£])"
_NUMBER = (
    r"(?i)^(?P<open>\()?\s*(?P<before>[+-])?\s*(?:" + _CURRENCY + r")?\s*(?P<after>[+-])?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?P<point>\.(?P<part>[0-9]*))?\s*元?(?P<behind>-)?\s*(?P<close>\))?$"
)
_GROUPED_NUMBER = r"^-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_FEW_ROWS = 2_000
"""Up to here a value is looked up text by text, which costs less than a join's fixed cost."""
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
    if not (shown.str.len_bytes() == shown.str.len_chars()).all():
        shown = shown.str.replace_many(list(_LETTERS), list(_LETTERS.values())).str.strip_chars()
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


# A rule is a few expressions over the column `text`, made once and worked out together: each step costs a fixed time, however small
# the column.
_TEXT = pl.col("text")
_BAD, _BLANK, _GOOD = pl.col("bad"), pl.col("blank"), pl.col("good")
_BLANK_TEXT = (_TEXT == "").fill_null(True) | _TEXT.str.contains(_NOTHING).fill_null(False)
_PARTS_OF_CODE = (
    _TEXT,
    _TEXT.str.extract(_CODE_AS_FLOAT, 1).alias("whole"),
    _TEXT.str.contains(_DAMAGED_CODE).fill_null(False).alias("damaged"),
    _BLANK_TEXT.alias("blank"),
)
_BAD_CODE = (pl.col("damaged") | (pl.col("whole").str.len_chars() > MOST_DIGITS).fill_null(False)) & ~_BLANK
_CODE = pl.when(_BLANK | _BAD_CODE).then(None).otherwise(pl.coalesce("whole", "text"))
_PARTS_OF_NUMBER = (
    _TEXT,
    _BLANK_TEXT.alias("blank"),
    _TEXT.str.contains(_PLAIN_NUMBER).fill_null(False).alias("good"),
    _TEXT.str.extract(r"^-?([0-9]+)", 1).alias("whole"),
    _TEXT.str.extract(r"\.([0-9]*)$", 1).alias("part"),
    _TEXT.str.starts_with("-").alias("negative"),
)
_BROKEN = (pl.col("tenths") % 10 != 0).fill_null(False)
_TENTHS = pl.when(~_BROKEN).then(pl.col("tenths") // 10)
_THERE = (~_BLANK_TEXT).alias("there")
_IS_NUMBER, _NO_NUMBER = _GOOD & ~_BLANK, ~_GOOD & ~_BLANK


def _cleaned(frame: pl.DataFrame, values: pl.Expr, bad: pl.Expr) -> Cleaned:
    found = frame.select(values.alias("values"), bad.alias("bad"))
    return Cleaned(found["values"], found["bad"])


def clean_code(column: pl.Series) -> Cleaned:
    """Codes: text, leading zeros kept. `123.0` becomes `123`; what has lost digits (`2.70E+08`, `####`) is bad."""
    if column.str.contains(_PLAIN_CODE).all():
        return Cleaned(column, pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(column)))
    return _cleaned(pl.DataFrame({"text": _tidy(column)}).select(_PARTS_OF_CODE), _CODE, _BAD_CODE)


def clean_number(column: pl.Series, scale: int) -> Cleaned:
    """Numbers as whole parts: `scale` parts make one unit (100 for cents). Finer parts round half away from zero.

    `1,234.50`, `￥88.00`, `(5)`, `1234-`, `１２` are numbers; `-` and `N/A` are blank; all else is bad.
    """
    tidy = _tidy(column)
    grouped = tidy.str.contains(_GROUPED_NUMBER)
    if grouped.any():
        tidy = pl.select(pl.when(grouped).then(tidy.str.replace_all(",", "", literal=True)).otherwise(tidy)).to_series()
    frame = pl.DataFrame({"text": tidy}).select(_PARTS_OF_NUMBER)
    if not (frame["good"] | frame["blank"]).all():
        frame = _with_odd_numbers(frame)
    return _cleaned(frame, _scaled(scale), _NO_NUMBER)


@cache
def _scaled(scale: int) -> pl.Expr:
    """The parts of a number as one whole number of `scale` parts a unit."""
    decimals = len(str(scale)) - 1
    kept = pl.col("part").fill_null("").str.slice(0, decimals + 1).str.pad_end(decimals + 1, "0")
    finer = (kept.cast(pl.Int64, strict=False) + 5) // 10
    size = pl.col("whole").str.slice(0, MOST_DIGITS + 1).cast(pl.Int64, strict=False) * scale + finer
    return pl.when(_IS_NUMBER).then(pl.when("negative").then(-size).otherwise(size)).cast(pl.Int64)


def _with_odd_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """The parts of the numbers that are not written plainly: with a currency, brackets, a sign behind."""
    odd = ~frame["good"] & ~frame["blank"]
    fields = frame["text"].filter(odd).str.extract_groups(_NUMBER).struct.unnest()
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
    return frame.with_columns(
        frame["whole"].scatter(places, digits),
        frame["part"].scatter(places, fields["part"]),
        frame["negative"].scatter(places, minus),
        frame["good"].scatter(places, fitting.fill_null(False)),
    )


# Beyond this size a float's own grain comes near to the parts that are rounded.
_SURE_FLOAT = 1e9
_SURE_DISTANCE = 1e-3


def clean_floats(column: pl.Series, scale: int) -> Cleaned:
    """`clean_number` of numbers that came as numbers: the same parts as their text would give, without writing it."""
    parts = pl.col("number") * scale
    to_a_tie = (parts - parts.floor() - 0.5).abs()
    sure = (pl.col("number").abs() < _SURE_FLOAT) & (to_a_tie > _SURE_DISTANCE)
    frame = column.alias("number").to_frame().select(
        pl.when(sure).then(parts.round()).cast(pl.Int64, strict=False).alias("values"),
        (pl.col("number").is_not_null() & ~sure).alias("unsure"),
    )  # fmt: skip
    if not frame["unsure"].any():
        return Cleaned(frame["values"], frame["unsure"])
    places = frame["unsure"].arg_true()
    written = clean_number(pl.Series([cell_text(number) for number in column.gather(places)], dtype=pl.String), scale)
    return Cleaned(frame["values"].scatter(places, written.values), frame["unsure"].scatter(places, written.bad))


def clean_count(column: pl.Series) -> Cleaned:
    """Whole numbers."""
    tenths = clean_number(column, 10)
    return _cleaned(pl.DataFrame({"tenths": tenths.values, "bad": tenths.bad}), _TENTHS, _BAD | _BROKEN)


def clean_share(column: pl.Series) -> Cleaned:
    """Shares: `12.5%` is 0.125, `0.125` is that number."""
    tidy = _tidy(column)
    percent = tidy.str.ends_with("%").fill_null(False)
    parts = clean_number(tidy.str.strip_suffix("%"), 10**9)
    values = parts.values.cast(pl.Float64) / 10**9
    return Cleaned(pl.select(pl.when(percent).then(values / 100).otherwise(values)).to_series(), parts.bad)


def _by_distinct(column: pl.Series, parse: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]) -> Cleaned:
    """`parse` once for each distinct text; None from it is bad."""
    distinct = column.unique().drop_nulls()
    frame = pl.DataFrame({"text": _tidy(distinct)}).select(_TEXT, _THERE)
    texts, there = distinct.to_list(), frame["there"].to_list()
    values = [parse(written) if known else None for written, known in zip(frame["text"], there, strict=True)]
    bad = [written for written, value, known in zip(texts, values, there, strict=True) if known and value is None]
    is_bad = column.is_in(bad).fill_null(False) if bad else pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(column))
    if dtype == pl.String and values == texts:
        return Cleaned(column, is_bad)  # as the rule writes it already
    if len(column) <= _FEW_ROWS:
        rows = dict(zip(texts, values, strict=True))
        return Cleaned(pl.Series(column.name, [rows.get(written) for written in column.to_list()], dtype=dtype), is_bad)
    known = pl.DataFrame([distinct.alias("written"), pl.Series("value", values, dtype=dtype)])
    found = column.alias("written").to_frame().join(known, on="written", how="left", maintain_order="left")["value"]
    return Cleaned(found.alias(column.name), is_bad)


def clean_date(column: pl.Series) -> Cleaned:
    """Days, see `periods.parse_date`."""
    return _by_distinct(column, periods.parse_date, pl.Date)


def clean_quarter(column: pl.Series) -> Cleaned:
    """Quarters as `2017Q1`."""
    return _by_distinct(column, periods.parse_quarter, pl.String)


def clean_quarter_of(column: pl.Series) -> Cleaned:
    """Quarters as `2017Q1`, of quarters, months and days."""
    return _by_distinct(column, periods.quarter_of, pl.String)


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
    meant = {name.casefold(): text(f"choices.{choice}", language) for choice in choices for name in choice_names(choice)}
    shown = clean_text(column)
    return shown.str.to_lowercase().replace_strict(meant, default=shown, return_dtype=pl.String) if meant else shown
