"""Which room may know which: the contracts in pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module", autouse=True)
def _import_linter() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed: pip install -e '.[test]'")


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_a_rule_that_reads_a_file_would_be_found(tmp_path: Path) -> None:
    """The contracts can fail: a copy of the package with one forbidden import breaks them."""
    for source in (ROOT / "xlcrm").rglob("*.py"):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "xlcrm" / "rules" / "links.py").write_text("import zipfile\n\nfrom xlcrm.jobs import store\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert "xlcrm.rules.links -> xlcrm.jobs.store" in done.stdout
    assert "xlcrm.rules.links -> zipfile" in done.stdout
