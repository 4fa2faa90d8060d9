"""The card's sheet of a template: its search without Python, its chart, and that a run spares both."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.hosts.remote import RemoteBook
from tests.sheets.filling import fill_table
from tests.support_libreoffice import convert, read_values
from xlcrm.imports.textsheet import TextSheet, frame_of_rows
from xlcrm.jobs.cardsheet import show_card
from xlcrm.jobs.importing import import_sheets
from xlcrm.rules.search import MOST_HITS, find, initials_of, is_chinese, search_text
from xlcrm.sheets import places, template_card
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.livestore import LiveStore
from xlcrm.sheets.template import template_bytes
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

NAMES = {
    "en": ["Nine Elms Shop", "nine lives", "A*B Store", "AxB Store", "Why? Shop", "~Tilde~", "Canal Market", "100% Fresh"],
    "zh": ["永兴便利店", "永星便利店", "重庆小面", "中秋食品", "老王*店", "江边便利店（2号）", "Lao Li 超市", "永兴超市"],
}
TYPED = {
    "en": ["", "nine", "NINE ELMS", "*", "a*b", "?", "~", "c1", "C10", "C10  Nine Elms Shop", "555-01", " canal  market ", "nobody here", "100%", "shop"],
    "zh": ["", "永兴", "yxbld", "cqxm", "*", "C10", "C12  重庆小面", "138", "（2号）", "lao li", "没有这个", "LLCS"],
}  # fmt: skip
CASES = [(language, typed) for language in LANGUAGES for typed in TYPED[language]]


def customers(language: Language) -> list[tuple[str, str, str]]:
    """Code, name and search text; enough of them that some searches have more hits than are listed."""
    names = NAMES[language] + [f"{'Corner Shop' if language == 'en' else '街角便利店'} {number}" for number in range(12)]
    found = []
    for number, name in enumerate(names):
        code, phone = f"C{10 + number}", f"555-01{number:02}" if language == "en" else f"1380000{number:04}"
        found.append((code, name, search_text(code, name, "", phone, initials_of(name) if is_chinese(name) else "")))
    return found


@pytest.fixture(scope="module")
def searched(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, dict[str, object]]:
    """The card sheet's values, as LibreOffice calculates them: the search stands there once for each text, side by side."""
    folder = tmp_path_factory.mktemp("search")
    sources = []
    for language in LANGUAGES:
        (folder / "t.xlsx").write_bytes(template_bytes(language))
        book = openpyxl.load_workbook(folder / "t.xlsx")
        rows = [{c.CUSTOMER_CODE: code, c.CUSTOMER_NAME: name, c.SEARCH: search} for code, name, search in customers(language)]
        fill_table(book, "customers", rows, language)
        sheet = book[places.sheet_name("card", language)]
        own = [cell for row in sheet.iter_rows(min_col=template_card.FIND, max_col=template_card.CODE) for cell in row if cell.value]
        formulas = {cell.coordinate: (cell.row, cell.column, str(cell.value)) for cell in own}
        for number, typed in enumerate(TYPED[language]):
            for row, column, formula in formulas.values():
                sheet.cell(row, column + number * WIDTH, beside(formula, number))
            sheet.cell(template_card.ROW_FIND, template_card.FIND + number * WIDTH, typed or None)
        book.save(folder / f"{language}.xlsx")
        sources.append(folder / f"{language}.xlsx")
    made = convert(soffice, sources, folder / "out")
    return {language: read_values(path).sheets[places.sheet_name("card", language)] for language, path in zip(LANGUAGES, made, strict=True)}


WIDTH = 4


def beside(formula: str, number: int) -> str:
    """The formula of the search that stands so many searches further right."""
    columns = {
        get_column_letter(column): get_column_letter(column + number * WIDTH)
        for column in (template_card.FIND, template_card.RANK, template_card.CODE)
    }
    return re.sub(r"\$([A-Z]+)(\$?[0-9]+)", lambda found: f"${columns[found[1]]}{found[2]}", formula)


@pytest.mark.parametrize(("language", "typed"), CASES)
def test_the_formulas_find_what_the_rule_finds(language: Language, typed: str, searched: dict[Language, dict[str, object]]) -> None:
    values, expected = searched[language], find(typed, customers(language))
    right = TYPED[language].index(typed) * WIDTH
    find_column, code_column = get_column_letter(template_card.FIND + right), get_column_letter(template_card.CODE + right)
    rows = range(template_card.ROW_HITS, template_card.ROW_HITS + MOST_HITS)
    hits = [str(values[f"{find_column}{row}"]) for row in rows if values.get(f"{find_column}{row}")]
    assert hits == [f"{code}  {name}" for code, name in expected.hits]
    assert (values.get(f"{code_column}{template_card.ROW_FIND}") or "") == expected.code
    count = values[f"{find_column}{template_card.ROW_COUNT}"]
    assert count == (f"{expected.count} {text('card.find_count', language)}" if expected.count else text("card.find_none", language))


