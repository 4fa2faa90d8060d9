"""Cells a second: our table into an existing workbook, and other writers' new workbooks with the same cells, each in its own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks import writers
from benchmarks.measure import Cost, Result, python

AIM_CELLS_PER_S = 1_000_000


def run(scratch: Path, rows: int, repeats: int = 3) -> Iterator[Result]:
    """Every way on one core; jetxl once more on all of them."""
    folder = scratch / "writing"
    folder.mkdir()
    frame = writers.purchases(rows)
    frame.write_parquet(folder / "purchases.parquet")
    cells = sum(frame.height - frame.get_column(name).null_count() for name in frame.columns)
    ways = [(way, True) for way in writers.WAYS] + [("jetxl", False)]
    best: dict[tuple[str, bool], tuple[float, float]] = {}
    for _ in range(repeats):
        for way, one_core in ways:
            seconds, peak = _once(way, folder, one_core)
            best[way, one_core] = min(best.get((way, one_core), (seconds, peak)), (seconds, peak))
    own = cells / best["xlcrm", True][0]
    for way, one_core in ways:
        seconds, peak_mib = best[way, one_core]
        speed = cells / seconds
        mine = way == "xlcrm"
        yield Result(
            f"writing {cells:,} cells" + (" into an existing workbook" if mine else " into a new workbook"),
            f"{own / 1e6:.2f} M cells/s, peak {best['xlcrm', True][1] / 1024:.2f} GiB" if mine else "",
            "-" if mine else f"{way}{'' if one_core else ', all cores'}: {speed / 1e6:.2f} M cells/s, peak {peak_mib / 1024:.2f} GiB",
            "" if mine else f"{own / speed:.2f} x as fast",
            "at least 1.0 M cells/s on one core" if mine else "",
            speed >= AIM_CELLS_PER_S if mine else None,
        )


def _once(way: str, folder: Path, one_core: bool) -> tuple[float, float]:
    threads = {"POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"} if one_core else {}
    out = folder / f"{way}-{'one' if one_core else 'all'}"
    out.mkdir(exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    cost: Cost = python("-m", "benchmarks.writers", way, folder / "purchases.parquet", out, one_core=one_core, environment=threads)
    return float(json.loads(cost.output.strip().splitlines()[-1])["seconds"]), cost.peak_mib
