"""The tutorial's workbooks, built once and calculated by LibreOffice in one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.tutorial_workbook import ALL_FAULTS, Tutorial, build
from tests.support_libreoffice import Recalculated, convert, read_values

BUILDS: dict[str, tuple[tuple[int, ...], str]] = {
    **{f"fault_{fault}": ((fault,), "zh") for fault in ALL_FAULTS},
    "clean": ((), "zh"),
    "clean_en": ((), "en"),
    "all": (ALL_FAULTS, "zh"),
    "all_en": (ALL_FAULTS, "en"),
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Tutorial]]:
    """Every workbook as it was written: nobody has calculated it. By name of BUILDS."""
    folder = tmp_path_factory.mktemp("tutorial")
    return {
        name: (folder / f"{name}.xlsx", build(folder / f"{name}.xlsx", faults, language)) for name, (faults, language) in BUILDS.items()
    }


@pytest.fixture(scope="session")
def calculated(built: dict[str, tuple[Path, Tutorial]], soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recalculated]:
    """The same workbooks calculated and saved by LibreOffice."""
    files = convert(soffice, [path for path, _ in built.values()], tmp_path_factory.mktemp("calculated"))
    return {file.stem: read_values(file) for file in files}
