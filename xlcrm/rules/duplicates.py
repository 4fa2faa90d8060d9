"""Customers that stand twice: which pairs of records may be one customer, how likely, and why.

A pair is looked at only where both records share a key (a phone, a licence, a birthday, the name, the address, a word of the name together
with a word of the address), and inside a key only with its nearest neighbours, so the work grows with the customers and not with their
pairs. What the two records agree and differ in then adds up to the odds that they are one, as in Fellegi and Sunter, A Theory for Record
Linkage, Journal of the American Statistical Association 64 (1969). A value that is missing says nothing.

The weights are those of a logistic regression on records with known duplicates and on shops that are all different:
`python -m tools.measure_duplicates` fits and measures.
Near-identity of texts is rapidfuzz's, a compiled package; without it `NoSimilarity` is raised.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice
from typing import Any

import narwhals as nw

from xlcrm.rules.comparable import common_words, core_of, name_key, number_key, phone_keys, text_key, words_of
from xlcrm.rules.frames import collected, lazy, records
from xlcrm.tables import columns as c

SAME_PHONE, SAME_LICENCE, SAME_BIRTHDAY = "same_phone", "same_licence", "same_birthday"
SAME_NAME, NEAR_NAME, SAME_ADDRESS, NEAR_ADDRESS = "same_name", "near_name", "same_address", "near_address"
REASONS = (SAME_PHONE, SAME_LICENCE, SAME_NAME, NEAR_NAME, SAME_ADDRESS, NEAR_ADDRESS, SAME_BIRTHDAY)
"""What a pair can have in common, in the order in which it is told."""

HOUSE = "house"
"""Not a column: the numbers in the address, which tell neighbours apart."""
LEAST_SCORE = 0.2
"""A pair counts from here on: of all tenths the best F0.5 on the records that chose the weights. Precision counts twice in it, for a false
alarm costs two people a talk."""
LEAST_NAME = 0.5
"""Neighbours at one address are no pair: names less alike than this count only where a phone, licence or birthday is shared."""
NEAR = 0.8
"""Texts are near from this similarity on."""
MOST_SHARING = 5
"""A phone, licence or address that more customers have (a switchboard, a market hall) tells nobody apart: it is passed over."""
COMMON_SHARE = 0.03
"""A word that a larger share of all names has (and more than `MOST_SHARING`) says what they are and not who: it weighs half."""
NEIGHBOURS = 5
"""Inside a key, each record is compared with so many that follow it by name and address."""
NAME_WORDS, ADDRESS_WORDS = 3, 4
"""So many of the rarest words of the name and of the address make keys."""
_CHUNK = 100_000

BIAS = -10.4
"""Log odds of a pair that shares a key, before anything is compared."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a field adds to the log odds where both records have it: `slope` × similarity - `cost`."""

    slope: float
    cost: float


_NUMBER = Weight(4.6, 0.6)
WEIGHTS: Mapping[str, Weight] = {
    c.CUSTOMER_NAME: Weight(9.0, 0.0),
    c.ADDRESS: Weight(6.0, 1.8),
    HOUSE: Weight(5.6, 1.8),
    c.LICENCE_NUMBER: _NUMBER,
    c.PHONE: _NUMBER,  # there are no phones in the records that were fitted; it is as much a number that few share
    c.BIRTHDAY: Weight(6.6, 0.0),
}
"""By column. The cost of a name is in `BIAS`: nearly everybody has one, so none at all counts like a wholly different one."""


