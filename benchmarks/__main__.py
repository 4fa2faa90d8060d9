"""`python -m benchmarks [PART ...]`: one table of ratios, measured side by side in one run.

Parts: startup, writing, recalculation, rules, growth, value, functions, buttons, day, engines; all of them without a name. `--small` takes
seconds instead of minutes and proves that every part works; its figures are not for the docs. `--keep` writes the table into
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import ROOT, Result

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = ("what", "ours", "against", "ratio", "aim", "met")


def parts(small: bool) -> dict[str, Callable[[Path], Iterator[Result]]]:
    """The parts by name; each yields its lines as they are measured."""
    from benchmarks import buttons, day, functions, recalculation, scaling, startup, value, writing

    customers = 20_000 if small else 1_000_000
    return {
        "startup": lambda scratch: startup.run(scratch, repeats=2 if small else 5),
        "writing": lambda scratch: writing.run(scratch, rows=20_000 if small else 200_000, repeats=1 if small else 3),
        "recalculation": lambda scratch: recalculation.run(scratch, (500, 1_000) if small else (5_000, 10_000, 50_000), limit_s=600),
        "rules": lambda scratch: scaling.against_hand_written(scratch, customers, repeats=1 if small else 3),
        "growth": lambda scratch: scaling.growth(scratch, (1_000, 5_000) if small else (10_000, 100_000, 1_000_000)),
        "value": lambda scratch: value.run(
            scratch, customers, (1_000, 5_000) if small else (10_000, 100_000, 1_000_000), repeats=1 if small else 3
        ),
        "functions": lambda scratch: functions.run(1_000 if small else 10_000, repeats=3 if small else 21),
        "buttons": lambda scratch: buttons.run(scratch, 2_000 if small else 20_000, repeats=2 if small else 9),
        "day": lambda scratch: day.run(scratch, 2_000 if small else 20_000, repeats=2 if small else 9),
        "engines": lambda scratch: scaling.engines(scratch, 1_000 if small else 100_000),
    }


Row = tuple[str, ...]


def rows_of(results: list[Result]) -> list[Row]:
    """The cells of the table."""
    return [(r.what, r.ours, r.against, r.ratio, r.aim, "" if r.met is None else "yes" if r.met else "NO") for r in results]


def lines(rows: list[Row]) -> Iterator[str]:
    """The table as Markdown, which reads well in a terminal too."""
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    for at, row in enumerate([HEAD, *rows]):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        if at == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def machine() -> str:
    """What it ran on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def keep(results: list[Result], minutes: float, whole: bool) -> None:
    """Replaces the table between the two marks of docs/benchmarks.md; of single parts only their rows, and says which those are."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition("<!-- table -->\n")
    kept, mark, after = rest.partition("<!-- end of table -->")
    if not mark:
        sys.exit("docs/benchmarks.md has lost its marks")
    PAGE.write_text(
        f"{before}<!-- table -->\n{page_part(kept, rows_of(results), minutes, whole)}\n\n<!-- end of table -->{after}", encoding="utf-8"
    )


def page_part(kept: str, rows: list[Row], minutes: float, whole: bool) -> str:
    """What stands between the marks. kept: what stood there; of its rows those stay that were not measured anew."""
    day = time.strftime("%Y-%m-%d")
    if whole:
        return f"Measured {day} in one run of {minutes:.0f} minutes on {machine()}.\n\n" + "\n".join(lines(rows))
    names = list(dict.fromkeys(row[0] for row in rows))
    said = [line for line in kept.splitlines() if line and not line.startswith("|")]
    old = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in kept.splitlines() if line.startswith("| ")][1:]
    place = next((at for at, row in enumerate(old) if row[0] in names), len(old))
    others = [row for row in old if row[0] not in names]
    later = f"Measured by itself {day} on {machine()}: {'; '.join(names)}."
    return "\n\n".join([*said, later, "\n".join(lines([*others[:place], *rows, *others[place:]]))])


def main() -> int:
    """Runs the parts and prints the table; the exit status is 1 when a part could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="*", metavar="PART")
    parser.add_argument("--small", action="store_true", help="small sizes, to see that everything works")
    parser.add_argument("--keep", action="store_true", help="write the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    known = parts(arguments.small)
    unknown = set(arguments.part) - set(known)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    results: list[Result] = []
    started, failed = time.monotonic(), False
    for name in arguments.part or known:
        with tempfile.TemporaryDirectory(prefix="xlcrm-bench-") as scratch:
            try:
                for result in known[name](Path(scratch)):
                    results.append(result)
                    print(f"{name}: {result.what}: {result.ours} {result.against} {result.ratio}", file=sys.stderr, flush=True)
            except Exception as error:
                failed = True
                results.append(Result(name, "could not be measured", str(error).splitlines()[-1][:120], ""))
                print(f"{name}: {error}", file=sys.stderr, flush=True)
    print("\n".join(lines(rows_of(results))))
    if arguments.keep and not failed:
        keep(results, (time.monotonic() - started) / 60, whole=not arguments.part)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
