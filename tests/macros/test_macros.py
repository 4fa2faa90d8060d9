"""Every macro on a workbook: what it changes, what it says, and that a refusal changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.macros.filedesk import FileDesk
from xlcrm.macros import GROUPS, MACROS, Outcome, run
from xlcrm.problems import HalfDone
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, has

ROUTES = [["route", "customer_code", "customer_name", "business_type"], ["1", "01", "One", "Shop"], ["2", "02", "Two", "Shop"]]
GRADES = [["customer_code", "2017Q1", "2017Q2", "2017Q3"], ["01", "CS2", "CS1", "CS1"], ["02", "CS1", "CS1", "CS2"]]
PURCHASES = [["customer_code", "period", "quantity", "amount"], ["01", "2017Q3", 12.0, "1,200.50"], ["02", "2017Q3", 5.0, 480.0]]


def pressed(macro_id: str, desk: FileDesk) -> Outcome:
    return run(MACROS[macro_id], desk)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook into which three exports were pasted one after another."""
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    for rows in (ROUTES, GRADES, PURCHASES):
        desk = FileDesk(book, pasted=[("Import", rows)])
        assert not pressed("import_exports", desk).failed
        assert desk.pasted == []
    return book


def test_every_macro_has_its_texts_and_stands_in_a_group() -> None:
    assert [macro for group in GROUPS for macro in MACROS.values() if macro.group == group] == list(MACROS.values())
    for macro in MACROS.values():
        for name in (macro.id, f"{macro.id}_help", f"group_{macro.group}"):
            assert has(f"macros.{name}"), name
        assert all(macro.label(language) and len(macro.help(language)) <= 255 for language in LANGUAGES)


def test_a_pasted_export_is_in_the_tables_and_gone_from_the_sheet(book: Path) -> None:
    store = FileStore.open(book)
    assert store.read("customers").frame[c.CUSTOMER_CODE].to_list() == ["01", "02"]
    assert store.read("purchases").frame[c.AMOUNT].to_list() == [120050, 48000]


def test_a_pasted_export_whose_header_stands_below_titles_is_found(tmp_path: Path) -> None:
    FileStore.create(tmp_path / "book.xlsx", "en")
    above: list[list[object]] = [[]] * 5  # the lines of the Import sheet itself
    titles: list[list[object]] = [["Route list of the region"], [], ["as of", "2017-10-01"], [], [], [], []]
    desk = FileDesk(tmp_path / "book.xlsx", pasted=[("Import", [*above, *titles, *ROUTES])])
    assert not pressed("import_exports", desk).failed
    assert FileStore.open(desk.path).read("customers").frame.height == 2


def test_a_bad_cell_of_a_pasted_export_is_named_by_its_place_on_the_import_sheet(book: Path) -> None:
    desk = FileDesk(book, pasted=[("Import", [[], [], [], [], [], PURCHASES[0], ["01", "2017Q3", "12箱", "5"]])])
    assert any("Import!C7" in line for line in pressed("import_exports", desk).lines)


def test_of_several_exports_one_that_is_none_keeps_all_of_them_where_they_are(book: Path) -> None:
    """What is not in the tables must not be cleared from the sheet."""
    before = book.read_bytes()
    desk = FileDesk(book, pasted=[("Import 2", [GRADES[0], ["01", "CS2", "CS1", "CS2"]]), ("Import", [["x", "y"], ["1", "2"]])])
    outcome = pressed("import_exports", desk)
    assert outcome.failed
    assert "book.xlsx!Import:" in outcome.message
    assert len(desk.pasted) == 2
    assert book.read_bytes() == before


def test_what_was_wrong_with_one_pasted_export_stays_when_the_next_one_is_pasted(book: Path) -> None:
    """Nothing but the Problems table still holds the row; the same export once more does not add it again."""
    bad = [PURCHASES[0], ["01", "2017Q3", "１２箱 ", "5"]]

    def problems() -> list[tuple[object, ...]]:
        return FileStore.open(book).read("problems").frame.select(c.VALUE, c.ROW_TEXT).rows()

    for rows in (bad, [GRADES[0], ["01", "CS2", "CS1", "CS2"]], bad):
        assert not pressed("import_exports", FileDesk(book, pasted=[("Import", rows)])).failed
        assert [value for value, _ in problems()] == [problems()[0][0]]
        assert "2017Q3" in str(problems()[0][1])


