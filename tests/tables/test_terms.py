"""Ids as words: every id of the rules has its words, nothing is lost on the way to a cell and back, whichever language it stands in."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.models.leaving import SIGNS
from xlcrm.models.segments import _WORDS
from xlcrm.rules.activity import ACTIVE, DORMANT, NOBODY, OWN, PEERS
from xlcrm.rules.kpis import KPIS, VOICE_KPIS
from xlcrm.rules.lifecycle import ACQUISITION_STAGES, FACTS, STAGES, STATUS_STAGES
from xlcrm.rules.rfm import SEGMENTS
from xlcrm.rules.warnings import SIGNALS
from xlcrm.rules.winback import CAUSES
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.check import TextTable, check
from xlcrm.tables.schema import ColumnKind, ColumnSpec
from xlcrm.tables.terms import as_ids, in_words
from xlcrm.texts import LANGUAGES, Language, in_every_language, starting_with

# What the rules and models name, by where their words stand.
IDS = {
    "lifecycle.segment_": tuple(SEGMENTS),
    "lifecycle.stage_": STAGES,
    "lifecycle.acquisition_": ACQUISITION_STAGES,
    "lifecycle.status_": STATUS_STAGES,
    "lifecycle.activity_": (ACTIVE, DORMANT),
    "lifecycle.signal_": SIGNALS,
    "lifecycle.kpi_": (*KPIS, *VOICE_KPIS),
    "terms.fact_": FACTS,
    "terms.cause_": CAUSES,
    "terms.cycle_": (OWN, PEERS, NOBODY),
    "terms.measure_": (c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY),
    "terms.group_": (*(word for pair in _WORDS.values() for word in pair), "middle"),
    "terms.model_": ("bgnbd", "gamma_gamma", "leaving"),
    "terms.parameter_": (
        *SIGNS, "constant", "customers", "cases", "log_likelihood", "auc", "auc_of_recency_alone", "brier",
        *(f"calibration_{number}" for number in range(1, 11)),
    ),
}  # fmt: skip
COLUMNS = [column for table in TABLES.values() for column in table.columns if column.terms.startswith(("lifecycle.", "terms."))]


@pytest.mark.parametrize("terms", IDS)
def test_every_id_has_its_words_and_no_words_are_left_without_an_id(terms: str) -> None:
    assert sorted(starting_with(terms)) == sorted(IDS[terms])


@pytest.mark.parametrize("terms", IDS)
def test_words_name_one_id_alone_and_hold_nothing_that_stands_between_words(terms: str) -> None:
    names = {each: {name.casefold() for name in in_every_language(terms + each)} for each in IDS[terms]}
    named = [name for each in IDS[terms] for name in {*names[each], each}]
    assert len(named) == len(set(named))
    assert not [name for name in named if any(sign in name for sign in ",;，；、")]


def test_every_column_of_ids_is_known_here() -> None:
    assert {column.terms for column in COLUMNS} == set(IDS)
    assert all(column.kind is ColumnKind.TEXT and column.filled_by != "formula" for column in COLUMNS)


@given(data=st.data(), first=st.sampled_from(LANGUAGES), second=st.sampled_from(LANGUAGES))
def test_ids_come_back_from_words_and_words_turn_into_another_languages(data: st.DataObject, first: Language, second: Language) -> None:
    column = data.draw(st.sampled_from(COLUMNS))
    ids = st.lists(st.sampled_from(IDS[column.terms]), min_size=1, max_size=4 if column.term_joint else 1, unique=True).map(
        column.term_joint.join
    )
    values = pl.Series("ids", data.draw(st.lists(st.none() | ids, max_size=5)), dtype=pl.String)
    shown = in_words(values, column, first)
    assert as_ids(shown, column).equals(values)
    assert as_ids(values, column).equals(values)
    assert in_words(as_ids(shown, column), column, second).equals(in_words(values, column, second))
    assert not set(shown.drop_nulls()) & set(IDS[column.terms])


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.terms)
def test_what_is_no_known_id_stays_as_it_is_written(column: ColumnSpec) -> None:
    values = pl.Series("ids", ["our own word", "decline, and more", "", "r", None], dtype=pl.String)
    assert in_words(values, column, "zh").equals(values)
    assert as_ids(values, column).equals(values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_is_read_as_ids_whatever_language_its_cells_are_in(language: Language) -> None:
    cells = pl.DataFrame(
        {c.CUSTOMER_CODE: ["a", "b", "c"], c.SIGNALS: ["购进额下降、联系减少", "buys less; Less Contact ", "amount_down,contact_down"]}
    )
    letters = {c.CUSTOMER_CODE: "B", c.SIGNALS: "C"}
    read = check(TABLES["warnings"], TextTable(cells, "book", "sheet", [6, 7, 8], letters), Settings(language=language))
    assert read.frame[c.SIGNALS].to_list() == ["amount_down,contact_down"] * 3
    assert read.problems == []
