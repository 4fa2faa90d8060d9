"""Hand customers over to another owner: the history stays as it is, open tasks go along, and a sheet to sign is laid out."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from xlcrm.jobs import lookups, recording, results
from xlcrm.jobs.codes import no_customer
from xlcrm.jobs.quarter import type_names
from xlcrm.jobs.store import Store, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.rules.card import Contact, open_tasks
from xlcrm.settings import Settings
from xlcrm.sheets.handoverpage import HandedCustomer, handover_page
from xlcrm.sheets.pages import Page
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.texts import Language, text

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Customers that one owner took over. owners: whose they were; nobody's is blank. page: the sheet to sign."""

    to: str
    owners: Sequence[str]
    codes: Sequence[str]
    page: Page


@dataclass(frozen=True, slots=True)
class Handovers:
    """What a run handed over, a part for each new owner. rows: how many rows of the Handover sheet were carried out. problems: of the
    rows that were not. job: the id under which it can be undone; blank where the workbook keeps no audit."""

    parts: Sequence[HandedOver]
    job: str
    rows: int = 0
    problems: Sequence[Problem] = ()

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        lines = []
        for part in self.parts:
            owners = text("merging.between", language).join(owner or text("merging.nobody", language) for owner in part.owners)
            lines.append(text("merging.handed", language, customers=len(part.codes), owners=owners, to=part.to))
            lines.append(text("merging.handed_page", language, sheet=part.page.sheet_name))
        if self.job:
            lines.append(text("merging.handed_undo", language, job=self.job))
        lines += [text("merging.rows_refused", language, problem=problem.line(language)) for problem in self.problems]
        return lines


@dataclass(slots=True)
class _Request:
    """One handover that somebody wants. place: its row in the Handover table, counted from 0; None for one of the terminal."""

    to: str
    code: str = ""
    from_owner: str = ""
    place: int | None = None
    taken: list[str] = field(default_factory=list)
    refused: Problem | None = None


def handover(
    store: Store, to: str, from_owner: str | None = None, codes: Sequence[str] = (), as_of: dt.date | None = None, out: Path | None = None
) -> Handovers:
    """Makes `to` the owner of all customers of `from_owner`, or of these codes. Follow-ups keep their authors; tasks hang on the customer.

    A customer without an owner is its route's account manager's. Names are compared without regard to case, width and blanks. out: a PDF
    of the handover sheet, written before the workbook. Raises CannotDo, with nothing changed, for a code or an owner that there is not
    (naming the owners there are), and where nothing would change.
    """
    day = as_of or today()
    if bool(codes) == bool(from_owner and from_owner.strip()):
        raise CannotDo(Problem("handover_whose", file=store.name))
    desk = _Owners(store)
    requests = [_Request(to, code=code) for code in dict.fromkeys(codes)] or [_Request(to, from_owner=from_owner or "")]
    desk.resolve(requests)
    _refuse(requests)
    done = [request for request in requests if request.taken]
    parts = desk.parts(done, day)
    if out is not None:
        from xlcrm.jobs.printing import write_pdf

        write_pdf([part.page for part in parts], out, desk.settings.language)
    return Handovers(parts, desk.save(done, parts, day))


