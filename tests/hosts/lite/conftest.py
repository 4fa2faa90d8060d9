"""Packed workbooks, and main.py as files of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xlcrm.hosts.lite import pack
from xlcrm.hosts.lite.bundle import main_text
from xlcrm.texts import LANGUAGES

IN_BROWSER = Path(__file__).with_name("inbrowser.py")


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A packed workbook a language."""
    folder = tmp_path_factory.mktemp("packed")
    made = {}
    for language in LANGUAGES:
        made[language] = folder / f"lite-{language}.xlsx"
        pack(made[language], language)
    return made


@pytest.fixture(scope="session")
def main_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder a language that holds nothing but main.py."""
    made = {}
    for language in LANGUAGES:
        made[language] = tmp_path_factory.mktemp(f"main-{language}")
        (made[language] / "main.py").write_text(main_text(language), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def in_browser(main_folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Runs main.py of a language where only a browser's packages are found, see `inbrowser.py`."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(language: str = "en", calls: object = None, presses: object = None) -> dict[str, Any]:
        job = {"folder": str(main_folders[language]), "calls": calls or {}, "presses": presses or {}}
        # The key that says that a test is no commercial use; xlwings Lite brings its own.
        environment = {**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial", "PYTHONUTF8": "1"}
        environment.pop("PYTHONPATH", None)
        ended = subprocess.run(
            [sys.executable, str(IN_BROWSER)], input=json.dumps(job, default=str), capture_output=True, text=True, encoding="utf-8",
            cwd=elsewhere, env=environment, timeout=150, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        answer: dict[str, Any] = json.loads(ended.stdout)
        return answer

    return run
