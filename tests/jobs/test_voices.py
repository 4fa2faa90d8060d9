"""What customers say: typed or imported, analysed on both stores, checked, carried along by a merge, gone with an erasure."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.jobs.both_stores import STORES, Do
from tests.rules.handmade import table as handmade
from xlcrm.jobs.analysing import analyse
from xlcrm.jobs.checking import check
from xlcrm.jobs.forgetting import forget
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.merging import merge
from xlcrm.jobs.showing import table
from xlcrm.jobs.undoing import undo
from xlcrm.jobs.voices import referrals
from xlcrm.sheets import places
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.columns import CUSTOMER_CODE as CODE
from xlcrm.texts import LANGUAGES, Language, text

DAY = dt.date(2017, 6, 30)
WORDS = {"en": "terrible service, never again", "zh": "服务太差，再也不买了"}
PRAISE = {"en": "very friendly and fast", "zh": "非常满意，送货很快"}


def answer(number: int, code: str, kind: str, score: int | None, words: str | None = None, day: dt.date = DAY) -> dict[str, Any]:
    return {c.DATE: day, CODE: code, c.KIND: kind, c.SCORE: score, c.FEEDBACK: words, c.AUTHOR: "Lee", c.SURVEY_ID: f"S{number}"}


def made(folder: Path, language: Language) -> Path:
    """Three customers who buy each month; the third came through the first, and each of them said something."""
    book = folder / f"{language}.xlsx"
    store = FileStore.create(book, language)
    people = [
        {CODE: code, c.CUSTOMER_NAME: name, c.SOURCE: source}
        for code, name, source in (("0001", "Oak Market", "fair"), ("0002", "Corner Shop", None), ("0003", "Mill Store", "0001"))
    ]
    bought = [
        {CODE: code, c.DATE: dt.date(2017, month, day), c.QUANTITY: 1000, c.AMOUNT: 10000 * int(code)}
        for code, day in (("0001", 3), ("0002", 5), ("0003", 7)) for month in range(1, 7)
    ]  # fmt: skip
    kinds = {kind: text(f"choices.{kind}", language) for kind in ("csat", "nps", "feedback")}
    said = [
        answer(1, "0001", kinds["nps"], 10, PRAISE[language]), answer(2, "0002", kinds["nps"], 3, day=dt.date(2017, 6, 20)),
        answer(3, "0003", kinds["csat"], 5, day=dt.date(2017, 2, 1)), answer(4, "0002", kinds["feedback"], None, WORDS[language]),
        answer(5, "0001", kinds["csat"], 6), answer(6, "0001", kinds["nps"], 9, day=dt.date(2017, 7, 1)),
    ]  # fmt: skip
    store.save(WorkbookChanges(tables={
        "customers": handmade("customers", people), "purchases": handmade("purchases", bought).drop(c.QUARTER), "surveys": handmade("surveys", said),
    }))  # fmt: skip
    return book


@pytest.mark.parametrize(("store", "language"), list(zip(STORES, LANGUAGES, strict=True)))
def test_analyse_counts_the_quarters_reads_the_words_and_measures_loyalty(store: str, language: Language, tmp_path: Path) -> None:
    book = made(tmp_path, language)
    do: Do = STORES[store]
    found = do(book, lambda opened: analyse(opened, DAY))
    stands = FileStore.open(book)
    said = stands.read("voice").frame
    assert said.select(c.QUARTER, c.MEASURE, c.RESPONSES, c.VALUE).rows() == [("2017Q1", "csat", 1, 100.0), ("2017Q2", "nps", 2, 0.0)]
    assert said[c.NOTE].null_count() == 0
    rows = {row[c.SURVEY_ID]: row for row in stands.read("surveys").frame.iter_rows(named=True)}
    assert (rows["S1"][c.SENTIMENT], rows["S4"][c.SENTIMENT]) == (text("choices.positive", language), text("choices.negative", language))
    assert rows["S1"][c.SENTIMENT_SCORE] > 0 > rows["S4"][c.SENTIMENT_SCORE]
    assert (rows["S2"][c.SENTIMENT], rows["S2"][c.SENTIMENT_SCORE]) == (None, None)
    assert [row[c.SCORE] for row in rows.values()] == [10, 3, 5, None, 6, 9]
    loyal = {row[CODE]: row for row in stands.read("loyalty").frame.iter_rows(named=True)}
    assert {code: row[c.REFERRALS] for code, row in loyal.items()} == {"0001": 1, "0002": 0, "0003": 0}
    assert loyal["0003"][c.LOYALTY] > loyal["0002"][c.LOYALTY]
    assert all(row[c.REPEAT_RATE] == 1 for row in loyal.values())
    lines = "\n".join(found.lines(language))
    assert text("choices.nps", language) in lines
    assert text("voice.left_out", language, count=1) in lines


def test_a_second_analysis_changes_nothing_in_the_answers(tmp_path: Path) -> None:
    book = made(tmp_path, "en")
    analyse(FileStore.open(book), DAY)
    once = FileStore.open(book).read("surveys").frame
    analyse(FileStore.open(book), DAY)
    assert FileStore.open(book).read("surveys").frame.equals(once)


@pytest.mark.parametrize("store", STORES)
def test_typed_rows_with_a_bad_cell_or_without_a_number_stay_as_they_are(store: str, tmp_path: Path) -> None:
    book = made(tmp_path, "en")
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[places.sheet_name("surveys", "en")]
    heads = {sheet.cell(places.HEADER_ROW, column).value: column for column in range(2, 14)}
    first = places.HEADER_ROW + 1
    sheet.cell(first, heads["Date"]).value = "soon"
    for row in (first + 1, first + 3):
        sheet.cell(row, heads["Survey ID"]).value = None
    workbook.save(book)
    do: Do = STORES[store]
    do(book, lambda opened: analyse(opened, DAY))
    sheet = openpyxl.load_workbook(book)[places.sheet_name("surveys", "en")]
    assert sheet.cell(first, heads["Date"]).value == "soon"
    assert sheet.cell(first, heads["Feedback"]).value == PRAISE["en"]
    assert sheet.cell(first + 3, heads["Feedback"]).value == WORDS["en"]
    assert sheet.cell(first + 3, heads["Sentiment"]).value == "negative"
    assert sheet.cell(first + 1, heads["Sentiment"]).value is None
    assert [sheet.cell(row, heads["Score"]).value for row in range(first, first + 6)] == [10, 3, 5, None, 6, 9]


def test_bad_answers_warn_and_the_dashboard_counts_the_same(tmp_path: Path) -> None:
    from xlcrm.jobs.dashboards import analysed_by_rules
    from xlcrm.jobs.results import read_records
    from xlcrm.jobs.voices import feedback_of
    from xlcrm.rules.warnings import judged

    book = made(tmp_path, "en")
    store = FileStore.open(book)
    frames = read_records(store) | {"surveys": store.read("surveys").frame}
    from xlcrm.rules.warnings import USUAL

    figures = judged(frames["purchases"], frames["follow_ups"], DAY, USUAL, feedback_of(frames["surveys"], DAY)).to_native()
    assert dict(figures.select(CODE, "feedback_worse").iter_rows()) == {"0001": 0, "0002": 1, "0003": 0}
    quiet = frames["purchases"].filter(~((pl.col(CODE) == "0002") & (pl.col(c.DATE) > dt.date(2017, 3, 31))))
    with_answers, without = (
        analysed_by_rules({**frames, "purchases": quiet, "surveys": said}, store.settings(), DAY).warnings
        for said in (frames["surveys"], frames["surveys"].clear())
    )
    signals = (dict(each.select(CODE, c.SIGNALS).iter_rows())["0002"] for each in (with_answers, without))
    assert [("feedback_worse" in each) for each in signals] == [True, False]


def test_the_key_figures_tell_csat_as_a_share_and_nps_in_points(tmp_path: Path) -> None:
    book = made(tmp_path, "en")
    analyse(FileStore.open(book), DAY)
    rows = FileStore.open(book).read("kpis").frame
    assert rows.filter(pl.col(c.KPI).is_in(["csat", "nps"])).rows() == [("2017Q1", "csat", 1.0), ("2017Q2", "nps", 0.0)]
    assert rows[c.QUARTER].is_sorted()


def test_show_prints_answers_voice_and_loyalty(tmp_path: Path) -> None:
    book = made(tmp_path, "zh")
    analyse(FileStore.open(book), DAY)
    store = FileStore.open(book)
    assert table(store, "voice").columns == [c.QUARTER, c.MEASURE, c.RESPONSES, c.VALUE, c.LOWEST, c.HIGHEST, c.NOTE]
    assert table(store, "voice")[c.MEASURE].to_list() == ["csat", "nps"]
    assert set(table(store, "loyalty")[CODE]) == {"0001", "0002", "0003"}
    assert table(store, "surveys").height == 6


def test_the_check_names_bad_answers_with_their_cell(tmp_path: Path) -> None:
    book = made(tmp_path, "en")
    store = FileStore.open(book)
    rows = store.read("surveys").frame
    more = handmade("surveys", [answer(7, "0009", "NPS", 5), answer(8, "0001", "NPS", None), answer(9, "0001", "CES", 2)]).select(
        rows.columns
    )
    store.save(WorkbookChanges(tables={"surveys": pl.concat([rows, more], how="diagonal_relaxed")}))
    sheet = places.sheet_name("surveys", "en")
    found = {(each.code, each.cell, each.value) for each in check(FileStore.open(book)).problems if each.sheet == sheet}
    assert found == {
        ("survey_out_of_scale", "F10", "6"), ("code_without_customer", "", "0009"), ("survey_no_answer", "C13", "0001"), ("survey_unknown_kind", "E14", "CES"),
    }  # fmt: skip


def test_an_import_goes_in_is_told_and_can_be_undone(tmp_path: Path) -> None:
    book, export = made(tmp_path, "en"), tmp_path / "nps.csv"
    export.write_text("Date,Code,NPS score,Comment\n2017-05-03,0001,9,fine\n2017-05-04,0002,12,\n", encoding="utf-8")
    report = import_files(FileStore.open(book), [export])
    assert [(each.table_id, each.new) for each in report.tables] == [("surveys", 1)]
    assert [problem.code for problem in report.problems] == ["survey_out_of_scale"]
    store = FileStore.open(book)
    assert store.read("problems").frame.select(c.PROBLEM, c.ROW_TEXT).rows() == [("survey_out_of_scale", "2017-05-04 | 0002 | 12 | ")]
    new = store.read("surveys").frame.row(-1, named=True)
    assert (new[CODE], new[c.KIND], new[c.SCORE], new[c.FEEDBACK]) == ("0001", "NPS", 9, "fine")
    import_files(FileStore.open(book), [export])
    assert FileStore.open(book).read("surveys").frame.height == 7
    undo(FileStore.open(book))
    assert FileStore.open(book).read("surveys").frame.height == 6


def test_a_merge_takes_the_answers_along_and_back(tmp_path: Path) -> None:
    book = made(tmp_path, "en")
    before = FileStore.open(book).read("surveys").frame
    done = merge(FileStore.open(book), "0001", "0002", as_of=DAY)
    after = FileStore.open(book).read("surveys").frame
    assert after[CODE].to_list() == ["0001", "0001", "0003", "0001", "0001", "0001"]
    assert after.drop(CODE).equals(before.drop(CODE))
    assert done.plans[0].moved["Surveys"] == 2
    undo(FileStore.open(book), done.job)
    back = FileStore.open(book).read("surveys").frame
    assert back.sort(c.SURVEY_ID).equals(before.sort(c.SURVEY_ID))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forgetting_a_customer_takes_what_he_said_and_leaves_the_scores(language: Language, tmp_path: Path) -> None:
    book, export = made(tmp_path, language), tmp_path / "answers.csv"
    secret = "the clerk with the zeppelin tattoo was rude"
    export.write_text(f"Date,Code,CSAT,Comment\n2017-05-03,0002,2,{secret}\n", encoding="utf-8")
    import_files(FileStore.open(book), [export])
    analyse(FileStore.open(book), DAY)
    before = FileStore.open(book).read("surveys").frame
    report = forget(FileStore.open(book), ["0002"], DAY)
    assert report.found == []
    after = FileStore.open(book).read("surveys").frame
    own = after.filter(pl.col(CODE) == "0002")
    assert own[c.FEEDBACK].null_count() == own.height == 3
    assert after.filter(pl.col(CODE) != "0002").equals(before.filter(pl.col(CODE) != "0002"))
    assert after[c.SCORE].equals(before[c.SCORE])
    with zipfile.ZipFile(book) as archive:
        everything = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert not [each for each in (secret, WORDS[language], "Corner Shop") if each in everything]
    assert "zeppelin" not in str(FileStore.open(book).read("audit").frame.rows())
    import_files(FileStore.open(book), [export])  # an export does not bring the words back
    assert FileStore.open(book).read("surveys").frame.filter(pl.col(CODE) == "0002")[c.FEEDBACK].null_count() == 3
    sheet = places.sheet_name("surveys", language)
    assert [each.code for each in check(FileStore.open(book)).problems if each.sheet == sheet] == ["survey_out_of_scale"]
    analyse(FileStore.open(book), DAY)
    assert FileStore.open(book).read("surveys").frame.filter(pl.col(CODE) == "0002")[c.SENTIMENT].null_count() == 3


def test_a_workbook_without_the_table_is_analysed_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = made(tmp_path, "en")
    with monkeypatch.context() as patched:
        has = FileStore.has
        patched.setattr(FileStore, "has", lambda store, table_id: table_id not in ("surveys", "voice", "loyalty") and has(store, table_id))
        found = analyse(FileStore.open(book), DAY)
        assert found.tables["voice"].is_empty()
        assert found.answers_left_out == 0
        assert not [each for each in check(FileStore.open(book)).problems if each.code.startswith("survey_")]
    assert FileStore.open(book).read("surveys").frame[c.SENTIMENT].null_count() == 6


def test_who_brought_whom_is_known_where_a_source_is_a_code() -> None:
    people = handmade(
        "customers", [{CODE: code, c.SOURCE: source} for code, source in (("1", None), ("2", "1"), ("3", " 1 "), ("4", "4"), ("5", "fair"))]
    )
    assert referrals(people) == {"1": 2}
    assert referrals(people.head(1)) is None
    assert referrals(people.filter(pl.col(CODE) == "4")) is None
