"""The catalogue of texts: nothing missing in either language, and nothing named that is not there."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlcrm import texts
from xlcrm.texts import LANGUAGES, entries, has

PACKAGE = Path(texts.__file__).parents[1]
AREAS = sorted(path.stem for path in (PACKAGE / "texts").glob("*.toml"))
SOURCES = sorted(PACKAGE.rglob("*.py"))


OTHER_PLACES = {
    "print.quarter_only": "where the year stands beside it, Chinese says only the season's number",
    "print.tied": "English counts the others, Chinese counts all of them",
}
"""Texts whose places differ between the languages on purpose, and why."""


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def calls(function: str) -> Iterator[tuple[str, ast.Call]]:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == function:
                yield f"{source.relative_to(PACKAGE)}:{node.lineno}", node


def literal(node: ast.Call, position: int, keyword: str) -> ast.expr | None:
    if len(node.args) > position:
        return node.args[position]
    return next((given.value for given in node.keywords if given.arg == keyword), None)


PROBLEMS_MADE = [
    (where, first.value, node)
    for where, node in calls("Problem")
    if isinstance(first := literal(node, 0, "code"), ast.Constant) and isinstance(first.value, str)
]
TEXTS_USED = [
    (where, first.value, node)
    for where, node in calls("text")
    if isinstance(first := literal(node, 0, "text_id"), ast.Constant) and isinstance(first.value, str) and "." in first.value
]


def test_there_are_texts_and_uses_of_them() -> None:
    assert {"problems", "cli", "choices"} <= set(AREAS)
    assert len(PROBLEMS_MADE) > 10
    assert len(TEXTS_USED) > 10


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same_with_the_same_places(area: str) -> None:
    faults = []
    for entry, by_language in entries(area).items():
        if set(by_language) != set(LANGUAGES):
            faults.append(f"{entry}: has {sorted(by_language)}")
        elif not all(words.strip() for words in by_language.values()):
            faults.append(f"{entry}: empty")
        elif places(by_language["en"]) != places(by_language["zh"]) and f"{area}.{entry}" not in OTHER_PLACES:
            faults.append(f"{entry}: places {places(by_language['en'])} in English, {places(by_language['zh'])} in Chinese")
    assert faults == []


@pytest.mark.parametrize("area", AREAS)
def test_a_chinese_text_is_chinese_where_the_english_one_has_words(area: str) -> None:
    def has_words(template: str) -> bool:
        bare = "".join(part for part, _, _, _ in string.Formatter().parse(template) if part)
        return sum(letter.isalpha() for letter in bare) > 8

    def is_chinese(template: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in template)

    assert [entry for entry, both in entries(area).items() if has_words(both["en"]) and not is_chinese(both["zh"])] == []


def test_every_problem_code_says_what_is_wrong_and_what_to_do() -> None:
    known = entries("problems")
    lone_remedies = [entry for entry in known if entry.endswith("_remedy") and entry.removesuffix("_remedy") not in known]
    without_remedy = [entry for entry in known if not entry.endswith("_remedy") and f"{entry}_remedy" not in known]
    assert (lone_remedies, without_remedy) == ([], [])


def test_every_problem_made_is_in_the_catalogue() -> None:
    assert [(where, code) for where, code, _ in PROBLEMS_MADE if not has(f"problems.{code}")] == []


def test_every_problem_made_fills_the_places_of_its_texts() -> None:
    faults = []
    for where, code, node in PROBLEMS_MADE:
        details = literal(node, 6, "details")
        if details is not None and not isinstance(details, ast.Dict):
            continue
        given = {key.value for key in details.keys if isinstance(key, ast.Constant)} if details else set()
        if details and len(given) != len(details.keys):
            continue
        wanted = {
            name for entry in (code, f"{code}_remedy") for words in entries("problems").get(entry, {}).values() for name in places(words)
        }
        if missing := wanted - given - {"value"}:
            faults.append(f"{where}: {code} lacks {sorted(missing)}")
    assert faults == []


def test_every_problem_code_of_the_catalogue_is_used() -> None:
    words = {
        node.value
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(entry for entry in entries("problems") if not entry.endswith("_remedy") and entry not in words) == []


def test_every_text_named_in_the_code_exists() -> None:
    assert [(where, text_id) for where, text_id, _ in TEXTS_USED if not has(text_id)] == []


def test_every_text_named_in_the_code_gets_its_places_filled() -> None:
    faults = []
    for where, text_id, node in TEXTS_USED:
        given = {keyword.arg for keyword in node.keywords}
        if None in given or not has(text_id):
            continue
        area, _, entry = text_id.partition(".")
        wanted = places(entries(area)[entry]["en"])
        # Without any argument the template itself is wanted, to be filled in later.
        if given - {"text_id", "language"} and not wanted <= given:
            faults.append(f"{where}: {text_id} lacks {sorted(wanted - given)}")
    assert faults == []


@pytest.mark.parametrize("area", AREAS)
def test_texts_are_the_same_read_one_by_one_and_all_together(area: str) -> None:
    assert {entry: texts._entry(area, entry) for entry in texts._unread(area)} == entries(area)
