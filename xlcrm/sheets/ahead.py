"""Work done ahead on the other processors, in order and never far ahead."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

MOST_WORKERS = 4


def worked_ahead(function: Callable[[Item], Done], items: Iterable[Item]) -> Iterator[tuple[Item, Done]]:
    """Each item with what the function makes of it, in the items' order, some of them at the same time.

    Pays where the function spends its time outside Python's lock, as polars and the packing of zip files do. At most one item
    more than there are workers is held, so that large pieces do not pile up. An exception of the function comes out here.
    """
    workers = min(_processors(), MOST_WORKERS)
    iterator = iter(items)
    first = next(iterator, None)
    if first is None:
        return
    second = next(iterator, None)
    if second is None or workers == 1:  # nothing to do at the same time
        yield first, function(first)
        if second is not None:
            yield second, function(second)
            for item in iterator:
                yield item, function(item)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[tuple[Item, Future[Done]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        waiting.extend((item, pool.submit(function, item)) for item in (first, second))
        for item in iterator:
            waiting.append((item, pool.submit(function, item)))
            if len(waiting) > workers:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
