"""Tables of a closed workbook: read, written, matched by key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.sheets.decorated import customers, read_parts, sheet_parts, zipped
from xlcrm.problems import CannotDo
from xlcrm.sheets.cellwriter import content_of, escaped
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.xmlbits import day_number, day_of_number, unescape_cell
from xlcrm.tables.settings_table import SETTING_IDS

Edit = Callable[[str], str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    FileStore.create(path, "en")
    return path


def save(path: Path, frame: pl.DataFrame, table: str = "customers") -> None:
    FileStore.open(path).save(WorkbookChanges(tables={table: frame}))


def edit(path: Path, sheet: str, change: Edit, extra: dict[str, Edit] | None = None) -> None:
    """Changes a sheet's XML, as a user's program would."""
    parts = read_parts(path)
    for part, each in {sheet_parts(parts)[sheet]: change, **(extra or {})}.items():
        parts[part] = each(parts[part].decode()).encode()
    path.write_bytes(zipped(parts))


def table_part(path: Path, name: str) -> str:
    return next(part for part, data in read_parts(path).items() if f'displayName="{name}"'.encode() in data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_value_comes_back_as_it_was(tmp_path: Path, language: str) -> None:
    path = tmp_path / "b.xlsx"
    FileStore.create(path, language)  # type: ignore[arg-type]  # both are languages
    frame = pl.DataFrame(
        {
            "customer_code": ["000123456789012345", "=1+1", "-5"],
            "customer_name": ["A & B <x>", "line\nbreak", "客户 “一” _x000D_"],
            "route": ["1", None, "2"],
            "visit_order": [1, None, 20],
            "opened_on": [dt.date(2017, 1, 31), dt.date(1900, 1, 1), None],
        }
    )
    save(path, frame)
    checked = FileStore.open(path).read("customers")
    assert checked.problems == []
    assert_frame_equal(checked.frame.select(frame.columns), frame)


def test_money_and_quantities_are_exact_and_read_as_units_in_the_sheet(book: Path) -> None:
    frame = pl.DataFrame(
        {
            "customer_code": ["1", "1", "2"], "period": ["2017Q1", "2017Q1", "2017Q1"],
            "quantity": [1500, -1, 123_456_789_000], "amount": [1, -1999, 99_999_999_999],
        }
    )  # fmt: skip
    save(book, frame, "purchases")
    assert_frame_equal(FileStore.open(book).read("purchases").frame.select(frame.columns), frame)
    sheet = openpyxl.load_workbook(book)["Purchases"]
    amounts = next(column for column in range(2, 30) if sheet.cell(5, column).value == "Amount")
    assert [sheet.cell(row, amounts).value for row in (6, 7, 8)] == [0.01, -19.99, 999_999_999.99]


def test_text_never_becomes_a_formula(book: Path) -> None:
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "\t=1"]
    save(book, pl.DataFrame({"customer_code": [str(number) for number in range(len(nasty))], "customer_name": nasty}))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [(sheet.cell(row, 3).value, sheet.cell(row, 3).data_type) for row in range(6, 12)] == [(text, "s") for text in nasty]


def test_formula_columns_get_the_tables_formula_and_the_frames_value(book: Path) -> None:
    frame = customers("1", "2").with_columns(quantity=pl.Series([1500, None], dtype=pl.Int64), batch=pl.Series(["Mon", None]))
    save(book, frame)
    part = read_parts(book)[sheet_parts(read_parts(book))["Customers"]].decode()
    batch, formula = (
        re.search(r'<c r="G6"[^>]*t="str"><f>([^<]*)</f><v>Mon</v></c>', part),
        re.search(r'<c r="W6"[^>]*><f>SUMIFS[^<]*</f><v>1.5</v>', part),
    )
    assert batch
    assert batch[1].startswith("IFERROR(INDEX(Routes[Batch]")
    assert formula
    assert "quantity" not in FileStore.open(book).read("customers").frame.columns


def test_an_unknown_column_becomes_a_column_of_the_table(book: Path) -> None:
    save(book, customers("1", "2").with_columns(pl.Series("Shop size m²", ["10", None]), pl.Series("Opening, hours", [None, "9-18"])))
    checked = FileStore.open(book).read("customers")
    assert checked.frame.select("Shop size m²", "Opening, hours").rows() == [("10", None), (None, "9-18")]
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert sheet.tables["Customers"].ref == "B5:AK7"
    assert [column.name for column in sheet.tables["Customers"].tableColumns][-2:] == ["Shop size m²", "Opening, hours"]
    save(book, checked.frame)
    assert openpyxl.load_workbook(book)["Customers"].tables["Customers"].ref == "B5:AK7"


def test_no_room_for_a_new_column_is_said(book: Path) -> None:
    save(book, customers("1"))
    edit(book, "Customers", lambda xml: re.sub(r'(<row r="6".*?)</row>', r'\1<c r="AJ6"><v>1</v></c></row>', xml, flags=re.DOTALL))
    before = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        save(book, customers("1").with_columns(pl.lit("x").alias("New")))
    assert caught.value.problem.code == "no_room_for_column"
    assert book.read_bytes() == before


def test_columns_are_found_by_header_in_either_language_and_any_order(book: Path) -> None:
    save(book, customers("1", "2"))

    def renamed(xml: str) -> str:
        return xml.replace('name="Name"', 'name="客户名称"', 1).replace('name="Code"', 'name="CUSTOMER  code"', 1)

    edit(book, "Customers", lambda xml: xml.replace("<t>Code</t>", "<t>CUSTOMER  code</t>"), {table_part(book, "Customers"): renamed})
    assert FileStore.open(book).read("customers").frame["customer_name"].to_list() == ["Shop 1", "Shop 2"]


def test_a_sheet_may_be_renamed(book: Path) -> None:
    save(book, customers("1"))
    edit(
        book,
        "Home",
        lambda xml: xml,
        {"xl/workbook.xml": lambda xml: xml.replace('name="Customers"', 'name="Kunden"').replace("'Customers'!", "'Kunden'!")},
    )
    save(book, customers("1", "2"))
    assert FileStore.open(book).read("customers").frame.height == 2


def test_rows_are_matched_by_key_in_the_order_of_the_frame(book: Path) -> None:
    save(book, customers("1", "2", "3"))
    edit(book, "Customers", lambda xml: re.sub(r'<row r="7"[^>]*>', '<row r="7" ht="99" customHeight="1">', xml))
    save(book, customers("3", "9", "2"))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [sheet.cell(row, 2).value for row in range(6, 10)] == ["3", "9", "2", None]
    assert sheet.row_dimensions[8].height == 99
    assert sheet.row_dimensions[7].height != 99


def test_a_column_missing_from_the_frame_stays_with_its_key(book: Path) -> None:
    save(book, customers("1", "2", contact=["Li", "Wang"]))
    save(book, customers("2", "3", "1"))
    assert FileStore.open(book).read("customers").frame["contact"].to_list() == ["Wang", None, "Li"]


def test_rows_of_the_same_key_are_matched_in_their_order(book: Path) -> None:
    frame = pl.DataFrame(
        {"customer_code": ["1", "1", "2"], "period": ["2017Q1"] * 3, "quantity": [1000, 2000, 3000], "product_code": ["a", "b", "c"]}
    )
    save(book, frame, "purchases")
    save(book, frame.drop("product_code")[[2, 0, 1]], "purchases")
    assert FileStore.open(book).read("purchases").frame["product_code"].to_list() == ["c", "a", "b"]


def test_cells_beside_a_row_that_moved_up_are_not_left_behind(book: Path) -> None:
    save(book, customers("1", "2", "3"))
    edit(book, "Customers", lambda xml: re.sub(r'(<row r="8".*?)</row>', r'\1<c r="AJ8"><v>3</v></c></row>', xml, flags=re.DOTALL))
    save(book, customers("3"))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [sheet.cell(row, 36).value for row in range(6, 9)] == [3, None, None]


def test_an_emptied_table_keeps_one_blank_row(book: Path) -> None:
    save(book, customers("1", "2"))
    save(book, customers())
    store = FileStore.open(book)
    assert store.read("customers").frame.height == 0
    assert openpyxl.load_workbook(book)["Customers"].tables["Customers"].ref == "B5:AI6"


def test_a_row_that_cannot_be_read_is_not_lost(book: Path) -> None:
    """A row without a code is left out of the frame; saving the frame leaves it where it stands."""
    save(book, customers("1", "2", "3"))
    edit(book, "Customers", lambda xml: re.sub(r'(<c r="B7"[^>]*?) t="inlineStr"><is><t>2</t></is></c>', r"\1/>", xml))
    store = FileStore.open(book)
    checked = store.read("customers")
    assert checked.frame["customer_code"].to_list() == ["1", "3"]
    assert len(checked.problems) == 1
    store.save(WorkbookChanges(tables={"customers": pl.concat([checked.frame, customers("4")], how="diagonal")}))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 3).value) for row in range(6, 10)] == [
        ("1", "Shop 1"), (None, "Shop 2"), ("3", "Shop 3"), ("4", "Shop 4"),
    ]  # fmt: skip


def test_a_row_that_cannot_be_read_is_not_lost_by_a_job_that_never_read_it(book: Path) -> None:
    save(book, customers("1", "2"))
    edit(book, "Customers", lambda xml: re.sub(r'(<c r="B7"[^>]*?) t="inlineStr"><is><t>2</t></is></c>', r"\1/>", xml))
    save(book, customers("1", "3"))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [sheet.cell(row, 3).value for row in range(6, 9)] == ["Shop 1", "Shop 2", "Shop 3"]


def test_a_store_reads_what_it_saved_without_having_read_before(book: Path) -> None:
    store = FileStore.open(book)
    store.save(WorkbookChanges(tables={"customers": pl.DataFrame({"customer_code": ["7", "8", "9"]})}))
    assert store.read("customers").frame["customer_code"].to_list() == ["7", "8", "9"]


def test_a_cell_that_cannot_be_read_is_not_blanked(book: Path) -> None:
    save(book, customers("1", "2", birthday=[dt.date(1980, 5, 1), None]))
    column = next(cell.column_letter for cell in openpyxl.load_workbook(book)["Customers"][5] if cell.value == "Birthday")
    edit(
        book, "Customers", lambda xml: re.sub(rf'(<c r="{column}7"[^>]*?)/>', r'\1 t="inlineStr"><is><t>some day in May</t></is></c>', xml)
    )
    store = FileStore.open(book)
    frame = store.read("customers").frame
    store.save(WorkbookChanges(tables={"customers": frame.reverse()}))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert sheet[f"{column}6"].value == "some day in May"
    assert sheet[f"{column}7"].value == dt.datetime(1980, 5, 1)


def test_what_stands_below_moves_down(book: Path) -> None:
    save(book, customers("1"))
    below = '<row r="8"><c r="B8" t="inlineStr"><is><t>below</t></is></c></row>'
    edit(book, "Customers", lambda xml: xml.replace("</sheetData>", below + "</sheetData>"))
    save(book, customers("1", "2", "3", "4"))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [sheet.cell(row, 2).value for row in range(6, 13)] == ["1", "2", "3", "4", None, "below", None]


def test_what_stands_below_and_is_used_by_a_formula_stops_the_save(book: Path) -> None:
    save(book, customers("1"))
    below = '<row r="8"><c r="B8"><v>5</v></c></row><row r="9"><c r="B9"><f>B8*2</f><v>10</v></c></row>'
    edit(book, "Customers", lambda xml: xml.replace("</sheetData>", below + "</sheetData>"))
    before = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        save(book, customers("1", "2", "3"))
    assert caught.value.problem.code == "no_room_below_table"
    assert book.read_bytes() == before


def test_a_row_of_totals_stays_below_the_table(book: Path) -> None:
    save(book, customers("1", "2"))
    totals = '<row r="8"><c r="B8" t="inlineStr"><is><t>Total</t></is></c><c r="F8"><f>SUBTOTAL(109,Customers[Visit order])</f><v>0</v></c></row>'

    def with_totals(xml: str) -> str:
        return re.sub(r'ref="B5:AI7" headerRowCount="1"', 'ref="B5:AI8" headerRowCount="1" totalsRowCount="1"', xml, count=1)

    edit(book, "Customers", lambda xml: xml.replace("</sheetData>", totals + "</sheetData>"), {table_part(book, "Customers"): with_totals})
    for codes in (("1", "2", "3", "4"), ("4",)):
        save(book, customers(*codes))
        sheet = openpyxl.load_workbook(book)["Customers"]
        last = 6 + len(codes)
        assert [sheet.cell(row, 2).value for row in range(6, last + 2)] == [*codes, "Total", None]
        assert sheet.cell(last, 6).value == "=SUBTOTAL(109,Customers[Visit order])"
        assert (sheet.tables["Customers"].ref, sheet.tables["Customers"].autoFilter.ref) == (f"B5:AI{last}", f"B5:AI{last - 1}")


def test_shared_and_relative_formulas_of_the_user_follow_their_row(book: Path) -> None:
    save(book, customers("1", "2", "3"))
    cells = {
        6: '<f t="shared" ref="AH6:AH8" si="0">LEN(C6)+F$5</f><v>6</v>', 7: '<f t="shared" si="0"/><v>6</v>', 8: '<f t="shared" si="0"/><v>6</v>',
    }  # fmt: skip

    def with_formulas(xml: str) -> str:
        for row, inner in cells.items():
            xml = re.sub(rf'(<row r="{row}".*?)</row>', rf'\1<c r="AH{row}">{inner}</c></row>', xml, count=1, flags=re.DOTALL)
        return xml

    edit(book, "Customers", with_formulas)
    save(book, customers("1", "2", "3"))
    assert 'si="0"' in read_parts(book)[sheet_parts(read_parts(book))["Customers"]].decode(), "nothing moved: formulas stay as they are"
    save(book, customers("9", "3", "1"))
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert [sheet.cell(row, 34).value for row in range(6, 9)] == [None, "=LEN(C7)+F$5", "=LEN(C8)+F$5"]


def test_two_tables_side_by_side_do_not_disturb_each_other(book: Path) -> None:
    types = pl.DataFrame({"business_type": ["CS", "CB", "SM"], "business_type_name": ["Convenience", "Bakery", "Supermarket"]})
    rules = pl.DataFrame(
        {"business_type": ["CS"] * 9, "size": [str(number) for number in range(9)], "min_quantity": [1000 * number for number in range(9)]}
    )
    FileStore.open(book).save(WorkbookChanges(tables={"business_types": types, "grade_rules": rules}))
    save(book, types.reverse(), "business_types")
    store = FileStore.open(book)
    assert store.read("business_types").frame["business_type"].to_list() == ["SM", "CB", "CS"]
    assert_frame_equal(store.read("grade_rules").frame.select(rules.columns), rules)
    assert len(store.read("settings").frame) == len(SETTING_IDS)


def test_values_go_to_named_cells_and_keep_their_style(book: Path) -> None:
    was = openpyxl.load_workbook(book)["Home"]["K2"]
    values: dict[str, str | int | float | dt.date | None] = {"crm.current_quarter": "2017Q2", "crm.home.customers": 1, "no.such.name": 1}
    FileStore.open(book).save(WorkbookChanges(values={**values, "crm.as_of": dt.date(2017, 7, 1)}))
    sheet = openpyxl.load_workbook(book)["Home"]
    assert sheet["K2"].value == "2017Q2"
    assert sheet["K2"].style_id == was.style_id
    assert sheet["B7"].value == 1
    assert FileStore.open(book).settings().current_quarter == "2017Q2"


def test_settings_come_from_the_table_and_a_wrong_one_names_its_cell(book: Path) -> None:
    rows = FileStore.open(book).read("settings").frame
    changed = rows.with_columns(value=pl.when(pl.col("setting") == rows["setting"][2]).then(pl.lit("8")).otherwise("value"))
    save(book, changed, "settings")
    assert FileStore.open(book).settings().routes_count == 8
    wrong = rows.with_columns(value=pl.when(pl.col("setting") == rows["setting"][2]).then(pl.lit("many")).otherwise("value"))
    save(book, wrong, "settings")
    with pytest.raises(CannotDo) as caught:
        FileStore.open(book).settings()
    assert caught.value.problem.place == "book.xlsx!Settings!C8"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_workbook_knows_its_language(tmp_path: Path, language: str) -> None:
    assert FileStore.create(tmp_path / "b.xlsx", language).language == language  # type: ignore[arg-type]  # both are languages


def test_shared_strings_formatted_text_and_dates_of_another_program_are_read(book: Path) -> None:
    save(book, customers("1", "2"))
    strings = '<sst><si><t>plain &amp; simple</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si></sst>'
    column = next(cell.column_letter for cell in openpyxl.load_workbook(book)["Customers"][5] if cell.value == "Customer since")
    parts = read_parts(book)
    name = sheet_parts(parts)["Customers"]
    xml = parts[name].decode()
    for row, index in ((6, 0), (7, 1)):
        xml = re.sub(rf'(<c r="C{row}"[^>]*?) t="inlineStr">.*?</c>', rf'\1 t="s"><v>{index}</v></c>', xml, count=1)
        xml = re.sub(rf'(<c r="{column}{row}"[^>]*?)/>', rf"\1><v>{42766 + index}</v></c>", xml, count=1)
    parts[name] = xml.encode()
    parts["xl/sharedStrings.xml"] = strings.encode()
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    relation = '<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", relation + "</Relationships>").encode()
    book.write_bytes(zipped(parts))
    frame = FileStore.open(book).read("customers").frame
    assert frame["customer_name"].to_list() == ["plain & simple", "rich text"]
    assert frame["opened_on"].to_list() == [dt.date(2017, 1, 31), dt.date(2017, 2, 1)]


def test_the_1904_calendar_is_honoured(book: Path) -> None:
    edit(book, "Home", lambda xml: xml, {"xl/workbook.xml": lambda xml: re.sub(r"<workbookPr\b[^>]*/>", '<workbookPr date1904="1"/>', xml)})
    save(book, customers("1", opened_on=[dt.date(2017, 1, 31)]))
    assert FileStore.open(book).read("customers").frame["opened_on"].to_list() == [dt.date(2017, 1, 31)]
    assert openpyxl.load_workbook(book).epoch.year == 1904
    assert any(cell.value == dt.datetime(2017, 1, 31) for cell in openpyxl.load_workbook(book)["Customers"][6])


def test_an_unusual_sheet_is_refused_not_guessed_at(book: Path) -> None:
    edit(book, "Customers", lambda xml: xml.replace('<c r="B6"', "<c"))
    before = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        save(book, customers("1"))
    assert caught.value.problem.code == "workbook_unusual"
    assert book.read_bytes() == before


def test_a_missing_table_is_named(book: Path) -> None:
    edit(
        book,
        "Home",
        lambda xml: xml,
        {table_part(book, "Products"): lambda xml: xml.replace('displayName="Products"', 'displayName="Mine"')},
    )
    with pytest.raises(CannotDo) as caught:
        FileStore.open(book).read("products")
    assert (caught.value.problem.code, caught.value.problem.value) == ("table_missing", "Products")


def test_the_same_save_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(book.read_bytes())
    for path in (book, other):
        save(path, customers("1", "2").with_columns(pl.lit("x").alias("New")))
    assert book.read_bytes() == other.read_bytes()


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_text_survives_its_escapes(texts: list[str | None]) -> None:
    clean = [None if text is None else text.encode("utf-8", "ignore").decode() for text in texts]
    written = escaped(pl.Series(clean, dtype=pl.String)).to_list()
    assert [None if text is None else unescape_cell(text) for text in written] == clean
    assert not any(re.search("[\x00-\x08\x0b-\x1f<>]", text) for text in written if text)


@given(st.dates(), st.booleans())
@settings(deadline=None)
def test_days_and_their_numbers(day: dt.date, date1904: bool) -> None:
    number = day_number(day, date1904)
    content, kind = content_of(pl.Series([day]), 1, date1904)
    if number is None:
        assert kind == "text"
        assert content.to_list() == [day.isoformat()]
    else:
        assert kind == "n"
        assert content.to_list() == [str(number)]
        moment = day_of_number(number, date1904)
        assert moment is not None
        assert moment.date() == day
