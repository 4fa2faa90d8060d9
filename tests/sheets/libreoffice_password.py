"""Opens a workbook by its password in LibreOffice and saves it under the same one.

Runs under the Python that has LibreOffice's bridge (`python3-uno`): `libreoffice_password.py SOFFICE`, with the tasks as JSON on
standard input (a list of `file`, `password` to open it with, "" for none, and perhaps `to` and `new_password` to save it with).
Writes what it saw as JSON, one each: `opened`, `cells` (the corner of each sheet), `errors` (sheets with an error value).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import NamedValue, PropertyValue

START_SECONDS = 90
CORNER = (0, 0, 9, 9)
FORMULA_ERRORS = 4


def option(name: str, value: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop(pipe: str) -> Any:
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except Exception:  # not listening yet
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def done(office: Any, task: dict[str, str]) -> dict[str, Any]:
    asked = [option("Hidden", True)]
    if task["password"]:
        asked.append(option("Password", task["password"]))
    try:
        document = office.loadComponentFromURL(Path(task["file"]).as_uri(), "_blank", 0, tuple(asked))
    except Exception:
        document = None
    if document is None:
        return {"opened": False}
    try:
        sheets = [document.Sheets.getByIndex(number) for number in range(document.Sheets.Count)]
        cells = {sheet.Name: [list(row) for row in sheet.getCellRangeByPosition(*CORNER).getDataArray()] for sheet in sheets}
        errors = [sheet.Name for sheet in sheets if sheet.queryFormulaCells(FORMULA_ERRORS).Count]
        if task.get("to"):
            how = [option("FilterName", "Calc MS Excel 2007 XML")]
            if task.get("new_password"):
                # Filters of Microsoft's formats take it by this name alone; `Password` would be dropped without a word.
                sealed = (NamedValue("CryptoType", "StrongEncryptionDataSpace"), NamedValue("OOXPassword", task["new_password"]))
                how.append(option("EncryptionData", uno.Any("[]com.sun.star.beans.NamedValue", sealed)))
            document.storeToURL(Path(task["to"]).as_uri(), tuple(how))
        return {"opened": True, "cells": cells, "errors": errors}
    finally:
        document.close(True)


def main() -> None:
    tasks = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="xlcrm-password-", ignore_cleanup_errors=True) as profile:
        pipe = Path(profile).name.replace("-", "")
        started = subprocess.Popen(
            [sys.argv[1], f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            office = desktop(pipe)
            json.dump([done(office, task) for task in tasks], sys.stdout)
            office.terminate()
            started.wait(20)
        finally:
            started.kill()
            started.wait()


if __name__ == "__main__":
    main()
