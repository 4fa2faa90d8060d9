"""Fixtures that every test may use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

from tests.tools import missing

# xlwings' engine for an open workbook that was sent over exists only where a licence is declared before its first import. This is the
# declaration of these tests, which are no commercial use; the product itself declares nothing.
os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

# A test that is slow because the machine is busy has not failed.
hypothesis.settings.register_profile("xlcrm", deadline=None)
hypothesis.settings.load_profile("xlcrm")

LONGEST = (
    "tests/hosts/server/test_libreoffice.py",
    "tests/hosts/test_every_host.py",
    "tests/hosts/server/test_taskpane.py",
    "tests/hosts/lite/test_in_browser.py",
    "tests/jobs/test_simulated_quarter.py",
    "tests/rules/test_engines.py",
    "tests/hosts/classic/test_calls.py",
    "tests/jobs/test_recording.py",
    "tests/jobs/test_dashboards.py",
    "tests/jobs/test_intake.py",
    "tests/sheets/test_livestore.py",
)
"""Files that take a minute or more. A file goes to one worker (`--dist loadfile`): begun last, it would leave the others idle."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first; the others as they come."""
    order = {config.rootpath / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data that lies beside the project; not part of it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data folder ../shared/data is absent")
    return SHARED_DATA


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's command."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        missing("LibreOffice")
    assert found is not None
    return found
