"""What stands on Home after a run: figures, next steps, problems, whether everything adds up. The template holds the layout."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.settings import Settings
from xlcrm.sheets import places
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, has, text

if TYPE_CHECKING:
    from xlcrm.rules.comparison import Comparison

Value = str | int | float | dt.date | None
Values = dict[str, Value]

STOPPING = frozenset({"customer_on_two_routes", "repeated_key", "two_routes", "duplicate_row", "not_reconciled"})
"""Problems that keep the states from adding up: shown first, in rust."""
PROBLEM_LINES = 5
NEEDED = ("customers", "grades", "purchases")
BLOCKS_PER_PAGE = 10
"""Customers on a page of a route sheet."""


def home_values(
    comparison: Comparison | None, counts: Mapping[str, int], problems: pl.DataFrame, settings: Settings, as_of: dt.date, language: Language
) -> Values:
    """Defined name -> value of every cell of Home that a run fills.

    comparison: of this run, or None after an import. Then the figures of the last comparison stay, and the band says that they
    wait for a new one. counts: rows of the record tables by id. problems: the Problems table. as_of: the day of the run.
    """
    page = _Home(counts, _problem_counts(problems), settings, as_of, language)
    values: Values = {places.AS_OF: as_of}
    if comparison is None:
        values |= page.not_compared()
        values |= page.steps(None)
    else:
        figures = _Figures.of(comparison)
        values |= {places.CURRENT_QUARTER: comparison.current, places.PREVIOUS_QUARTER: comparison.previous}
        values |= page.cards(figures)
        values |= page.steps(figures)
        values |= page.band(figures)
    return values | page.problem_lines(problems)


def visit_values(due: int, overdue: int, settings: Settings, as_of: dt.date) -> Values:
    """What a follow-up changes on Home: the day, and the visits due and overdue of the quarters that stand there compared.

    Before the first comparison nothing but the day does.
    """
    values: Values = {places.AS_OF: as_of}
    if settings.current_quarter:
        page = _Home({}, {}, settings, as_of, settings.language)
        values |= {
            _name("overdue"): overdue,
            _name("overdue_note"): page.of_visits(due),
            _name("step_5_note"): page.overdue_visits(overdue),
        }
    return values


def today_values(as_of: dt.date) -> Values:
    """What the Today sheet changes on Home: the day that agreements are overdue by."""
    return {places.AS_OF: as_of}


def quarter_rows(quarters: list[str]) -> pl.DataFrame:
    """The Quarters table, which the selectors on Home offer: the latest quarter first."""
    return pl.DataFrame({c.QUARTER: sorted(set(quarters), reverse=True)}, schema={c.QUARTER: pl.String})


@dataclass(frozen=True, slots=True)
class _Figures:
    """The numbers of a comparison that Home shows; quantities and amounts as a person reads them."""

    current: str
    previous: str
    states: Mapping[str, int]
    quantity: float
    amount: float
    quantity_change: float | None
    amount_change: float | None
    due: int
    overdue: int
    customers_by_route: Mapping[str, int]
    failing: Mapping[str, object] | None

    @classmethod
    def of(cls, comparison: Comparison) -> _Figures:
        states = Counter(comparison.changes.get_column(c.STATE).to_list())
        lines = comparison.visit_lines.unique(subset=c.CUSTOMER_CODE, keep="first", maintain_order=True)
        summary = comparison.route_summary
        by_route = comparison.visit_lines.filter(pl.col(c.ROUTE).is_not_null()).group_by(c.ROUTE).len()
        failing = [row for row in comparison.reconciliation.iter_rows(named=True) if not row["ok"]]
        failing.sort(key=lambda row: (row[c.ROUTE] is None, str(row[c.ROUTE])))
        return cls(
            current=comparison.current,
            previous=comparison.previous,
            states={state: states.get(state, 0) for state in c.STATES},
            quantity=_sum(lines, c.QUANTITY) / SCALE[ColumnKind.QUANTITY],
            amount=_sum(lines, c.AMOUNT) / SCALE[ColumnKind.MONEY],
            quantity_change=_change(lines, c.QUANTITY, c.PREVIOUS_QUANTITY),
            amount_change=_change(lines, c.AMOUNT, c.PREVIOUS_AMOUNT),
            due=int(summary.get_column(c.DUE).sum() or 0),
            overdue=int(summary.get_column(c.OVERDUE).sum() or 0),
            customers_by_route=dict(by_route.iter_rows()),
            failing=failing[0] if failing else None,
        )

    @property
    def customers(self) -> int:
        return sum(self.states.values())

    @property
    def pages(self) -> int:
        """Pages of the route sheets, about."""
        return sum(-(-customers // BLOCKS_PER_PAGE) for customers in self.customers_by_route.values())


@dataclass(frozen=True, slots=True)
class _Home:
    """One run's texts for Home."""

    counts: Mapping[str, int]
    found: Mapping[str, int]
    settings: Settings
    as_of: dt.date
    language: Language

    def _text(self, entry: str, **given: object) -> str:
        return text(f"sheets.home_{entry}", self.language, **given)

    def cards(self, figures: _Figures) -> Values:
        """The six figures, each with one line of comparison."""
        states = figures.states
        ungraded = states[c.LOST] + states[c.UNGRADED]
        comparable = states[c.UP] + states[c.KEPT] + states[c.DOWN]
        shown: dict[str, tuple[Value, str]] = {
            "customers": (figures.customers, self._text("graded", graded=figures.customers - ungraded, rest=ungraded)),
            "quantity": (figures.quantity, self._against(figures.previous, figures.quantity_change)),
            "amount": (figures.amount, self._against(figures.previous, figures.amount_change)),
            "up": (states[c.UP], self._share(states[c.UP], comparable)),
            "down": (states[c.DOWN], self._share(states[c.DOWN], comparable)),
            "overdue": (figures.overdue, self.of_visits(figures.due)),
        }
        return {
            name: value for card, (figure, note) in shown.items() for name, value in ((_name(card), figure), (_name(f"{card}_note"), note))
        }

    def _against(self, previous: str, change: float | None) -> str:
        if change is None:
            return self._text("against_nothing")
        sign = "▲ +" if change >= 0.0005 else "▼ −" if change <= -0.0005 else ""
        return self._text("against", previous=previous, change=f"{sign}{abs(change):.1%}")

    def _share(self, part: int, whole: int) -> str:
        return self._text("comparable", share=f"{part / whole:.1%}") if whole else self._text("against_nothing")

    def steps(self, figures: _Figures | None) -> Values:
        """The five steps: done ones ticked, the first open one is the next, printing waits until everything adds up."""
        missing = [TABLES[table_id].label(self.language) for table_id in NEEDED if not self.counts.get(table_id)]
        open_problems = sum(self.found.values())
        stopping = sum(count for code, count in self.found.items() if code in STOPPING)
        reconciled = figures is not None and figures.failing is None
        if not missing:
            imported = self._text("imported", customers=self.counts["customers"])
        else:
            separator = ", " if self.language == "en" else "、"
            imported = (
                self._text("missing_tables", tables=separator.join(missing)) if len(missing) < len(NEEDED) else self._text("run_import")
            )
        settle = "all_settled" if not open_problems else "some_stop" if stopping else "none_stops"
        notes = (
            imported,
            ("! " if stopping else "") + self._text(settle, count=stopping),
            self._compared(figures),
            self._to_print(figures),
            self._visits(figures),
        )
        done = (not missing, not open_problems, reconciled, False, False)
        waits = (False, False, False, not reconciled, False)
        reached = 1 + next((place for place, is_done in enumerate(done) if not is_done and not waits[place]), len(done) - 1)
        values: Values = {}
        for number, note in enumerate(notes, start=1):
            is_done = done[number - 1]
            values[_name(f"step_{number}")] = f"{'✓' if is_done else number}   {self._step(number, open_problems)}"
            values[_name(f"step_{number}_note")] = note
            state = "now" if number == reached else "done" if is_done else "waits" if waits[number - 1] else "open"
            values[_name(f"step_{number}_state")] = state
        return values

    def _step(self, number: int, open_problems: int) -> str:
        if number != 2:
            return self._text(f"step_{number}")
        if not open_problems:
            return self._text("step_2_none")
        return self._text("step_2_one") if open_problems == 1 else self._text("step_2", problems=open_problems)

    def _compared(self, figures: _Figures | None) -> str:
        if figures is None:
            return self._text("run_quarter")
        if figures.failing is None:
            return self._text("reconciled_everywhere")
        route = figures.failing[c.ROUTE]
        return "! " + (self._text("nowhere_fails") if route is None else self._text("route_fails", route=route))

    def _to_print(self, figures: _Figures | None) -> str:
        if figures is None:
            return self._text("run_print")
        if figures.failing is not None:
            return self._text("print_waits")
        return self._text("pages", routes=len(figures.customers_by_route), pages=figures.pages)

    def _visits(self, figures: _Figures | None) -> str:
        if figures is None:
            return self._text("after_print")
        return self.overdue_visits(figures.overdue)

    def of_visits(self, due: int) -> str:
        """Below the number of visits overdue: how many are due."""
        return self._text("of_visits", due=due)

    def overdue_visits(self, overdue: int) -> str:
        """The note of the last step."""
        return self._text("visits_overdue", overdue=overdue) if overdue else self._text("visits_done")

    def band(self, figures: _Figures) -> Values:
        """Whether the states of all customers add up, the sum written out; else which route fails and by how much."""
        grades = self._text(f"from_{self.settings.grades_from}")
        foot = self._text("foot", day=self.as_of.isoformat(), current=figures.current, previous=figures.previous, grades=grades)
        failing = figures.failing
        if failing is None:
            parts = [
                self._text("sum_part", count=count, state=text(f"sheets.state_{state}", self.language))
                for state, count in figures.states.items()
            ]
            words = self._text("reconciled", customers=figures.customers, sum=" + ".join(parts))
        else:
            numbers = {"customers": failing[c.CUSTOMERS], "sum": failing["sum"]}
            route = failing[c.ROUTE]
            reason = self._text("reason_nowhere", **numbers) if route is None else self._text("reason_route", route=route, **numbers)
            words = self._text("not_reconciled", reason=reason)
        return {_name("band"): words, _name("band_state"): "ok" if failing is None else "stop", _name("foot"): foot}

    def not_compared(self) -> Values:
        """After an import: how many customers there are; everything else waits for the next comparison."""
        earlier = bool(self.settings.current_quarter)
        return {
            _name("customers"): self.counts.get("customers", 0),
            _name("customers_note"): self._text("after_import"),
            _name("band"): self._text("compare_again" if earlier else "not_compared"),
            _name("band_state"): "open",
            _name("foot"): self._text("foot_import", day=self.as_of.isoformat()),
        }

    def problem_lines(self, problems: pl.DataFrame) -> Values:
        """The problems that stop printing, then the most frequent ones; what does not fit is added up in the last line."""
        ordered = sorted(self.found.items(), key=lambda item: (item[0] not in STOPPING, -item[1], item[0]))
        lines = [(("! " if code in STOPPING else "") + self._problem_title(code, problems), count) for code, count in ordered]
        if len(lines) > PROBLEM_LINES:
            rest = sum(count for _, count in lines[PROBLEM_LINES - 1 :])
            lines = [*lines[: PROBLEM_LINES - 1], (self._text("other_problems"), rest)]
        values: Values = {}
        for number in range(1, PROBLEM_LINES + 1):
            title, count = lines[number - 1] if number <= len(lines) else (None, None)
            values[_name(f"problem_{number}")] = title if lines or number > 1 else self._text("no_problems")
            values[_name(f"problem_{number}_count")] = count
        return values

    def _problem_title(self, code: str, problems: pl.DataFrame) -> str:
        """A problem's short name, else the message of its first row."""
        if has(f"sheets.problem_{code}"):
            return text(f"sheets.problem_{code}", self.language)
        messages = problems.filter(pl.col(c.PROBLEM) == code).get_column(c.MESSAGE).drop_nulls()
        return str(messages[0]) if messages.len() else code


def _name(cell: str) -> str:
    return places.HOME_PREFIX + cell


def _problem_counts(problems: pl.DataFrame) -> dict[str, int]:
    """Open problems by code."""
    if c.PROBLEM not in problems.columns:
        return {}
    return dict(problems.filter(pl.col(c.PROBLEM).is_not_null()).group_by(c.PROBLEM).len().iter_rows())


def _sum(lines: pl.DataFrame, column: str) -> int:
    """The sum of a column in whole parts (cents, thousandths); nothing counts as 0."""
    return int(lines.get_column(column).cast(pl.Int64).sum() or 0)


def _change(lines: pl.DataFrame, column: str, earlier: str) -> float | None:
    """A sum against the compared quarter's, or None where there is nothing to compare with."""
    before = _sum(lines, earlier)
    return _sum(lines, column) / before - 1 if before > 0 else None
