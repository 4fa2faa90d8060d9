"""What surrounds the writing of a run into an open workbook. Needs no frames, so that a desk can be made without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xlcrm.problems import HalfDone


@contextmanager
def writing(at_once: bool) -> Iterator[None]:
    """Around the writing of a run. at_once: the program does each step as it is said; elsewhere all of it waits until the run has ended.

    Raises HalfDone where such a program refuses a step (a protected sheet): those before it stand in the workbook.
    """
    try:
        yield
    except Exception as error:  # each platform has its own errors
        if not at_once:
            raise
        raise HalfDone(f"{type(error).__name__}: {error}") from error
