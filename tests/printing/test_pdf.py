"""The print pack as a PDF: pages, heads, texts, and that no text of a user is ever run."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.sample_comparison import route_page, sample_comparison
from xlcrm.printing import fonts
from xlcrm.printing.layout import paper_of, printed_pages
from xlcrm.printing.typst_painter import pdf
from xlcrm.problems import CannotDo
from xlcrm.settings import Settings
from xlcrm.sheets.pages import Page, PageBlock, PageCell, PageLine
from xlcrm.sheets.views import pages
from xlcrm.tables import columns as c
from xlcrm.texts import Language

PRINTED = dt.date(2018, 1, 5)
CODE = re.compile(r"\b9\d{5}\b")


def route(number: str, customers: int, language: Language = "en") -> Page:
    row = sample_comparison().visit_lines.row(0, named=True)
    lines = [{**row, c.ROUTE: number, c.CUSTOMER_CODE: f"9{number}{place:04}"} for place in range(customers)]
    return route_page(lines, Settings(language=language), f"Route {number}")


def printed(pages_: list[Page], folder: Path, language: Language = "en") -> list[str]:
    out = folder / "pack.pdf"
    sheets = pdf(pages_, out, language)
    texts = [page.extract_text() for page in PdfReader(out).pages]
    assert len(texts) == sheets
    return texts


def test_routes_never_share_a_sheet_and_every_sheet_has_head_and_number(tmp_path: Path) -> None:
    texts = printed([route("1", 25), route("2", 10), route("3", 11)], tmp_path)
    assert len(texts) == 3 + 1 + 2
    numbers = [(1, 3), (2, 3), (3, 3), (1, 1), (1, 2), (2, 2)]
    for text, place, (page, of) in zip(texts, "111233", numbers, strict=True):
        assert f"Route {place} · Monday" in text
        assert "Next minimum" in text
        assert "Address" in text
        assert "2017 Q4 vs 2017 Q3" in text
        assert f"Page {page} of {of}" in text
        assert {code[1] for code in CODE.findall(text)} == {place}
        assert len(set(CODE.findall(text))) <= 10


def test_every_customer_is_printed_once_with_both_lines_on_one_sheet(tmp_path: Path) -> None:
    texts = printed([route("1", 25)], tmp_path)
    assert [len(CODE.findall(text)) for text in texts] == [10, 10, 5]
    assert [text.count("Maple Shop") for text in texts] == [10, 10, 5]


def test_chinese_pages_can_be_read_out(tmp_path: Path) -> None:
    found = pages(sample_comparison(), Settings(language="zh"), printed_on=PRINTED, type_names={"CS": "便利店"})
    texts = printed(found, tmp_path, "zh")
    assert "三线 · 星期三" in texts[1]
    assert "丽都超市" in texts[1]
    assert "2017年四季度 对比 三季度" in texts[1]
    assert "第 1 页，共 1 页" in texts[1]
    assert "客户季度等级变动统计表" in texts[2]
    assert "平账：线路上每一户恰有一个状态" in texts[2]
    assert "客户季度等级最低标准表" in texts[3]
    assert "等 2 户" in texts[3]


def test_texts_of_users_are_printed_as_they_are(tmp_path: Path) -> None:
    nasty = [
        '#panic("x")',
        "*a* _b_ $x$ \\#",
        "#read('/etc/passwd')",
        "</script> \u202e & <b>",
        "[x](y) `code` @ref <label>",
        "// gone /* gone */",
    ]
    row = sample_comparison().visit_lines.row(0, named=True)
    lines = [
        {**row, c.CUSTOMER_NAME: name, c.CUSTOMER_CODE: f"9{place:05}", c.ADVICE: name, c.ACCOUNT_MANAGER: "#sys.inputs"}
        for place, name in enumerate(nasty)
    ]
    text = printed([route_page(lines, Settings(), "Route 1")], tmp_path)[0]
    for name in ('#panic("x")', "*a* _b_ $x$ \\#", "#read('/etc/passwd')", "[x](y) `code` @ref", "// gone /* gone */", "#sys.inputs"):
        assert name in text


def test_figures_stand_in_the_pdf_as_their_formats_show_them(tmp_path: Path) -> None:
    texts = printed(pages(sample_comparison(), Settings(), printed_on=PRINTED), tmp_path)
    for shown in ("+576%", "−56%", ">999%", "176k", "583"):
        assert shown in texts[0]
    assert "583.20" in texts[3]
    assert "11 ✓" in texts[2]


def test_same_pages_give_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for out in (first, second):
        pdf([route("1", 3)], out, "en")
    assert first.read_bytes() == second.read_bytes()


def test_only_the_named_font_is_used(tmp_path: Path) -> None:
    out = tmp_path / "pack.pdf"
    pdf(pages(sample_comparison(), Settings(language="zh"), printed_on=PRINTED), out, "zh")
    names = {str(font.get_object()["/BaseFont"]) for page in PdfReader(out).pages for font in page["/Resources"]["/Font"].values()}
    assert {name.split("+")[-1] for name in names} == {"NotoSansCJKjp-Regular-Identity-H", "NotoSansCJKjp-Bold-Identity-H"}


def test_a_missing_font_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PACKAGES", ("no_such_font_package",))
    with pytest.raises(CannotDo) as error:
        pdf([route("1", 1)], tmp_path / "pack.pdf", "en")
    assert error.value.problem.code == "print_font_missing"
    assert "no-such-font-package" in error.value.problem.message("en")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "pack.pdf").mkdir()
    with pytest.raises(CannotDo) as error:
        pdf([route("1", 1)], tmp_path / "pack.pdf", "en")
    assert error.value.problem.code == "pdf_not_written"
    assert [path.name for path in tmp_path.iterdir()] == ["pack.pdf"]


def page_with(blocks: int, lines: int = 2, **more: object) -> Page:
    body = [PageBlock(str(number), [PageLine(100, [PageCell(0, number)])] * lines) for number in range(blocks)]
    return replace(Page("x", "x", "x", (500, 500), [PageLine(50)], body), **more)


def test_blocks_fill_a_sheet_by_their_height_and_are_never_split() -> None:
    sheets = printed_pages(page_with(7))
    assert [len(sheet.lines) for sheet in sheets] == [1 + 6, 1 + 6, 1 + 2]
    assert [(sheet.number, sheet.pages) for sheet in sheets] == [(1, 3), (2, 3), (3, 3)]


def test_one_page_is_scaled_until_everything_fits() -> None:
    page = page_with(9, one_page=True)
    assert len(printed_pages(page)) == 1
    assert paper_of(page).scale == pytest.approx(530.08 / ((50 + 9 * 200) * 0.75), abs=0.001)


def test_a_foot_that_does_not_fit_moves_as_a_whole() -> None:
    sheets = printed_pages(page_with(3, foot=[PageLine(60), PageLine(60)]))
    assert [len(sheet.lines) for sheet in sheets] == [7, 3]
