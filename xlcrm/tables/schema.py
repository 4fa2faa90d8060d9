"""What a column and a table are."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from xlcrm.texts import Language


class ColumnKind(StrEnum):
    """The type of a column; decides how text becomes a value and how a value is shown.

    In a typed frame: code, text, grade, quarter, choice -> String; date -> Date; count -> Int64;
    quantity -> Int64 thousandths of a unit; money -> Int64 cents; share -> Float64 (0.1 is 10 %); number ->
    Float64. Blank is null, never "".
    """

    CODE = "code"
    TEXT = "text"
    CHOICE = "choice"
    GRADE = "grade"
    QUARTER = "quarter"
    DATE = "date"
    COUNT = "count"
    QUANTITY = "quantity"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"


SCALE: dict[ColumnKind, int] = {ColumnKind.QUANTITY: 1000, ColumnKind.MONEY: 100}
"""How many parts of the typed frame make one unit of what a person sees."""

FilledBy = Literal["user", "python", "formula"]
Group = Literal["key", "firmographic", "behavioural", "attitude", "derived", "record"]


def header_key(header: str) -> str:
    """A header as it is compared: NFKC, no white space, case folded."""
    return "".join(unicodedata.normalize("NFKC", header).split()).casefold()


class ColumnSpec(BaseModel):
    """One column: id, labels and aliases, type, unit, who fills it, what it links to, what is allowed.

    formula: for `filled_by="formula"`, the workbook's own formula with `{column_id}` for a cell of the same row and
    `{table_id[column_id]}` for a whole column of a table; and `{name:current_quarter}` for a defined name.
    choices: ids of texts in `texts/choices.toml` for a dropdown. link: `table.column` that the value must be found in.
    terms: for a text column that holds ids in a typed frame, how the ids of their texts begin (`lifecycle.stage_`): its cells show the
    words of the workbook's language. term_joint: what stands between several ids; empty where there is one alone.
    sentences: a run fills it with text that may take several lines; its rows are as high as that needs.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    kind: ColumnKind
    en: str
    zh: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    group: Group = "record"
    filled_by: FilledBy = "user"
    required: bool = False
    link: str = ""
    choices: tuple[str, ...] = ()
    terms: str = ""
    term_joint: str = ""
    formula: str = ""
    width_px: int = 100
    sentences: bool = False
    hidden: bool = False
    about_en: str = ""
    about_zh: str = ""

    def label(self, language: Language) -> str:
        """The header that a user sees."""
        return self.en if language == "en" else self.zh

    def about(self, language: Language) -> str:
        """What the column means, one sentence."""
        return self.about_en if language == "en" else self.about_zh

    @cached_property
    def header_keys(self) -> frozenset[str]:
        """All headers that mean this column, as compared by `header_key`."""
        return frozenset(header_key(name) for name in (self.id, self.en, self.zh, *self.aliases))


class TableSpec(BaseModel):
    """One table. `key` makes a row unique; `excel_name` is the Excel table's name in every language.

    `kind`: `record` tables hold what people and imports enter, `result` tables what a run computed.
    `tray`: its rows wait for a job that takes them; a bad cell costs none of them, since the job says what is wrong in the row itself.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    excel_name: str
    en: str
    zh: str
    kind: Literal["record", "result"] = "record"
    tray: bool = False
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    about_en: str = ""
    about_zh: str = ""

    def label(self, language: Language) -> str:
        """The name of the table (and of its sheet) that a user sees."""
        return self.en if language == "en" else self.zh

    @cached_property
    def by_id(self) -> dict[str, ColumnSpec]:
        """Columns by id."""
        return {column.id: column for column in self.columns}

    @cached_property
    def by_header(self) -> dict[str, ColumnSpec]:
        """Columns by every header that means them."""
        return {key: column for column in self.columns for key in column.header_keys}

    @property
    def column_ids(self) -> tuple[str, ...]:
        """Ids in the order of the sheet."""
        return tuple(column.id for column in self.columns)

    @property
    def held_ids(self) -> tuple[str, ...]:
        """Ids of the columns that hold something of their own: without those that a formula looks up."""
        return tuple(column.id for column in self.columns if column.filled_by != "formula")
