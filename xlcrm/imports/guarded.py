"""Reads one workbook in a process of its own: `python -m xlcrm.imports.guarded FILE MEMORY_MIB SECONDS`.

Writes JSON to standard output: {"sheets": [...]}, or {"problem": code, "details": {...}}. Ends with a failure, and no
output, where memory or time ran out or the reader crashed. Imports no more than it needs: it starts for each such file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path


def _limit(memory_mib: int, seconds: int) -> None:
    """Memory and processor time where the system can limit them; the time on the clock everywhere."""
    watch = threading.Timer(seconds, os._exit, args=(3,))
    watch.daemon = True
    watch.start()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform.startswith("linux"):
            resource.setrlimit(resource.RLIMIT_AS, (memory_mib << 20, memory_mib << 20))


def main(arguments: list[str]) -> int:
    """Exit status 0 when there is an answer."""
    path, memory_mib, seconds = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    _limit(memory_mib, seconds)
    from xlcrm.imports.grids import grids
    from xlcrm.problems import CannotDo
    from xlcrm.tables.celltext import cell_text

    try:
        sheets = grids(path)
        for sheet in sheets:
            sheet["rows"] = [[value if type(value) is str else cell_text(value) for value in row] for row in sheet["rows"]]
        answer = json.dumps({"sheets": sheets}, ensure_ascii=True)
    except CannotDo as refused:
        answer = json.dumps({"problem": refused.problem.code, "details": dict(refused.problem.details)})
    sys.stdout.write(answer)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