def test_files_are_imported_where_nothing_was_pasted_and_the_host_has_a_dialog(book: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("customer_code,route,customer_name\n03,2,Three\n", encoding="utf-8")
    assert not pressed("import_exports", FileDesk(book, chosen=[tmp_path / "more.csv"])).failed
    assert FileStore.open(book).read("customers").frame.height == 3
    before = book.read_bytes()
    assert "No file was chosen" in pressed("import_exports", FileDesk(book, chosen=[])).message
    assert book.read_bytes() == before


def test_closing_takes_the_newest_quarter_and_comparing_the_two_chosen_ones(book: Path) -> None:
    closed = pressed("close_quarter", FileDesk(book))
    assert "2017Q3" in closed.lines[0]
    assert "2017Q2" in closed.lines[0]
    states = FileStore.open(book).read("grade_changes").frame[c.STATE].to_list()
    assert states == ["kept", "down"]
    compared = pressed("compare_quarters", FileDesk(book))
    assert compared.lines == closed.lines


def test_route_sheets_alone_are_rebuilt_and_shown(book: Path) -> None:
    pressed("close_quarter", FileDesk(book))
    tables = {table: FileStore.open(book).read(table).frame for table in ("customers", "grades", "purchases")}
    desk = FileDesk(book)
    assert "2 route sheets" in pressed("build_route_sheets", desk).message
    assert desk.shown == ["route:1"]
    assert all(FileStore.open(book).read(table).frame.equals(frame) for table, frame in tables.items())


def test_printing_writes_a_pdf_where_it_can_and_readies_the_sheets_where_it_cannot(book: Path, tmp_path: Path) -> None:
    pressed("close_quarter", FileDesk(book))
    assert "pack.pdf" in pressed("print_pack", FileDesk(book, pdf=tmp_path / "pack.pdf")).message
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF")
    desk = FileDesk(book)
    assert "4 sheets are ready" in pressed("print_pack", desk).message
    assert desk.shown == ["route:1"]


def test_why_this_grade_explains_the_selected_customers(book: Path) -> None:
    pressed("close_quarter", FileDesk(book))
    said = pressed("why_this_grade", FileDesk(book, selected=["02"])).message
    assert "02" in said
    assert "CS2" in said
    assert "CS1" in said


def test_check_says_that_everything_is_well_and_changes_nothing(book: Path) -> None:
    pressed("close_quarter", FileDesk(book))
    before = book.read_bytes()
    assert not pressed("check", FileDesk(book)).failed
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("macro_id", "says"),
    [
        ("import_exports", "Import sheet"),
        ("close_quarter", "quarter"),
        ("compare_quarters", "not both chosen"),  # quarters_not_chosen
        ("build_route_sheets", "quarter"),
        ("print_pack", "quarter"),
        ("why_this_grade", "no customer is selected"),
    ],
)
def test_a_macro_that_cannot_be_done_says_so_in_one_sentence_and_changes_nothing(macro_id: str, says: str, tmp_path: Path) -> None:
    FileStore.create(tmp_path / "empty.xlsx", "en")
    before = (tmp_path / "empty.xlsx").read_bytes()
    outcome = pressed(macro_id, FileDesk(tmp_path / "empty.xlsx"))
    assert outcome.failed
    assert says in outcome.message
    assert outcome.lines[-1] == "Nothing was changed."
    assert (tmp_path / "empty.xlsx").read_bytes() == before


def test_a_bug_is_one_line_and_in_the_workbooks_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileStore.create(tmp_path / "empty.xlsx", "zh")
    desk = FileDesk(tmp_path / "empty.xlsx")
    monkeypatch.setattr(FileStore, "read", lambda *_: 1 / 0)
    outcome = pressed("check", desk)
    assert outcome.failed
    assert outcome.title == "检查"
    assert "ZeroDivisionError" in outcome.message
    assert "Traceback" not in outcome.message
    assert len(outcome.lines) == 1


def test_where_excel_stops_in_the_middle_nobody_is_told_that_nothing_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise HalfDone("com_error: the sheet is protected\nand more")

    FileStore.create(tmp_path / "empty.xlsx", "en")
    monkeypatch.setattr(FileStore, "read", stopped)
    outcome = pressed("check", FileDesk(tmp_path / "empty.xlsx"))
    assert outcome.failed
    assert "the sheet is protected)" in outcome.message
    assert "nothing was changed" not in outcome.message.lower()


def test_a_code_that_no_customer_has_is_named(book: Path) -> None:
    outcome = pressed("why_this_grade", FileDesk(book, selected=["77"]))
    assert outcome.failed
    assert "77" in outcome.message  # unknown_customer
