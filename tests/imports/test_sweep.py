"""Every awkward file of the reference data imports or is refused in one line: no traceback, no hang, no flood of memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS_A_FILE = 10
MEMORY_MIB = 1024

SWEEP = """
import json, resource, sys, time
from pathlib import Path
limit = int(sys.argv[2]) << 20
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from xlcrm.imports.load import load
from xlcrm.problems import CannotDo
from xlcrm.settings import Settings
for path in sorted(path for path in Path(sys.argv[1]).rglob("*") if path.is_file()):
    start = time.perf_counter()
    try:
        found = load(path, Settings(), "2017Q1")
        for problem in found.problems:
            for language in ("en", "zh"):
                problem.line(language)
        outcome = found.kind
    except CannotDo as refused:
        lines = [refused.problem.line(language) for language in ("en", "zh")]
        outcome = refused.problem.code if not any("\\n" in line for line in lines) else "several lines"
    except BaseException as error:
        outcome = f"traceback {error!r}"
    print(json.dumps([str(path), outcome, time.perf_counter() - start]), flush=True)
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps(["peak", peak / 1024, 0]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits memory by rlimit")
@pytest.mark.parametrize(("folder", "at_least"), [("synthetic", 35), ("dirty", 360)])
def test_every_file_imports_or_is_refused_clearly(shared_data: Path, folder: str, at_least: int) -> None:
    command = [sys.executable, "-c", SWEEP, str(shared_data / folder), str(MEMORY_MIB)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    *files, (_, peak_mib, _) = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(files) >= at_least
    assert [(path, outcome) for path, outcome, _ in files if outcome.startswith(("traceback", "several"))] == []
    assert [(path, seconds) for path, _, seconds in files if seconds > SECONDS_A_FILE] == []
    assert peak_mib < MEMORY_MIB
    assert "panicked" not in done.stderr