def hand_over_rows(store: Store, selected: Sequence[str] = (), as_of: dt.date | None = None) -> Handovers:
    """Carries out the rows of the Handover table that have no day. What is wrong with a row is said in it, and the others are done.

    All rows are about the customers as they are owned before the run, so two owners can exchange theirs; a row with a code goes before
    one with an owner. selected: the codes that a row means which names neither. Raises CannotDo where no row is open.
    """
    day = as_of or today()
    desk = _Owners(store)
    read = store.read("handovers")
    open_rows = read.frame.with_row_index("__place").filter(pl.col(c.DONE_ON).is_null())
    requests: list[_Request] = []
    for row in open_rows.iter_rows(named=True):
        one = _Request(row[c.TO_OWNER], row[c.CUSTOMER_CODE] or "", row[c.FROM_OWNER] or "", row["__place"])
        if one.code or one.from_owner:
            requests.append(one)
        elif selected:
            requests += [_Request(one.to, code=code, place=one.place) for code in selected]
        else:
            one.refused = Problem("handover_row_empty", file=store.name, sheet=TABLES["handovers"].label(desk.settings.language))
            requests.append(one)
    if not requests:
        raise CannotDo(read.problems[0] if read.problems else Problem("handover_no_rows", file=store.name))
    desk.resolve(requests)
    done = [request for request in requests if request.taken]
    parts = desk.parts(done, day)
    refused = [request.refused for request in requests if request.refused is not None]
    return Handovers(parts, desk.save(requests, parts, day), len({request.place for request in done}), [*read.problems, *refused])


def _refuse(requests: Sequence[_Request]) -> None:
    """Raises CannotDo where something is wrong; customers that are the new owner's already are passed over beside others."""
    refused = [request.refused for request in requests if request.refused is not None]
    unknown = [problem for problem in refused if problem.code in ("log_unknown_customer", "log_similar_customer")]
    if len(unknown) > 1:
        raise CannotDo(Problem("handover_unknown_codes", value=", ".join(problem.value for problem in unknown)))
    wrong = [problem for problem in refused if problem.code != "handover_nothing"]
    if wrong or not any(request.taken for request in requests):
        raise CannotDo((unknown or wrong or refused)[0])


