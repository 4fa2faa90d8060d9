"""The Settings table: one row a setting, as text that a person reads and changes, and back to `Settings`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from xlcrm.problems import Problem
from xlcrm.settings import GradeGrammar, Settings, default_settings
from xlcrm.tables.schema import header_key
from xlcrm.texts import Language, in_every_language, text

SETTING_IDS: tuple[str, ...] = (
    "language",
    "company",
    "routes_count",
    "cycle_days",
    "batches",
    "sizes",
    "sub_levels",
    "business_types",
    "typed",
    "grades_from",
    "percentile_cuts_percent",
    "near_tier_percent",
    "change_marked_percent",
    "visit_interval_days",
    "size_interval_days",
    "no_contact_days",
    "birthday_days",
    "high_spend_percent",
    "visit_minutes",
    "size_visit_minutes",
    "goal_quantity",
    "goal_amount",
    "user_name",
)
"""The rows in their order; the ids are also accepted as names, in any language."""

_LISTS = {"batches", "sizes", "sub_levels", "business_types", "percentile_cuts_percent", "size_interval_days", "size_visit_minutes"}
_GRAMMAR = {"sizes", "sub_levels", "business_types", "typed"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEPARATORS = re.compile(r"[,;，、；]")


def setting_id(name: str) -> str | None:
    """The setting that a row names, in either language or by its id."""
    key = header_key(name)
    for known in SETTING_IDS:
        if key in {header_key(known), *map(header_key, in_every_language(f"settings.{known}"))}:
            return known
    return None


def setting_rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value and what it does, in the settings' language."""
    language = settings.language
    return [
        (text(f"settings.{known}", language), _shown(known, settings), text(f"settings.{known}_about", language)) for known in SETTING_IDS
    ]


def settings_from_rows(
    rows: Sequence[tuple[str, str]], *, sheet: str, language: Language, current_quarter: str = "", previous_quarter: str = ""
) -> tuple[Settings, list[Problem]]:
    """The settings that the rows (name, value) say; a row that cannot be taken is a problem and leaves the default."""
    given: dict[str, str] = {}
    problems: list[Problem] = []
    for name, value in rows:
        known = setting_id(name)
        if known is None:
            if name.strip():
                problems.append(Problem("setting_unknown", sheet=sheet, value=name))
        else:
            given[known] = value.strip()
    settings = default_settings(language).model_copy(update={"current_quarter": current_quarter, "previous_quarter": previous_quarter})
    for known, value in given.items():
        try:
            settings = _with(settings, known, value)
        except (ValueError, ValidationError):
            problems.append(Problem("setting_invalid", sheet=sheet, value=value, details={"setting": text(f"settings.{known}", language)}))
    return settings, problems


def _shown(known: str, settings: Settings) -> str:
    """A setting's value as its cell says it."""
    language = settings.language
    value = getattr(settings.grammar if known in _GRAMMAR else settings, known)
    if known == "typed":
        return text("settings.yes" if value else "settings.no", language)
    if known == "grades_from":
        return text(f"settings.from_{value}", language)
    if known == "batches":
        return _joined([text(f"choices.{batch}", language) if batch in _DAYS else batch for batch in value], language)
    if known in _LISTS:
        return _joined([_plain(part) for part in value], language)
    return _plain(value)


def _joined(parts: Sequence[str], language: Language) -> str:
    return (", " if language == "en" else "、").join(parts)


def _plain(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)  # not in powers of ten, however large a goal


def _with(settings: Settings, known: str, value: str) -> Settings:
    """The settings with one value changed. Raises ValueError for a value that the setting does not take."""
    field: object = value
    if known in _LISTS:
        field = tuple(part.strip() for part in _SEPARATORS.split(value) if part.strip())
    if known in ("goal_quantity", "goal_amount"):
        field = re.sub(r"[,，\s]", "", value)
    if known == "batches":
        assert isinstance(field, tuple)
        if not field:
            raise ValueError(value)
        field = tuple(_choice(part, _DAYS, "choices.") or part for part in field)
    elif known == "typed":
        chosen = _choice(value, ("yes", "no"), "settings.")
        if chosen is None:
            raise ValueError(value)
        field = chosen == "yes"
    elif known == "grades_from":
        field = _choice(value, ("export", "minimums", "percentiles"), "settings.from_")
    elif known == "sizes" and not field:
        raise ValueError(value)
    if known in _GRAMMAR:
        grammar = GradeGrammar.model_validate({**settings.grammar.model_dump(), known: field})
        return settings.model_copy(update={"grammar": grammar})
    if value == "" and known not in ("company", "user_name"):
        return settings
    return Settings.model_validate({**settings.model_dump(), known: field})


def _choice(value: str, options: Sequence[str], prefix: str) -> str | None:
    """The option that a text names, in either language or by its id."""
    wanted = header_key(value)
    for option in options:
        if wanted in {header_key(option), *map(header_key, in_every_language(prefix + option))}:
            return option
    return None


def setting_labels(language: Language) -> Mapping[str, str]:
    """The names of the settings by id."""
    return {known: text(f"settings.{known}", language) for known in SETTING_IDS}
