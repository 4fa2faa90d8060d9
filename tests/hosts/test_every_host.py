"""One test body for every macro and every function, on every host: what comes out is the same, but for what docs/hosts.md lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosts import openbooks
from tests.hosts.every_host import SAID_OF_OPEN_WORKBOOKS, ClosedFile, Host, InProcess, OverHttp, Said
from tests.hosts.sample_books import SITUATIONS, Prepared, Situation, arguments, copied, frames, prepare, sample_book, twin
from tests.hosts.shownpages import pages, plain
from xlcrm.functions import FUNCTIONS
from xlcrm.macros import MACROS, run
from xlcrm.problems import Problem
from xlcrm.sheets import places

if TYPE_CHECKING:
    import polars as pl

    from tests.hosts.live_server import LiveServer

DOCUMENTED = Path(__file__).parents[2] / "docs" / "hosts.md"
OPEN_WORKBOOK_HOSTS = ("in process", "over HTTP")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_book(tmp_path_factory.mktemp("sample"), "en")


@pytest.fixture(scope="module")
def host(live_server: LiveServer) -> Callable[[str], Host]:
    hosts: dict[str, Host] = {"in process": InProcess(), "over HTTP": OverHttp(live_server)}
    return hosts.__getitem__


@dataclass(frozen=True)
class Reference:
    """A macro's situation, untouched; and what the file store made of a copy of it."""

    at: Prepared
    said: Said
    frames: dict[str, pl.DataFrame]
    pages: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def reference(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reference]:
    """Worked out once for all hosts."""
    done: dict[str, Reference] = {}

    def of(macro_id: str) -> Reference:
        if macro_id not in done:
            folder = tmp_path_factory.mktemp("file")
            at = prepare(copied(book, folder), SITUATIONS.get(macro_id, Situation()))
            pressed = twin(at, folder / "pressed")
            said = ClosedFile().press(macro_id, pressed)
            done[macro_id] = Reference(at, said, frames(pressed.book), pages(pressed.book))
        return done[macro_id]

    return of


def test_situations_name_macros_that_exist() -> None:
    assert set(SITUATIONS) <= set(MACROS)


@pytest.mark.parametrize("name", OPEN_WORKBOOK_HOSTS)
@pytest.mark.parametrize("macro_id", MACROS)
def test_a_macro_does_and_says_the_same(
    macro_id: str, name: str, host: Callable[[str], Host], reference: Callable[[str], Reference], tmp_path: Path
) -> None:
    by_file = reference(macro_id)
    at = twin(by_file.at, tmp_path)
    said = host(name).press(macro_id, at)
    assert not said.failed, said.lines
    assert said.as_of_closed() == by_file.said
    same_frames(frames(at.book), by_file.frames)
    assert pages(at.book) == by_file.pages


