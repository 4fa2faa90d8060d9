"""How near the order of a day comes to the best known, on four tours of TSPLIB whose optimum is known: `python -m tools.measure_routing`.

The tours are closed, their distances whole numbers as TSPLIB has them; the same search orders the visits of a day.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlcrm.rules.tours import length, shortest_way

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT.parent / "shared" / "data" / "tsplib"
_EARTH_KM = 6378.388
_PI = 3.141592
"""TSPLIB's own radius and pi for GEO distances."""

Distances = list[list[int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One tour: places, the known optimum, what was found, seconds."""

    name: str
    places: int
    optimum: int
    found: int
    seconds: float

    @property
    def gap_percent(self) -> float:
        """How much longer than the optimum."""
        return 100 * (self.found - self.optimum) / self.optimum


def tour_distances(written: str) -> Distances:
    """The distances between all places of a `.tsp` file: EUC_2D, GEO, or a lower triangle of an explicit matrix."""
    head, _, body = written.partition("_SECTION")
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines()) if value}
    rows = [line.split() for line in body.split("EOF")[0].split("DISPLAY_DATA_SECTION")[0].splitlines()[1:] if line.strip()]
    kind = fields["EDGE_WEIGHT_TYPE"]
    if kind == "EXPLICIT":
        return _triangle([int(float(value)) for row in rows for value in row], int(fields["DIMENSION"]))
    points = [(float(x), float(y)) for _, x, y in rows]
    between = {"EUC_2D": _euclidean, "GEO": _geographical}[kind]
    return [[0 if a is b else between(a, b) for b in points] for a in points]


def _triangle(values: Sequence[int], size: int) -> Distances:
    """A symmetric matrix from its lower triangle, the diagonal included."""
    rest = iter(values)
    rows = [[next(rest) for _ in range(row + 1)] for row in range(size)]
    return [[rows[max(a, b)][min(a, b)] for b in range(size)] for a in range(size)]


def _euclidean(a: tuple[float, float], b: tuple[float, float]) -> int:
    return int(math.dist(a, b) + 0.5)


def _geographical(a: tuple[float, float], b: tuple[float, float]) -> int:
    """TSPLIB's GEO: degrees and minutes as `DDD.MM`, kilometres cut to whole ones after adding one."""

    def radians(written: float) -> float:
        degrees = int(written)
        return _PI * (degrees + 5.0 * (written - degrees) / 3.0) / 180.0

    (latitude_a, longitude_a), (latitude_b, longitude_b) = ((radians(x), radians(y)) for x, y in (a, b))
    q1, q2, q3 = math.cos(longitude_a - longitude_b), math.cos(latitude_a - latitude_b), math.cos(latitude_a + latitude_b)
    return int(_EARTH_KM * math.acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0)


def measured(folder: Path) -> Iterator[Measured]:
    """Every tour of the folder."""
    with (folder / "optima.csv").open(encoding="utf-8", newline="") as file:
        optima = {row["name"]: int(row["optimum"]) for row in csv.DictReader(file)}
    for name, optimum in optima.items():
        between = tour_distances((folder / f"{name}.tsp").read_text(encoding="utf-8"))
        started = time.perf_counter()
        way = shortest_way(between, closed=True)
        seconds = time.perf_counter() - started
        assert sorted(way) == list(range(len(between))), name
        yield Measured(name, len(between), optimum, length(way, between, closed=True), seconds)


def main() -> None:
    """Prints the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    print("| tour | places | optimum | found | longer by | seconds |")
    print("|---|---|---|---|---|---|")
    for it in measured(parser.parse_args().folder):
        print(f"| {it.name} | {it.places} | {it.optimum} | {it.found} | {it.gap_percent:.2f} % | {it.seconds:.2f} |")


if __name__ == "__main__":
    main()
