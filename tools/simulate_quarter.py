"""A quarter of one account manager, day by day: `python -m tools.simulate_quarter BOOK.xlsx [--lang zh] [--days 60] [--seed 2018]`.

300 customers on ten routes. Every working day follow-ups are typed in and written down; every week purchases are imported, the Playbook
applied, Today filled; visits are planned every other week; customers come in twice and are merged, are handed over, a mistake is taken
back, a save fails half way and is done again, one customer asks to be forgotten. After each day the workbook is held against a plain
account of what should stand in it. The same seed gives the same quarter.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import polars as pl

from xlcrm.jobs.checking import check
from xlcrm.jobs.forgetting import forget
from xlcrm.jobs.handover import handover
from xlcrm.jobs.importing import import_files
from xlcrm.jobs.intake import take_in
from xlcrm.jobs.logging_followup import FollowUp, log_follow_up
from xlcrm.jobs.merging import merge
from xlcrm.jobs.planning import plan
from xlcrm.jobs.playbook import apply_playbook
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.recording import fixed_pen, written_with
from xlcrm.jobs.summarising import summarise
from xlcrm.jobs.todaysheet import fill_today
from xlcrm.jobs.undoing import undo
from xlcrm.problems import CannotDo
from xlcrm.samples import SAMPLE_DAY, sample_files
from xlcrm.sheets.changes import WorkbookChanges
from xlcrm.sheets.filestore import FileStore
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language

FIRST_DAY = SAMPLE_DAY + dt.timedelta(days=3)
QUARTER, EARLIER = "2018Q1", "2017Q4"
UNUSUAL = (12, 14, 20, 31, 33, 40, 47, 49, 55)
"""Days on which customers come twice, are merged, handed over or forgotten."""
TYPED_A_DAY, LOGGED_A_DAY, BOUGHT_A_WEEK = 8, 2, 120
Made = TypeVar("Made")


@dataclass
class Account:
    """What should stand in the workbook, kept beside it in the plainest way."""

    follow_ups: int = 0
    purchases: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """Order number -> customer code, thousandths of a unit, cents; only those that were bought in the simulation."""
    owners: dict[str, str] = field(default_factory=dict)
    first_quantity: int = 0
    first_amount: int = 0

    @property
    def quantity(self) -> int:
        """Thousandths of a unit over all purchases."""
        return self.first_quantity + sum(quantity for _, quantity, _ in self.purchases.values())

    @property
    def amount(self) -> int:
        """Cents over all purchases."""
        return self.first_amount + sum(amount for _, _, amount in self.purchases.values())


@dataclass
class Simulation:
    """One workbook and the days that pass in it. faults: what did not stand as it should, with its day."""

    book: Path
    language: Language
    seed: int = 2018
    days: int = 60
    account: Account = field(default_factory=Account)
    faults: list[str] = field(default_factory=list)
    jobs: int = 0
    crashes: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    dice: random.Random = field(init=False)
    orders: int = 0
    doubles: list[tuple[str, str]] = field(default_factory=list)
    """Customers that stand twice: the one that stays, the one that came later."""
    forgotten: set[str] = field(default_factory=set)
    last_week: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    # --- the days

    def run(self, told: Callable[[str], None] = lambda line: None) -> None:
        """All days from an empty workbook on."""
        moment = dt.datetime.combine(FIRST_DAY, dt.time(8))
        with written_with(fixed_pen("Lee", moment)):
            self.begin()
            for number, day in enumerate(self.working_days(), start=1):
                self.pass_day(number, day)
                self.look(number, day)
                told(f"{number:3} {day}  jobs {self.jobs}, follow-ups {self.account.follow_ups}, faults {len(self.faults)}")

    def begin(self) -> None:
        """The samples, the quarter closed, a plan."""
        store = FileStore.create(self.book, self.language)
        import_files(store, sample_files(self.language))
        store = FileStore.open(self.book)
        close_quarter(store, EARLIER, as_of=FIRST_DAY)
        customers = store.read("customers").frame
        self.account.owners = {code: owner or "" for code, owner in customers.select(c.CUSTOMER_CODE, c.OWNER).iter_rows()}
        self.account.follow_ups = store.read("follow_ups").frame.height
        bought = store.read("purchases").frame
        self.account.first_quantity, self.account.first_amount = int(bought[c.QUANTITY].sum()), int(bought[c.AMOUNT].sum())

    def working_days(self) -> Iterator[dt.date]:
        """Monday to Friday, from the first day on."""
        day, passed = FIRST_DAY, 0
        while passed < self.days:
            if day.weekday() < 5:
                passed += 1
                yield day
            day += dt.timedelta(days=1)

    def pass_day(self, number: int, day: dt.date) -> None:
        """Everything that happens on a day."""
        if day.weekday() == 0 or number == 1:
            self.import_purchases(number, day)
        if number % 10 == 1:
            self.do("plan", lambda store: plan(store, day, as_of=day))
        self.type_in(number, day)
        for _ in range(LOGGED_A_DAY):
            self.log(day, "called")
        if number % 6 == 0:
            self.mistake(day)
        if number in (12, 31, 47):
            self.customer_comes_twice(number)
        if number in (14, 33, 49):
            self.merge_doubles(day, regret=number == 33)
        if number in (20, 40):
            self.hand_over(day, regret=number == 40)
        if day.weekday() == 4:
            made = self.do("playbook", lambda store: apply_playbook(store, day))
            self.account.follow_ups += made.tasks.height
        if number == 55:
            self.forget_one(day)
        if number == self.days:
            self.close(day)
        if day.weekday() == 4 or number == self.days:
            self.do("summarise", lambda store: summarise(store, day))
            self.do("today", lambda store: fill_today(store, day))

    # --- what happens

    def do(self, job: str, work: Callable[[FileStore], Made]) -> Made:
        """A job on the workbook as a person would start it; now and then its save fails half way, and it is done once more."""
        self.jobs += 1
        if self.jobs % 17 == 0:
            self.crash(work)
        began = time.perf_counter()
        made = work(FileStore.open(self.book))
        self.seconds.setdefault(job, []).append(time.perf_counter() - began)
        return made

    def crash(self, work: Callable[[FileStore], Any]) -> None:
        """The same job with a disk that fails while the new file is put in the old one's place: nothing may have changed."""
        before = self.book.read_bytes()
        with _failing_disk():
            try:
                work(FileStore.open(self.book))
            except (CannotDo, OSError):
                self.crashes += 1
        if self.book.read_bytes() != before:
            self.faults.append(f"job {self.jobs}: a save that failed changed the workbook")

    def codes(self) -> list[str]:
        """The customers that can be visited, in a fixed order."""
        return sorted(set(self.account.owners) - self.forgotten)

    def type_in(self, number: int, day: dt.date) -> None:
        """Rows typed into Intake, one of them wrong on every fifth day; then the button."""
        kinds = ("visit", "visit", "visit", "call", "message", "return_visit", "complaint", "order")
        codes = self.dice.sample(self.codes(), TYPED_A_DAY)
        rows = [
            {c.DATE: day, c.CUSTOMER_CODE: code, c.KIND: kinds[place % len(kinds)], c.NOTE: f"day {number}, {place}", c.AUTHOR: "Lee",
             c.NEXT_ACTION: "samples" if place % 4 == 0 else None, c.NEXT_ACTION_ON: day + dt.timedelta(days=9) if place % 4 == 0 else None}
            for place, code in enumerate(codes)
        ]  # fmt: skip
        wrong = number % 5 == 0
        if wrong:
            rows[3][c.CUSTOMER_CODE] = "nobody"
        typed = pl.DataFrame(rows, schema_overrides={c.NEXT_ACTION: pl.String, c.NEXT_ACTION_ON: pl.Date})
        FileStore.open(self.book).save(WorkbookChanges(tables={"intake": _in_words(typed, self.language)}))
        taken = self.do("intake", lambda store: take_in(store, day))
        self.account.follow_ups += taken.taken.height
        if taken.taken.height != TYPED_A_DAY - wrong or len(taken.problems) != wrong:
            self.faults.append(f"day {number}: {taken.taken.height} rows taken in, {len(taken.problems)} stayed")

    def log(self, day: dt.date, note: str) -> None:
        """One follow-up from the terminal."""
        code = self.dice.choice(self.codes())
        self.do("log", lambda store: log_follow_up(store, FollowUp(code, "call", note, author="Lee"), day))
        self.account.follow_ups += 1

    def mistake(self, day: dt.date) -> None:
        """A follow-up of the wrong customer, taken back."""
        self.log(day, "wrong customer")
        back = self.do("undo", lambda store: undo(store, as_of=day))
        self.account.follow_ups -= 1
        if back.rows_out != 1 or back.stayed:
            self.faults.append(f"{day}: a follow-up was not taken back: {back}")

    def import_purchases(self, number: int, day: dt.date) -> None:
        """Orders of the week, with those of the last week once more, as systems export them."""
        rows = []
        for _ in range(BOUGHT_A_WEEK):
            self.orders += 1
            code, units, cents = self.dice.choice(self.codes()), self.dice.randint(1, 60), self.dice.randint(100, 90_000)
            on = day - dt.timedelta(days=self.dice.randint(0, min(6, (day - FIRST_DAY).days)))
            order = f"S{self.orders:05}"
            rows.append((code, on.isoformat(), order, str(units), f"{cents // 100}.{cents % 100:02}"))
            self.account.purchases[order] = (code, units * 1000, cents)
        self.import_rows("week.csv", ("customer_code", "date", "order_number", "quantity", "amount"), [*self.last_week, *rows])
        self.last_week = rows

    def import_rows(self, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """An export, imported."""
        export = self.book.with_name(name)
        with export.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
        report = self.do("import", lambda store: import_files(store, [export]))
        self.faults += [f"{name}: {problem.line('en')}" for problem in report.problems]

    def customer_comes_twice(self, number: int) -> None:
        """The same shop under a new code: another system's export names it."""
        keep = self.dice.choice([code for code in self.codes() if code not in {double for pair in self.doubles for double in pair}])
        drop = f"9{number:07}"
        row = FileStore.open(self.book).read("customers").frame.filter(pl.col(c.CUSTOMER_CODE) == keep).row(0, named=True)
        self.import_rows(
            "other-system.csv", ("customer_code", "customer_name", "phone", "address", "owner"),
            [(drop, row[c.CUSTOMER_NAME], row[c.PHONE] or "13800000000", row[c.ADDRESS] or "", self.account.owners[keep])],
        )  # fmt: skip
        self.account.owners[drop] = self.account.owners[keep]
        self.doubles.append((keep, drop))

    def merge_doubles(self, day: dt.date, regret: bool) -> None:
        """The newest double becomes one with the first; once that is taken back and done again."""
        keep, drop = self.doubles[-1]
        self.log_for(drop, day)
        merged = self.do("merge", lambda store: merge(store, keep, drop, as_of=day))
        if regret:
            back = self.do("undo", lambda store: undo(store, merged.job, day))
            if back.stayed:
                self.faults.append(f"{day}: a merge was not wholly taken back: {back.stayed[0].line('en')}")
            self.do("merge", lambda store: merge(store, keep, drop, as_of=day))
        self.account.follow_ups += self.notes_of_merge(keep, drop)
        self.account.owners.pop(drop)
        for order, (code, units, cents) in self.account.purchases.items():
            if code == drop:
                self.account.purchases[order] = (keep, units, cents)

    def notes_of_merge(self, keep: str, drop: str) -> int:
        """A merge keeps what it gives up in a note: as many follow-ups more as name the code that went."""
        frame = FileStore.open(self.book).read("follow_ups").frame
        return frame.filter((pl.col(c.CUSTOMER_CODE) == keep) & pl.col(c.NOTE).fill_null("").str.contains(drop, literal=True)).height

    def log_for(self, code: str, day: dt.date) -> None:
        """A contact with that customer."""
        self.do("log", lambda store: log_follow_up(store, FollowUp(code, "visit", "met", author="Lee"), day))
        self.account.follow_ups += 1

    def hand_over(self, day: dt.date, regret: bool) -> None:
        """Fifteen customers go to somebody else; the second time that is taken back."""
        codes = self.dice.sample(self.codes(), 15)
        done = self.do("handover", lambda store: handover(store, "Zhou", codes=codes, as_of=day))
        if regret:
            back = self.do("undo", lambda store: undo(store, done.job, day))
            if back.stayed:
                self.faults.append(f"{day}: a handover was not wholly taken back: {back.stayed[0].line('en')}")
        else:
            self.account.owners.update(dict.fromkeys(codes, "Zhou"))

    def forget_one(self, day: dt.date) -> None:
        """A customer asks to be forgotten."""
        code = self.dice.choice(self.codes())
        report = self.do("forget", lambda store: forget(store, [code], day))
        if report.found or report.before != report.after:
            self.faults.append(f"{day}: {code} was not wholly forgotten: {report.found}")
        self.forgotten.add(code)

    def close(self, day: dt.date) -> None:
        """The new quarter's grades come in, and the quarter is closed."""
        grades = FileStore.open(self.book).read("grades").frame.filter(pl.col(c.QUARTER) == EARLIER)
        rows = [(code, grade) for code, grade in sorted(grades.select(c.CUSTOMER_CODE, c.GRADE).iter_rows()) if code in self.account.owners]
        shuffled = [(code, self.dice.choice(rows)[1] if self.dice.random() < 0.2 else grade) for code, grade in rows]
        self.import_rows("grades.csv", ("customer_code", QUARTER), shuffled)
        report = self.do("quarter", lambda store: close_quarter(store, QUARTER, EARLIER, as_of=day))
        if not report.reconciled:
            self.faults.append(f"{day}: the quarter does not reconcile")

    # --- what must hold

    def look(self, number: int, day: dt.date) -> None:
        """Every table against the account; every third day, after everything unusual and at the end the workbook's own check."""
        store = FileStore.open(self.book)
        if number % 3 == 0 or number in UNUSUAL or number == self.days:
            self.own_check(store, number)
        bought = store.read("purchases", only=(c.QUANTITY, c.AMOUNT)).frame
        customers = store.read("customers", only=(c.CUSTOMER_CODE, c.OWNER)).frame
        owners = {code: owner or "" for code, owner in customers.select(c.CUSTOMER_CODE, c.OWNER).iter_rows()}
        for what, stands, should in (
            ("follow-ups", store.read("follow_ups", only=TABLES["follow_ups"].key).frame.height, self.account.follow_ups),
            ("quantity", int(bought[c.QUANTITY].sum()), self.account.quantity),
            ("amount", int(bought[c.AMOUNT].sum()), self.account.amount),
            ("owners", owners, self.account.owners),
        ):
            if stands == should:
                continue
            said = f"{stands}, not {should}"
            if isinstance(stands, dict) and isinstance(should, dict):
                said = ", ".join(sorted(code for code in stands.keys() | should.keys() if stands.get(code) != should.get(code)))
            self.faults.append(f"day {number} ({day}): {what}: {said}")

    def own_check(self, store: FileStore, number: int) -> None:
        """The workbook's own check, the chain of the audit with it. What it names stays until it is mended: little hides."""
        doubles = {drop for _, drop in self.doubles} & set(self.account.owners)
        # A customer of another system has no route until it is merged; and a new quarter's grades name customers who have not bought yet.
        natural = {"customers_without_route"} if doubles else set()
        natural |= {"graded_without_purchases"} if number == self.days else set()
        found = [problem for problem in check(store, claims=number % 20 == 0 and not doubles).problems if problem.code not in natural]
        self.faults += [f"day {number}: check: {problem.line('en')}" for problem in found]


def _in_words(rows: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Kinds as the workbook's dropdown says them."""
    from xlcrm.texts import text

    return rows.with_columns(pl.Series(c.KIND, [text(f"choices.{kind}", language) for kind in rows[c.KIND]]))


@contextmanager
def _failing_disk() -> Iterator[None]:
    """Within it no file takes another's place."""
    with mock.patch("os.replace", side_effect=OSError(28, "No space left on device")):
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it and prints each day, every fault, and how long each job took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("book", type=Path)
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2018)
    given = parser.parse_args(arguments)
    simulation = Simulation(given.book, given.lang, given.seed, given.days)
    simulation.run(print)
    for fault in simulation.faults:
        print("FAULT", fault)
    for job, seconds in sorted(simulation.seconds.items()):
        print(f"{job:10} {len(seconds):4} times, median {sorted(seconds)[len(seconds) // 2]:.2f} s, longest {max(seconds):.2f} s")
    print(f"{simulation.jobs} jobs, {simulation.crashes} failed saves, {len(simulation.faults)} faults")
    return 1 if simulation.faults else 0


if __name__ == "__main__":
    sys.exit(main())
