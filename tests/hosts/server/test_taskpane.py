"""The task pane in a real browser: every button does to the sheets what the file store does, in both languages, and says so."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosts.every_host import ClosedFile
from tests.hosts.sample_books import SITUATIONS, Prepared, Situation, copied, frames, prepare, sample_book, twin
from tests.hosts.server.panes import WAIT_MS, Pane
from tests.hosts.shownpages import pages
from xlcrm.functions import FUNCTIONS, call
from xlcrm.macros import GROUPS, MACROS
from xlcrm.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.hosts.live_server import LiveServer

OFFICE: dict[Language, str] = {"en": "en-GB", "zh": "zh-CN"}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Language], Path]:
    made: dict[Language, Path] = {}

    def of(language: Language) -> Path:
        if language not in made:
            made[language] = sample_book(tmp_path_factory.mktemp("sample"), language)
        return made[language]

    return of


@pytest.fixture
def pane(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Pane]]:
    opened: list[Pane] = []

    def of(**settings: str) -> Pane:
        opened.append(Pane(chromium, live_server, **settings))
        return opened[-1]

    yield of
    for each in opened:
        each.assert_quiet()
        each.close()


@pytest.fixture(scope="module")
def panes(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[[Language], Pane]]:
    """One pane a language that stays open, as a user's does, while one workbook after another is opened beside it."""
    of: Callable[[Language], Pane] = cache(lambda language: Pane(chromium, live_server, office_language=OFFICE[language]))
    yield of
    for language in LANGUAGES:
        of(language).close()


@pytest.fixture
def staying(panes: Callable[[Language], Pane]) -> Iterator[Callable[[Language], Pane]]:
    """The same, looked at after each test."""
    used: list[Pane] = []

    def of(language: Language) -> Pane:
        used.append(panes(language))
        return used[-1]

    yield of
    for each in used:
        each.assert_quiet()


