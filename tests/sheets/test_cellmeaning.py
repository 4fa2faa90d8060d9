"""A small sheet is read cell by cell, a large one in columns: both read the same."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlcrm.sheets import sheetcells
from xlcrm.sheets.cellmeaning import number_text
from xlcrm.sheets.sheetcells import CellReader, Scanned
from xlcrm.sheets.sheetxml import SheetXml
from xlcrm.sheets.xmlbits import escape_cell

LETTERS = "ABCD"
SHARED = ["alpha", "", "客户", "a_x000D_b"]
numbers = st.one_of(
    st.integers(-(10**19), 10**19).map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr), st.integers(-5, 60_000).map(str),
    st.integers(0, 86_399).map(lambda second: repr(42_740 + second / 86_400)), st.sampled_from(["0.1", "1e-7", "0.000012345678", "-0", "007", "x"]),
)  # fmt: skip
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8).map(escape_cell)
styles = st.sampled_from(["", ' s="1"', ' s="7"', ' s="12"'])
cells = st.one_of(
    st.tuples(styles, numbers).map(lambda c: f"{c[0]}><v>{c[1]}</v></c>"),
    st.tuples(styles, st.sampled_from(["0", "2", "3", "9", "x"])).map(lambda c: f'{c[0]} t="s"><v>{c[1]}</v></c>'),
    st.tuples(styles, st.sampled_from("01")).map(lambda c: f'{c[0]} t="b"><v>{c[1]}</v></c>'),
    st.tuples(styles, words, st.sampled_from(["str", "e", "d"])).map(lambda c: f'{c[0]} t="{c[2]}"><f>A1</f><v>{c[1]}</v></c>'),
    st.tuples(styles, words).map(lambda c: f'{c[0]} t="inlineStr"><is><t>{c[1]}</t></is></c>'),
    st.tuples(styles, words).map(lambda c: f'{c[0]} t="inlineStr"><is><r><rPr><b/></rPr><t xml:space="preserve">{c[1]}</t></r><r><t>!</t></r></is></c>'),
    styles.map(lambda style: f"{style}/>"),
)  # fmt: skip
rows = st.lists(st.tuples(st.dictionaries(st.sampled_from(LETTERS), cells), st.sampled_from(["", ' ht="20"', ' hidden="1"'])), max_size=6)


def sheet_of(drawn: list[tuple[dict[str, str], str]]) -> SheetXml:
    written = "".join(
        f'<row r="{number}"{look}>' + "".join(f'<c r="{letter}{number}"{found[letter]}' for letter in sorted(found)) + "</row>"
        for number, (found, look) in enumerate(drawn, 1)
    )
    return SheetXml.parse(f"<worksheet><sheetData>{written}</sheetData></worksheet>".encode(), "sheet1.xml", "book.xlsx")


def everything(scanned: Scanned) -> tuple[object, ...]:
    looks = [scanned.templates[place] for place in scanned.template_ids.to_list()]
    texts = {column: (series.dtype, series.to_list()) for column, series in scanned.texts.items()}
    raw = {column: (series.dtype, series.to_list()) for column, series in scanned.raw.items()}
    return scanned.numbers.to_list(), looks, texts, raw


@settings(max_examples=300, deadline=None)
@given(drawn=rows, date1904=st.booleans(), owned=st.sampled_from([None, (), {1, 3}]))
def test_both_ways_to_read_a_sheet_read_the_same(drawn: list[tuple[dict[str, str], str]], date1904: bool, owned: set[int] | None) -> None:
    reader = CellReader(pl.Series("shared", SHARED, dtype=pl.String), frozenset({"7", "12"}), date1904)
    index = sheet_of(drawn).index()
    wanted = {1: False, 2: True, 3: False, 9: False}
    small = sheetcells._scan_small(index, reader, wanted, owned)
    assert everything(small) == everything(sheetcells._scan_large(index, reader, wanted, owned))


def test_the_size_of_a_sheet_decides_how_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = CellReader(pl.Series("shared", SHARED, dtype=pl.String), frozenset(), False)
    index = sheet_of([({"A": "><v>1</v></c>"}, "")]).index()
    for least, way in ((index.size, "_scan_small"), (index.size - 1, "_scan_large")):
        called: list[str] = []
        with monkeypatch.context() as patch:
            patch.setattr(sheetcells, "SMALL_BYTES", least)
            patch.setattr(sheetcells, way, lambda *_, way=way, called=called: called.append(way))
            sheetcells.scan(index, reader, {1: False}, None)
        assert called == [way]


@pytest.mark.parametrize(
    ("written", "shown"), [("12", "12"), ("12.0", "12"), ("0.1", "0.1"), ("1E-7", "0.0000001"), ("1.5e3", "1500"), ("1e17", "1.00000000000000E+17"), ("n/a", "n/a")],
)  # fmt: skip
def test_numbers_as_a_person_reads_them(written: str, shown: str) -> None:
    assert number_text(written) == shown
