"""The chain of audit entries: each is sealed by a hash over itself and the seal before it, so that a later change is found.

The values of an entry go into the chain as a salted hash (`digest`). Blanking values and salt together erases them, and the chain
still verifies; without the salt nobody can find the values again by trying.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

MOST_CHARACTERS = 32_767
"""Of UTF-16 units: what a cell can hold."""
_SALT_BYTES = 10
_HEAD = re.compile(r"([0-9]+) J([0-9]+) ([0-9a-f]{64})")
_JOB = re.compile(r"J([0-9]+)")
_LINE_ENDS = re.compile(r"\r\n?")
# What a file, a spreadsheet program or the reading of a sheet would not give back.
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\n\t"
_SENT_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")

Fault = Literal["altered", "removed", "inserted", "reordered", "tail_cut", "head_lost"]


def canonical(text: str | None) -> str:
    """A text as every host gives it back from a cell: what is written is this, and what is sealed is this of what is read.

    Ends of lines are one sign, outer blanks and what no cell holds are gone, and a moment as programs send it is a day.
    """
    if not text:
        return ""
    if text.isascii() and not text.encode().translate(None, _PRINTABLE):
        kept = text
    else:
        kept = _LOST.sub("", _LINE_ENDS.sub("\n", text))
        if len(kept) * 2 > MOST_CHARACTERS:
            kept = _cut(kept)
    kept = kept[:MOST_CHARACTERS].strip()
    sent = _SENT_MOMENT.fullmatch(kept)
    if sent:
        return sent[1] if sent[2] == "00:00:00" else f"{sent[1]} {sent[2]}"
    return kept


def _cut(text: str) -> str:
    """No longer than a cell, which counts in units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry tells: in which row of which table which value took the place of which; blank column: a whole row."""

    table: str
    row_key: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Run:
    """The run that its entries belong to. job_id: `J0012`. written_at: day and time. job: what was done."""

    job_id: str
    written_at: str
    author: str
    job: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed entry, every value as text; blank is the empty text."""

    entry: int
    job_id: str
    written_at: str
    author: str
    job: str
    table: str
    row_key: str
    column: str
    old: str
    new: str
    salt: str
    digest: str
    hash: str

    @property
    def erased(self) -> bool:
        """Whether its values were blanked together with their salt."""
        return not (self.salt or self.old or self.new)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: number and seal of the newest entry, and the number of its run. It stands outside of the chain's rows."""

    entry: int = 0
    job: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.entry} J{self.job:04d} {self.hash}" if self.entry else ""

    @classmethod
    def parse(cls, text: str) -> Head | None:
        """The end that a cell holds; None where it is none. A blank one is the end of an empty chain."""
        if not text.strip():
            return cls()
        found = _HEAD.fullmatch(text.strip())
        return cls(int(found[1]), int(found[2]), found[3]) if found else None

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Head:
        """The end that the entries themselves show."""
        if not entries:
            return cls()
        newest = max(entries, key=lambda entry: entry.entry)
        jobs = (_JOB.fullmatch(entry.job_id) for entry in entries)
        return cls(newest.entry, max((int(found[1]) for found in jobs if found), default=0), newest.hash)

    @property
    def next_job_id(self) -> str:
        """The id of the run to come."""
        return f"J{self.job + 1:04d}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the chain does not hold, and what is wrong there."""

    entry: int
    fault: Fault


def new_salt() -> str:
    """A random salt of letters and digits that no program takes for a number."""
    return b32encode(secrets.token_bytes(_SALT_BYTES)).decode().casefold()


def seal(head: Head, run: Run, told: Iterable[Told], salt: Callable[[], str] = new_salt) -> tuple[list[Entry], Head]:
    """The entries of one run behind the end of the chain, and its new end. head: `next_job_id` of it is the run's id."""
    entries: list[Entry] = []
    number, previous = head.entry, head.hash
    job_id, written_at, author, job = map(canonical, (run.job_id, run.written_at, run.author, run.job))
    for each in told:
        number += 1
        table, row_key, column, old, new = map(canonical, (each.table, each.row_key, each.column, each.old, each.new))
        seasoned = salt()
        values = digest(seasoned, old, new)
        previous = _chained(previous, number, job_id, written_at, author, job, table, row_key, column, values)
        entries.append(Entry(number, job_id, written_at, author, job, table, row_key, column, old, new, seasoned, values, previous))
    return entries, Head(number, head.job + 1, previous) if entries else head


def digest(salt: str, old: str, new: str) -> str:
    """The salted hash of an entry's values."""
    return _hashed([salt, old, new])


def values_hold(entry: Entry) -> bool:
    """Whether an entry's values are those that were sealed, or were erased together with their salt."""
    return entry.erased or digest(entry.salt, canonical(entry.old), canonical(entry.new)) == entry.digest


def _chained(previous: str, number: int, *said: str) -> str:
    return _hashed([previous, number, *said])


def _hashed(parts: Sequence[str | int]) -> str:
    sealed = hashlib.sha256()
    for part in parts:
        written = str(part).encode()
        sealed.update(b"%d:" % len(written))  # with their lengths no two lists of parts are the same bytes
        sealed.update(written)
    return sealed.hexdigest()


def verify(entries: Sequence[Entry], head: Head | None) -> Broken | None:
    """The first place where the entries, as they stand in their table from top to bottom, are not what was sealed; None where all holds.

    head: what stands in its cell; None where that holds no end of a chain.
    """
    numbers = [entry.entry for entry in entries]
    later = set(numbers)
    previous = ""
    for expected, entry in enumerate(entries, start=1):
        if entry.entry != expected:
            return _out_of_order(expected, entry.entry, later, numbers)
        sealed = _chained(
            previous, entry.entry, *map(canonical, (entry.job_id, entry.written_at, entry.author, entry.job)),
            *map(canonical, (entry.table, entry.row_key, entry.column)), entry.digest,
        )  # fmt: skip
        if sealed != entry.hash or not values_hold(entry):
            return Broken(expected, "inserted" if numbers.count(expected) > 1 else "altered")
        previous = entry.hash
    if head is None or (entries and not head.entry):
        return Broken(len(entries), "head_lost")
    if head.entry > len(entries):
        return Broken(len(entries) + 1, "tail_cut")
    if head.entry < len(entries):
        return Broken(head.entry + 1, "inserted")
    return None if head.hash == previous else Broken(len(entries), "altered")


def _out_of_order(expected: int, found: int, known: set[int], numbers: Sequence[int]) -> Broken:
    """What is wrong where another number stands than the next one; `found` is 0 where none stands."""
    if found <= 0:
        return Broken(expected, "inserted" if expected in known else "altered")
    if expected in known and numbers.count(found) == 1:
        return Broken(expected, "reordered")
    return Broken(expected, "removed") if found > expected else Broken(found, "inserted")
