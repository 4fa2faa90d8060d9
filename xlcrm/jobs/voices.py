"""What customers say of us, from the Surveys table: CSAT and NPS per quarter, loyalty, the sentiment of what they wrote."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.store import Store
from xlcrm.problems import Problem
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.surveys import CSAT, FAULTY_COLUMN, fault_of, kind_of, scale_of
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.tables.check import Checked

_STRENGTH_DIGITS = 2


def surveys_of(store: Store) -> Checked | None:
    """The answers as they stand; None where the workbook, an older one, has no such table."""
    return store.read("surveys") if store.has("surveys") else None


def feedback_of(surveys: pl.DataFrame | None, as_of: dt.date) -> pl.DataFrame | None:
    """What the warnings go by, see `rules.surveys.feedback`."""
    from xlcrm.rules.surveys import answers, feedback

    if surveys is None:
        return None
    found: pl.DataFrame = feedback(answers(surveys, as_of)[0], surveys)
    return found


def voice_tables(
    surveys: pl.DataFrame | None, customers: pl.DataFrame, purchases: pl.DataFrame, as_of: dt.date, language: Language
) -> tuple[dict[str, pl.DataFrame], int]:
    """The result tables `voice` and `loyalty`, and how many answers could not be counted."""
    from xlcrm.rules.loyalty import loyalty
    from xlcrm.rules.surveys import answers, voice

    empty = pl.DataFrame(schema=dict.fromkeys(TABLES["surveys"].column_ids, pl.String) | {c.DATE: pl.Date, c.SCORE: pl.Int64})
    given = empty if surveys is None else surveys
    good, left_out = answers(given, as_of)
    loyal: pl.DataFrame = loyalty(purchases, as_of, referrals(customers))
    loyal = loyal.with_columns(pl.col(c.LOYALTY).round(1), pl.col(c.REPEAT_RATE).round(4))
    return {"voice": voice(good, given, language), "loyalty": loyal.sort(c.LOYALTY, c.CUSTOMER_CODE, descending=[True, False])}, left_out


def with_voice(kpis: pl.DataFrame, voice: pl.DataFrame) -> pl.DataFrame:
    """The key figures, and below those of each quarter what its customers said; of CSAT the share, as all shares from 0 to 1."""
    share = pl.when(pl.col(c.MEASURE) == CSAT).then(pl.col(c.VALUE) / 100).otherwise(pl.col(c.VALUE))
    said = voice.select(c.QUARTER, pl.col(c.MEASURE).alias(c.KPI), share.alias(c.VALUE)).filter(pl.col(c.VALUE).is_not_null())
    return pl.concat([kpis, said]).sort(c.QUARTER, maintain_order=True)


def referrals(customers: pl.DataFrame) -> Mapping[str, int] | None:
    """How many customers each one brought: those whose Source is its code. None where no Source is a code, so nobody records it."""
    if c.SOURCE not in customers.columns:
        return None
    codes = set(customers[c.CUSTOMER_CODE].drop_nulls())
    rows = customers.select(c.CUSTOMER_CODE, c.SOURCE).drop_nulls().unique(c.CUSTOMER_CODE).iter_rows()
    found = Counter(source.strip() for code, source in rows if source.strip() in codes and source.strip() != code)
    return found or None


def with_sentiment(surveys: pl.DataFrame, language: Language) -> pl.DataFrame:
    """The answers with the sentiment of their words, blank where there are none."""
    from xlcrm.rules.sentiment import sentiment

    judged = {words: sentiment(words) for words in surveys[c.FEEDBACK].drop_nulls().unique()}
    found = [judged.get(words) for words in surveys[c.FEEDBACK]]
    labels = [None if each is None else text(f"choices.{each.label}", language) for each in found]
    strengths = [None if each is None else round(each.score, _STRENGTH_DIGITS) for each in found]
    return surveys.with_columns(pl.Series(c.SENTIMENT, labels, dtype=pl.String), pl.Series(c.SENTIMENT_SCORE, strengths, dtype=pl.Float64))


def voice_lines(tables: Mapping[str, pl.DataFrame], left_out: int, language: Language) -> list[str]:
    """The newest figure of each measure, and how many answers could not be counted, for a terminal or a message box."""
    newest = tables["voice"].sort(c.QUARTER).unique(c.MEASURE, keep="last", maintain_order=True).sort(c.MEASURE)
    lines = []
    for row in newest.iter_rows(named=True):
        figures = {name: f"{row[name]:.0f}" for name in (c.VALUE, c.LOWEST, c.HIGHEST)}
        entry = "voice.line_few" if row[c.NOTE] else "voice.line"
        names = {"value": figures[c.VALUE], "low": figures[c.LOWEST], "high": figures[c.HIGHEST]}
        measure = text(f"choices.{row[c.MEASURE]}", language)
        lines.append(text(entry, language, measure=measure, quarter=row[c.QUARTER], responses=row[c.RESPONSES], **names))
    return [*lines, text("voice.left_out", language, count=left_out)] if left_out else lines


def survey_problems(store: Store, customers: pl.DataFrame, erased: frozenset[str], language: Language) -> Sequence[Problem]:
    """What is wrong with the answers: cells, codes that nobody has, scores off their scale, answers that say nothing."""
    from xlcrm.rules.links import dangling_codes

    read = surveys_of(store)
    if read is None:
        return []
    sheet = TABLES["surveys"].label(language)
    problems = list(read.problems)
    strangers = dangling_codes(read.frame, customers, c.CUSTOMER_CODE).iter_rows()
    problems += [
        Problem("code_without_customer", sheet=sheet, value=code, details={"rows": rows}) for code, rows in strangers if code not in erased
    ]
    wanted = read.frame.select(c.CUSTOMER_CODE, c.KIND, c.SCORE, c.FEEDBACK).iter_rows()
    for number, (code, kind, score, words) in zip(read.rows, wanted, strict=True):
        known = kind_of(kind)
        fault = fault_of(known, score, words)
        if fault is None or (fault == "survey_no_answer" and code in erased):
            continue
        column = FAULTY_COLUMN[fault]
        value = {c.KIND: kind, c.SCORE: score, c.CUSTOMER_CODE: code}[column]
        cell = f"{read.cell_columns.get(column, '')}{number}"
        shown = "" if value is None else str(value)
        problems.append(Problem(fault, sheet=sheet, cell=cell, value=shown, details=scale_of(known)))
    return problems
