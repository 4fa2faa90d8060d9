"""Runs a Lite workbook's main.py in a Python of its own that refuses what a browser lacks. Run as a script; JSON in, JSON out.

In: `folder` of main.py; `calls`: function id -> argument grids; `presses`: macro id -> the open workbook as the add-in sends it. Out:
what xlwings finds in main, each answer, the actions of each macro or its error, and the modules of ours that were loaded from
elsewhere than main.py.
"""

from __future__ import annotations

import asyncio
import importlib.abc
import json
import os
import sys
from typing import Any

HERE = frozenset({"main", "xlcrm"})
# What requirements.txt names, and what those packages need themselves.
INSTALLED = frozenset(
    {
        "xlwings",
        "polars",
        "_polars_runtime_32",
        "narwhals",
        "pydantic",
        "pydantic_core",
        "annotated_types",
        "typing_extensions",
        "typing_inspection",
        "numpy",
        "scipy",
        "efficient_apriori",
    }
)
# Parts of the standard library that do nothing in a browser. Other packages may import them; ours may not.
USELESS = frozenset({"subprocess", "multiprocessing", "threading", "socket", "ssl", "fcntl", "msvcrt", "winreg"})


class Refusal(importlib.abc.MetaPathFinder):
    """Knows no package that is not installed in the browser."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """None lets the import go on; an error ends it as if there were no such module."""
        top = fullname.partition(".")[0]
        is_standard = top in sys.stdlib_module_names or top.startswith("_sysconfigdata_")  # each build has one of its own name
        if top not in HERE | INSTALLED and not is_standard:
            raise ModuleNotFoundError(f"No module named {fullname!r}: not in the browser", name=fullname)
        if top in USELESS and _importer().partition(".")[0] in HERE:
            raise ModuleNotFoundError(f"{fullname!r} does nothing in the browser", name=fullname)


def _importer() -> str:
    frame = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_globals.get("__name__", ""):
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_globals.get("__name__", "") if frame is not None else ""


async def _run(job: dict[str, Any]) -> dict[str, Any]:
    import main  # type: ignore[import-not-found]  # lies in the job's folder
    import xlwings
    import xlwings.server

    answers = {}
    for name, grids in job["calls"].items():
        asked = {
            "client": "Office.js", "func_name": name, "args": grids, "caller_address": "[book]Sheet!A1", "culture_info_name": "en-US",
            "date_format": "m/d/yyyy", "version": xlwings.__version__, "runtime": "1.4",
        }  # fmt: skip
        answers[name] = await xlwings.server.custom_functions_call(asked, main)
    outcomes = {}
    for name, payload in job["presses"].items():
        book = xlwings.Book(json=payload)
        try:
            changed = await xlwings.server.custom_scripts_call(main, name, typehint_to_value={xlwings.Book: book})
            outcomes[name] = {"actions": changed.json()["actions"]}
        except xlwings.XlwingsError as error:
            outcomes[name] = {"error": str(error)}
    root = next(folder for folder in sys.path if "in-main.py" in folder)
    loaded = {name: str(module.__file__) for name, module in sys.modules.items() if name.partition(".")[0] == "xlcrm"}
    return {
        "functions": xlwings.server.custom_functions_meta(main)["functions"],
        "scripts": xlwings.server.custom_scripts_meta(main),
        "answers": answers,
        "outcomes": outcomes,
        "loaded": sorted(loaded),
        "from_elsewhere": sorted(name for name, file in loaded.items() if not file.startswith(root)),
    }


if __name__ == "__main__":
    said, sys.stdout = sys.stdout, sys.stderr  # macros write their message to the output
    job = json.load(sys.stdin)
    os.environ["XLWINGS_ON_SERVER"] = "true"
    sys.path.insert(0, job["folder"])
    sys.meta_path.insert(0, Refusal())
    json.dump(asyncio.run(_run(job)), said, default=str)
