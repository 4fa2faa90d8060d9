"""Customers that stand twice, in a workbook: the table, the command in both languages, and two owners of one customer."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from xlcrm import cli
from xlcrm.cli import ownership
from xlcrm.jobs import showing
from xlcrm.jobs.checking import check
from xlcrm.jobs.duplicates import find_duplicates, list_duplicates
from xlcrm.problems import CannotDo
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.texts import LANGUAGES, Language, text

PEOPLE = (
    ("0001", "Corner Shop", "1", "Lee", "+86 138 1234 5678", "12 Mill Lane"),
    ("0002", "CORNER SHOP Ltd", "2", "Wang", "13812345678", "12, Mill Lane"),
    ("0003", "Oak Books", "1", None, None, "7 Bay Street"),
    ("0004", "Oak Books Inc.", "1", None, None, "7 Bay Street"),
    ("0005", "Verdi Wines", "2", "Wang", None, "3 Hill Road"),
    ("0006", "老王便利店", "1", None, None, "解放路18号"),
    ("0007", "老王便利店有限公司", "2", None, None, "解放路18号"),
)


def made(folder: Path, language: Language) -> Path:
    book = folder / f"{language}.xlsx"
    FileStore.create(book, language)
    store = FileStore.open(book)
    names = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.ROUTE, c.OWNER, c.PHONE, c.ADDRESS)
    empty = store.read("customers").frame
    customers = pl.DataFrame(PEOPLE, schema=dict.fromkeys(names, pl.String), orient="row")
    routes = pl.DataFrame({c.ROUTE: ["1", "2"], c.ACCOUNT_MANAGER: ["Ana", "Ben"]})
    tables = {
        "customers": pl.concat([empty, customers], how="diagonal"),
        "routes": pl.concat([store.read("routes").frame, routes], how="diagonal"),
    }
    store.save(WorkbookChanges(tables=tables))
    return book


@pytest.fixture(params=LANGUAGES)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made(tmp_path, request.param)


def test_the_table_has_the_pairs_with_names_and_owners(book: Path) -> None:
    shown = showing.table(FileStore.open(book), "duplicates")
    assert shown.columns == ["code_a", "code_b", "score", "reasons", "name_a", "name_b", "owner_a", "owner_b", "decision"]
    found = {row["code_a"]: row for row in shown.rows(named=True)}
    assert [(row["code_a"], row["code_b"]) for row in found.values()] == [("0001", "0002"), ("0003", "0004"), ("0006", "0007")]
    assert found["0001"]["reasons"] == "same_phone, same_name, same_address"
    assert (found["0001"]["owner_a"], found["0001"]["owner_b"]) == ("Lee", "Wang")
    assert (found["0006"]["owner_a"], found["0006"]["owner_b"]) == ("Ana", "Ben")  # nobody owns them: the account managers do
    assert all(0.9 < float(row["score"]) <= 1 for row in found.values())


def test_check_names_the_customers_whom_two_people_claim(book: Path) -> None:
    claimed = [problem for problem in check(FileStore.open(book)).problems if problem.code == "claimed_twice"]
    assert [(problem.value, problem.details["other"]) for problem in claimed] == [("0001", "0002"), ("0006", "0007")]
    for language in LANGUAGES:
        line = claimed[0].line(language)
        assert all(part in line for part in ("0001", "0002", "Lee", "Wang"))


def test_two_customers_that_somebody_said_are_different_are_claimed_by_nobody_twice(book: Path) -> None:
    list_duplicates(FileStore.open(book))
    store = FileStore.open(book)
    pairs = store.read("duplicates").frame
    said = pl.Series(c.DECISION, [text("choices.different", store.language), *[None] * (pairs.height - 1)], dtype=pl.String)
    store.save(WorkbookChanges(tables={"duplicates": pairs.with_columns(said)}))
    decided = pairs[c.CODE_A][0]
    claimed = [problem.value for problem in check(FileStore.open(book)).problems if problem.code == "claimed_twice"]
    assert claimed == [code for code in ("0001", "0006") if code != decided]
    assert decided in ("0001", "0003", "0006")


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("same phone", "two owners", "3 pair")), ("zh", ("电话相同", "负责人不同", "3 对"))]
)
def test_the_command_says_it_in_words(
    tmp_path: Path, language: Language, words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = made(tmp_path, language)
    before = book.read_bytes()
    monkeypatch.setattr(ownership, "LANGUAGE", language)
    monkeypatch.setattr(sys, "argv", ["xlcrm", "duplicates", str(book)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr().out
    assert not end.value.code
    assert all(word in said for word in words)
    assert said.count(words[1]) == 2
    assert book.read_bytes() == before
    monkeypatch.setattr(sys, "argv", ["xlcrm", "duplicates", str(book), "--at-least", "1"])
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().out
    assert [code for code, *_ in PEOPLE if code in said] == ["0001", "0002"]


def test_without_the_package_that_compares_names_it_is_refused_and_the_rest_is_checked(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    with pytest.raises(CannotDo) as refusal:
        find_duplicates(FileStore.open(book))
    assert refusal.value.problem.code == "similarity_missing"
    report = check(FileStore.open(book))
    assert report.not_looked_for == refusal.value.problem
    assert not [problem for problem in report.problems if problem.code == "claimed_twice"]
    assert refusal.value.problem.line("en") in report.lines("en")
