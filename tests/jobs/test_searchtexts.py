"""The hidden column that the card searches: filled by an import, kept right by what changes, its initials asked for once."""

from __future__ import annotations

import polars as pl
import pytest

from xlcrm.jobs.searchtexts import with_search
from xlcrm.rules import search
from xlcrm.tables import columns as c


def customers(*rows: tuple[str | None, str | None, str | None, str | None], old: list[str | None] | None = None) -> pl.DataFrame:
    names = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.CONTACT, c.PHONE)
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
    return frame if old is None else frame.with_columns(pl.Series(c.SEARCH, old, dtype=pl.String))


def test_each_part_stands_in_it() -> None:
    pytest.importorskip("pypinyin")
    made = with_search(customers(("01", "One", None, "555"), ("02", "永兴便利店", "李敏", None), (None, "x", None, None)))
    assert made[c.SEARCH].to_list() == ["01|One||555|", "02|永兴便利店|李敏||yxbld lm", None]


def test_columns_that_a_workbook_lacks_are_blank_parts() -> None:
    assert with_search(pl.DataFrame({c.CUSTOMER_CODE: ["01"]}))[c.SEARCH].to_list() == ["01||||"]


def test_initials_are_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(search, "initials_of", lambda name: asked.append(name) or "qq")
    first = with_search(customers(("01", "永兴", None, None), ("02", "One", None, None)))
    assert with_search(first).equals(first)
    assert asked == ["永兴"]
    changed = with_search(first.with_columns(pl.Series(c.CUSTOMER_NAME, ["永新", "Two"])))
    assert asked == ["永兴", "永新"]
    assert changed[c.SEARCH].to_list() == ["01|永新|||qq", "02|Two|||"]


def test_a_customer_whose_name_lost_its_chinese_loses_its_initials() -> None:
    made = with_search(customers(("01", "One", None, None), old=["01|永兴|||yx"]))
    assert made[c.SEARCH].to_list() == ["01|One|||"]


def test_no_chinese_name_asks_for_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(search, "initials_of", refuse)
    with_search(customers(("01", "Ünïcode – shop №1", "Łukasz", "+48")))
