"""What a button does: the line that VBA hands to Python is run on a book that records, and compared with the closed file."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
import xlwings

from tests.hosts.classic.classichost import ALL_MACROS, DesktopBook, Screen, press
from tests.hosts.classic.vbaroom import VbaRoom
from tests.hosts.every_host import SAID_OF_OPEN_WORKBOOKS
from tests.hosts.sample_books import SITUATIONS, Situation, frames, prepare, sample_book, twin
from tests.macros.filedesk import FileDesk
from xlcrm.hosts.classic import calls, naming
from xlcrm.hosts.classic.desk import MOST_LINES, ClassicDesk
from xlcrm.macros import MACROS, run
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, text


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_book(tmp_path_factory.mktemp("sample"), "en")


@pytest.fixture(scope="module")
def room(packed: dict[str, Path]) -> VbaRoom:
    return VbaRoom(packed["en"])


def copies(sample: Path, folder: Path, *names: str) -> list[Path]:
    made = []
    for name in names:
        (folder / name).mkdir()
        made.append(folder / name / "book.xlsx")
        made[-1].write_bytes(sample.read_bytes())
    return made


@pytest.mark.parametrize("macro_id", ALL_MACROS)
def test_a_button_does_what_the_command_line_does(
    macro_id: str, sample: Path, room: VbaRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [here] = copies(sample, tmp_path, "here")
    opened = prepare(here, SITUATIONS.get(macro_id, Situation()))
    at = twin(opened, tmp_path / "there")
    there = at.book
    screen = Screen()
    [command] = room.commands_of(naming.sub_name(MACROS[macro_id]))
    press(command, opened, screen, monkeypatch)

    outcome = run(MACROS[macro_id], FileDesk(at.book, pasted=at.pasted, selected=at.codes, pdf=there.with_suffix(".pdf")))
    assert not outcome.failed, outcome.message
    [(title, said, mode)] = screen.boxes
    assert (title, mode) == (f"xlcrm · {MACROS[macro_id].label('en')}", "info")
    lines = [line for line in said.replace(str(here.parent), str(there.parent)).split("\n") if line not in SAID_OF_OPEN_WORKBOOKS]
    assert lines[: MOST_LINES - 2] == list(outcome.lines)[: MOST_LINES - 2]
    assert screen.status[-1] is False  # the status bar is Excel's again
    found, wanted = frames(here), frames(there)
    assert [name for name in wanted if name not in found or not found[name].equals(wanted[name])] == []
    assert here.with_suffix(".pdf").exists() == there.with_suffix(".pdf").exists() == (macro_id == "print_pack")


def test_each_step_of_a_long_run_shows_in_the_status_bar(
    sample: Path, room: VbaRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [book] = copies(sample, tmp_path, "a")
    screen = Screen()
    press(room.commands_of("CRM_CloseQuarter")[0], prepare(book, Situation()), screen, monkeypatch)
    steps = [str(step) for step in screen.status if step is not False]
    assert len(steps) > 1
    assert all(step.startswith("xlcrm: ") and "%" in step for step in steps)


def test_on_windows_files_are_chosen_in_excels_dialog(
    exports: list[Path], room: VbaRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    book = tmp_path / "book.xlsx"
    FileStore.create(book, "en")
    new = book.read_bytes()
    command = room.commands_of("CRM_ImportExports")[0]
    given_up, chosen = Screen(), Screen(files=tuple(map(str, exports)))
    remote = press(command, prepare(book, Situation()), given_up, monkeypatch)
    assert given_up.boxes[0][1] == text("macros.nothing_chosen", "en")
    assert remote.actions == []
    book.write_bytes(new)
    press(command, prepare(book, Situation()), chosen, monkeypatch)
    assert [mode for _, _, mode in chosen.boxes] == ["info"]
    assert FileStore.open(book).read("customers").frame[c.CUSTOMER_CODE].to_list() == ["01", "02", "03"]
    [given] = chosen.filters
    words, patterns = given.split(",")
    assert patterns in words
    assert {"*.xlsx", "*.xls", "*.csv"} <= set(patterns.split(";"))


def test_on_a_mac_the_message_names_the_import_sheet(sample: Path, room: VbaRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    [book] = copies(sample, tmp_path, "a")
    screen = Screen()
    remote = press(room.commands_of("CRM_ImportExports")[0], prepare(book, Situation()), screen, monkeypatch)
    [(_, said, mode)] = screen.boxes
    assert mode == "critical"
    assert text("problems.nothing_pasted_remedy", "en") in said
    assert text("macros.nothing_changed", "en") in said
    assert remote.actions == []


def test_a_refusal_changes_nothing(sample: Path, room: VbaRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [book] = copies(sample, tmp_path, "a")
    screen = Screen()
    remote = press(room.commands_of("CRM_WhyThisGrade")[0], prepare(book, Situation()), screen, monkeypatch)
    [(_, said, mode)] = screen.boxes
    assert mode == "critical"
    assert text("problems.no_customer_selected", "en") in said
    assert remote.actions == []
    assert screen.status == [False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_that_cannot_be_reached_is_one_line_and_no_traceback(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> xlwings.Book:
        raise OSError("Excel is busy\nand more")

    monkeypatch.setenv("XLCRM_LANG", language)
    monkeypatch.setattr(xlwings.Book, "caller", unreachable)
    with pytest.raises(SystemExit) as ended:
        calls.run("check")
    line = str(ended.value)
    assert "Excel is busy" in line
    assert "\n" not in line
    assert ended.value.__suppress_context__


def test_a_long_message_stays_within_a_screen() -> None:
    class App:
        boxes: list[str] = []  # noqa: RUF012

        def alert(self, prompt: str, title: str, mode: str) -> None:
            self.boxes.append(prompt)

    class Book:
        app = App()

    ClassicDesk(Book()).say("Check", "\n".join(map(str, range(100))))  # type: ignore[arg-type]  # all that is asked of a book here
    [said] = App.boxes
    assert said.split("\n") == [*map(str, range(MOST_LINES - 1)), "…"]


def test_a_workbook_without_a_folder_of_its_own_prints_into_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    class Book:
        name, fullname = "客户.xlsm", "https://example.org/shared/客户.xlsm"

    class Lost:
        name = "b.xlsm"

        @property
        def fullname(self) -> str:
            raise xlwings.XlwingsError("no local folder")

    assert ClassicDesk(Book()).print_file() == tmp_path / "客户.pdf"  # type: ignore[arg-type]
    assert ClassicDesk(Lost()).print_file() == tmp_path / "b.pdf"  # type: ignore[arg-type]
    book = DesktopBook(None, tmp_path / "x.xlsm", Screen())  # type: ignore[arg-type]
    book.name = "x.xlsm"  # type: ignore[attr-defined]
    assert ClassicDesk(book).print_file() == tmp_path / "x.pdf"  # type: ignore[arg-type]
