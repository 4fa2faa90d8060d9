"""Progress on a terminal: a bar for whatever takes over a second, nothing before, nothing into a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from xlcrm.jobs.store import Progress

SHOWN_AFTER_SECONDS = 1.0


class _LateBar:
    """Remembers the latest step, and shows a bar once the job has taken a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._step, self._done, self._of = "", 0, 1
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(SHOWN_AFTER_SECONDS, self._show)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, step: str, done: int, of: int) -> None:
        with self._lock:
            self._step, self._done, self._of = step, done, of
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, description=step, completed=done, total=of)

    def _show(self) -> None:
        # rich costs a tenth of a second to import: only a job that takes longer pays it.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(self._step, completed=self._done, total=self._of)
            self._bar.start()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._bar is not None:
                self._bar.stop()


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A `progress(step, done, of)` to hand to a job."""
    if not sys.stderr.isatty():
        yield lambda step, done, of: None
        return
    bar = _LateBar()
    try:
        yield bar
    finally:
        bar.stop()
