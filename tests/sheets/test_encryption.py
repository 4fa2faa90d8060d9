"""A password for opening: what we encrypt others open, what others encrypt we open, and what is damaged or wrong is said in one line."""

from __future__ import annotations

import copy
import io
import json
import pickle
import random
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from tests.sheets.decorated import customers
from tests.tools import missing
from xlcrm.problems import CannotDo
from xlcrm.sheets import encryption
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.encryption import Password, decrypt, encrypt, is_encrypted
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.saving import backup_path
from xlcrm.sheets.template import template_bytes

msoffcrypto = pytest.importorskip("msoffcrypto")

SECRET = "Sésam öffne dich 密码 1!"
BRIDGE_CLIENT = Path(__file__).with_name("libreoffice_password.py")
CHANGES = WorkbookChanges(tables={"customers": customers("0001", "0002")})


def password(_: str = "") -> Password:
    return Password(SECRET)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return encrypt(template_bytes("en"), password(), "book.xlsx")


@pytest.fixture
def book(tmp_path: Path, sealed: bytes) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(sealed)
    return path


def package_of(size: int) -> bytes:
    """A package of at least that size that nothing can pack smaller."""
    out = io.BytesIO(template_bytes("en"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/noise.bin", random.Random(5).randbytes(size))
    return out.getvalue()


def code_of(data: bytes, tried: Password) -> str:
    with pytest.raises(CannotDo) as caught:
        decrypt(data, tried, "book.xlsx")
    return caught.value.problem.code


# -- the file


def test_what_was_encrypted_comes_back(sealed: bytes) -> None:
    assert is_encrypted(sealed)
    assert not is_encrypted(template_bytes("en"))
    assert decrypt(sealed, password(), "book.xlsx") == template_bytes("en")
    assert b"PK\x03\x04" not in sealed
    assert SECRET.encode() not in sealed
    assert SECRET.encode("utf-16-le") not in sealed


def test_another_password_is_named(sealed: bytes) -> None:
    for tried in (SECRET + " ", SECRET.lower(), "x"):
        assert code_of(sealed, Password(tried)) == "password_wrong"


def test_every_file_has_salts_and_a_key_of_its_own(sealed: bytes) -> None:
    """Two files of the same content under the same password have nothing in common but their frame."""
    again = encrypt(template_bytes("en"), password(), "book.xlsx")
    keys = []
    for data in (sealed, again):
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        assert office.type == "agile"
        assert (office.info["passwordKeyBits"], office.info["passwordHashAlgorithm"], office.info["spinValue"]) == (256, "SHA512", 100_000)
        office.load_key(SECRET, verify_password=True)
        keys.append(office.secret_key)
        clear = io.BytesIO()
        office.decrypt(clear, verify_integrity=True)
        assert clear.getvalue() == template_bytes("en")
    assert [len(key) for key in keys] == [32, 32]
    # The library's own keys end in sixteen times the same byte, the same in every file.
    assert all(len(set(key[16:])) > 4 for key in keys)
    assert keys[0][16:] != keys[1][16:]
    same = sum(one == other for one, other in zip(sealed[8192:], again[8192:], strict=True))
    assert same < len(sealed) / 20


@pytest.mark.parametrize("megabytes", [0, 8, 24], ids=["one list", "a list more", "lists in a chain"])
def test_the_container_names_each_of_its_allocation_sectors_once(megabytes: int) -> None:
    package = package_of(megabytes << 20)
    data = encrypt(package, password(), "big.xlsx")
    allocation_sectors, = struct.unpack_from("<I", data, 44)  # fmt: skip
    following, lists = struct.unpack_from("<II", data, 68)
    named = list(struct.unpack_from("<109I", data, 76))
    for _ in range(lists):
        *more, following = struct.unpack_from("<128I", data, 512 * (1 + following))
        named += more
    assert following == 0xFFFFFFFE
    used = [number for number in named if number != 0xFFFFFFFF]
    assert len(used) == len(set(used)) == allocation_sectors
    assert named[: len(used)] == used
    for number in used:  # a sector of the allocation table says so in that table
        table = struct.unpack_from("<128I", data, 512 * (1 + used[number // 128]))
        assert table[number % 128] == 0xFFFFFFFD
    assert decrypt(data, password(), "big.xlsx") == package


def test_a_damaged_file_is_refused_or_says_the_same(sealed: bytes) -> None:
    """Single bytes changed anywhere: never another content, never another error."""
    places = random.Random(20170401)
    codes = set()
    for place in [*(places.randrange(len(sealed)) for _ in range(15)), *range(512, 3600, 311), 9, 30, 44, 48, 60]:
        broken = bytearray(sealed)
        broken[place] ^= 1 << places.randrange(8)
        try:
            assert decrypt(bytes(broken), password(), "book.xlsx") == template_bytes("en")
        except CannotDo as refusal:
            codes.add(refusal.problem.code)
    assert "workbook_damaged" in codes
    assert codes <= {"workbook_damaged", "password_wrong"}


@pytest.mark.parametrize("length", [600, 4096, 20_000, -600, -20_000])
def test_a_file_cut_off_is_damaged(sealed: bytes, length: int) -> None:
    assert code_of(sealed[:length], password()) == "workbook_damaged"


def test_more_rounds_of_hashing_than_are_allowed_are_not_begun(sealed: bytes) -> None:
    assert sealed.count(b'spinCount="100000"') == 1
    assert code_of(sealed.replace(b'spinCount="100000"', b'spinCount="99999999999"')[: len(sealed)], password()) == "workbook_damaged"


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, book: Path) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    for attempt in (lambda: FileStore.open(book, password), lambda: encrypt(b"", password(), "book.xlsx")):
        with pytest.raises(CannotDo) as caught:
            attempt()
        assert caught.value.problem.code == "password_extra_missing"
        assert 'pip install "xlcrm[password]"' in caught.value.problem.line("en")


def test_what_is_smaller_than_any_workbook_is_refused() -> None:
    with pytest.raises(CannotDo) as caught:
        encrypt(b"x" * 4000, password(), "book.xlsx")
    assert caught.value.problem.code == "workbook_damaged"


# -- the password


@pytest.mark.parametrize("text", ["", "a" * 256, "two\nlines", "tab\t", "\udcff", "a\0b"])
def test_what_no_program_takes_is_no_password(text: str) -> None:
    with pytest.raises(CannotDo) as caught:
        Password(text)
    assert caught.value.problem.code == "password_unusable"
    assert not text.strip() or text not in str(caught.value)


def test_a_password_shows_itself_nowhere() -> None:
    one = password()
    assert SECRET not in f"{one} {one!r} {[one]} {vars(encryption)}"
    for written in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            written(one)
    with pytest.raises(TypeError):
        json.dumps(one)


# -- the store


def test_a_workbook_with_a_password_opens_and_saves_and_stays_encrypted(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = book.read_bytes()
    store = FileStore.open(book, password)
    seen: list[bytes] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.extend(each.read_bytes() for each in book.parent.iterdir())
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    store.save(CHANGES)
    assert store.read("customers").frame.height == 2
    store.save(WorkbookChanges(tables={"customers": customers("0003")}))  # the same store again
    seen += [each.read_bytes() for each in book.parent.iterdir()]
    assert len(seen) > 6, "no temporary file was seen: the test shows nothing"
    assert all(is_encrypted(data) and b"PK\x03\x04" not in data for data in seen)
    assert sorted(each.name for each in book.parent.iterdir()) == ["book.bak.xlsx", "book.xlsx"]
    assert FileStore.open(book, password).read("customers").frame["customer_code"].to_list() == ["0003"]
    assert FileStore.open(backup_path(book), password).read("customers").frame.height == 2
    assert book.read_bytes() != first


def test_parts_of_others_are_the_same_bytes_in_it(book: Path) -> None:
    FileStore.open(book, password).save(CHANGES)
    clear = decrypt(book.read_bytes(), password(), book.name)
    with zipfile.ZipFile(io.BytesIO(clear)) as new, zipfile.ZipFile(io.BytesIO(template_bytes("en"))) as old:
        same = [name for name in old.namelist() if old.read(name) == new.read(name)]
        assert new.namelist() == old.namelist()
    assert {"xl/theme/theme1.xml", "xl/styles.xml"} <= set(same)
    assert len(same) > 0.8 * len(old.namelist())


@pytest.mark.parametrize(
    ("ask", "code"), [(None, "password_needed"), (lambda _: Password("x"), "password_wrong")], ids=["missing", "wrong"]
)
def test_without_its_password_it_is_refused_and_left_alone(book: Path, ask: encryption.AskPassword | None, code: str) -> None:
    before = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        FileStore.open(book, ask)
    assert caught.value.problem.code == code
    assert book.read_bytes() == before
    assert list(book.parent.iterdir()) == [book]


def test_nobody_is_asked_for_a_workbook_without_one(tmp_path: Path) -> None:
    path = tmp_path / "clear.xlsx"
    path.write_bytes(template_bytes("zh"))

    def never(_: str) -> Password:
        raise AssertionError("asked")

    FileStore.open(path, never).save(WorkbookChanges(tables={"customers": pl.DataFrame({"customer_code": ["1"]})}))
    assert not is_encrypted(path.read_bytes())


# -- other programs


@pytest.fixture(scope="module")
def bridge(soffice: str) -> list[str]:
    """LibreOffice, driven by a Python that has its bridge."""
    candidates = [str(Path(soffice).resolve().with_name("python")), "/usr/bin/python3", shutil.which("python3") or ""]
    for candidate in candidates:
        if Path(candidate).is_file() and not subprocess.run([candidate, "-c", "import uno"], capture_output=True, check=False).returncode:
            return [candidate, str(BRIDGE_CLIENT), soffice]
    missing("LibreOffice's Python bridge (python3-uno)")
    raise AssertionError


def shown_by_libreoffice(bridge: list[str], *tasks: dict[str, str]) -> list[dict[str, object]]:
    ended = subprocess.run(bridge, input=json.dumps(tasks), capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found: list[dict[str, object]] = json.loads(ended.stdout)
    return found


def test_libreoffice_opens_ours_and_we_open_libreoffices_and_both_again(bridge: list[str], tmp_path: Path, sealed: bytes) -> None:
    ours, theirs, big = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx", tmp_path / "big.xlsx"
    ours.write_bytes(sealed)
    FileStore.open(ours, password).save(CHANGES)
    big.write_bytes(encrypt(package_of(9 << 20), password(), "big.xlsx"))
    first, wrong, none, large = shown_by_libreoffice(
        bridge,
        {"file": str(ours), "password": SECRET, "to": str(theirs), "new_password": SECRET},
        {"file": str(ours), "password": SECRET + "x"},
        {"file": str(ours), "password": ""},
        {"file": str(big), "password": SECRET},
    )
    assert (first["opened"], first["errors"]) == (True, [])
    assert "Shop 0002" in json.dumps(first["cells"])
    assert [each["opened"] for each in (wrong, none, large)] == [False, False, True]

    assert is_encrypted(theirs.read_bytes())
    store = FileStore.open(theirs, password)
    assert store.read("customers").frame["customer_code"].to_list() == ["0001", "0002"]
    store.save(WorkbookChanges(tables={"customers": customers("0001", "0002", "0003")}))
    (again,) = shown_by_libreoffice(bridge, {"file": str(theirs), "password": SECRET})
    assert (again["opened"], again["errors"]) == (True, [])
    assert "Shop 0003" in json.dumps(again["cells"])
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]
