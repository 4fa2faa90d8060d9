"""The customers that the search beside the card offers are not on the card: erasing one of them leaves the card as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.hosts.every_host import ClosedFile, Host, InProcess
from tests.hosts.sample_books import SITUATIONS, copied, frames, prepare, sample_book
from xlcrm.sheets import places
from xlcrm.tables import columns as c

ERASED_ROW = 2
"""Of the customers: the one whom the situation of the button names."""


@pytest.mark.parametrize("host", [ClosedFile(), InProcess()], ids=["closed file", "in process"])
def test_a_card_beside_which_the_erased_person_was_offered_stays(host: Host, tmp_path: Path) -> None:
    at = prepare(copied(sample_book(tmp_path, "en"), tmp_path / "open"), SITUATIONS["erase_customers"])
    customer = frames(at.book)["customers"].row(ERASED_ROW, named=True)
    workbook = openpyxl.load_workbook(at.book)
    sheet = workbook[places.sheet_name("card", "en")]
    find = workbook.defined_names[places.CARD_FIND].attr_text.rpartition("!")[2].replace("$", "")
    offered = sheet[find].offset(row=9)
    offered.value = f"{customer[c.CUSTOMER_CODE]}  {customer[c.CUSTOMER_NAME]}"  # as a program that has recalculated shows it
    title = sheet["A1"].value
    workbook.save(at.book)
    assert not host.press("erase_customers", at).failed
    left = openpyxl.load_workbook(at.book)[places.sheet_name("card", "en")]
    assert title
    assert left["A1"].value == title
    # An open workbook holds a formula there, which follows by itself; in a file it is looked at.
    shown = str(left[offered.coordinate].value)
    assert (customer[c.CUSTOMER_NAME] in shown) == isinstance(host, InProcess)
