"""How grade codes are written, learned from files: what is said in both languages, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import Run, typed
from xlcrm.jobs.grammars import learn_from_files
from xlcrm.problems import CannotDo
from xlcrm.samples import sample_files
from xlcrm.settings import GradeGrammar
from xlcrm.texts import LANGUAGES, Language


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return typed(capsys, monkeypatch)


def written(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def grades_of(folder: Path, codes: list[str]) -> Path:
    rows = [f"{100 + number},{code}" for number, code in enumerate(codes)]
    return written(folder, "grades.csv", "\n".join(["customer_code,2017Q1", *rows]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_read_and_its_quantities_confirm_the_order(language: Language) -> None:
    report = learn_from_files(sample_files(language))
    grammar = report.found.grammar
    assert grammar is not None
    assert grammar.sizes[:3] == ("1", "2", "3")
    assert grammar.typed
    assert report.found.order == "quantities"
    assert report.quarters == 4
    assert len(report.lines(language)) >= 5


def test_codes_with_two_readings_are_named_with_both(tmp_path: Path) -> None:
    report = learn_from_files([grades_of(tmp_path, ["CZ1", "CZ12", "CZ11", "CS2", "CS21", "CS3"])])
    assert report.found.grammar == GradeGrammar(sizes=("1", "2", "3"), sub_levels=("1", "2"))
    said = report.lines("en")
    assert "  CZ12 (1 rows): type CZ, size 1, sub-level 2; else type CZ, size 12" in said
    assert any(line.startswith("A second digit is a sub-level") for line in said)
    assert "  CZ12（1 行）：业态 CZ、档次 1、子档 2；或为业态 CZ、档次 12" in report.lines("zh")


def test_codes_outside_the_usual_grammar_are_learned_too(tmp_path: Path) -> None:
    """An import would refuse all of these: what a grade is has still to be learned."""
    report = learn_from_files([grades_of(tmp_path, ["大", "中", "小", "中", "??"])])
    assert report.found.grammar is not None
    assert report.found.grammar.sizes == ("大", "中", "小")
    assert not report.found.grammar.typed
    said = "\n".join(report.lines("en"))
    assert "Sizes, best first: 大, 中, 小" in said
    assert "Every code has one reading." in said
    assert "1 codes cannot be read that way: ??" in said


def test_quantities_turn_the_order_round(tmp_path: Path) -> None:
    grades = grades_of(tmp_path, ["A1", "A1", "A2", "A2", "A3", "A3"])
    rows = [f"{100 + number},2017-02-0{number + 1},{(number + 1) * 10},1.00" for number in range(6)]
    purchases = written(tmp_path, "purchases.csv", "\n".join(["customer_code,date,quantity,amount", *rows]))
    report = learn_from_files([grades, purchases])
    assert report.found.order == "reversed"
    assert report.found.grammar is not None
    assert report.found.grammar.sizes == ("3", "2", "1")


def test_no_reading_for_most_codes_is_said(tmp_path: Path) -> None:
    report = learn_from_files([grades_of(tmp_path, ["?1", "-", "*", "A1"])])
    assert report.found.grammar is None
    assert "*" in report.lines("en")[1]


def test_files_without_grades_are_refused(tmp_path: Path) -> None:
    purchases = written(tmp_path, "purchases.csv", "customer_code,date,quantity,amount\n1,2017-01-02,3,4.00\n")
    with pytest.raises(CannotDo) as refusal:
        learn_from_files([purchases])
    assert refusal.value.problem.code == "no_grades_in_files"


def test_the_terminal_says_it_without_a_workbook(tmp_path: Path, run: Run) -> None:
    said = run("grammar", grades_of(tmp_path, ["CS1", "CB2", "CS3"]))
    assert said.status == 0, said.err
    assert "1, 2, 3" in said.out or "1、2、3" in said.out
    assert run("grammar", tmp_path / "missing.csv").status == 3