def name_key(name: str | None) -> str:
    """A person's name as it is compared: one width, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name or "").split()).casefold()


# --- One workbook while customers change hands.


@dataclass(slots=True)
class _Owners:
    """Who owns whom in a workbook, before the run."""

    store: Store
    settings: Settings = field(init=False)
    customers: pl.DataFrame = field(init=False)
    routes: pl.DataFrame = field(init=False)
    of_code: dict[str, str] = field(init=False)
    frames: Frames = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings = self.store.settings()
        self.customers, self.routes = self.store.read("customers").frame, self.store.read("routes").frame
        managers = self.routes.select(c.ROUTE, c.ACCOUNT_MANAGER).drop_nulls().unique(c.ROUTE, keep="first", maintain_order=True)
        owned = self.customers.select(c.CUSTOMER_CODE, c.OWNER, c.ROUTE).join(managers, on=c.ROUTE, how="left", maintain_order="left")
        owned = owned.unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
        self.of_code = dict(owned.select(c.CUSTOMER_CODE, pl.coalesce(c.OWNER, c.ACCOUNT_MANAGER).fill_null("")).iter_rows())

    def records(self) -> Frames:
        """The record tables, read once."""
        if not self.frames:
            self.frames = results.read_records(self.store)
        return self.frames

    def resolve(self, requests: Sequence[_Request]) -> None:
        """Fills in whom each request takes over, or why it takes nobody; requests for a code come first."""
        spelled = {
            name_key(owner): owner for owner in reversed([*self.of_code.values(), *self.routes[c.ACCOUNT_MANAGER].drop_nulls()]) if owner
        }
        promised: dict[str, str] = {}
        for request in sorted(requests, key=lambda request: not request.code):
            if request.refused is not None:
                continue
            to = " ".join(request.to.split())
            request.to = spelled.get(name_key(to), to)
            if not to:
                request.refused = Problem("handover_to_nobody", file=self.store.name)
            elif request.code:
                self._one(request, promised)
            else:
                self._all(request, promised, spelled)
            promised |= dict.fromkeys(request.taken, request.to)

    def _one(self, request: _Request, promised: Mapping[str, str]) -> None:
        owner = self.of_code.get(request.code)
        if owner is None:
            request.refused = no_customer(request.code, self.customers[c.CUSTOMER_CODE])
        elif request.code in promised:
            request.refused = Problem("handover_promised", value=request.code, details={"to": promised[request.code]})
        elif request.from_owner and name_key(request.from_owner) != name_key(owner):
            request.refused = Problem("handover_not_his", value=request.code, details={"owner": owner or "–", "from": request.from_owner})
        elif self._is_his(request.code, request.to):
            request.refused = Problem("handover_nothing", value=request.code, details={"to": request.to})
        else:
            request.taken = [request.code]

    def _all(self, request: _Request, promised: Mapping[str, str], spelled: Mapping[str, str]) -> None:
        key = name_key(request.from_owner)
        theirs = [code for code, owner in self.of_code.items() if name_key(owner) == key]
        if key == name_key(request.to):
            request.refused = Problem("handover_same", value=request.to)
        elif not theirs:
            owners = sorted({owner for owner in self.of_code.values() if owner})
            named = text("merging.between", self.settings.language).join(owners) or "–"
            request.refused = Problem("handover_unknown_owner", value=request.from_owner, details={"owners": named})
        else:
            request.from_owner = spelled.get(key, request.from_owner)
            request.taken = [code for code in theirs if code not in promised]
            if not request.taken:
                request.refused = Problem("handover_nothing", value=request.from_owner, details={"to": request.to})

    def _is_his(self, code: str, to: str) -> bool:
        """Whether Customers itself says that this is the owner; an account manager's route may go to another one tomorrow."""
        owners = self.customers.filter(pl.col(c.CUSTOMER_CODE) == code)[c.OWNER].to_list()
        return all(owner is not None and name_key(owner) == name_key(to) for owner in owners)

    def parts(self, requests: Sequence[_Request], day: dt.date) -> list[HandedOver]:
        """What each new owner takes over, with the sheet to sign."""
        if not requests:
            return []
        frames = self.records()
        quarters = results.pair(frames, self.settings, None, None) if self.settings.current_quarter or results.quarters_of(frames) else None
        lines = _lines(frames, self.settings, quarters, day)
        names = type_names(self.store.read("business_types").frame)
        found = []
        for to in dict.fromkeys(request.to for request in requests):
            codes = {code for request in requests if request.to == to for code in request.taken}
            chosen = [line for line in lines if line[c.CUSTOMER_CODE] in codes]
            customers = _handed(chosen, frames, self.of_code, names, day)
            owners = list(dict.fromkeys(customer.from_owner for customer in customers))
            page = handover_page(customers, to, self.settings, quarters, day)
            found.append(HandedOver(to, owners, [line[c.CUSTOMER_CODE] for line in chosen], page))
        return found

    def save(self, requests: Sequence[_Request], parts: Sequence[HandedOver], day: dt.date) -> str:
        """Writes owners, rows of the Handover table and pages at once."""
        from xlcrm.sheets.changes import WorkbookChanges

        tables: Frames = {}
        before = {"customers": self.customers}
        new_owner = {code: request.to for request in requests for code in request.taken}
        if new_owner:
            owners = [new_owner.get(code, owner) for code, owner in self.customers.select(c.CUSTOMER_CODE, c.OWNER).iter_rows()]
            customers = self.customers.with_columns(pl.Series(c.OWNER, owners, dtype=pl.String))
            tables["customers"] = lookups.fill({**self.records(), "customers": customers}, self.settings.current_quarter)["customers"]
        origins: dict[str, pl.Series] = {}
        if self.store.has("handovers"):
            read = self.store.read("handovers")
            before["handovers"] = read.frame
            rows = self._rows(read.frame, requests, day)
            named = lookups.fill({"customers": self.customers, "handovers": rows}, "")["handovers"]
            tables["handovers"] = named
            added = pl.Series([None] * (rows.height - read.frame.height), dtype=read.rows.dtype)
            origins["handovers"] = pl.concat([read.rows, added])
        pages = [part.page for part in parts]
        return recording.save(self.store, "handover", WorkbookChanges(tables=tables, pages=pages, origins=origins), before)

    def _rows(self, table: pl.DataFrame, requests: Sequence[_Request], day: dt.date) -> pl.DataFrame:
        """The Handover table afterwards: rows that were carried out have their day, others say what is wrong, a terminal's are new."""
        rows = table.rows(named=True)
        filled: set[int] = set()
        for request in sorted(requests, key=lambda each: each.refused is not None):
            if request.refused is not None:
                if request.place is not None and request.place not in filled:
                    rows[request.place] = {**rows[request.place], c.MESSAGE: _said(request.refused, self.settings.language)}
                continue
            owner = self.of_code[request.code] if request.code else request.from_owner
            done: dict[str, Any] = {
                c.CUSTOMER_CODE: request.code or None, c.FROM_OWNER: owner or None, c.TO_OWNER: request.to, c.MESSAGE: None,
                c.DONE_ON: day, c.CUSTOMERS: len(request.taken),
            }  # fmt: skip
            if request.place is None or request.place in filled:
                # A row that means several selected customers becomes one row each.
                rows.append({**dict.fromkeys(table.columns), **(rows[request.place] if request.place is not None else {}), **done})
            else:
                rows[request.place] = {**rows[request.place], **done}
                filled.add(request.place)
        return pl.DataFrame(rows, schema=table.schema)