class NoSimilarity(Exception):
    """The package that compares texts is not there."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as it is compared: texts in one form, numbers as sets of digits or signs; empty where it has none.

    core: what the name has that few others have. houses: the numbers in the address.
    """

    code: str
    name: str
    core: str
    houses: frozenset[str]
    address: str
    phones: frozenset[str]
    licence: str
    birthday: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two records agree in each field, 0 to 1; None where one of them has none."""

    name: float | None
    address: float | None
    house: float | None
    phone: float | None
    licence: float | None
    birthday: float | None

    def fields(self) -> tuple[tuple[str, float | None], ...]:
        """Column id and agreement."""
        return (
            (c.CUSTOMER_NAME, self.name), (c.ADDRESS, self.address), (HOUSE, self.house), (c.PHONE, self.phone),
            (c.LICENCE_NUMBER, self.licence), (c.BIRTHDAY, self.birthday),
        )  # fmt: skip

    def score(self) -> float:
        """How likely the two are one, 0 to 1. A shared phone or licence alone is enough to be looked at."""
        evidence = BIAS
        for column, agreed in self.fields():
            if agreed is not None:
                weight = WEIGHTS[column]
                evidence += weight.slope * agreed - weight.cost
        likely = 1 / (1 + math.exp(-evidence))
        return round(max(likely, LEAST_SCORE) if self.phone == 1 or self.licence == 1 else likely, 3)

    def reasons(self) -> tuple[str, ...]:
        """What speaks for one customer, of `REASONS`."""
        found = {SAME_PHONE: self.phone == 1, SAME_LICENCE: self.licence == 1, SAME_BIRTHDAY: self.birthday == 1}
        for same, near, agreed in ((SAME_NAME, NEAR_NAME, self.name), (SAME_ADDRESS, NEAR_ADDRESS, self.address)):
            found[same] = agreed == 1
            found[near] = agreed is not None and NEAR <= agreed < 1
        found[NEAR_ADDRESS] &= self.house != 0  # 12 and 14 of one street are neighbours
        return tuple(reason for reason in REASONS if found[reason])


def duplicates(customers: Any, at_least: float = LEAST_SCORE) -> Any:
    """Pairs that may be one customer: `code_a` < `code_b`, `score` (0 to 1), `reasons` (of `REASONS`, comma between), ordered by code.

    customers: a typed table with the code and any of name, phone, licence number, address, birthday. A code that stands twice is one
    customer here, and a pair without a reason is none. Raises NoSimilarity where texts cannot be compared.
    """
    frame = nw.from_native(customers, pass_through=False)
    everyone = people(records(collected(lazy(customers))))
    rows = [
        (a.code, b.code, score, ", ".join(reasons))
        for a, b, agreement in compared_pairs(everyone, LEAST_NAME)
        if (score := agreement.score()) >= at_least and (reasons := agreement.reasons())
    ]
    rows.sort()
    columns = {c.CODE_A: nw.String(), c.CODE_B: nw.String(), c.SCORE: nw.Float64(), c.REASONS: nw.String()}
    values = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    return nw.from_dict(values, schema=columns, backend=frame.implementation).to_native()


def people(rows: Iterable[Mapping[str, Any]]) -> list[Person]:
    """The records as they are compared, one a code, ordered by code; what more than `MOST_SHARING` have is left out."""
    found: dict[str, Person] = {}
    for row in rows:
        person = _person(row)
        if person is not None and (person.code not in found or _order(person) < _order(found[person.code])):
            found[person.code] = person
    everyone = [found[code] for code in sorted(found)]
    addresses, licences = Counter(person.address for person in everyone), Counter(person.licence for person in everyone)
    phones = Counter(phone for person in everyone for phone in person.phones)
    common = common_words((person.name for person in everyone), COMMON_SHARE, MOST_SHARING)
    return [
        replace(
            person,
            core=core_of(person.name, common),
            address=person.address if addresses[person.address] <= MOST_SHARING else "",
            houses=person.houses if addresses[person.address] <= MOST_SHARING else frozenset(),
            phones=frozenset(phone for phone in person.phones if phones[phone] <= MOST_SHARING),
            licence=person.licence if licences[person.licence] <= MOST_SHARING else "",
        )
        for person in everyone
    ]


def _person(row: Mapping[str, Any]) -> Person | None:
    code = row.get(c.CUSTOMER_CODE)
    if not code:
        return None
    birthday, name, address = row.get(c.BIRTHDAY), name_key(row.get(c.CUSTOMER_NAME)), text_key(row.get(c.ADDRESS))
    return Person(
        code=str(code),
        name=name,
        core=name,
        address=address,
        houses=frozenset(re.findall(r"\d+", address)),
        phones=phone_keys(row.get(c.PHONE)),
        licence=number_key(row.get(c.LICENCE_NUMBER)),
        birthday=birthday.isoformat() if isinstance(birthday, dt.date) else str(birthday or ""),
    )


def _order(person: Person) -> tuple[str, ...]:
    return (person.name, person.address, *sorted(person.phones), person.licence, person.birthday)


# --- Which pairs are looked at.


def candidate_pairs(everyone: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """Places of records that share a key, the smaller first, each pair once; at most `NEIGHBOURS` a record and key."""
    order = sorted(range(len(everyone)), key=lambda place: _order(everyone[place]))
    seen: set[int] = set()
    for places in chain([order], _sharing(everyone, order)):
        for position, first in enumerate(places):
            for second in places[position + 1 : position + 1 + NEIGHBOURS]:
                a, b = (first, second) if first < second else (second, first)
                pair = a * len(everyone) + b
                if pair not in seen:
                    seen.add(pair)
                    yield a, b


def _sharing(everyone: Sequence[Person], order: Iterable[int]) -> Iterator[list[int]]:
    """The places of the records that share a key, in the order given, for each key that two records have."""
    names, addresses = _Words(person.name for person in everyone), _Words(person.address for person in everyone)
    alone: dict[object, int] = {}  # most keys are one record's: a list for each of them would take most of the time
    sharing: dict[object, list[int]] = {}
    for place in order:
        for key in _keys(everyone[place], names, addresses):
            if key in sharing:
                sharing[key].append(place)
            elif (first := alone.setdefault(key, place)) != place:
                sharing[key] = [first, place]
    alone.clear()
    return iter(sharing.values())


def _keys(person: Person, names: _Words, addresses: _Words) -> Iterator[object]:
    """Texts for whole values; whole numbers for two words, which is quicker and smaller than a text of both."""
    yield from (f"phone {phone}" for phone in person.phones)
    for kind, value in (("licence", person.licence), ("birthday", person.birthday), ("name", person.name), ("address", person.address)):
        if value:
            yield f"{kind} {value}"
    streets = addresses.rarest(person.address, ADDRESS_WORDS)
    for word in names.rarest(person.name, NAME_WORDS):
        for street in streets:
            yield (word * addresses.count + street) * 2
    for street, other in combinations(streets, 2):
        yield (street * addresses.count + other) * 2 + 1


class _Words:
    """The words of many texts, numbered from the rarest on; a word of one text alone is not among them."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = Counter(word for text in texts for word in {*words_of(text)})
        shared = sorted((count, word) for word, count in counted.items() if count > 1)
        self.count = len(shared)
        self._number = {word: number for number, (_, word) in enumerate(shared)}

    def rarest(self, text: str, most: int) -> list[int]:
        """The rarest words that another text has too: one with a slip of the pen in it stands alone."""
        return sorted({self._number[word] for word in words_of(text) if word in self._number})[:most]


