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


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Routes, grades and purchases of three customers."""
    folder = tmp_path_factory.mktemp("exports")
    contents = {
        "routes.csv": "route,customer_code,customer_name,business_type\n1,01,One,Shop\n2,02,Two,Shop\n10,03,Three,Bar\n",
        "grades.csv": "customer_code,2017Q1,2017Q2\n01,CS2,CS1\n02,CS1,CS1\n03,CF1,CF2\n",
        "purchases.csv": "customer_code,date,quantity,amount\n01,2017-05-01,1,2.00\n",
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in contents]
