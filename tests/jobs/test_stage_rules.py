"""The rules of the stages stand in the workbook: what a user changes there, the next analysis follows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.analysing import analyse, stage_rules_of
from xlcrm.jobs.importing import import_sheets
from xlcrm.jobs.showing import table
from xlcrm.rules.lifecycle import DEFAULT_RULES
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.places import sheet_name
from xlcrm.tables import columns as c
from xlcrm.tables.catalog_stages import STAGE_RULES
from xlcrm.texts import LANGUAGES, Language

DAY = dt.date(2018, 1, 5)
PURCHASES = [
    ["customer_code", "date", "quantity", "amount"],
    *[["01", f"2017-{month:02}-02", "5", "50.00"] for month in range(1, 13)],
    ["02", "2017-12-20", "5", "50.00"],
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_workbook_holds_the_rules_that_hold_without_one(language: Language, tmp_path: Path) -> None:
    assert stage_rules_of(FileStore.create(tmp_path / "new.xlsx", language)) == (list(DEFAULT_RULES), [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_changed_rules_are_followed_and_a_row_that_is_none_is_named_by_its_cell(language: Language, tmp_path: Path) -> None:
    store = FileStore.create(tmp_path / "book.xlsx", language)
    import_sheets(store, "book.xlsx", [TextSheet("book.xlsx", "export", frame_of_rows(PURCHASES))])
    analyse(FileStore.open(store.path), DAY)
    assert _stages(store.path) == {"01": "sustained", "02": "conversion"}

    workbook = load_workbook(store.path)
    sheet = workbook[sheet_name("playbook", language)]
    heads = {cell.value: cell for cell in next(sheet.iter_rows(min_row=5, max_row=5))}
    stage, fact = (heads[STAGE_RULES.by_id[name].label(language)] for name in (c.STAGE, c.FACT))
    conversion = next(place for place, rule in enumerate(DEFAULT_RULES, start=1) if rule.stage == "conversion")
    sheet.cell(stage.row + conversion, stage.column, "decline")  # an id is understood as well as its words
    sheet.cell(fact.row + 1, fact.column, "mood")
    workbook.save(store.path)

    found = analyse(FileStore.open(store.path), DAY)
    assert _stages(store.path) == {"01": "sustained", "02": "decline"}
    assert [(each.code, each.sheet, each.cell) for each in found.problems] == [
        ("stage_rule_unknown", STAGE_RULES.label(language), f"{fact.column_letter}{fact.row + 1}")
    ]
    assert any("mood" in line for line in found.lines(language))


def _stages(book: Path) -> dict[str, str]:
    return dict(table(FileStore.open(book), "stages").select(c.CUSTOMER_CODE, c.STAGE).iter_rows())