def same_frames(made: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    assert set(made) == set(expected)
    for table_id, frame in expected.items():
        assert made[table_id].schema == frame.schema, table_id
        assert made[table_id].rows() == frame.rows(), table_id


@pytest.fixture(scope="module")
def broken(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A workbook whose customers' table is gone."""
    made = copied(book, tmp_path_factory.mktemp("broken"))
    workbook = openbooks.load(made)
    sheet = next(sheet for sheet in workbook.worksheets if "Customers" in sheet.tables)
    del sheet.tables["Customers"]
    workbook.save(made)
    return Prepared(made, sheet.title, "B7", ["001000"], [])


@pytest.fixture(scope="module")
def refusal(broken: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Said]:
    """What a macro says of it as a closed file; asked once for all hosts."""
    return cache(lambda macro_id: ClosedFile().press(macro_id, twin(broken, tmp_path_factory.mktemp("closed"))))


@pytest.mark.parametrize("name", OPEN_WORKBOOK_HOSTS)
@pytest.mark.parametrize("macro_id", MACROS)
def test_a_macro_that_cannot_be_done_says_why_and_changes_nothing(
    macro_id: str, name: str, broken: Prepared, refusal: Callable[[str], Said], host: Callable[[str], Host], tmp_path: Path
) -> None:
    at = twin(broken, tmp_path)
    before = at.book.read_bytes()
    said = host(name).press(macro_id, at)
    assert said.failed
    assert said == refusal(macro_id)
    assert at.book.read_bytes() == before


@pytest.mark.parametrize("name", OPEN_WORKBOOK_HOSTS)
@pytest.mark.parametrize("function_id", FUNCTIONS)
def test_a_function_gives_the_same(function_id: str, name: str, book: Path, host: Callable[[str], Host]) -> None:
    grids = arguments(book, FUNCTIONS[function_id])
    expected = [["" if value is None else plain(value) for value in row] for row in ClosedFile().call(function_id, grids, "en")]
    assert [[plain(value) for value in row] for row in host(name).call(function_id, grids, "en")] == expected
    assert any(value != "" for row in expected for value in row)


@pytest.mark.parametrize("name", OPEN_WORKBOOK_HOSTS)
@pytest.mark.parametrize("function_id", FUNCTIONS)
def test_a_function_left_without_arguments_says_so_in_its_cell(function_id: str, name: str, host: Callable[[str], Host]) -> None:
    nothing = [None for _ in FUNCTIONS[function_id].arguments]
    said = host(name).call(function_id, nothing, "en")
    assert said == ClosedFile().call(function_id, nothing, "en")
    assert isinstance(said[0][0], str)
    assert not said[0][0].startswith("#")


# --- What differs, as the docs list it: each one is looked at here.


def no_file_dialog(book: Path, host: Host, folder: Path) -> None:
    at = Prepared(copied(book, folder / "open"), None, "A1", [], [])
    said = host.press("import_exports", at)
    assert said.failed
    assert Problem("nothing_pasted").message("en") in said.lines[0]


def prints_from_excel(book: Path, host: Host, folder: Path) -> None:
    from tests.macros.filedesk import FileDesk

    pdf = folder / "pack.pdf"
    assert not run(MACROS["print_pack"], FileDesk(copied(book, folder / "closed"), pdf=pdf)).failed
    assert pdf.read_bytes().startswith(b"%PDF")
    at = Prepared(copied(book, folder / "open"), None, "A1", [], [])
    said = host.press("print_pack", at)
    assert "File > Print" in said.lines[0]
    assert openbooks.load(at.book).active.title != openbooks.load(book).active.title, "the first page is in front"


def tables_must_be_given(book: Path, host: Host, folder: Path) -> None:
    from xlcrm.functions import call

    function = FUNCTIONS["card"]
    grids = arguments(book, function)
    given = {argument.holds: grid for argument, grid in zip(function.arguments, grids, strict=True) if argument.shape == "table"}
    alone = [grid if argument.shape == "value" else None for argument, grid in zip(function.arguments, grids, strict=True)]
    assert len(call(function, alone, "en", given.__getitem__)) > 5, "classic Excel reads the workbook's tables itself"
    assert len(host.call("card", alone, "en")) == 1, "elsewhere a cell says what is missing"


def no_backup(book: Path, host: Host, folder: Path) -> None:
    closed = prepare(copied(book, folder / "closed"), SITUATIONS["import_exports"])
    ClosedFile().press("import_exports", closed)
    assert len(list((folder / "closed").iterdir())) > 1
    opened = prepare(copied(book, folder / "open"), SITUATIONS["import_exports"])
    before = len(list((folder / "open").iterdir()))
    host.press("import_exports", opened)
    assert len(list((folder / "open").iterdir())) == before


def import_sheet_is_emptied(book: Path, host: Host, folder: Path) -> None:
    at = prepare(copied(book, folder / "open"), SITUATIONS["import_exports"])
    sheet, rows = at.pasted[0]
    assert openbooks.load(at.book)[sheet].cell(len(rows), 2).value is not None
    host.press("import_exports", at)
    assert openbooks.load(at.book)[sheet].cell(len(rows), 2).value is None


def footers_stay(book: Path, host: Host, folder: Path) -> None:
    def footer(path: Path) -> str:
        sheet = openbooks.load(path)["Route 1"]
        assert "2017 Q3 vs 2017 Q2" in pages(path)[f"{places.PAGE_PREFIX}route.1"].values(), "the head of the page is right everywhere"
        return str(sheet.oddFooter.left.text)

    closed = prepare(copied(book, folder / "closed"), SITUATIONS["compare_quarters"])
    ClosedFile().press("compare_quarters", closed)
    opened = prepare(copied(book, folder / "open"), SITUATIONS["compare_quarters"])
    host.press("compare_quarters", opened)
    assert "2017 Q3 vs 2017 Q2" in footer(closed.book)
    assert "2017 Q4 vs 2017 Q3" in footer(opened.book)


def erasure_reaches_cells(book: Path, host: Host, folder: Path) -> None:
    closed = prepare(copied(book, folder / "closed"), SITUATIONS["erase_customers"])
    opened = prepare(copied(book, folder / "open"), SITUATIONS["erase_customers"])
    assert SAID_OF_OPEN_WORKBOOKS[0] not in ClosedFile().press("erase_customers", closed).lines
    assert SAID_OF_OPEN_WORKBOOKS[0] in host.press("erase_customers", opened).lines


DIFFERENCES: dict[str, Callable[[Path, Host, Path], None]] = {
    "file dialog": no_file_dialog,
    "printing": prints_from_excel,
    "tables left out": tables_must_be_given,
    "backup": no_backup,
    "Import sheet": import_sheet_is_emptied,
    "footer of a page": footers_stay,
    "erasure": erasure_reaches_cells,
}


def test_the_docs_list_every_difference_and_no_other() -> None:
    listed = re.findall(r"^\| \*\*(.+?)\*\* \|", DOCUMENTED.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(DIFFERENCES)


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_difference_is_as_the_docs_say(difference: str, book: Path, host: Callable[[str], Host], tmp_path: Path) -> None:
    DIFFERENCES[difference](book, host("over HTTP"), tmp_path)
