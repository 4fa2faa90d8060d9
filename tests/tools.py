"""What a test says that needs a program or a package which is not here."""

from __future__ import annotations

import os

import pytest


def missing(what: str) -> None:
    """Skips with a reason; where every tool is required, as in CI, fails."""
    if os.environ.get("XLCRM_REQUIRE_TOOLS") == "1":
        pytest.fail(f"{what} is required here (XLCRM_REQUIRE_TOOLS=1) and missing")
    pytest.skip(f"{what} is not on this machine")
