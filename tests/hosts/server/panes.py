"""The real task pane of a live server in headless Chromium, over an Excel in memory; nothing else is fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.hosts.every_host import Said
from tests.hosts.sample_books import Prepared
from tests.hosts.server import fake_books

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from tests.hosts.live_server import LiveServer

PANE_PX = {"width": 350, "height": 760}
WAIT_MS = 120_000


class Pane:
    """An open task pane. asked: what it tried to fetch from elsewhere; errors: what the page complained of."""

    def __init__(self, browser: Browser, server: LiveServer, office_language: str = "en-US", stored: str | None = None) -> None:
        self.context = browser.new_context(viewport=PANE_PX, device_scale_factor=2)  # type: ignore[arg-type]  # a plain dict of its two keys
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", lambda route: self._only_ours(route, server.address))
        self.page.route("**/office-js/**/office.js", lambda route: route.fulfill(content_type="text/javascript", body=fake_books.script()))
        self.page.add_init_script(f"globalThis.__fakeSettings = {{displayLanguage: '{office_language}'}};")
        if stored:
            self.page.add_init_script(f"localStorage.setItem('xlcrmLanguage', '{stored}')")
        self.page.goto(f"{server.address}/taskpane.html")
        self.page.wait_for_function("globalThis.crm !== undefined")

    def _only_ours(self, route: Route, address: str) -> None:
        if route.request.url.startswith(address):
            route.fallback()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def open(self, at: Prepared) -> None:
        """Loads a prepared workbook into the Excel behind the pane."""
        # As one text: playwright takes a second to hand over ten thousand cells one by one.
        self.page.evaluate("book => fakeExcel.open(JSON.parse(book))", json.dumps(fake_books.opened(at.book)))
        if at.front is not None:
            self.page.evaluate("([sheet, cells]) => fakeExcel.select(sheet, cells)", [at.front, at.selection])

    def click(self, macro_id: str) -> Said:
        """Presses a button and waits for the message."""
        self.page.click(f'[data-macro="{macro_id}"]')
        return self.message()

    def message(self) -> Said:
        self.page.wait_for_selector("#message:not([hidden])", timeout=WAIT_MS)
        kind = self.page.get_attribute("#message", "data-kind")
        return Said(
            tuple(self.page.eval_on_selector_all("#message-lines p", "all => all.map(p => p.textContent)")), failed=kind == "failed"
        )

    def saved(self, at: Prepared) -> Path:
        """What stands in Excel now, as a file."""
        state: dict[str, Any] = json.loads(self.page.evaluate("JSON.stringify(fakeExcel.saved())"))
        return fake_books.saved(at.book, state, at.book.with_name("saved.xlsx"))

    def assert_quiet(self) -> None:
        """The page has complained of nothing, and fetched nothing from elsewhere."""
        assert self.errors == []
        assert self.asked == []

    def close(self) -> None:
        self.context.close()
