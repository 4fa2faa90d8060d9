"""main.py in Pyodide, the Python that xlwings Lite runs: it imports there, and all that needs no frames works.

`tests/hosts/lite/pyodide/fetch FOLDER` gets Pyodide; the tests find it by XLCRM_PYODIDE=FOLDER. Frames need polars, which Pyodide has in
its own distribution and no registry has for it; `test_in_browser.py` runs those parts on an ordinary Python.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from xlcrm.functions import FUNCTIONS
from xlcrm.functions.faults import fault_text
from xlcrm.hosts.lite.modules import needed
from xlcrm.hosts.lite.packing import PYTHON
from xlcrm.macros import MACROS
from xlcrm.problems import Problem
from xlcrm.settings import Settings
from xlcrm.tables.catalog import TABLES

HERE = Path(__file__).with_name("pyodide")


@pytest.fixture(scope="module")
def node() -> tuple[str, str]:
    """The command of Node, and the folder that `fetch` filled."""
    command, folder = shutil.which("node"), os.environ.get("XLCRM_PYODIDE", "")
    missing = "Node" if command is None else "" if (Path(folder) / "node_modules" / "pyodide").is_dir() and folder else "Pyodide"
    if missing and os.environ.get("XLCRM_REQUIRE_TOOLS") == "1":
        pytest.fail(f"{missing} is required here (XLCRM_REQUIRE_TOOLS=1) and missing: tests/hosts/lite/pyodide/fetch, XLCRM_PYODIDE")
    if missing:
        pytest.skip(f"{missing} is not on this machine (tests/hosts/lite/pyodide/fetch FOLDER; XLCRM_PYODIDE=FOLDER)")
    assert command is not None
    return command, folder


@pytest.fixture(scope="module")
def said(node: tuple[str, str], main_folders: dict[str, Path]) -> dict[str, Any]:
    """What `checks.py` found out in Pyodide."""
    command, folder = node
    ended = subprocess.run(
        [command, str(HERE / "run.mjs"), folder, str(main_folders["en"] / "main.py"), str(HERE / "checks.py")],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_pyodide_is_the_one_that_the_workbook_asks_for() -> None:
    assert json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["pyodide"] == PYTHON


def test_every_function_and_button_is_there(said: dict[str, Any]) -> None:
    assert said["platform"] == "emscripten"
    assert {found["name"] for found in said["functions"]} == {f"CRM.{function.excel_name}" for function in FUNCTIONS.values()}
    assert {found["function_name"]: found["name"] for found in said["scripts"]} == {
        macro.id: macro.label("en") for macro in MACROS.values()
    }
    for found in said["functions"]:
        function = FUNCTIONS[found["id"].lower()]
        assert found["description"] == function.help("en")
        assert [(given["name"], given.get("optional", False)) for given in found["parameters"]] == [
            (argument.name, argument.optional) for argument in function.arguments
        ]


def test_every_module_can_be_imported_but_for_what_calculates(said: dict[str, Any]) -> None:
    assert set(said["imports"]) == {module.name for module in needed()}
    assert set(said["imports"].values()) <= {"", "polars", "numpy", "scipy"}
    for name in ("xlcrm.functions", "xlcrm.macros", "xlcrm.hosts.lite.running", "xlcrm.rules.comparison", "xlcrm.rules.why"):
        assert said["imports"][name] == "", name


def test_a_cell_says_what_is_missing(said: dict[str, Any]) -> None:
    assert set(said["answers"]) == set(FUNCTIONS)
    for name, answer in said["answers"].items():
        assert answer == [[fault_text("package_missing", "en", package="polars")]], name
    assert "Nothing was changed" in said["refused"]


def test_what_needs_no_frames_works(said: dict[str, Any]) -> None:
    found = said["without_frames"]
    assert found["quarter"] == ["2017Q4", "2017Q4", None, None]
    assert found["date"] == "2017-11-03"
    assert found["route"] == "3"
    assert found["grade"] == {"code": "CS1", "business_type": "CS", "size": "1", "sub_level": "", "rank": 0}
    assert found["settings"] == Settings(language="zh").model_dump(mode="json")
    assert found["tables"] == {table.id: [column.label("zh") for column in table.columns] for table in TABLES.values()}
    assert found["cell_texts"] == ["1234", "0.1", "TRUE", "", "1.23456789012346E+17"]
    assert found["advice"] == ["Only 12 more for CS1: one more order.", "距 CS1 仅差 12：加一单即可。"]
    table_missing = Problem("table_missing", file="book.xlsx", value="Customers")
    assert found["problem"] == [table_missing.line("en"), table_missing.line("zh")]


def test_a_traceback_shows_lines_of_the_bundle(said: dict[str, Any]) -> None:
    shown = "\n".join(said["traceback"])
    assert "xlcrm/texts/__init__.py" in shown
    assert "found = _entry(area, entry)[language]" in shown


def test_main_is_ready_within_seconds(said: dict[str, Any]) -> None:
    # Measured 2.3 s on two slow cores in Node; a bundle ten times as slow would be a different bundle.
    assert said["seconds"]["main"] < 20
