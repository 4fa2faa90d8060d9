"""How the grade codes of exports are written, learned from them; no workbook is needed, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.grammar_learning import OTHER_READINGS, SUB_LEVEL
from xlcrm.tables import columns as c
from xlcrm.tables.periods import parse_quarter
from xlcrm.texts import Language, has, text

if TYPE_CHECKING:
    from xlcrm.rules.grammar_learning import LearnedGrammar

_SHOWN = 30
_SCHEMA = {c.CUSTOMER_CODE: pl.String, c.QUARTER: pl.String, c.GRADE: pl.String}


@dataclass(frozen=True, slots=True)
class GrammarReport:
    """found: see `rules.grammar_learning`. grades, quarters: how many rows it was learned from, and of how many quarters."""

    found: LearnedGrammar
    grades: int
    quarters: int

    def lines(self, language: Language) -> list[str]:
        """For a terminal: the grammar as the settings take it, what decided, every code that could be read otherwise or not at all."""
        found, between = self.found, text("print.list_separator", language)
        lines = [text("grammar.read", language, grades=self.grades, quarters=self.quarters, codes=found.codes.height)]
        if found.grammar is None:
            return [*lines, text("grammar.none", language, codes=between.join(found.unread[:_SHOWN]))]
        settings = {
            "typed": text(f"choices.{'yes' if found.grammar.typed else 'no'}", language),
            "sizes": between.join(found.grammar.sizes),
            "sub_levels": between.join(found.grammar.sub_levels) or "–",
        }
        lines += [f"  {text(f'settings.{name}', language)}: {value}" for name, value in settings.items()]
        lines += [f"  {text('grammar.types', language)}: {between.join(found.types)}"] if found.types else []
        lines.append(text(f"grammar.order_{found.order}", language))
        lines += [text(f"grammar.evidence_{each}", language) for each in found.evidence if has(f"grammar.evidence_{each}")]
        lines += _ambiguous(found, language)
        if found.unread:
            lines.append(text("grammar.unread", language, codes=between.join(found.unread[:_SHOWN]), count=len(found.unread)))
        return [*lines, text("grammar.into_settings", language)]


def _ambiguous(found: LearnedGrammar, language: Language) -> list[str]:
    """Each code that has another reading: how it is read, and how else it could be."""
    if not found.ambiguous:
        return [text("grammar.unambiguous", language)]
    lines = [text("grammar.ambiguous", language, count=len(found.ambiguous))]
    rows = found.codes.filter(pl.col(c.GRADE).is_in(found.ambiguous))
    for row in rows.head(_SHOWN).iter_rows(named=True):
        read = _reading([row[c.BUSINESS_TYPE], row[c.SIZE], row[SUB_LEVEL]], language)
        others = text("grammar.or", language).join(_reading(each.split("|"), language) for each in row[OTHER_READINGS].split(", "))
        lines.append(text("grammar.code", language, code=row[c.GRADE], rows=row[c.CUSTOMERS], read=read, others=others))
    if rows.height > _SHOWN:
        lines.append(text("analysis.what_if_more", language, more=rows.height - _SHOWN))
    return lines


def _reading(parts: Sequence[str | None], language: Language) -> str:
    """Type, size and sub-level in words."""
    named = [text(f"grammar.{name}", language, value=value) for name, value in zip(("type", "size", "sub"), parts, strict=True) if value]
    return text("grammar.between", language).join(named)


def learn_from_files(files: Sequence[Path], quarter: str | None = None) -> GrammarReport:
    """Reads the grades of exports as they are written, and the purchases, whose quantities say which size is the largest.

    quarter: of the grades, where a file does not say it. Raises CannotDo where a file cannot be read, or none holds a grade.
    """
    from xlcrm.rules.grammar_learning import learn_grammar

    written = [_grades(file, quarter) for file in files]
    grades = pl.concat([pl.DataFrame(schema=_SCHEMA), *written]).drop_nulls()
    if grades.is_empty():
        raise CannotDo(Problem("no_grades_in_files", file=", ".join(file.name for file in files)))
    return GrammarReport(learn_grammar(grades, _totals(files, quarter)), grades.height, grades[c.QUARTER].n_unique())


def _grades(file: Path, quarter: str | None) -> pl.DataFrame:
    """The rows with a grade, as text: nothing is checked, since what a grade is has still to be learned."""
    from xlcrm.imports.headers import find_header
    from xlcrm.imports.pieces import cut
    from xlcrm.imports.readers import read

    given = parse_quarter(quarter) if quarter else ""
    if given is None:
        raise CannotDo(Problem("not_a_quarter", value=quarter or ""))
    found = [pl.DataFrame(schema=_SCHEMA)]
    for sheet in read(file):
        header = find_header(sheet) if sheet.frame.height else None
        pieces = cut(sheet, header, given, file.stem).tables if header is not None else []
        found += [
            cells.frame.select(pl.col(name).str.strip_chars() for name in _SCHEMA) for table_id, cells in pieces if table_id == "grades"
        ]
    rows = pl.concat(found).with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())
    quarters = [parse_quarter(each) if each else None for each in rows[c.QUARTER]]
    return rows.with_columns(pl.Series(c.QUARTER, quarters, dtype=pl.String))


def _totals(files: Sequence[Path], quarter: str | None) -> Any:
    """What each customer bought in each quarter; None where no file holds purchases."""
    from xlcrm.imports.load import load
    from xlcrm.rules.totals import quarter_totals
    from xlcrm.settings import default_settings
    from xlcrm.tables.quarters import purchase_quarter

    loaded = [load(file, default_settings("en"), quarter).frames.get("purchases") for file in files]
    bought = [frame for frame in loaded if frame is not None]
    if not bought:
        return None
    return quarter_totals(pl.concat(bought, how="diagonal").with_columns(purchase_quarter()))
