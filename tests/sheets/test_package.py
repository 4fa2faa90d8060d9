"""The zip package and the parts that tie a workbook together."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.sheets.decorated import zipped
from xlcrm.problems import CannotDo
from xlcrm.sheets import package as package_module
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import Workbook, relationships
from xlcrm.sheets.template import template_bytes

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'


def package_of(parts: dict[str, bytes]) -> Package:
    return Package.from_bytes(zipped(parts), "a.xlsx")


def test_untouched_package_is_written_with_the_same_parts_dates_and_attributes() -> None:
    data = zipped({"[Content_Types].xml": TYPES, "a.bin": b"\0" * 1000, "数据.xml": b"<a/>"})
    out = Package.from_bytes(data, "a.xlsx").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(out)) as new:
        assert new.testzip() is None
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            for name in ("filename", "date_time", "external_attr", "compress_type", "CRC", "compress_size", "create_system"):
                assert getattr(before, name) == getattr(after, name)


def test_entries_written_as_a_stream_lose_only_their_data_descriptor() -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]  # a buffer
            return len(bytes(data))  # type: ignore[call-overload]  # a buffer

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("a.xml", b"<a/>" * 100)
    out = Package.from_bytes(bytes(stream.data), "a.xlsx").to_bytes()
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        assert archive.testzip() is None
        assert archive.read("a.xml") == b"<a/>" * 100
        assert all(info.flag_bits & 8 == 0 for info in archive.infolist())


def test_a_replaced_part_comes_in_chunks_and_keeps_its_place() -> None:
    package = package_of({"[Content_Types].xml": TYPES, "a.xml": b"old", "b.xml": b"b"})
    package.replace("a.xml", (f"<row>{number}</row>".encode() for number in range(10_000)))
    again = Package.from_bytes(package.to_bytes(), "a.xlsx")
    assert again.names() == ["[Content_Types].xml", "a.xml", "b.xml"]
    assert again.read("a.xml") == b"".join(f"<row>{number}</row>".encode() for number in range(10_000))


def test_part_names_are_found_whatever_their_case() -> None:
    package = package_of({"[Content_Types].xml": TYPES, "xl/SharedStrings.xml": b"<sst/>"})
    assert package.read("xl/sharedStrings.xml") == b"<sst/>"
    package.replace("xl/sharedStrings.xml", b"<sst></sst>")
    assert package.names() == ["[Content_Types].xml", "xl/SharedStrings.xml"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook_damaged"),
        (b"not a zip", "workbook_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook_encrypted_or_old"),
        (zipped({"a.txt": b"x"}), "workbook_damaged"),
        (zipped({"[Content_Types].xml": TYPES, "a.xml": b"x" * 500})[:-30], "workbook_damaged"),
    ],
    ids=["empty", "text", "ole", "other zip", "cut off"],
)
def test_what_is_no_workbook_is_refused_in_one_line(data: bytes, code: str) -> None:
    with pytest.raises(CannotDo) as caught:
        Package.from_bytes(data, "a.xlsx")
    assert caught.value.problem.code == code
    for language in ("en", "zh"):
        assert "{" not in caught.value.problem.line(language)


def test_damaged_part_is_noticed_when_it_is_read() -> None:
    data = bytearray(zipped({"[Content_Types].xml": TYPES, "a.bin": b"stored as it is"}))
    place = bytes(data).index(b"stored as it is")
    data[place] ^= 1
    package = Package.from_bytes(bytes(data), "a.xlsx")
    with pytest.raises(CannotDo, match=r"a\.bin"):
        package.read("a.bin")


def test_a_part_that_claims_to_be_small_does_not_unpack_without_end() -> None:
    bomb = zipped({"[Content_Types].xml": TYPES, "a.xml": b" " * 3_000_000})
    package = Package.from_bytes(bomb, "a.xlsx")
    package.entries["a.xml"].size = 10
    with pytest.raises(CannotDo):
        package.read("a.xml")


def test_document_types_are_refused_before_anything_is_expanded(tmp_path: Path) -> None:
    workbook = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'
    rels = b'<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    package = package_of({"[Content_Types].xml": TYPES, "_rels/.rels": rels, "xl/workbook.xml": workbook})
    with pytest.raises(CannotDo, match="DOCTYPE"):
        Workbook(package)


def opened() -> Workbook:
    return Workbook(Package.from_bytes(template_bytes("en"), "a.xlsx"))


def test_reading_a_workbook_changes_nothing() -> None:
    data = template_bytes("en")
    workbook = Workbook(Package.from_bytes(data, "a.xlsx"))
    workbook.write()
    old, new = Package.from_bytes(data, "a.xlsx"), workbook.package
    assert [(name, old.read(name)) for name in old.names()] == [(name, new.read(name)) for name in new.names()]


def test_names_of_a_sheet_stay_with_it_when_sheets_come_and_go() -> None:
    workbook = opened()
    home, customers, gaps = (workbook.sheet(name) for name in ("Home", "Customers", "Gaps"))
    assert home
    assert customers
    assert gaps
    was = [(name.name, name.sheet.name if name.sheet else "", name.refers_to) for name in workbook.names]
    added = workbook.add_sheet("Customers", b"<worksheet><sheetData/></worksheet>", after=home)
    workbook.write()
    again = Workbook(workbook.package)
    assert added.name == "Customers (2)"
    assert [sheet.name for sheet in again.sheets][:4] == ["Home", "Customers (2)", *(sheet.name for sheet in opened().sheets[1:3])]
    assert [(name.name, name.sheet.name if name.sheet else "", name.refers_to) for name in again.names] == was
    again.remove_sheet(again.sheets[1])
    again.write()
    last = Workbook(again.package)
    assert [(name.name, name.sheet.name if name.sheet else "", name.refers_to) for name in last.names] == was
    assert last.package.names() == opened().package.names()


def test_removing_a_sheet_takes_along_only_what_nobody_else_uses() -> None:
    workbook = opened()
    charts = workbook.sheet("Charts")
    assert charts is not None
    drawing = next(each.target for each in relationships(workbook.package, charts.part).values() if each.type.endswith("/drawing"))
    drawn = [each.target for each in relationships(workbook.package, drawing).values() if each.type.endswith("/chart")]
    others = {name for name in workbook.package.names() if name.startswith("xl/charts/chart")} - set(drawn)
    assert drawn
    assert others  # the card's and the dashboard's
    theme = workbook.related("theme")
    workbook.remove_sheet(charts)
    workbook.write()
    assert not workbook.package.has(drawing)
    assert not set(drawn) & set(workbook.package.names())
    assert others <= set(workbook.package.names())
    assert theme
    assert workbook.package.has(theme)


def test_a_defined_name_with_markup_in_it_survives() -> None:
    workbook = opened()
    workbook.set_defined_name("mine", "'R&D <x>'!$A$1", hidden=True)
    workbook.write()
    found = Workbook(workbook.package).defined_name("MINE")
    assert found is not None
    assert found.refers_to == "'R&D <x>'!$A$1"
    assert 'hidden="1"' in found.element


def test_a_part_is_unpacked_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """However a part is cut, the pieces are the part; a piece that unpacks to far more than the header says is damage."""
    content = bytes(range(256)) * 5000 + b"a" * 3_000_000
    for size in (97, 4096, 1 << 20):
        monkeypatch.setattr(package_module, "_PACKED_BYTES", size)
        monkeypatch.setattr(package_module, "_UNPACKED_BYTES", 100_000)
        package = Package.from_bytes(zipped({"[Content_Types].xml": b"<Types/>", "big": content}), "book.xlsx")
        pieces = list(package.chunks("big"))
        assert b"".join(pieces) == content
        assert max(map(len, pieces)) <= 100_000
        assert package.size("big") == len(content)
    package.entries["big"].size -= 1
    with pytest.raises(CannotDo):
        list(package.chunks("big"))
    package.entries["big"].size += 1
    package.entries["big"].crc ^= 1
    with pytest.raises(CannotDo):
        list(package.chunks("big"))
    assert package.size("none") == 0
    with pytest.raises(CannotDo):
        list(package.chunks("none"))
