"""Complete Journey (routes 1-5), from exports to results: equal to the answers of an independent implementation.

Its `ungraded` means "no grade now", which is our lost and ungraded together; its `prefix_changed` is our type_changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from xlcrm.jobs import showing
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.quarter import close_quarter
from xlcrm.sheets.filestore import FileStore

Rows = list[dict[str, str]]
Show = Callable[..., Rows]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=["csv", "xlsx", "csv twice"])
def book(request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shared_data / "completejourney_r1-5"
    book = tmp_path_factory.mktemp("reference") / "book.xlsx"
    FileStore.create(book, "en")
    csvs = [folder / "routes.csv", folder / "grades.csv", folder / "purchases_month.csv"]
    for files in {"csv": [csvs], "xlsx": [[folder / "exports.xlsx"]], "csv twice": [csvs, list(reversed(csvs))]}[request.param]:
        import_files(FileStore.open(book), files)
    close_quarter(FileStore.open(book), "2017Q2", "2017Q1")
    return book


@pytest.fixture(scope="module")
def show(book: Path) -> Show:
    def shown(table: str, quarter: str | None = None) -> Rows:
        return list(csv.DictReader(io.StringIO(showing.table(FileStore.open(book), table, quarter).write_csv())))

    return shown


def test_states(show: Show, shared_data: Path) -> None:
    expected = {row["customer_code"]: row for row in rows_of(shared_data / "completejourney_r1-5/expected/arrows_Q2.csv")}
    reasons = {"kept": "keep", "type_changed": "prefix_changed", "lost": "ungraded"}
    found = show("grade_changes")
    assert {row["customer_code"] for row in found} == set(expected)
    for row in found:
        answer = expected[row["customer_code"]]
        assert reasons.get(row["state"], row["state"]) == answer["reason"], row
        assert (row["grade"], row["previous_grade"], row["route"]) == (answer["current"], answer["previous"], answer["route"])
        if row["state"] in ("up", "kept", "down"):
            assert row["shown"] == answer["display"]


def test_change_statistics(show: Show, shared_data: Path) -> None:
    expected = [
        row for row in rows_of(shared_data / "completejourney_r1-5/expected/change_2017Q2_strict.csv") if row["business_type"] != "TOTAL"
    ]
    found = {(row["business_type"], row["size"]): row for row in show("change_statistics")}
    assert len(found) == len(expected)
    for answer in expected:
        row = found[answer["business_type"], answer["grade"]]
        for theirs, value in answer.items():
            ours = theirs.lower().replace("keep", "kept")
            if ours in row and ours not in ("business_type", "grade"):
                assert row[ours] == value, (answer, ours)
        assert int(row["new"]) + int(row["type_changed"]) == int(answer["unclassified"])


@pytest.mark.parametrize("quarter", ["2017Q1", "2017Q2"])
def test_minimums(show: Show, shared_data: Path, quarter: str) -> None:
    expected = rows_of(shared_data / f"completejourney_r1-5/expected/thresholds_{quarter}.csv")
    found = {(row["business_type"], row["size"]): row for row in show("minimums", quarter)}
    assert len(found) == len(expected)
    for answer in expected:
        row = found[answer["business_type"], answer["grade"]]
        assert (row["min_quantity"], row["min_amount"]) == (answer["min_volume"], answer["min_amount"])


@pytest.mark.parametrize("quarter", ["2017Q1", "2017Q2"])
def test_route_summary(show: Show, shared_data: Path, quarter: str) -> None:
    expected = [row for row in rows_of(shared_data / "completejourney_r1-5/expected/route_summary_Q1Q2.csv") if row["quarter"] == quarter]
    found = {row["route"]: row for row in show("route_summary", quarter)}
    assert len(found) == len(expected)
    for answer in expected:
        row = found[answer["route"]]
        assert [row[name] for name in ("customers", "up", "kept", "down", "new", "type_changed", "quantity", "amount")] == [
            answer[name] for name in ("customers", "up", "keep", "down", "new", "prefix_changed", "volume", "amount")
        ]
        assert int(row["lost"]) + int(row["ungraded"]) == int(answer["ungraded"])
