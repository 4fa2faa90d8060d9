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
from tests.hosts.sample_books import SITUATIONS, Prepared, Situation, copied, frames, prepare, sample_book, twin
from tests.hosts.server import fake_books
from tests.hosts.shownpages import pages
from xlcrm.macros import MACROS

if TYPE_CHECKING:
    from tests.hosts.live_server import LiveServer

CLIENT = Path(__file__).with_name("libreoffice_client.py")
CLIENT_SECONDS = 900
ROUTE = "Route 1"
PRINTED_WHOLE = "close_quarter"
"""After this button every page is printed; after others those that it touched: the rest are the same."""
MANY_PAGES = 40


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
def pressed(soffice: str, bridge: str, live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Prepared]:
    """Each macro's workbook as it was before, with what stands in the program after it beside; the same program did all of them."""
    root = tmp_path_factory.mktemp("office")
    book, jobs, found = sample_book(root, "en"), [], {}
    for macro_id in MACROS:
        found[macro_id] = at = prepare(copied(book, root / macro_id), SITUATIONS.get(macro_id, Situation()))
        script = f"{live_server.address}/xlwings/custom-scripts-call/{macro_id}"
        jobs.append(
            {
                "workbook": str(at.book),
                "script": script,
                "front": at.front or "",
                "selection": at.selection,
                "print_all": macro_id == PRINTED_WHOLE,
                "print": [ROUTE],
            }
        )
    (root / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    ended = subprocess.run(
        [bridge, str(CLIENT), soffice, str(root / "jobs.json")], capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return found


@pytest.mark.parametrize("macro_id", MACROS)
def test_the_sheets_show_what_the_file_store_writes(macro_id: str, pressed: dict[str, Prepared], tmp_path: Path) -> None:
    book = pressed[macro_id].book
    home = book.parent
    closed = twin(pressed[macro_id], tmp_path)
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
def test_its_pages_print_without_an_error_in_any_cell(macro_id: str, pressed: dict[str, Prepared]) -> None:
    home = pressed[macro_id].book.parent
    assert json.loads((home / "errors.json").read_text(encoding="utf-8")) == []
    pages_shown = [page.extract_text() for page in PdfReader(home / "shown.pdf").pages]
    assert len(pages_shown) > MANY_PAGES or macro_id != PRINTED_WHOLE
    text = "\n".join(pages_shown)
    assert ROUTE in text
    for error in ("#REF!", "#NAME?", "#VALUE!", "Err:5"):
        assert error not in text
