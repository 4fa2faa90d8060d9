"""The encodings of exports are told apart, Big5 from GB18030 above all."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcrm.imports.encodings import decode
from xlcrm.problems import CannotDo

SIMPLIFIED = "线路,客户代码,客户名称,联系人,电话,地址\n1,000270020092,东风便利店,王建国,13800138000,人民路12号\n2,000270020093,福满多超市,李秀英,,中山大道88号\n"
TRADITIONAL = "路線,客戶代號,客戶名稱,聯絡人,電話,地址\n1,000270020092,許功蓋商行,陳淑芬,02-2345-6789,臺北市中山北路\n2,000270020093,珮琪餐廳,林志明,,高雄市三民區\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"])
def test_simplified(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding), "f.csv") == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030", "big5", "cp950", "big5hkscs"])
def test_traditional(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "f.csv") == TRADITIONAL


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("东风便利店", "gb18030"), ("红星超市", "gbk"), ("大潤發", "big5"), ("珮琪餐廳", "big5"), ("全家便利商店", "big5"), ("金鑫烟酒", "gbk"), ("鄭記麵店", "big5"), ("鄭記麵店", "gb18030")],
)  # fmt: skip
def test_few_characters_under_english_headers(name: str, encoding: str) -> None:
    written = f"code,name\n001,{name}\n"
    assert decode(written.encode(encoding), "f.csv") == written


def test_reference_texts(shared_data: Path) -> None:
    for name in ("big5", "gb18030", "gbk", "shift_jis"):
        expected = (shared_data / "encodings" / f"{name}-utf8.txt").read_text(encoding="utf-8")
        assert decode((shared_data / "encodings" / f"{name}.txt").read_bytes(), name) == expected


def test_western_text() -> None:
    assert decode("code,name\n1,Café Ñandú\n".encode("cp1252"), "f.csv").endswith("Café Ñandú\n")


def test_long_text_is_decoded_whole_not_only_its_sample() -> None:
    written = "线路,客户代码,客户名称\n" + "1,000270020092,东风便利店\n" * 20_000
    assert decode(written.encode("gb18030"), "f.csv") == written


def test_a_mark_that_does_not_fit() -> None:
    with pytest.raises(CannotDo) as refused:
        decode(b"\xef\xbb\xbfcode\n\xff\xff\n", "f.csv")
    assert refused.value.problem.code == "broken_encoding"


def test_binary_is_no_text() -> None:
    with pytest.raises(CannotDo) as refused:
        decode(bytes(range(256)) * 4, "f.bin")
    assert refused.value.problem.code == "not_text"


def test_bytes_that_fit_no_encoding() -> None:
    with pytest.raises(CannotDo) as refused:
        decode(b"code,name\n1,\x81\n2,\x8d\xff\n", "f.csv")
    assert refused.value.problem.code == "unknown_encoding"
