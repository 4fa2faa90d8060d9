"""Erasing from the parts of a file, one kind of part a case; and the search that looks for what is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.handmade import table
from xlcrm.rules.erasure import Pattern, standing_elsewhere, telling
from xlcrm.sheets.changes import CellChange, Erasure, WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import OFFICE, Workbook, add_relationship
from xlcrm.sheets.partsoftext import find
from xlcrm.tables import columns as c

NAME, MARK = "Vellum & Söhne", "(erased)"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Customers with the person in the second row, and a sheet of the user's own."""
    path = tmp_path / "book.xlsx"
    people = table("customers", [{c.CUSTOMER_CODE: "1", c.CUSTOMER_NAME: "Oak"}, {c.CUSTOMER_CODE: "2", c.CUSTOMER_NAME: NAME}])
    FileStore.create(path, "en").save(WorkbookChanges(tables={"customers": people}))
    package = Package.open(path)
    workbook = Workbook(package)
    workbook.add_sheet("Mine", f"<worksheet {MAIN}><sheetData/></worksheet>".encode())
    workbook.write()
    path.write_bytes(package.to_bytes())
    return path


def changed(book: Path, part: str, xml: str, owner: str | None = None, kind: str = "other") -> None:
    """Puts a part into the file; `owner`: the sheet that leads to it, else the workbook."""
    package = Package.open(book)
    workbook = Workbook(package)
    leads = workbook.part if owner is None else next(sheet.part for sheet in workbook.sheets if sheet.name == owner)
    if not package.has(part):
        add_relationship(package, leads, f"{OFFICE}/{kind}", f"/{part}")
    package.replace(part, xml.encode())
    book.write_bytes(package.to_bytes())


def part_of(book: Path, sheet: str) -> str:
    return next(each.part for each in Workbook(Package.open(book)).sheets if each.name == sheet)


def read(book: Path, part: str) -> str:
    return Package.open(book).read(part).decode()


def erase(book: Path, *texts: str) -> None:
    store = FileStore.open(book)
    row = store.read("customers").rows[1]
    erasure = Erasure(frozenset({"2"}), texts or (NAME,), MARK)
    store.save(WorkbookChanges(cells=[CellChange("customers", row, c.CUSTOMER_NAME, MARK)], erasure=erasure))


def left(book: Path, *texts: str) -> list[str]:
    return sorted(each.place for each in find(Workbook(Package.open(book)), texts or (NAME,)))


