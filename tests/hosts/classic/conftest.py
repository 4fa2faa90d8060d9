"""Packed macro workbooks, one a language."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcrm.hosts.classic import pack
from xlcrm.texts import LANGUAGES


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("classic")
    made = {}
    for language in LANGUAGES:
        made[language] = folder / f"book-{language}.xlsm"
        pack(made[language], language)
    return made
