"""A file on the disk is always whole: the old workbook or the new one."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import IO

import polars as pl
import pytest

from tests.sheets.decorated import customers
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.sheets.saving import Stamp, backup_path, save_atomically

KILLS = 24
CHANGES = WorkbookChanges(tables={"customers": customers("0001")})


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "my book.xlsx"
    FileStore.create(path, "en")
    return path


def refused(path: Path, code: str) -> None:
    """A save raises that problem and leaves the folder as it was."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    store = FileStore.open(path)
    with pytest.raises(CannotDo) as caught:
        store.save(CHANGES)
    assert caught.value.problem.code == code
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_the_previous_file_is_kept_and_nothing_else_is_left(book: Path) -> None:
    first = book.read_bytes()
    book.chmod(0o640)
    store = FileStore.open(book)
    store.save(CHANGES)
    second = book.read_bytes()
    assert sorted(each.name for each in book.parent.iterdir()) == ["my book.bak.xlsx", "my book.xlsx"]
    assert backup_path(book).read_bytes() == first != second
    assert book.stat().st_mode & 0o777 == 0o640
    store.save(WorkbookChanges(tables={"customers": customers("0002")}))
    assert backup_path(book).read_bytes() == second


@pytest.mark.parametrize("lock", ["~$my book.xlsx", "~$ book.xlsx", ".~lock.my book.xlsx#"])
def test_a_workbook_open_elsewhere_is_refused(book: Path, lock: str) -> None:
    book.with_name(lock).write_text("someone")
    refused(book, "workbook_open_elsewhere")


def test_a_workbook_changed_since_it_was_read_is_refused(book: Path) -> None:
    store = FileStore.open(book)
    FileStore.open(book).save(CHANGES)
    theirs = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        store.save(WorkbookChanges(tables={"customers": customers("0002")}))
    assert caught.value.problem.code == "workbook_changed_since_read"
    assert book.read_bytes() == theirs


def test_a_touched_but_equal_file_is_no_change(book: Path) -> None:
    store = FileStore.open(book)
    os.utime(book, (1, 1))
    store.save(CHANGES)
    assert FileStore.open(book).read("customers").frame.height == 1


def test_a_change_of_the_same_size_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    stamp = Stamp.of(path)
    path.write_bytes(b"two")
    os.utime(path, ns=(stamp.mtime_ns + 1, stamp.mtime_ns + 1))
    assert not stamp.still_holds(path)


def test_a_vanished_workbook_is_refused(book: Path) -> None:
    store = FileStore.open(book)
    book.unlink()
    with pytest.raises(CannotDo):
        store.save(CHANGES)
    assert list(book.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EACCES, "not_permitted_to_write"), (errno.EIO, "workbook_not_saved")]
)
def test_a_failing_disk_leaves_the_old_workbook(book: Path, number: int, code: str) -> None:
    before = book.read_bytes()

    def fails(stream: IO[bytes]) -> None:
        stream.write(b"half of it")
        raise OSError(number, os.strerror(number))

    with pytest.raises(CannotDo) as caught:
        save_atomically(book, fails, Stamp.of(book))
    assert caught.value.problem.code == code
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]


def test_a_link_to_a_workbook_stays_a_link(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    FileStore.open(link).save(CHANGES)
    assert link.is_symlink()
    assert FileStore.open(book).read("customers").frame.height == 1


def test_creating_over_an_existing_file_is_refused(book: Path) -> None:
    before = book.read_bytes()
    with pytest.raises(CannotDo) as caught:
        FileStore.create(book, "en")
    assert caught.value.problem.code == "workbook_exists"
    assert book.read_bytes() == before


_CHILD = """
import sys
import polars as pl
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
path = sys.argv[1]
print("ready", flush=True)
number = 0
while True:
    number += 1
    codes = [f"{number:04d}-{row:05d}" for row in range(3000)]
    frame = pl.DataFrame({"customer_code": codes, "customer_name": [f"name {code}" for code in codes]})
    FileStore.open(path).save(WorkbookChanges(tables={"customers": frame}))
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is not there")
def test_killed_at_any_moment_the_file_is_one_whole_workbook(book: Path) -> None:
    """A child saves again and again, and is killed at a random moment; the file must always open, with the rows of one save."""
    moments = random.Random(20170401)
    rows: set[int] = set()
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", _CHILD, str(book)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.6))
            child.send_signal(signal.SIGKILL)
        with zipfile.ZipFile(book) as archive:
            assert archive.testzip() is None
        checked = FileStore.open(book).read("customers")
        saves = checked.frame["customer_code"].str.slice(0, 4).n_unique()
        assert checked.frame.height in (0, 3000)
        assert saves <= 1
        rows.add(checked.frame.height)
        if backup_path(book).exists():
            with zipfile.ZipFile(backup_path(book)) as archive:
                assert archive.testzip() is None
    assert 3000 in rows, "no save was ever finished: the test shows nothing"


def test_left_overs_of_a_killed_save_are_swept_once_they_are_old(book: Path) -> None:
    left, fresh = (book.with_name(f".{book.name}.xlcrm-{number}.tmp") for number in (1, 2))
    left.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(left, (1, 1))
    FileStore.open(book).save(WorkbookChanges(tables={"customers": pl.DataFrame({"customer_code": ["1"]})}))
    assert not left.exists()
    assert fresh.exists()
