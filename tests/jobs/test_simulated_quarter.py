"""A quarter of one account manager: sixty working days through the jobs, every table held against a plain account after each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support_libreoffice import recalculate
from tools.simulate_quarter import Simulation


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    simulation = Simulation(tmp_path_factory.mktemp("quarter") / "quarter.xlsx", "en")
    simulation.run()
    return simulation


def test_every_table_stands_as_it_should_after_each_day(quarter: Simulation) -> None:
    assert quarter.faults == []
    assert quarter.jobs > 250
    assert {"intake", "log", "undo", "import", "plan", "playbook", "merge", "handover", "forget", "quarter", "today", "summarise"} <= set(
        quarter.seconds
    )


def test_saves_failed_in_between(quarter: Simulation) -> None:
    assert quarter.crashes >= 15


def test_the_workbook_still_opens_without_an_error_value(quarter: Simulation, soffice: str, tmp_path: Path) -> None:
    shown = recalculate(soffice, quarter.book, tmp_path)
    wrong = {
        f"{name}!{cell}": value
        for name, cells in shown.sheets.items() for cell, value in cells.items()
        if isinstance(value, str) and (value.startswith("Err:") or value in {"#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "#NULL!"})
    }  # fmt: skip
    assert wrong == {}
    assert len(shown.sheets) > 25


def test_the_same_seed_gives_the_same_days(tmp_path: Path) -> None:
    first, second = (Simulation(tmp_path / f"{name}.xlsx", "zh", days=2) for name in ("first", "second"))
    for simulation in (first, second):
        simulation.run()
        assert simulation.faults == []
    assert first.account == second.account
