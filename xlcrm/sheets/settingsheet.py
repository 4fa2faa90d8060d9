"""The Settings table read into `Settings`: one row a setting, its name as in the code, lists divided by commas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import GradeGrammar, Settings

GRAMMAR_SETTINGS: Mapping[str, str] = {
    "grade_sizes": "sizes", "grade_sub_levels": "sub_levels", "grade_types": "business_types", "grade_typed": "typed",
}  # fmt: skip
"""Names of the settings that make up the grade grammar, and its fields."""

_YES, _NO = {"yes", "y", "true", "1", "是", "真"}, {"no", "n", "false", "0", "否", "假"}
_DIVIDERS = re.compile(r"[,，、;；]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as it stands in the workbook: its text and its cell."""

    text: str
    cell: str


def settings_from(entries: Mapping[str, Entry], file: str, sheet: str) -> Settings:
    """Settings from their texts; what is absent or blank keeps its usual value, a blank list of types or sub-levels is empty.

    Raises CannotDo naming the cell of the first value that is not allowed.
    """
    grammar: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for name, entry in entries.items():
        text = unicodedata.normalize("NFKC", entry.text).strip()
        if name in GRAMMAR_SETTINGS:
            field = GRAMMAR_SETTINGS[name]
            if text or field in ("sub_levels", "business_types"):
                grammar[field] = _value(GradeGrammar.model_fields[field].annotation, text.upper() if field != "typed" else text)
        elif name in Settings.model_fields and name != "grammar" and text:
            values[name] = _value(Settings.model_fields[name].annotation, entry.text.strip() if name == "company" else text)
    try:
        if grammar:
            values["grammar"] = GradeGrammar(**grammar)
        return Settings(**values)
    except ValidationError as error:
        raise CannotDo(_wrong(error, entries, file, sheet)) from error


def _value(annotation: object, text: str) -> object:
    if annotation is bool:
        folded = text.casefold()
        return True if folded in _YES else False if folded in _NO else text
    if "tuple" in str(annotation):
        return tuple(part.strip() for part in _DIVIDERS.split(text) if part.strip())
    return text.casefold() if "Literal" in str(annotation) else text


def _wrong(error: ValidationError, entries: Mapping[str, Entry], file: str, sheet: str) -> Problem:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    names = {grammar_field: name for name, grammar_field in GRAMMAR_SETTINGS.items()}
    name = field if field in entries else names.get(field, field)
    entry = entries.get(name, Entry("", ""))
    return Problem("setting_wrong", file=file, sheet=sheet, cell=entry.cell, value=entry.text, details={"setting": name, "reason": first["msg"]})