HIDDEN = {
    "chart": ("xl/charts/chart9.xml", '<c:chartSpace xmlns:c="c"><c:strCache><c:pt idx="0"><c:v>Vellum &amp; Söhne</c:v></c:pt></c:strCache></c:chartSpace>'),
    "pivot cache": ("xl/pivotCache/pivotCacheDefinition9.xml", f'<pivotCacheDefinition {MAIN}><sharedItems><s v="Vellum &amp; Söhne"/></sharedItems></pivotCacheDefinition>'),
    "properties": ("docProps/custom.xml", "<Properties><property name=\"about\"><lpwstr>Vellum &#38; Söhne</lpwstr></property></Properties>"),
    "text box": ("xl/drawings/drawing9.xml", '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><a:p><a:r><a:t>see VELLUM &amp; SÖHNE</a:t></a:r></a:p></xdr:wsDr>'),
    "link to elsewhere": ("xl/externalLinks/externalLink9.xml", f"<externalLink {MAIN}><v>Vellum &amp;  Söhne</v></externalLink>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_a_hidden_part_loses_the_text(book: Path, name: str) -> None:
    part, xml = HIDDEN[name]
    changed(book, part, xml)
    assert part in left(book)
    erase(book)
    assert left(book) == []
    assert MARK in read(book, part)


def test_what_belongs_to_the_users_own_sheet_is_found_but_not_touched(book: Path) -> None:
    sheet = part_of(book, "Mine")
    changed(
        book,
        sheet,
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Vellum &amp; Söhne</t></is></c></row></sheetData></worksheet>',
    )
    drawing = f'<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><a:p><a:t>{NAME.replace("&", "&amp;")}</a:t></a:p></xdr:wsDr>'
    changed(book, "xl/drawings/drawing8.xml", drawing, "Mine", "drawing")
    chart = '<c:chartSpace xmlns:c="c"><c:tx>Vellum &amp; Söhne</c:tx><c:pt><c:v>Vellum &amp; Söhne</c:v></c:pt></c:chartSpace>'
    changed(book, "xl/charts/chart8.xml", chart, "Mine", "chart")
    before = read(book, sheet), read(book, "xl/drawings/drawing8.xml")
    erase(book)
    assert (read(book, sheet), read(book, "xl/drawings/drawing8.xml")) == before
    assert read(book, "xl/charts/chart8.xml") == chart.replace("<c:v>Vellum &amp; Söhne</c:v>", f"<c:v>{MARK}</c:v>"), (
        "a chart's memory of cells goes"
    )
    assert left(book) == ["Mine (xl/charts/chart8.xml)", "Mine (xl/drawings/drawing8.xml)", "Mine!A1"]
    assert all(each.users for each in find(Workbook(Package.open(book)), (NAME,)))


def test_shared_texts_that_no_cell_uses_go_and_others_stay(book: Path) -> None:
    """Programs leave a text behind when its cell changes: a name of two signs, too short to be looked for, goes with it."""
    strings = f"<sst {MAIN}><si><t>李四</t></si><si><r><t>Vellum </t></r><r><t>&amp; Söhne</t></r></si><si><t>kept</t></si></sst>"
    changed(book, "xl/sharedStrings.xml", strings, kind="sharedStrings")
    sheet = part_of(book, "Mine")
    cells = '<c r="A1" t="s"><v>2</v></c><c r="B1" t="s"><v>1</v></c>'
    changed(book, sheet, f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>')
    routes = part_of(book, "Routes")
    changed(book, routes, re.sub(r"</sheetData>", '<row r="99"><c r="C99" t="s"><v>1</v></c></row></sheetData>', read(book, routes)))
    assert left(book) == ["Customers!C7", "Mine!B1", "Routes!C99"]
    erase(book)
    kept = read(book, "xl/sharedStrings.xml")
    assert "李四" not in kept
    assert "kept" in kept
    assert left(book) == ["Mine!B1"], "the user's cell keeps its text, ours does not"
    assert f"<t>{MARK}</t>" in read(book, routes)


def test_comments_on_the_persons_rows_go_whole_and_from_others_the_texts(book: Path) -> None:
    comments = (
        f'<comments {MAIN}><authors><author>Lee</author></authors><commentList><comment ref="C7" authorId="0"><text><r><t>likes tea</t></r></text></comment>'
        '<comment ref="C6" authorId="0"><text><r><t>brother of Vellum </t></r><r><t>&amp; Söhne</t></r></text></comment></commentList></comments>'
    )
    changed(book, "xl/comments9.xml", comments, "Customers", "comments")
    assert "Customers!C7" in left(book)
    erase(book)
    shown = re.findall(r"<t>([^<]*)</t>", read(book, "xl/comments9.xml"))
    assert shown == [MARK, f"brother of {MARK}"]
    assert left(book) == []


def test_tips_of_links_lose_the_name_also_where_they_were_cut(book: Path) -> None:
    part = part_of(book, "Minimums")
    links = (
        '<hyperlinks><hyperlink ref="A1" location="x" tooltip="Oak 1&#10;Vellum &amp; Söhne 2"/>'
        '<hyperlink ref="A2" location="x" tooltip="Oak 1&#10;Vellu…"/><hyperlink ref="A3" location="x" tooltip="Oak 1&#10;Oa…"/></hyperlinks>'
    )
    changed(book, part, read(book, part).replace("</sheetData>", f"</sheetData>{links}", 1))
    erase(book)
    tips = re.findall(r'tooltip="([^"]*)"', read(book, part))
    assert tips == [f"Oak 1&#10;{MARK} 2", "Oak 1&#10;…", "Oak 1&#10;Oa…"]


def test_a_name_in_a_defined_name_goes_and_a_sheets_name_stays(book: Path) -> None:
    package = Package.open(book)
    workbook = Workbook(package)
    workbook.set_defined_name("best", f'"{NAME}"')
    workbook.set_defined_name("place", "'Vellum'!$A$1")
    workbook.write()
    book.write_bytes(package.to_bytes())
    erase(book, NAME, "Vellum")
    names = {name.name: name.refers_to for name in Workbook(Package.open(book)).names}
    assert names["best"] == f'"{MARK}"'
    assert names["place"] == "'Vellum'!$A$1"


def test_a_word_of_the_format_is_no_text(book: Path) -> None:
    """A person may be called as an element or an attribute's value is: the file stays as it must be."""
    before = {name: Package.open(book).read(name) for name in Package.open(book).names()}
    erase(book, "list", "center", "worksheet", "text")
    after = {name: Package.open(book).read(name) for name in Package.open(book).names()}
    assert [name for name in before if before[name] != after[name] and not name.startswith("xl/worksheets/")] in ([], ["xl/workbook.xml"])
    assert FileStore.open(book).read("customers").frame.height == 2


@pytest.mark.parametrize(
    ("text", "where", "stands"),
    [
        ("Ann Lee", "to ann  lee.", True), ("Ann", "Annual", False), ("Ann", "(Ann)", True), ("老王", "到老王家", True), ("555-0101", "1555-01012", False),
        ("a+b (c)", "x a+b (c) y", True), ("Ann\nLee", "Ann Lee", True),
    ],
)  # fmt: skip
def test_whole_words_in_any_case_with_any_blanks_between(text: str, where: str, stands: bool) -> None:
    assert Pattern((text,)).found_in(where) is stands
    assert (Pattern((text,)).replaced(where, "#") != where) is stands
    assert (standing_elsewhere([text], where) == {text}) is stands


def test_what_is_worth_looking_for() -> None:
    assert telling(["Al", " Ann ", "1234", "12-345", None, "", "Ann"]) == ["12-345", "Ann"]
    assert telling(["120000", "Ann 3"], words=True) == ["Ann 3"]


@given(st.lists(st.sampled_from(["Ann Lee", "ann", "Vellum & Söhne", "老王", "555-0101", "Lee  Ann"]), min_size=1, unique=True), st.data())
def test_a_long_text_is_searched_as_a_short_one(texts: list[str], data: st.DataObject) -> None:
    """The faster way finds the same places as the expression alone."""
    pieces = data.draw(
        st.lists(
            st.sampled_from(
                ["Ann", " ", "Lee", "\n", "ANN  lee", "x", "Vellum &amp; söhne", "Vellum & Söhne", "老王", "<t>", "555-0101", "1"]
            ),
            max_size=30,
        )
    )
    text = "".join(pieces)
    long = text + " " + "." * 5000
    for escaped in (False, True):
        pattern = Pattern(tuple(texts), escaped)
        short_way = [(match.start(), match[0]) for match in pattern.expression.finditer(long)]
        assert [(match.start(), match[0]) for match in pattern.matches(long)] == short_way
        assert [(match.start(), match[0]) for match in pattern.matches(text)] == short_way
