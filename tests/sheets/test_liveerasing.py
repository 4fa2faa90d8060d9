"""Erasing in an open workbook: the same sheets, the same message, and what only a closed file gives up is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.hosts.every_host import InProcess
from tests.hosts.sample_books import Prepared
from tests.jobs.test_forgetting import BESIDE, CODE, DAY, NAME, PLANTED, planted, standing
from tests.rules.handmade import table
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_of_ours_shows_the_person_any_more(language: Language, tmp_path: Path) -> None:
    book = planted(tmp_path, language)
    store = FileStore.open(book)
    consents = store.read("consents").frame
    asked = table("consents", [{c.CUSTOMER_CODE: CODE, c.PURPOSE: "erasure", c.GIVEN_ON: DAY}]).select(consents.columns)
    store.save(WorkbookChanges(tables={"consents": pl.concat([consents, asked])}))
    planted_sheets = {name for name, _ in standing(book) if name.startswith("xl/worksheets/")}
    assert len(planted_sheets) > 5
    said = InProcess().press("erase_customers", Prepared(book, None, "A1", [], []))
    assert not said.failed, said.lines
    assert text("privacy.search_users", language, place="My list!B2") in said.lines
    assert "! " + text("privacy.file_not_reached", language) in said.lines
    assert not any(each in line for each in PLANTED for line in said.lines)
    left = standing(book, (*PLANTED, BESIDE))
    assert {each for name, each in left if name.startswith("xl/worksheets/")} == {NAME}, "on the user's own sheet"
    assert not any(name.startswith("xl/worksheets/") and each != NAME for name, each in left)
    row = FileStore.open(book).read("customers").frame.filter(pl.col(c.CUSTOMER_CODE) == CODE).row(0, named=True)
    assert (row[c.CUSTOMER_NAME], row[c.PHONE], row["Hobby"]) == (text("privacy.erased", language), None, None)
