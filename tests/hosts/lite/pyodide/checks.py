"""What of main.py runs in Pyodide without polars, which no registry but Pyodide's own has for it. The last line's value is the answer."""

import importlib
import json
import os
import sys
import time
import traceback

os.environ["XLWINGS_ON_SERVER"] = "true"
os.environ["XLWINGS_LICENSE_KEY"] = "noncommercial"  # for tests; xlwings Lite brings its own
sys.path.insert(0, "/workbook")

started = time.perf_counter()
import xlwings  # noqa: E402
import xlwings.server  # noqa: E402

xlwings_ready = time.perf_counter()
import main  # type: ignore[import-not-found]  # noqa: E402  # lies in /workbook

main_ready = time.perf_counter()


def imports() -> dict[str, str]:
    """Every bundled module -> empty where it can be imported, else the package that it lacks."""
    found = {}
    for path in main.SOURCES:
        if path.endswith(".py"):
            name = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            try:
                importlib.import_module(name)
                found[name] = ""
            except ModuleNotFoundError as error:
                found[name] = str(error.name)
    return found


async def answers() -> dict[str, object]:
    """What each function answers to cells that say nothing."""
    found = {}
    for meta in xlwings.server.custom_functions_meta(main)["functions"]:
        name = meta["id"].lower()
        asked = {
            "client": "Office.js", "func_name": name, "args": [[["?"]] for _ in meta["parameters"]], "caller_address": "[book]Sheet!A1",
            "culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": xlwings.__version__, "runtime": "1.4",
        }  # fmt: skip
        found[name] = await xlwings.server.custom_functions_call(asked, main)
    return found


def without_frames() -> dict[str, object]:
    """Rules, settings, texts and problems that need no frame."""
    from xlcrm.problems import Problem
    from xlcrm.rules.advice import advise
    from xlcrm.settings import GradeGrammar, Settings
    from xlcrm.tables.catalog import TABLES
    from xlcrm.tables.celltext import cell_text
    from xlcrm.tables.periods import parse_date, parse_quarter, parse_route

    kept = {
        "state": "kept", "next_grade": "CS1", "gap_quantity": 12_000, "gap_amount": 345_600, "next_min_quantity": 480_000,
        "next_min_amount": 9_000_000,
    }  # fmt: skip
    return {
        "quarter": [parse_quarter(written) for written in ("2017Q4", "2017年第四季度", "17-4", "never")],
        "date": str(parse_date("2017/11/3")),
        "route": parse_route("三线"),
        "grade": GradeGrammar().parse("cs１ ").model_dump(),
        "settings": Settings(language="zh").model_dump(mode="json"),
        "tables": {table.id: [column.label("zh") for column in table.columns] for table in TABLES.values()},
        "cell_texts": [cell_text(value) for value in (1234.0, 0.1, True, None, 123456789012345678.0)],
        "advice": [advise(kept, settings).text(settings) for settings in (Settings(language="en"), Settings(language="zh"))],
        "problem": [Problem("table_missing", file="book.xlsx", value="Customers").line(language) for language in ("en", "zh")],
    }


def traceback_lines() -> list[str]:
    """A traceback through the bundle: does it show our lines?"""
    from xlcrm.texts import text

    try:
        text("problems.no_such_text", "en")
    except KeyError:
        return traceback.format_exc().splitlines()
    return []


def refused() -> str:
    """What a script says where its packages are missing: an error text for the user, not a crash."""
    try:
        main.check.__wrapped__(None) if hasattr(main.check, "__wrapped__") else main.check(None, None)
    except xlwings.XlwingsError as error:
        return str(error)
    return ""


json.dumps(
    {
        "platform": sys.platform,
        "python": list(sys.version_info[:2]),
        "seconds": {"xlwings": xlwings_ready - started, "main": main_ready - xlwings_ready},
        "functions": xlwings.server.custom_functions_meta(main)["functions"],
        "scripts": xlwings.server.custom_scripts_meta(main),
        "imports": imports(),
        "answers": await answers(),  # noqa: F704  # Pyodide runs a file as a coroutine
        "without_frames": without_frames(),
        "traceback": traceback_lines(),
        "refused": refused(),
    }
)
