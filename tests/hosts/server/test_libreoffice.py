"""A real spreadsheet program as the server's client: LibreOffice sends its open workbook, does what comes back, and shows it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.hosts.every_host import ClosedFile, Said
from tests.hosts.sample_books import SITUATIONS, Situation, copied, frames, prepare, sample_book
from tests.hosts.server import fake_books
from tests.hosts.shownpages import pages
from xlcrm.macros import MACROS

if TYPE_CHECKING:
    from tests.hosts.live_server import LiveServer

CLIENT = Path(__file__).with_name("libreoffice_client.py")
CLIENT_SECONDS = 900


@pytest.fixture(scope="module")
def bridge(soffice: str) -> str:
    """A Python that has LibreOffice's bridge: the program's own, or the system's."""
    candidates = [str(Path(soffice).resolve().with_name("python")), "/usr/bin/python3", shutil.which("python3")]
    for candidate in candidates:
        if (
            candidate
            and Path(candidate).exists()
            and subprocess.run([candidate, "-c", "import uno"], capture_output=True, check=False).returncode == 0
        ):
            return candidate
    message = "LibreOffice's Python bridge (python3-uno) is not on this machine"
    if os.environ.get("XLCRM_REQUIRE_TOOLS") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def folder(soffice: str, bridge: str, live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder a macro, with the workbook after it; the same program did all of them."""
    root = tmp_path_factory.mktemp("office")
    book, jobs = sample_book(root, "en"), []
    for macro_id in MACROS:
        at = prepare(copied(book, root / macro_id), SITUATIONS.get(macro_id, Situation()))
        script = f"{live_server.address}/xlwings/custom-scripts-call/{macro_id}"
        jobs.append({"workbook": str(at.book), "script": script, "front": at.front or "", "selection": at.selection})
    (root / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    ended = subprocess.run(
        [bridge, str(CLIENT), soffice, str(root / "jobs.json")], capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return root


@pytest.mark.parametrize("macro_id", MACROS)
def test_the_sheets_show_what_the_file_store_writes(macro_id: str, folder: Path, tmp_path: Path) -> None:
    home = folder / macro_id
    book = home / "book-en.xlsx"
    closed = prepare(copied(folder / book.name, tmp_path), SITUATIONS.get(macro_id, Situation()))
    expected = ClosedFile().press(macro_id, closed)
    callback, title, *lines = json.loads((home / "said.json").read_text(encoding="utf-8"))
    assert (callback, title) == ("xlcrmOutcome", MACROS[macro_id].label("en"))
    assert Said(tuple(lines), failed=False).as_of_closed() == expected
    left = fake_books.saved(book, json.loads((home / "state.json").read_text(encoding="utf-8")), tmp_path / "left.xlsx")
    assert {name: frame.rows() for name, frame in frames(left).items()} == {
        name: frame.rows() for name, frame in frames(closed.book).items()
    }
    assert pages(left) == pages(closed.book)


@pytest.mark.parametrize("macro_id", MACROS)
def test_its_pages_print_without_an_error_in_any_cell(macro_id: str, folder: Path) -> None:
    text = "\n".join(page.extract_text() for page in PdfReader(folder / macro_id / "shown.pdf").pages)
    assert "Route 1" in text
    for error in ("#REF!", "#NAME?", "#VALUE!", "Err:5"):
        assert error not in text
