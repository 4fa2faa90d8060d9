"""Exports of answers: by which headers they are known, whose kind comes from where, and what makes a problem row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xlcrm.imports.load import Loaded, load
from xlcrm.settings import default_settings
from xlcrm.tables import columns as c
from xlcrm.texts import Language


def loaded(folder: Path, text: str, name: str = "export.csv", language: Language = "en") -> Loaded:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(path, default_settings(language))


def test_an_export_with_all_columns(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "Date,Code,Kind,Score,Feedback,Channel,Author\n2017-05-03,0011,NPS,9,very good,web,Lee\n2017-05-04,0012,feedback,,late,call,\n",
    )
    assert found.kind == "surveys"
    assert found.problems == []
    rows = found.frames["surveys"]
    assert rows.select(c.DATE, c.CUSTOMER_CODE, c.KIND, c.SCORE, c.FEEDBACK, c.CHANNEL, c.AUTHOR).rows() == [
        (dt.date(2017, 5, 3), "0011", "NPS", 9, "very good", "web", "Lee"), (dt.date(2017, 5, 4), "0012", "feedback", None, "late", "call", None),
    ]  # fmt: skip
    assert rows[c.SURVEY_ID].str.starts_with("S").all()


def test_the_same_in_chinese(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "调查日期,客户代码,客户名称,调查类型,打分,客户意见\n2017/5/3,0011,金源商行,满意度,4,送货快\n2017/5/4,0012,新店,净推荐值,10,\n",
        language="zh",
    )
    assert (found.kind, found.problems) == ("surveys", [])
    assert found.frames["surveys"].select(c.KIND, c.SCORE, c.FEEDBACK).rows() == [("满意度", 4, "送货快"), ("净推荐值", 10, None)]


@pytest.mark.parametrize(
    ("header", "name", "kind"),
    [
        ("NPS score", "export.csv", "NPS"), ("Satisfaction", "export.csv", "CSAT"), ("推荐意愿", "export.csv", "NPS"),
        ("Score", "nps 2017.csv", "NPS"), ("评分", "满意度调查.csv", "CSAT"),
    ],
)  # fmt: skip
def test_the_kind_comes_from_the_score_s_header_or_the_file_s_name(tmp_path: Path, header: str, name: str, kind: str) -> None:
    found = loaded(tmp_path, f"Date,Code,{header},Comment\n2017-05-03,0011,4,fine\n", name)
    assert found.problems == []
    assert found.frames["surveys"].select(c.KIND, c.SCORE, c.FEEDBACK).rows() == [(kind, 4, "fine")]


def test_words_alone_are_feedback(tmp_path: Path) -> None:
    found = loaded(tmp_path, "Date,Code,Customer feedback\n2017-05-03,0011,fine\n")
    assert found.frames["surveys"].select(c.KIND, c.FEEDBACK).rows() == [("feedback", "fine")]


def test_a_score_of_which_nothing_says_what_it_is_makes_problems(tmp_path: Path) -> None:
    found = loaded(tmp_path, "Date,Code,Score\n2017-05-03,0011,4\n")
    assert [problem.code for problem in found.problems] == ["required_missing"]


def test_bad_answers_are_problem_rows(tmp_path: Path) -> None:
    rows = [
        "2017-05-03,0011,NPS,11,",
        "2017-05-03,0012,CSAT,,late",
        "2017-05-03,0013,CES,3,",
        "2017-05-03,0014,CSAT,4.5,",
        "05/03/17,0015,CSAT,4,",
        "2017-05-03,0016,CSAT,4,",
    ]
    found = loaded(tmp_path, "\n".join(["Date,Code,Kind,Score,Feedback", *rows]))
    assert {(problem.code, problem.cell) for problem in found.problems} == {
        ("survey_out_of_scale", "D2"), ("survey_no_answer", "B3"), ("survey_unknown_kind", "C4"), ("not_a_count", "D5"), ("not_a_date", "A6"),
    }  # fmt: skip
    assert {problem.row_text for problem in found.problems if problem.code == "survey_out_of_scale"} == {"2017-05-03 | 0011 | NPS | 11 | "}
    assert "0 to 10" in next(problem.message("en") for problem in found.problems if problem.code == "survey_out_of_scale")
    assert found.frames["surveys"][c.CUSTOMER_CODE].to_list() == ["0016"]


def test_the_same_file_gives_the_same_numbers_again_and_two_answers_of_a_day_both_stay(tmp_path: Path) -> None:
    text = "Date,Code,Kind,Feedback\n2017-05-03,0011,feedback,first\n2017-05-03,0011,feedback,second\n"
    once, again = (loaded(tmp_path, text).frames["surveys"][c.SURVEY_ID].to_list() for _ in range(2))
    assert once == again
    assert len(set(once)) == 2


def test_two_answers_with_one_number_are_a_problem(tmp_path: Path) -> None:
    found = loaded(tmp_path, "Date,Code,Kind,Score,Response ID\n2017-05-03,0011,CSAT,4,A1\n2017-05-03,0012,CSAT,5,A1\n")
    assert [problem.code for problem in found.problems] == ["duplicate_row"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Date,Code,Kind,Note", "follow_ups"), ("Date,Code,Kind,Outcome,Note,Score", "follow_ups"), ("Date,Code,Note,Next action,评价", "follow_ups"),
        ("日期,客户代码,方式,记录", "follow_ups"), ("Code,Name,Score", "customers"), ("Date,Code,Amount,Score", "purchases"),
        ("Code,Quarter,Grade,Score", "grades"), ("Code,Survey date,Name,CSAT", "surveys"), ("Date,Code,Name,Kind,Score,Remark", "surveys"),
    ],
)  # fmt: skip
def test_other_exports_stay_what_they_were(tmp_path: Path, header: str, kind: str) -> None:
    values = {
        "Date": "2017-05-03",
        "日期": "2017-05-03",
        "Survey date": "2017-05-03",
        "Amount": "5",
        "Quarter": "2017Q1",
        "Grade": "CS1",
        "CSAT": "4",
        "Kind": "CSAT",
        "Score": "4",
    }
    found = loaded(tmp_path, f"{header}\n{','.join(values.get(name, '0011') for name in header.split(','))}\n")
    assert found.kind == kind