# --- How far a pair agrees.


def compared_pairs(everyone: Sequence[Person], least_name: float = 0.0) -> Iterator[tuple[Person, Person, Agreement]]:
    """Each candidate pair with its agreement, of those whose names are as alike as `least_name` or that share a number or a birthday.

    Raises NoSimilarity.
    """
    try:
        from rapidfuzz.fuzz import token_sort_ratio
        from rapidfuzz.process import cpdist
    except ImportError as error:
        raise NoSimilarity from error
    pairs = candidate_pairs(everyone)
    while chunk := [(everyone[a], everyone[b]) for a, b in islice(pairs, _CHUNK)]:
        names = cpdist([a.name for a, _ in chunk], [b.name for _, b in chunk], scorer=token_sort_ratio).tolist()
        cores = cpdist([a.core for a, _ in chunk], [b.core for _, b in chunk], scorer=token_sort_ratio).tolist()
        named = ((a, b, (name + core) / 200) for (a, b), name, core in zip(chunk, names, cores, strict=True))
        alike = [(a, b, name) for a, b, name in named if name >= least_name or _share_number(a, b)]
        addresses = cpdist([a.address for a, _, _ in alike], [b.address for _, b, _ in alike], scorer=token_sort_ratio).tolist()
        for (a, b, name), address in zip(alike, addresses, strict=True):
            yield a, b, Agreement(
                name if a.name and b.name else None, address / 100 if a.address and b.address else None,
                len(a.houses & b.houses) / len(a.houses | b.houses) if a.houses and b.houses else None,
                float(not a.phones.isdisjoint(b.phones)) if a.phones and b.phones else None,
                float(a.licence == b.licence) if a.licence and b.licence else None,
                float(a.birthday == b.birthday) if a.birthday and b.birthday else None,
            )  # fmt: skip


def _share_number(a: Person, b: Person) -> bool:
    return bool((a.licence and a.licence == b.licence) or (a.birthday and a.birthday == b.birthday) or not a.phones.isdisjoint(b.phones))
