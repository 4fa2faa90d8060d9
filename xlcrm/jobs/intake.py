"""Takes in the follow-ups that were typed or pasted on the Intake sheet: the good rows move to Follow-ups, the others stay and say why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.followup_checks import faults
from xlcrm.jobs.followup_effects import additions, known_customers, unused_id, with_lookups
from xlcrm.jobs.recording import author_of, save
from xlcrm.jobs.store import Store, today
from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import DTYPES
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.tables.check import Checked

_SHOWN_PROBLEMS = 10
_IN_ID = (c.DATE, c.CUSTOMER_CODE, c.KIND, c.OUTCOME, c.NOTE, c.NEXT_ACTION, c.NEXT_ACTION_ON, c.AUTHOR)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """taken: the rows that are new in Follow-ups. repeated: rows that stood there twice and were taken once. problems: of the rows that
    stayed, one a row."""

    taken: pl.DataFrame
    repeated: int
    problems: Sequence[Problem]

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        if self.taken.is_empty() and not self.problems:
            return [text("followups.intake_empty", language)]
        lines = [text("followups.taken_in", language, rows=self.taken.height)]
        if self.repeated:
            lines.append(text("followups.taken_once", language, rows=self.repeated))
        if self.problems:
            lines.append(text("followups.stay", language, rows=len(self.problems)))
            lines += [f"  {problem.line(language)}" for problem in self.problems[:_SHOWN_PROBLEMS]]
            if len(self.problems) > _SHOWN_PROBLEMS:
                lines.append(text("cli.more_problems", language, more=len(self.problems) - _SHOWN_PROBLEMS))
        return lines


def take_in(store: Store, as_of: dt.date | None = None) -> TakenIn:
    """Checks every filled row of Intake like an import and like `log`, and moves the good ones to Follow-ups, once where two are the same
    in every cell. A row without a date is of `as_of` (today, if none is given), one without an author is the workbook's user's."""
    as_of, settings = as_of or today(), store.settings()
    customers = known_customers(store)
    checked = store.read("intake")
    asked = [name for name in checked.frame.columns if name != c.MESSAGE]
    filled = checked.frame.select(pl.any_horizontal(pl.col(asked).is_not_null())).to_series() | checked.rows.is_in(_rows_of(checked))
    numbers = checked.rows.filter(filled)
    rows = _complete(checked.frame.filter(filled)).with_columns(
        pl.col(c.DATE).fill_null(pl.lit(as_of)), pl.col(c.AUTHOR).fill_null(pl.lit(author_of(store) or None, pl.String))
    )
    wrong = _wrong(rows, numbers, checked, customers[c.CUSTOMER_CODE], settings, as_of)
    bad = pl.Series([bool(found) for found in wrong], dtype=pl.Boolean)
    good = rows.filter(~bad).drop(c.MESSAGE, strict=False)
    once = good.unique(maintain_order=True, keep="first")
    new = with_lookups(_with_ids(store, _in_columns_of_follow_ups(once)), customers)
    problems = [found[0] for found in wrong if found]
    _save(store, new, checked, numbers.filter(bad), wrong, customers, settings, as_of)
    return TakenIn(new, good.height - once.height, problems)


def _save(
    store: Store, new: pl.DataFrame, checked: Checked, staying: pl.Series, wrong: Sequence[Sequence[Problem]], customers: pl.DataFrame,
    settings: Settings, as_of: dt.date,
) -> None:  # fmt: skip
    """Writes the good rows below Follow-ups, and Intake as it is without them; nothing where nothing is different."""
    from xlcrm.sheets.changes import WorkbookChanges

    said = [text("followups.between", settings.language).join(p.message(settings.language) for p in found) for found in wrong if found]
    rest = checked.frame.filter(checked.rows.is_in(staying.implode())).with_columns(pl.Series(c.MESSAGE, said, dtype=pl.String))
    if new.is_empty() and rest.equals(checked.frame):
        return
    origins = staying.cast(pl.Int64)
    if rest.height:  # one more to type in
        rest = pl.concat([rest, rest.clear(1)])
        origins = pl.concat([origins, pl.Series([None], dtype=pl.Int64)])
    changes = additions(store, new, customers, settings, as_of) if new.height else WorkbookChanges()
    save(store, "intake", replace(changes, tables={"intake": rest}, origins={"intake": origins}), {"intake": checked.frame})


def _rows_of(checked: Checked) -> pl.Series:
    """The numbers of the rows that have a cell which is no value: they are filled, whatever the frame holds of them."""
    named = {int(digits) for problem in checked.problems if problem.value and (digits := problem.cell.lstrip(_LETTERS))}
    return pl.Series(sorted(named), dtype=pl.Int64).implode()


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _wrong(
    rows: pl.DataFrame, numbers: pl.Series, checked: Checked, codes: pl.Series, settings: Settings, as_of: dt.date
) -> list[list[Problem]]:
    """What is wrong with each row: its bad cells, else the first thing that it says of no customer, no kind or no possible day."""
    sheet = TABLES["intake"].label(settings.language)
    cells: dict[int, list[Problem]] = {}
    for problem in checked.problems:
        cells.setdefault(int(problem.cell.lstrip(_LETTERS)), []).append(replace(problem, file="", sheet=sheet, cell=""))
    found = faults(rows, codes, settings, as_of)
    return [
        cells.get(number) or ([replace(fault, sheet=sheet)] if fault is not None else [])
        for number, fault in zip(numbers.to_list(), found, strict=True)
    ]


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a blank column for each that the user took out of the sheet."""
    missing = [column for column in TABLES["intake"].columns if column.filled_by == "user" and column.id not in rows.columns]
    return rows.with_columns(pl.lit(None, DTYPES[column.kind]).alias(column.id) for column in missing)


def _in_columns_of_follow_ups(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as Follow-ups has them; of the user's own columns those in which something stands."""
    ours = {column.id for column in TABLES["follow_ups"].columns}
    return rows.select(name for name in rows.columns if name in ours or rows[name].count())


def _with_ids(store: Store, rows: pl.DataFrame) -> pl.DataFrame:
    """Ids as `log` makes them."""
    if rows.is_empty():
        return rows.with_columns(pl.lit(None, pl.String).alias(c.FOLLOW_UP_ID))
    taken = set(store.read("follow_ups", only=(c.FOLLOW_UP_ID,)).frame[c.FOLLOW_UP_ID].to_list())
    made: list[str] = []
    for row in rows.select(_IN_ID).iter_rows():
        made.append(unused_id(row, taken.__contains__))
        taken.add(made[-1])
    return rows.with_columns(pl.Series(c.FOLLOW_UP_ID, made, dtype=pl.String))
