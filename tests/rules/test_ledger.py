"""The chain of audit entries: whole as it was sealed, and every way to break it is found at its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcrm.rules.ledger import (
    MOST_CHARACTERS,
    Broken,
    Entry,
    Head,
    Run,
    Told,
    canonical,
    digest,
    new_salt,
    seal,
    values_hold,
    verify,
)

RUN = Run("J0001", "2026-11-22 10:00:00", "Lee", "import")
TOLD = [Told("Customers", f"00{number}", "Name", f"old {number}", f"new {number}") for number in range(5)]
texts = st.text(max_size=40)


def chain(told: list[Told] | None = None) -> tuple[list[Entry], Head]:
    return seal(Head(), RUN, TOLD if told is None else told)


def test_a_chain_is_whole_and_goes_on_where_it_ended() -> None:
    first, head = chain()
    second, end = seal(head, Run(head.next_job_id, "2026-11-23 08:00:00", "", "log"), TOLD[:2])
    assert [entry.entry for entry in (*first, *second)] == [1, 2, 3, 4, 5, 6, 7]
    assert (head.next_job_id, end.next_job_id) == ("J0002", "J0003")
    assert verify([*first, *second], end) is None
    assert Head.parse(str(end)) == end == Head.of([*first, *second])


def test_nothing_told_is_no_run() -> None:
    assert seal(Head(), RUN, []) == ([], Head())
    assert verify([], Head()) is None
    assert Head.parse("") == Head()
    assert Head.parse("12 of something") is None


@pytest.mark.parametrize(
    "column", ["job_id", "written_at", "author", "job", "table", "row_key", "column", "old", "new", "salt", "digest", "hash"]
)
def test_any_altered_value_is_found_at_its_entry(column: str) -> None:
    entries, head = chain()
    entries[2] = replace(entries[2], **{column: "x" + getattr(entries[2], column)})
    assert verify(entries, head) == Broken(3, "altered")


def test_rows_that_are_missing_inserted_or_in_another_order_are_found() -> None:
    entries, head = chain()
    assert verify([*entries[:1], *entries[2:]], head) == Broken(2, "removed")
    assert verify(entries[:3], head) == Broken(4, "tail_cut")
    assert verify([], head) == Broken(1, "tail_cut")
    assert verify([entries[0], entries[3], *entries[1:3], entries[4]], head) == Broken(2, "reordered")
    assert verify(entries[::-1], head) == Broken(1, "reordered")
    assert verify([*entries[:2], entries[1], *entries[2:]], head) == Broken(2, "inserted")
    forged, _ = seal(Head(2, 1, entries[1].hash), RUN, [Told("Customers", "9", "Name", "", "forged")])
    assert verify([*entries[:2], *forged, *entries[2:]], head) == Broken(3, "inserted")
    more, _ = seal(head, RUN, [Told("Customers", "9", "Name", "", "forged")])
    assert verify([*entries, *more], head) == Broken(6, "inserted")
    assert verify([*entries[:2], replace(entries[2], entry=0), *entries[3:]], head) == Broken(3, "altered")
    assert verify([*entries[:2], replace(entries[2], entry=0), *entries[2:]], head) == Broken(3, "inserted")


def test_an_end_that_is_lost_or_of_another_chain_is_found() -> None:
    entries, head = chain()
    assert verify(entries, None) == verify(entries, Head()) == Broken(5, "head_lost")
    assert verify(entries, replace(head, hash="0" * 64)) == Broken(5, "altered")


def test_a_chain_that_was_written_anew_from_the_middle_ends_elsewhere() -> None:
    entries, head = chain()
    forged, _ = seal(Head(1, 0, entries[0].hash), RUN, [replace(TOLD[1], new="forged"), *TOLD[2:]])
    assert verify([entries[0], *forged], head) == Broken(5, "altered")


def test_erased_values_leave_the_chain_whole() -> None:
    entries, head = chain()
    entries[1] = replace(entries[1], old="", new="", salt="")
    assert entries[1].erased
    assert verify(entries, head) is None
    entries[2] = replace(entries[2], old="", new="")  # the salt that stays says that there were values
    assert verify(entries, head) == Broken(3, "altered")


def test_without_its_salt_the_seal_of_a_value_is_never_the_same() -> None:
    assert len({new_salt() for _ in range(100)}) == 100
    assert digest(new_salt(), "", "Corner Shop") != digest(new_salt(), "", "Corner Shop")
    assert new_salt().isalnum()


@given(st.lists(st.tuples(texts, texts, texts, texts, texts), max_size=6))
def test_any_texts_make_a_whole_chain_that_reads_back(rows: list[tuple[str, ...]]) -> None:
    entries, head = seal(Head(), Run("J0001", *("\x00a\r\nb",) * 3), [Told(*row) for row in rows])
    assert verify(entries, head) is None
    assert all(values_hold(entry) for entry in entries)


@given(texts, texts, texts, texts)
def test_no_two_contents_have_one_seal(one: str, two: str, three: str, four: str) -> None:
    same = (canonical(one), canonical(two)) == (canonical(three), canonical(four))
    assert (digest("s", canonical(one), canonical(two)) == digest("s", canonical(three), canonical(four))) == same


@given(st.text())
def test_what_is_sealed_is_what_stays_of_a_text(text: str) -> None:
    kept = canonical(text)
    assert canonical(kept) == kept == kept.strip()
    assert "\r" not in kept
    assert "\x00" not in kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (None, ""), ("  a ", "a"), ("a\r\nb\rc\n", "a\nb\nc"), ("ａ①é", "ａ①é"), ("=1+1", "=1+1"), ("0012", "0012"), ("a\ud800b\x07", "ab"),
        ("2017-01-05T00:00:00.000Z", "2017-01-05"), ("2017-01-05T10:20:30Z", "2017-01-05 10:20:30"), ("x" * 40_000, "x" * MOST_CHARACTERS),
        ("😀" * 20_000, "😀" * (MOST_CHARACTERS // 2)),
    ],
)  # fmt: skip
def test_canonical(written: str | None, kept: str) -> None:
    assert canonical(written) == kept
