"""Work done ahead: in order, bounded, with its errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xlcrm.sheets import ahead
from xlcrm.sheets.ahead import worked_ahead


@pytest.mark.parametrize("processors", [1, 2, 8])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_results_come_in_order_and_items_are_taken_as_they_are_needed(monkeypatch: pytest.MonkeyPatch, processors: int, count: int) -> None:
    monkeypatch.setattr(ahead, "_processors", lambda: processors)
    taken = []

    def items() -> Iterator[int]:
        for number in range(count):
            taken.append(number)
            yield number

    given = 0
    for place, (item, done) in enumerate(worked_ahead(lambda number: number * 2, items())):
        assert (item, done) == (place, place * 2)
        given += 1
        assert len(taken) - given <= ahead.MOST_WORKERS + 1
    assert given == count


@pytest.mark.parametrize("processors", [1, 2])
def test_an_error_of_the_work_comes_out(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    monkeypatch.setattr(ahead, "_processors", lambda: processors)

    def fails(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(worked_ahead(fails, range(10)))
