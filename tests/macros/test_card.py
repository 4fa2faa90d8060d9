"""The card's buttons: the card of the selected customer, and the way along its route."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.macros.filedesk import FileDesk
from xlcrm.macros import MACROS, Outcome, run
from xlcrm.sheets.filestore import FileStore

ROUTES = [
    ["route", "customer_code", "customer_name", "visit_order"], ["1", "01", "One", "2"], ["1", "02", "Two", "1"], ["2", "03", "Three", None],
]  # fmt: skip


def pressed(macro_id: str, desk: FileDesk) -> Outcome:
    return run(MACROS[macro_id], desk)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    FileStore.create(tmp_path / "book.xlsx", "en")
    desk = FileDesk(tmp_path / "book.xlsx", pasted=[("Import", ROUTES)])
    assert not pressed("import_exports", desk).failed
    return desk.path


def card(book: Path) -> object:
    return openpyxl.load_workbook(book)["Customer card"]["A1"].value


def test_the_card_of_the_first_selected_customer_is_painted_and_shown(book: Path) -> None:
    desk = FileDesk(book, selected=["01", "02"])
    said = pressed("customer_card", desk)
    assert not said.failed, said.lines
    assert "01 One" in said.message
    assert desk.shown == ["card"]
    assert card(book) == "One"


@pytest.mark.parametrize(
    ("macro_id", "selected", "shown", "says"),
    [
        ("next_on_route", "02", "One", "Stop 2 of 2 on Route 1."),
        ("next_on_route", "01", "Two", "this is the first again"),
        ("previous_on_route", "01", "Two", "Stop 1 of 2"),
        ("previous_on_route", "02", "One", "this is the last"),
        ("next_on_route", "03", "Three", "Stop 1 of 1"),
    ],
)
def test_the_next_and_the_previous_customer_of_the_route(book: Path, macro_id: str, selected: str, shown: str, says: str) -> None:
    said = pressed(macro_id, FileDesk(book, selected=[selected]))
    assert not said.failed, said.lines
    assert says in said.message
    assert card(book) == shown


@pytest.mark.parametrize("macro_id", ["customer_card", "next_on_route", "previous_on_route"])
def test_without_a_customer_a_button_says_what_to_do_and_changes_nothing(book: Path, macro_id: str) -> None:
    before = book.read_bytes()
    for selected, word in (([], "no customer is selected"), (["99"], "99")):
        said = pressed(macro_id, FileDesk(book, selected=selected))
        assert said.failed
        assert word in said.message
    assert book.read_bytes() == before
