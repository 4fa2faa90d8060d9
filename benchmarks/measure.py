"""Running a thing and knowing what it cost: wall seconds and peak memory of a whole process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost. `seconds` wall time; `peak_mib` its largest resident set."""

    seconds: float
    peak_mib: float
    output: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `aim` is the wanted bound as text, `met` None where there is no bound."""

    what: str
    ours: str
    against: str
    ratio: str
    aim: str = ""
    met: bool | None = None


class Failed(RuntimeError):
    """A measured process did not end well."""


def process(
    command: Sequence[str | Path], timeout_s: float, one_core: bool = False, environment: dict[str, str] | None = None, cwd: Path = ROOT
) -> Cost:
    """Runs a command to its end. Raises `Failed` on a bad exit, `TimeoutError` when it takes longer than `timeout_s`."""
    pinned = (lambda: os.sched_setaffinity(0, {0})) if one_core and hasattr(os, "sched_setaffinity") else None
    started = time.perf_counter()
    running = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        preexec_fn=pinned,
        start_new_session=True,
    )
    assert running.stdout is not None
    too_long = threading.Event()

    def stop() -> None:
        too_long.set()
        os.killpg(running.pid, 9)

    timer = threading.Timer(timeout_s, stop)
    timer.start()
    output = running.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - started
    timer.cancel()
    running.returncode = os.waitstatus_to_exitcode(status)
    if too_long.is_set():
        raise TimeoutError(f"{command[0]} took longer than {timeout_s:.0f} s")
    if running.returncode != 0:
        raise Failed(f"{' '.join(str(part) for part in command)}\nexit status {running.returncode}\n{output[-2000:]}")
    return Cost(seconds, usage.ru_maxrss / 1024, output)


def python(*arguments: str | Path, timeout_s: float = 900, one_core: bool = False, environment: dict[str, str] | None = None) -> Cost:
    """Runs this Python with those arguments."""
    return process([sys.executable, *arguments], timeout_s, one_core, environment)


def xlcrm(*arguments: str | Path, timeout_s: float = 900) -> Cost:
    """Runs the command line, as a user would."""
    return python("-m", "xlcrm", *arguments, timeout_s=timeout_s, environment={"XLCRM_LANG": "en"})


def side_by_side(*sides: Callable[[], Cost], repeats: int) -> list[Cost]:
    """The median cost of each side, run in turns, so that a slow moment of the machine meets all of them."""
    runs: list[list[Cost]] = [[] for _ in sides]
    for _ in range(repeats):
        for run, side in zip(runs, sides, strict=True):
            run.append(side())
    return [Cost(statistics.median(cost.seconds for cost in run), max(cost.peak_mib for cost in run), run[-1].output) for run in runs]


def seconds_text(seconds: float) -> str:
    """Three significant digits, as a person reads them."""
    return f"{seconds:.0f} s" if seconds >= 100 else f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
