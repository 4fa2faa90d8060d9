"""The documentation says what is: generated pages up to date, links that lead somewhere, every command in both READMEs."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
import typer.main

from docs import generate
from xlcrm.cli import app
from xlcrm.samples import SAMPLE_NAMES, sample_files
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import LANGUAGES, Language

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
READMES = ("README.md", "README.zh-CN.md")


def commands() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group, as there are several commands


def test_generated_pages_are_up_to_date() -> None:
    assert generate.out_of_date() == [], "run python -m docs.generate"


def test_the_tables_page_names_every_table_and_column() -> None:
    page = generate.tables_page()
    for table in TABLES.values():
        section = page.split(f"### {table.en} · {table.zh}\n")[1].split("\n### ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == list(table.column_ids)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not re.match(r"https?://", link) and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_has_the_two_commands_and_every_verb(readme: str) -> None:
    words = (ROOT / readme).read_text(encoding="utf-8")
    assert "\npip install . && xlcrm demo\n" in words
    assert '\npip install -e ".[test]" && pytest\n' in words
    assert set(re.findall(r"^\| `xlcrm ([\w-]+)", words, re.MULTILINE)) == commands()


@pytest.mark.parametrize("readme", READMES)
def test_every_option_a_readme_names_exists(readme: str) -> None:
    known = {"--editable", "--help"} | {option for parameter in typer.main.get_command(app).params for option in parameter.opts}
    for command in typer.main.get_command(app).commands.values():  # type: ignore[attr-defined]  # as above
        known |= {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", (ROOT / readme).read_text(encoding="utf-8"))) - known == set()


def test_every_problem_code_is_met_in_a_test() -> None:
    """A code that no test names has no bad file that shows it."""
    here = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
    assert [code for code in generate.problem_codes() if not re.search(rf"\b{code}\b", here)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_exports_are_there_and_hold_300_customers(language: Language) -> None:
    files = dict(zip(SAMPLE_NAMES[language], sample_files(language), strict=True))
    assert all(path.is_file() for path in files.values())
    encoding = "gb18030" if language == "zh" else "utf-8"
    with files["grades"].open(encoding=encoding, newline="") as file:
        codes = [row[0] for row in csv.reader(file)][1:]
    assert len(set(codes)) == len(codes) == 300
    with ZipFile(files["routes"]) as package:
        assert sum(name.startswith("xl/worksheets/sheet") for name in package.namelist()) == 10


def test_both_languages_have_the_same_sample_but_for_the_words() -> None:
    def figures(language: Language) -> list[tuple[str, ...]]:
        path = dict(zip(SAMPLE_NAMES[language], sample_files(language), strict=True))["orders"]
        with path.open(encoding="gb18030" if language == "zh" else "utf-8", newline="") as file:
            return [(row[0], row[1].replace("/", "-"), *row[2:]) for row in csv.reader(file)][1:]

    assert figures("en") == figures("zh") != []


def test_the_samples_are_what_the_builder_makes(shared_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="XlsxWriter, which writes the sample routes, is not installed")
    from tools.build_samples import build

    for made in build(shared_data / "completejourney_r1-5", tmp_path):
        assert made.read_bytes() == (ROOT / "xlcrm" / "samples" / made.relative_to(tmp_path)).read_bytes(), made.name


def test_the_dependencies_page_says_why_of_every_package() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    needed = [*project["dependencies"], *(name for group in project["optional-dependencies"].values() for name in group)]
    names = [re.split(r"[\[<>=;! ]", name)[0].removesuffix("-bold") for name in needed]
    assert [name for name in names if name not in ("xlcrm", "pytest-xdist", "pytest-cov") and name not in page] == []
