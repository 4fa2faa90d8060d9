"""Fixtures of the hosts: a live server, and a browser to look at its pane."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.tools import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.hosts.live_server import LiveServer


@pytest.fixture(scope="session")
def server_packages() -> None:
    """What `pip install "xlcrm[server]"` brings."""
    for package in ("xlwings_server", "uvicorn"):
        if importlib.util.find_spec(package) is None:
            missing(f"the package {package}")


@pytest.fixture(scope="session")
def live_server(server_packages: None) -> Iterator[LiveServer]:
    """The real server, in English."""
    from tests.hosts.live_server import running

    with running() as server:
        yield server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless browser: the machine's own Chromium, driven by playwright, whose event loop lets no other run until it ends."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        missing("Chromium")
    if importlib.util.find_spec("playwright") is None:
        missing("the package playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()