def _said(problem: Problem, language: Language) -> str:
    return (": " if language == "en" else "：").join((problem.message(language), problem.remedy(language)))


def _lines(frames: Frames, settings: Settings, quarters: tuple[str, str] | None, day: dt.date) -> list[dict[str, Any]]:
    """The visit line of every customer, in the order of the routes; the profiles alone where there is no quarter to look at."""
    if quarters is not None:
        lines = results.comparison_of(frames, settings, *quarters, day).visit_lines
        return list(lines.unique(c.CUSTOMER_CODE, keep="first", maintain_order=True).iter_rows(named=True))
    profiles = frames["customers"].unique(c.CUSTOMER_CODE, keep="first", maintain_order=True)
    return list(profiles.sort(c.ROUTE, c.VISIT_ORDER, c.CUSTOMER_CODE, nulls_last=True).iter_rows(named=True))


def _handed(
    lines: Sequence[Mapping[str, Any]], frames: Frames, owners: Mapping[str, str], names: Mapping[str, str], day: dt.date
) -> list[HandedCustomer]:
    codes = [line[c.CUSTOMER_CODE] for line in lines]
    own = pl.col(c.CUSTOMER_CODE).is_in(codes)
    bought: dict[str, str] = {}
    for code, on, period in frames["purchases"].filter(own).select(c.CUSTOMER_CODE, c.DATE, c.PERIOD).iter_rows():
        bought[code] = max(bought.get(code, ""), on.isoformat() if on else period or "")
    kinds = dict(frames["customers"].select(c.CUSTOMER_CODE, c.BUSINESS_TYPE).drop_nulls().iter_rows())
    contacts: dict[str, list[Contact]] = {}
    follow_ups = (
        frames["follow_ups"].filter(own & pl.col(c.DATE).is_not_null()).sort(c.DATE, c.FOLLOW_UP_ID, descending=True, nulls_last=True)
    )
    for row in follow_ups.iter_rows(named=True):
        said = " · ".join(part for part in (row[c.OUTCOME], row[c.NOTE]) if part)
        contacts.setdefault(row[c.CUSTOMER_CODE], []).append(
            Contact(row[c.DATE], row[c.KIND] or "", said, row[c.NEXT_ACTION] or "", row[c.NEXT_ACTION_ON])
        )
    found = []
    for line in lines:
        code = line[c.CUSTOMER_CODE]
        kind = kinds.get(code) or line.get(c.BUSINESS_TYPE) or ""
        known = contacts.get(code, [])
        found.append(HandedCustomer(line, owners.get(code, ""), names.get(kind, kind), bought.get(code, ""), known, open_tasks(known, day)))
    return found
