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
