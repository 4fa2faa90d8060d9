"""50,000 customers and four quarters: our import, quarter and route sheets against LibreOffice recalculating the tutorial's formulas."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import tutorial
from benchmarks.data import exports, frames
from benchmarks.measure import Cost, Result, process, seconds_text, xlcrm

AIM, MEMORY_AIM_GIB = 25, 0.7
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
</oor:items>
"""


def run(scratch: Path, sizes: Sequence[int], limit_s: float) -> Iterator[Result]:
    """`sizes` ascending; the last one is the aimed one. A size that takes LibreOffice longer than `limit_s` is estimated and said so."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        yield Result("recalculation", "-", "LibreOffice is not on this machine", "not measured", f"{AIM} x faster")
        return
    measured: list[tuple[int, float]] = []
    for size in sizes:
        folder = scratch / f"recalculation-{size}"
        folder.mkdir()
        data = frames(size, purchases_each=1)
        formulas = tutorial.build(data, folder / "tutorial.xlsx")
        ours = _ours(exports(data, folder / "exports"), folder)
        theirs: float | None = None
        note = ""
        if not measured or _fit(measured, size) <= limit_s * 1.5:
            try:
                theirs = _office(office, folder, limit_s)
                measured.append((size, theirs))
            except TimeoutError:
                note = f"stopped after {limit_s:.0f} s; "
        if theirs is None:
            theirs = _fit(measured, size) if len(measured) > 1 else limit_s
            note += f"fitted from {', '.join(f'{known:,}' for known, _ in measured)} customers" if len(measured) > 1 else "a lower bound"
        ratio = theirs / ours.seconds
        last = size == sizes[-1]
        yield Result(
            f"{size:,} customers x 4 quarters: import + quarter + route sheets",
            seconds_text(ours.seconds),
            f"{seconds_text(theirs)} LibreOffice opens, recalculates {formulas:,} formulas and saves{f' ({note})' if note else ''}",
            f"{ratio:.1f} x faster",
            f"at least {AIM} x" if last else "",
            ratio >= AIM if last else None,
        )
        if last:
            peak = ours.peak_mib / 1024
            yield Result(
                f"{size:,} customers: peak memory of import and quarter",
                f"{peak:.2f} GiB",
                "-",
                "",
                f"under {MEMORY_AIM_GIB} GiB",
                peak < MEMORY_AIM_GIB,
            )


def _ours(files: list[Path], folder: Path) -> Cost:
    book = folder / "book.xlsx"
    xlcrm("new", book, "--lang", "en")
    first = xlcrm("import", book, *files)
    second = xlcrm("quarter", book, "2017Q4", "--against", "2017Q3")
    return Cost(first.seconds + second.seconds, max(first.peak_mib, second.peak_mib))


def _office(office: str, folder: Path, limit_s: float) -> float:
    """Seconds of a whole run with recalculation on load switched on; the profile is made by a small run before."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE.format(mode=0), encoding="utf-8")
    base = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx", "--outdir"]
    (folder / "warm.csv").write_text("a\n1\n", encoding="utf-8")
    process([*base, str(folder / "warm"), str(folder / "warm.csv")], timeout_s=120)
    return process([*base, str(folder / "out"), str(folder / "tutorial.xlsx")], timeout_s=limit_s).seconds


def _fit(measured: Sequence[tuple[int, float]], size: int) -> float:
    """Seconds at a size by the growth between the two largest measured sizes (a power of the size); one alone grows linearly."""
    (known, seconds) = measured[-1]
    if len(measured) < 2:
        return seconds * size / known
    (smaller, fewer) = measured[-2]
    power = max(1.0, math.log(seconds / fewer) / math.log(known / smaller))
    return float(seconds * (size / known) ** power)