def test_the_cases_are_what_they_shall_be() -> None:
    """Wildcards are signs, initials find, a chosen hit is its code, more are counted than listed."""
    listed = customers("en")
    assert [code for code, _ in find("*", listed).hits] == ["C12"]
    assert find("a*b", listed).count == 1
    assert find("C10  Nine Elms Shop", listed).code == "C10"
    assert find("shop", listed).count > MOST_HITS == len(find("shop", listed).hits)
    assert find("", listed).code == ""
    assert find("nobody here", listed).count == 0
    assert find("cqxm", customers("zh")).code == "C12"


def test_a_run_replaces_the_page_and_spares_search_and_chart(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    store = FileStore.create(book, "en")
    rows = [["customer_code", "customer_name", "route"], ["01", "One", "1"], ["02", "Two", "1"]]
    import_sheets(store, book.name, [TextSheet(book.name, "x", frame_of_rows(rows))])
    before = openpyxl.load_workbook(book)["Customer card"]
    for code in ("01", "02", "01"):
        show_card(FileStore.open(book), code, dt.date(2018, 1, 5))
    after = openpyxl.load_workbook(book)["Customer card"]
    assert after["A1"].value == "One"
    assert after.cell(template_card.ROW_FIND, template_card.FIND).value == "01  One"
    formulas = [
        (cell.coordinate, cell.value)
        for row in before.iter_rows(min_col=template_card.FIRST_FREE) for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]  # fmt: skip
    assert len(formulas) == 3 * MOST_HITS + 6
    assert [(address, after[address].value) for address, _ in formulas] == formulas
    assert len(after._charts) == 1
    assert after.data_validations.dataValidation[0].formula1 == before.data_validations.dataValidation[0].formula1
    assert after.print_area == before.print_area
    assert {str(area) for area in after.merged_cells.ranges if area.min_col >= template_card.FIRST_FREE} == set()
    assert after.column_dimensions[get_column_letter(template_card.FIND)].width == before.column_dimensions["P"].width


def test_an_open_workbook_keeps_the_search_too(tmp_path: Path) -> None:
    """Formulas beside the page stay formulas; the page is the one that a closed file gets."""
    rows = [["customer_code", "customer_name", "route"], ["01", "One", "1"], ["02", "Two", "1"]]
    shown: list[dict[str, object]] = []
    for folder in ("closed", "open"):
        book = tmp_path / folder / "book.xlsx"
        book.parent.mkdir()
        store = FileStore.create(book, "en")
        import_sheets(store, book.name, [TextSheet(book.name, "x", frame_of_rows(rows))])
        before = openpyxl.load_workbook(book)["Customer card"]
        remote = RemoteBook(book)
        for code in ("01", "02"):
            if folder == "closed":
                show_card(FileStore.open(book), code, dt.date(2018, 1, 5))
            else:
                remote.run(lambda opened, code=code: show_card(LiveStore(opened), code, dt.date(2018, 1, 5)))
        after = openpyxl.load_workbook(book)["Customer card"]
        formulas = [cell.coordinate for row in before.iter_rows() for cell in row if str(cell.value).startswith("=")]
        assert len(formulas) == 3 * MOST_HITS + 6
        assert [after[address].value for address in formulas] == [before[address].value for address in formulas]
        visible = [cell for row in after.iter_rows() for cell in row if cell.column not in (13, 14) and cell.value not in (None, "")]
        shown.append({cell.coordinate: cell.value for cell in visible})
    assert shown[0] == shown[1]
    assert shown[0]["P4"] == "02  Two"


def test_what_is_written_on_a_card_stays_with_its_customer(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    store = FileStore.create(book, "en")
    rows = [["customer_code", "customer_name", "route"], ["01", "One", "1"], ["02", "Two", "1"]]
    import_sheets(store, book.name, [TextSheet(book.name, "x", frame_of_rows(rows))])
    show_card(FileStore.open(book), "01", dt.date(2018, 1, 5))
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Customer card"]
    last = sheet.max_row
    sheet.cell(last, 1, "asked for a price list")
    workbook.save(book)
    show_card(FileStore.open(book), "02", dt.date(2018, 1, 5))
    sheet = openpyxl.load_workbook(book)["Customer card"]
    assert sheet.cell(last, 1).value is None
    below = [str(cell.value) for row in sheet.iter_rows(min_row=last + 1) for cell in row if cell.value]
    assert below == ["01", "asked for a price list"]
    assert sheet.print_area.endswith(f"${last}")