@pytest.mark.parametrize(("macro_id", "language"), list(zip(MACROS, itertools.cycle(LANGUAGES), strict=False)))
def test_a_button_does_what_the_file_store_does(
    macro_id: str, language: Language, books: Callable[[Language], Path], staying: Callable[[Language], Pane], tmp_path: Path
) -> None:
    closed = prepare(copied(books(language), tmp_path / "closed"), SITUATIONS.get(macro_id, Situation()))
    opened = twin(closed, tmp_path / "open")
    expected = ClosedFile().press(macro_id, closed)
    shown = staying(language)
    shown.open(opened)
    assert shown.click(macro_id).as_of_closed() == expected
    assert shown.page.text_content("#message-title") == MACROS[macro_id].label(language)
    shown.page.click("#message-close")
    left = shown.saved(opened)
    made, wanted = frames(left), frames(closed.book)
    assert {name: frame.rows() for name, frame in made.items()} == {name: frame.rows() for name, frame in wanted.items()}
    assert pages(left) == pages(closed.book)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_buttons_stand_in_their_groups_with_help_and_icon_in_the_users_language(language: Language, pane: Callable[..., Pane]) -> None:
    page = pane(office_language=OFFICE[language]).page
    page.wait_for_function(f"document.documentElement.lang.startsWith('{language}')")
    groups = {
        group: page.eval_on_selector_all(
            f'[data-group="{group}"] .macro',
            "all => all.map(b => [b.querySelector('.label').textContent, b.querySelector('.help').textContent])",
        )
        for group in GROUPS
    }
    assert groups == {
        group: [[macro.label(language), macro.help(language)] for macro in MACROS.values() if macro.group == group] for group in GROUPS
    }
    headings = page.eval_on_selector_all(".group h2", "all => all.map(h => h.textContent.trim())")
    assert headings == [text(f"macros.group_{group}", language) for group in GROUPS]
    assert page.eval_on_selector_all(".macro img", "all => all.every(i => i.complete && i.naturalWidth > 0)")
    # One column, nothing cut off at the narrowest that Excel gives.
    page.set_viewport_size({"width": 300, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 300


def test_the_language_can_be_switched_and_is_remembered(pane: Callable[..., Pane]) -> None:
    page = pane(office_language="en-US").page
    first = next(iter(MACROS.values()))
    assert page.text_content(f'[data-macro="{first.id}"] .label') == first.label("en")
    page.click("#language")
    assert page.text_content(f'[data-macro="{first.id}"] .label') == first.label("zh")
    page.reload()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    assert page.text_content(f'[data-macro="{first.id}"] .label') == first.label("zh")


def test_while_one_runs_no_other_can_be_pressed(books: Callable[[Language], Path], pane: Callable[..., Pane], tmp_path: Path) -> None:
    shown = pane()
    shown.open(prepare(copied(books("en"), tmp_path), Situation()))
    states = shown.page.evaluate(
        """async () => {
          const buttons = [...document.querySelectorAll("[data-macro]")];
          const done = crm.run("check");
          const during = {disabled: buttons.every((b) => b.disabled), line: !document.getElementById("running").hidden,
                          busy: document.querySelector('[data-macro="check"] .busy').textContent};
          crm.run("close_quarter");  // passed over: one at a time
          await done;
          return {during, after: {disabled: buttons.some((b) => b.disabled), line: !document.getElementById("running").hidden}};
        }"""
    )
    assert states["during"] == {"disabled": True, "line": True, "busy": text("server.working", "en")}
    assert states["after"] == {"disabled": False, "line": False}
    assert shown.page.text_content("#message-title") == MACROS["check"].label("en")


def test_a_refusal_is_shown_in_the_pane_and_changes_nothing(
    books: Callable[[Language], Path], pane: Callable[..., Pane], tmp_path: Path
) -> None:
    shown = pane()
    at = prepare(copied(books("en"), tmp_path), Situation())
    shown.open(at)  # nothing was pasted
    before = shown.page.evaluate("JSON.stringify(fakeExcel.saved())")
    said = shown.click("import_exports")
    expected = ClosedFile().press("import_exports", Prepared(at.book, None, "A1", [], []))
    assert said.failed
    assert said == expected
    assert shown.page.evaluate("JSON.stringify(fakeExcel.saved())") == before
    shown.page.click("#message-close")
    assert shown.page.is_hidden("#message")


def test_a_server_that_is_gone_is_said_and_the_pane_can_be_used_again(
    books: Callable[[Language], Path], pane: Callable[..., Pane], tmp_path: Path
) -> None:
    shown = pane()
    shown.open(prepare(copied(books("en"), tmp_path), Situation()))
    shown.page.route("**/custom-scripts-call/**", lambda route: route.abort())
    said = shown.click("check")
    assert said.failed
    assert said.lines[0]
    shown.page.unroute("**/custom-scripts-call/**")
    shown.page.click("#message-close")
    assert not shown.click("check").failed


@pytest.mark.parametrize("macro_id", MACROS)
def test_the_ribbon_runs_the_same_macro_and_opens_the_pane(macro_id: str, staying: Callable[[Language], Pane]) -> None:
    assert staying("en").page.evaluate(
        """async (id) => {
          const ran = [], run = crm.run;
          crm.run = async (script) => ran.push(script);
          fakeExcel.recorded.length = 0;
          let completed = 0;
          await fakeExcel.associated[id]({completed: () => completed++});
          crm.run = run;
          return [ran, completed, fakeExcel.recorded.some(([what]) => what === "showAsTaskpane")];
        }""",
        macro_id,
    ) == [[macro_id], 1, True]


@pytest.mark.parametrize("function_id", ["grade_change", "clean_number"])
def test_a_function_goes_from_the_cell_to_the_server_and_back(
    function_id: str, books: Callable[[Language], Path], pane: Callable[..., Pane], tmp_path: Path
) -> None:
    shown = pane()
    shown.open(prepare(copied(books("en"), tmp_path), Situation()))
    function = FUNCTIONS[function_id]
    columns: list[list[list[object]]] = [[["CS1"], ["１２"], [""]], [["CS2"], ["CS1"], ["CS1"]]]
    grids = [columns[number] if not argument.optional else None for number, argument in enumerate(function.arguments)]
    shown.page.wait_for_function("name => name in fakeExcel.functions", arg=function.excel_name, timeout=WAIT_MS)
    given = shown.page.evaluate(
        "([name, grids]) => fakeExcel.functions[name](...grids, {address: 'Sheet1!A1'})", [function.excel_name, grids]
    )
    assert given == [["" if value is None else value for value in row] for row in call(function, grids, "en")]
    assert set(shown.page.evaluate("Object.keys(fakeExcel.functions)")) == {each.excel_name for each in FUNCTIONS.values()}
