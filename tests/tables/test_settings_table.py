"""The Settings table read back: both languages, friendly values, wrong ones named."""

from __future__ import annotations

import pytest

from xlcrm.settings import GradeGrammar, Settings
from xlcrm.tables.settings_table import SETTING_IDS, setting_id, setting_rows, settings_from_rows
from xlcrm.texts import LANGUAGES, Language

OTHER = Settings(
    language="zh",
    company="Acme & Co",
    routes_count=6,
    cycle_days=6,
    batches=("mon", "wed", "north"),
    grades_from="percentiles",
    percentile_cuts_percent=(20.0, 50.5),
    near_tier_percent=7.5,
    change_marked_percent=30.0,
    visit_interval_days=21,
    size_interval_days=(7, 14),
    no_contact_days=45,
    birthday_days=3,
    high_spend_percent=12.5,
    grammar=GradeGrammar(sizes=("A", "B"), sub_levels=(), business_types=("CS", "CZ"), typed=False),
)


def read(rows: list[tuple[str, str]], language: Language = "en") -> tuple[Settings, list[str]]:
    settings, problems = settings_from_rows(rows, sheet="Settings", language=language)
    return settings, [problem.code for problem in problems]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("settings", [Settings(), OTHER])
def test_what_is_shown_reads_back_the_same(settings: Settings, language: Language) -> None:
    settings = settings.model_copy(update={"language": language})
    rows = [(name, value) for name, value, _ in setting_rows(settings)]
    assert read(rows, language) == (settings, [])


def test_names_are_known_in_either_language_and_by_id() -> None:
    for names in (SETTING_IDS, [row[0] for row in setting_rows(Settings())], [row[0] for row in setting_rows(Settings(language="zh"))]):
        assert [setting_id(name) for name in names] == list(SETTING_IDS)
    assert setting_id("Colour of the van") is None


def test_a_value_that_is_not_allowed_is_named_and_leaves_the_default() -> None:
    settings, codes = read(
        [("Number of routes", "none"), ("Grades come from", "thin air"), ("Sizes, best first", ""), ("Visit interval, days", "7")]
    )
    assert codes == ["setting_invalid"] * 3
    assert settings == Settings(visit_interval_days=7)


def test_an_unknown_name_is_a_problem_and_a_blank_value_the_default() -> None:
    settings, codes = read([("My own row", "1"), ("", ""), ("Number of routes", ""), ("Company", "")])
    assert codes == ["setting_unknown"]
    assert settings == Settings()


def test_lists_take_commas_of_both_scripts() -> None:
    settings, codes = read([("访销批次", "周一、周三，north; Tue")], "zh")
    assert codes == []
    assert settings.batches == ("mon", "wed", "north", "tue")
