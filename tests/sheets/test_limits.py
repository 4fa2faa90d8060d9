"""What does not fit in a sheet or a package is refused, and the workbook stays as it was."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from xlcrm.problems import CannotDo
from xlcrm.sheets import package, tablewriter
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c


@pytest.mark.parametrize(
    ("module", "limit", "bound", "code"),
    [(tablewriter, "MAX_ROWS", 8, "too_many_rows"), (package, "MAX_PACKAGE_BYTES", 1000, "workbook_too_large")],
)
def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, bound: int, code: str) -> None:
    book = tmp_path / "book.xlsx"
    store = FileStore.create(book, "en")
    before = book.read_bytes()
    customers = pl.DataFrame({c.CUSTOMER_CODE: [f"{number:04}" for number in range(20)], c.CUSTOMER_NAME: ["A shop"] * 20})
    monkeypatch.setattr(module, limit, bound)
    with pytest.raises(CannotDo) as refusal:
        store.save(WorkbookChanges(tables={"customers": customers}))
    assert refusal.value.problem.code == code
    assert book.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
