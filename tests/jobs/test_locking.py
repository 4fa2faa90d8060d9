"""A password is set, changed and taken off; nothing in clear stays beside a locked workbook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.sheets.decorated import customers
from xlcrm.jobs.locking import lock_workbook, unlock_workbook
from xlcrm.problems import CannotDo
from xlcrm.sheets import saving
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.encryption import AskPassword, Password, is_encrypted
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.saving import backup_path

pytest.importorskip("msoffcrypto")


def saying(text: str) -> AskPassword:
    return lambda _: Password(text)


def never(file: str) -> Password:
    raise AssertionError(file)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of two customers, with the one customer before that in its backup."""
    path = tmp_path / "crm.xlsx"
    FileStore.create(path, "en")
    for codes in (("0001",), ("0001", "0002")):
        FileStore.open(path).save(WorkbookChanges(tables={"customers": customers(*codes)}))
    return path


def height(path: Path, password: str = "") -> int:
    return FileStore.open(path, saying(password) if password else None).read("customers").frame.height


def refusal(attempt: object) -> str:
    with pytest.raises(CannotDo) as caught:
        attempt()  # type: ignore[operator]  # a lambda
    return caught.value.problem.code


def test_locking_leaves_nothing_in_clear(book: Path) -> None:
    fresh = book.with_name(f".{book.name}.xlcrm-7.tmp")
    fresh.write_bytes(book.read_bytes())  # a save that was killed a moment ago
    book.chmod(0o640)
    locked = lock_workbook(book, never, saying("one"))
    assert locked.backup == "locked"
    assert [is_encrypted(each.read_bytes()) for each in sorted(book.parent.iterdir())] == [True, True]
    assert (height(book, "one"), height(backup_path(book), "one")) == (2, 1)
    assert book.stat().st_mode & 0o777 == 0o640
    said = locked.lines("en")
    assert said[0].startswith("crm.xlsx now opens")
    assert said[1].startswith("crm.bak.xlsx")
    assert len(locked.lines("zh")) == 3


def test_a_new_password_shuts_out_the_old_one_in_the_backup_too(book: Path) -> None:
    lock_workbook(book, never, saying("one"))
    FileStore.open(book, saying("one")).save(WorkbookChanges(tables={"customers": customers("1", "2", "3")}))
    assert lock_workbook(book, saying("one"), saying("two")).backup == "locked"
    assert (height(book, "two"), height(backup_path(book), "two")) == (3, 2)
    for path in (book, backup_path(book)):
        assert refusal(lambda path=path: height(path, "one")) == "password_wrong"


def test_a_backup_under_a_third_password_is_left_alone(book: Path) -> None:
    lock_workbook(book, never, saying("one"))
    third = backup_path(book).read_bytes()
    unlock_workbook(book, saying("one"))
    backup_path(book).write_bytes(third)
    lock_workbook(book, never, saying("two"))
    assert backup_path(book).read_bytes() == third
    assert lock_workbook(book, saying("two"), saying("three")).backup == "unknown"
    assert backup_path(book).read_bytes() == third


def test_without_a_backup_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "crm.xlsx"
    FileStore.create(path, "zh")
    locked = lock_workbook(path, never, saying("密码"))
    assert (locked.backup, len(locked.lines("zh"))) == ("none", 2)
    assert list(tmp_path.iterdir()) == [path]


def test_unlocking_keeps_the_password_on_the_backup(book: Path) -> None:
    lock_workbook(book, never, saying("one"))
    unlocked = unlock_workbook(book, saying("one"))
    assert height(book) == 2
    assert height(backup_path(book), "one") == 2
    assert [line.split(" ")[0].rstrip(",") for line in unlocked.lines("en")] == ["crm.xlsx", "crm.bak.xlsx"]
    assert refusal(lambda: unlock_workbook(book, never)) == "workbook_not_locked"


def test_what_cannot_be_locked_stays_as_it_is(book: Path, tmp_path: Path) -> None:
    lock_workbook(book, never, saying("one"))
    note = tmp_path / "note.xlsx"
    note.write_text("no workbook")
    open_elsewhere = book.with_name("~$crm.xlsx")
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}
    assert refusal(lambda: lock_workbook(book, saying("two"), never)) == "password_wrong"
    assert refusal(lambda: unlock_workbook(book, saying("two"))) == "password_wrong"
    assert refusal(lambda: lock_workbook(note, never, never)) == "workbook_damaged"
    assert refusal(lambda: lock_workbook(tmp_path / "none.xlsx", never, never)) == "file_missing"
    open_elsewhere.write_text("someone")
    assert refusal(lambda: lock_workbook(book, saying("one"), saying("two"))) == "workbook_open_elsewhere"
    open_elsewhere.unlink()
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_backup_that_stays_in_clear_is_said(book: Path) -> None:
    book.with_name("~$crm.bak.xlsx").write_text("someone")
    assert refusal(lambda: lock_workbook(book, never, saying("one"))) == "backup_not_locked"
    assert height(book, "one") == 2
    assert not is_encrypted(backup_path(book).read_bytes())


def test_a_full_disk_leaves_the_workbook_in_clear_and_whole(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {each: each.read_bytes() for each in book.parent.iterdir()}

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(saving.os, "fsync", full)
    assert refusal(lambda: lock_workbook(book, never, saying("one"))) == "disk_full"
    monkeypatch.undo()
    assert {each: each.read_bytes() for each in book.parent.iterdir()} == before
