"""Which customer a code or a part of a name means, for the terminal; the card's sheet searches by itself."""

from __future__ import annotations

import difflib

from xlcrm.jobs.store import Store
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.search import find
from xlcrm.tables import columns as c

_COLUMNS = (c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.CONTACT, c.PHONE, c.SEARCH)
MOST_SIMILAR = 3
ALIKE = 0.6
"""From which likeness on a name or code is offered instead, 0 to 1."""


def customer_of(store: Store, typed: str) -> str:
    """The code of the one customer that is meant: an exact code, or the only one that the search finds.

    Raises CannotDo naming the hits where there are several, and similar customers where there is none.
    """
    from xlcrm.jobs.searchtexts import with_search

    frame = with_search(store.read("customers", only=_COLUMNS).frame).drop_nulls(c.CUSTOMER_CODE)
    found = find(typed, frame.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME, c.SEARCH).iter_rows())
    codes = set(frame[c.CUSTOMER_CODE].str.to_lowercase())
    if found.code and (found.count == 1 or found.code.lower() in {typed.strip().lower()} & codes):
        return found.code
    if found.count and typed.strip():
        hits = ", ".join(f"{code} {name}".rstrip() for code, name in found.hits) + (" …" if found.count > len(found.hits) else "")
        raise CannotDo(Problem("customer_ambiguous", file=store.name, value=typed, details={"count": found.count, "hits": hits}))
    named = {name.lower(): code for code, name in frame.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).drop_nulls().iter_rows()}
    words = {code.lower(): code for code in frame[c.CUSTOMER_CODE]} | named
    similar = dict.fromkeys(words[word] for word in difflib.get_close_matches(typed.strip().lower(), words, MOST_SIMILAR, ALIKE))
    if not similar:
        raise CannotDo(Problem("customer_not_found", file=store.name, value=typed))
    names = dict(frame.select(c.CUSTOMER_CODE, c.CUSTOMER_NAME).iter_rows())
    shown = ", ".join(f"{code} {names[code] or ''}".rstrip() for code in similar)
    raise CannotDo(Problem("customer_not_found_similar", file=store.name, value=typed, details={"similar": shown}))
