"""How much of `rules/` its own tests reach, branches included, written into docs/testing.md: `python -m tools.measure_rules`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- coverage -->\n", "<!-- end of coverage -->"


def measure() -> dict[str, dict[str, float]]:
    """File -> summary of coverage.py, after running tests/rules alone."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "coverage.json"
        command = [
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/rules",
            "--cov=xlcrm.rules",
            "--cov-branch",
            f"--cov-report=json:{report}",
        ]
        environment = {"COVERAGE_FILE": str(Path(scratch) / "data")}
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, env={**os.environ, **environment})
        found = json.loads(report.read_text(encoding="utf-8"))
    return {name: entry["summary"] for name, entry in found["files"].items()} | {"all of rules/": found["totals"]}


def table(summaries: dict[str, dict[str, float]]) -> str:
    """The figures as Markdown."""
    lines = ["| module | lines | branches | reached |", "|---|---|---|---|"]
    for name, summary in summaries.items():
        if not summary["num_statements"]:
            continue
        branches = f"{summary['covered_branches']:.0f} of {summary['num_branches']:.0f}"
        covered = f"{summary['covered_lines']:.0f} of {summary['num_statements']:.0f}"
        lines.append(
            f"| {Path(name).name if name.endswith('.py') else name} | {covered} | {branches} | {summary['percent_covered']:.1f} % |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measures and writes."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    figures = table(measure())
    PAGE.write_text(f"{before}{BEGIN}{figures}{END}{after}", encoding="utf-8")
    print(figures)


if __name__ == "__main__":
    main()
