"""Which modules go into a Lite workbook."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xlcrm.hosts.lite.modules import PACKAGES, NotForBrowsers, all_modules, needed, outside


def test_what_opens_files_or_drives_programs_stays_out() -> None:
    names = {module.name for module in needed()}
    assert not names & {
        "xlcrm.cli",
        "xlcrm.terminal",
        "xlcrm.sheets.filestore",
        "xlcrm.sheets.package",
        "xlcrm.sheets.template_build",
        "xlcrm.imports.spreadsheets",
    }
    assert not [name for name in names if name.startswith(("xlcrm.printing", "xlcrm.audit", "xlcrm.hosts.server", "xlcrm.hosts.classic"))]


def test_everything_that_rules_and_buttons_use_is_in() -> None:
    names = {module.name for module in needed()}
    assert {f"xlcrm.rules.{rule}" for rule in ("advice", "card", "changes", "comparison", "gaps", "grades", "minimums", "why")} <= names
    assert {"xlcrm.jobs.quarter", "xlcrm.jobs.importing", "xlcrm.imports.load", "xlcrm.sheets.livestore", "xlcrm.sheets.views"} <= names


def test_models_that_functions_use_are_in_and_wait_until_a_cell_asks() -> None:
    modules = {module.name: module for module in needed()}
    assert {f"xlcrm.models.{model}" for model in ("baskets", "buying", "chances", "leaving", "lifetime", "worth")} <= set(modules)
    waits = {"xlcrm.functions.riskbodies", "xlcrm.functions.valuebodies", "xlcrm.functions.askedcodes"}
    assert not [name for name in waits if any(imported.startswith("xlcrm.models") for imported in modules[name].at_once)]


def test_a_module_stands_after_those_that_it_needs_at_once() -> None:
    seen: set[str] = set()
    for module in needed():
        # A package whose head imports its own modules comes after them.
        needed_first = [name for name in module.at_once if name in all_modules() and not module.name.startswith(f"{name}.")]
        assert not [name for name in needed_first if name not in seen], module.name
        seen.add(module.name)


def test_only_packages_of_the_browser_are_imported() -> None:
    assert set(outside(needed())) <= set(PACKAGES)
    assert {"efficient_apriori", "numpy", "polars", "narwhals", "pydantic", "scipy", "xlwings"} == set(outside(needed()))


@pytest.mark.parametrize("root", ["xlcrm.cli", "xlcrm.sheets.template_build", "xlcrm.imports.spreadsheets"])
def test_a_root_that_no_browser_can_import_is_refused(root: str) -> None:
    with pytest.raises(NotForBrowsers, match=root):
        needed([root])


def test_imports_for_type_checkers_do_not_count() -> None:
    assert "xlwings" not in all_modules()["xlcrm.hosts.remotedesk"].at_once
    assert "xlcrm.sheets.livestore" not in all_modules()["xlcrm.hosts.remotedesk"].at_once
    assert "xlcrm.sheets.livestore" in all_modules()["xlcrm.hosts.remotedesk"].lazily


def test_a_desk_is_made_without_frames() -> None:
    """The pane answers before polars is loaded, and where it cannot be."""
    alone = "import sys; sys.modules['polars'] = None; import xlcrm.hosts.remotedesk, xlcrm.hosts.registration"
    subprocess.run([sys.executable, "-c", alone], check=True, timeout=60)
