"""Pictures of the task pane for the docs: `python -m tools.pane_pictures` needs Chromium and `.[server,test]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.hosts.live_server import running
from tests.hosts.sample_books import Situation, prepare, sample_book
from tests.hosts.server.panes import Pane
from xlcrm.texts import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PICTURES = {"en": "server-pane.png", "zh": "server-pane-zh.png"}
OFFICE = {"en": "en-US", "zh": "zh-CN"}
SHOWN_MACRO = "close_quarter"


def main() -> None:
    """Draws the pane after a macro, in both languages."""
    with tempfile.TemporaryDirectory() as scratch, running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language in LANGUAGES:
            pane = Pane(browser, server, OFFICE[language])
            pane.open(prepare(sample_book(Path(scratch), language), Situation()))
            pane.click(SHOWN_MACRO)
            pane.page.mouse.move(0, 0)
            target = ROOT / "docs" / "images" / PICTURES[language]
            pane.page.screenshot(path=target)
            sys.stdout.write(f"{target.relative_to(ROOT)}\n")
            pane.close()


if __name__ == "__main__":
    main()
