"""The command line: verbs, exit status, one line for what could not be done, nothing changed then."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.terminal import Run, Said, typed
from xlcrm import cli
from xlcrm.macros import MACROS
from xlcrm.texts import entries

ROUTES = "route,visit_order,customer_code,customer_name\n1,1,0001,Corner Shop\n1,2,0002,=1+1\n2,1,0003,Oak Market\n"
GRADES = "customer_code,2017Q1,2017Q2\n0001,CS2,CS1\n0002,CS1,CS2\n0003,CS1,\n"
PURCHASES = '"customer_code","month","quantity","amount"\n"0001","2017-04","1,200","1,000.10"\n"0002","2017-05","30","20.05"\n"0003","2017-02","7","1.00"\n'


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "LANGUAGE", "en")

    return typed(capsys, monkeypatch)


@pytest.fixture
def exports(tmp_path: Path) -> list[Path]:
    files = []
    for name, content in (("routes.csv", ROUTES), ("grades.csv", GRADES), ("purchases.csv", PURCHASES)):
        files.append(tmp_path / name)
        files[-1].write_text(content, encoding="utf-8")
    return files


@pytest.fixture
def book(tmp_path: Path, run: Run, exports: list[Path]) -> Path:
    book = tmp_path / "book.xlsx"
    assert run("new", book, "--lang", "en").status == 0
    assert run("import", book, *exports).status == 0
    return book


def rows(said: Said) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.out)))


def test_from_exports_to_states(book: Path, run: Run) -> None:
    said = run("quarter", book, "2017Q2")
    assert said.status == 0
    assert "reconciled: 3 customers" in said.out
    changes = {row["customer_code"]: row for row in rows(run("show", book, "grade_changes"))}
    assert [changes[code]["shown"] for code in ("0001", "0002", "0003")] == ["CS1↑", "CS2↓", "CS1×"]
    assert changes["0001"] == {
        "customer_code": "0001", "route": "1", "batch": "mon", "business_type": "CS", "grade": "CS1", "previous_grade": "CS2", "state": "up", "shown": "CS1↑",
    }  # fmt: skip
    customers = {row["customer_code"]: row for row in rows(run("show", book, "customers"))}
    assert customers["0001"]["shown"] == "CS1↑"
    assert (customers["0001"]["batch"], customers["0001"]["quantity"], customers["0001"]["amount"]) == ("Mon", "1200", "1000.10")
    assert customers["0002"]["gap_quantity"] == "1170"
    assert customers["0002"]["gap_amount"] == "980.05"


def test_importing_the_same_files_again_leaves_the_workbook_as_it_is(book: Path, run: Run, exports: list[Path]) -> None:
    before = book.read_bytes()
    said = run("import", book, *exports)
    assert said.status == 0
    assert "0 new, 0 changed" in said.out
    assert book.read_bytes() == before


def test_dry_run_shows_old_and_new_and_changes_nothing(book: Path, run: Run, tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(GRADES.replace("CS2,CS1", "CS2,CS3"), encoding="utf-8")
    before = book.read_bytes()
    said = run("import", book, corrected, "--dry-run")
    assert said.status == 0
    assert "CS1 → CS3" in said.out
    assert book.read_bytes() == before


def test_a_bad_row_goes_to_problems_and_strict_says_so(book: Path, run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text('customer_code,month,quantity,amount\n0001,2017-06,12箱,5.00\n0002,2017-06,1,"(2.50)"\n', encoding="utf-8")
    said = run("import", book, bad, "--strict")
    assert said.status == 1
    problems = rows(run("show", book, "problems"))
    assert [(row["file"], row["cell"], row["value"]) for row in problems] == [("bad.csv", "C2", "12箱")]
    assert "12箱" in problems[0]["row_text"]
    june = [row for row in rows(run("show", book, "purchases", "--quarter", "2017Q2")) if row["period"] == "2017-06"]
    assert [(row["customer_code"], row["amount"]) for row in june] == [("0002", "-2.50")]


def test_text_that_looks_like_a_formula_stays_text(book: Path, run: Run) -> None:
    names = {row["customer_code"]: row["customer_name"] for row in rows(run("show", book, "customers"))}
    assert names["0002"] == "=1+1"


def test_quarter_against_a_chosen_one_is_remembered(book: Path, run: Run) -> None:
    assert run("quarter", book, "2017Q1", "--against", "2017Q2").status == 0
    shown = {row["customer_code"]: row["shown"] for row in rows(run("show", book, "grade_changes"))}
    assert shown == {"0001": "CS2↓", "0002": "CS1↑", "0003": "CS1○"}


def test_print_makes_a_pdf(book: Path, run: Run, tmp_path: Path) -> None:
    run("quarter", book, "2017Q2")
    out = tmp_path / "pack.pdf"
    assert run("print", book, out).status == 0
    assert out.read_bytes().startswith(b"%PDF")
    said = run("print", book, tmp_path / "none.pdf", "--route", "77")
    assert (said.status, "77" in said.err) == (3, True)
    assert not (tmp_path / "none.pdf").exists()


def test_check_names_a_code_without_a_customer(book: Path, run: Run, tmp_path: Path) -> None:
    stray = tmp_path / "stray.csv"
    stray.write_text("customer_code,2017Q2\n0009,CS1\n", encoding="utf-8")
    run("import", book, stray)
    said = run("check", book, "--strict")
    assert said.status == 1
    assert "0009" in said.out


@pytest.mark.parametrize(
    "words",
    [
        ("import", "no-such-book.xlsx", "x.csv"), ("quarter", "BOOK", "spring"), ("show", "BOOK", "nonsense"),
        ("due", "BOOK", "--on", "soon"), ("log", "BOOK", "0009", "--kind", "visit", "--note", "x"), ("log", "BOOK", "1", "--kind", "call", "--note", "x"),
        ("new", "BOOK"), ("import", "BOOK", "no-such-file.csv"), ("audit", "no-such-book.xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line_and_status_3(book: Path, run: Run, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    said = run(*(str(book) if word == "BOOK" else word for word in words))
    assert said.status == 3
    assert said.out == ""
    assert said.err.startswith("xlcrm: ")
    assert said.err.count("\n") == 1
    assert "does not know" not in said.err
    assert book.read_bytes() == before


def test_a_visit_is_logged_and_its_agreement_falls_due(book: Path, run: Run) -> None:
    said = run("log", book, "0001", "--kind", "拜访", "--note", "shelf", "--next", "samples", "--on", "2017-07-15", "--date", "2017-07-01")
    assert (said.status, said.err) == (0, "")
    assert "0001 Corner Shop" in said.out
    follow_ups = rows(run("show", book, "follow_ups"))
    assert [(row["customer_code"], row["kind"], row["note"], row["date"]) for row in follow_ups] == [
        ("0001", "visit", "shelf", "2017-07-01")
    ]
    assert {row["customer_code"]: row["last_follow_up"] for row in rows(run("show", book, "customers"))}["0001"] == "2017-07-01"
    assert "samples" not in run("due", book, "--on", "2017-07-14").out
    listed = run("due", book, "--on", "2017-07-17")
    assert listed.status == 0
    assert [line.split()[:5] for line in listed.out.splitlines() if "samples" in line] == [["0001", "Corner", "Shop", "2017-07-15", "2"]]
    assert run("import", book, book.parent / "routes.csv").status == 0
    assert len(rows(run("show", book, "follow_ups"))) == 1


@pytest.mark.parametrize("words", [("frobnicate",), ("import",), ("print", "a.xlsx", "b.pdf", "--via", "pen")])
def test_wrong_words_are_status_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).status == 2


def test_every_verb_has_help_in_both_languages() -> None:
    verbs = {macro.verb: f"{macro.id}_help" for macro in MACROS.values()}
    areas = [entries(area) for area in ("cli", "plan", "locking", "privacy", "analysis")]
    for command in cli.app.registered_commands:
        assert command.help
        entry = f"help_{command.name}".replace("-", "_")
        own = next((area[entry] for area in areas if entry in area), None)
        assert {"en", "zh"} <= (own or entries("macros")[verbs[str(command.name)]]).keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_demo_makes_workbook_and_pdf(run: Run, tmp_path: Path, lang: str) -> None:
    said = run("demo", tmp_path / "demo", "--lang", lang)
    assert said.status == 0, said.err
    assert len(list((tmp_path / "demo").glob("*.xlsx"))) >= 1
    assert next((tmp_path / "demo").glob("*.pdf")).read_bytes().startswith(b"%PDF")


def test_a_verb_that_does_what_a_button_does_has_its_help() -> None:
    verbs = {command.name: command.help for command in cli.app.registered_commands}
    # What a button reads from a sheet or lists on one, these verbs take as words or print: their own help says so.
    of_words = {"due", "plan", "what-if", "duplicates", "merge", "handover", "forget"}
    assert of_words <= verbs.keys()
    shared = {macro.verb: macro.help(cli.LANGUAGE) for macro in MACROS.values() if macro.verb and macro.verb not in of_words}
    assert shared
    assert {verb: verbs.get(verb) for verb in shared} == shared


def test_tables_as_they_were_shown_change_nothing_when_they_are_imported(book: Path, run: Run, tmp_path: Path) -> None:
    assert run("quarter", book, "2017Q2").status == 0
    for table in ("customers", "purchases", "grades"):
        shown = tmp_path / f"{table}.csv"
        shown.write_text(run("show", book, table).out, encoding="utf-8")
        said = run("import", book, shown)
        assert (said.status, "0 new, 0 changed" in said.out) == (0, True), said
