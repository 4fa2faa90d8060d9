"""The templates, one a language, as they ship: `python -m xlcrm.sheets.template` builds them anew.

The built files stand in `xlcrm/templates/`, which an installation carries, and in `templates/` of the project for a person
to open; both are the same bytes, and the same as a fresh build.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from xlcrm.texts import LANGUAGES, Language


def template_name(language: Language) -> str:
    """The file name of a language's template."""
    return f"xlcrm-{language}.xlsx"


def template_bytes(language: Language) -> bytes:
    """The template of that language, as it ships with the package."""
    return (files("xlcrm") / "templates" / template_name(language)).read_bytes()


def write_templates(folders: Sequence[Path]) -> list[Path]:
    """Builds both templates into each of the folders; returns what was written."""
    from xlcrm.sheets.template_build import build  # openpyxl costs 0.3 s and is needed only here

    written = []
    for language in LANGUAGES:
        built = build(language)
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / template_name(language)).write_bytes(built)
            written.append(folder / template_name(language))
    return written


if __name__ == "__main__":
    package = Path(__file__).resolve().parents[1]
    for path in write_templates([package / "templates", package.parent / "templates"]):
        sys.stdout.write(f"{path.relative_to(package.parent)}\n")
