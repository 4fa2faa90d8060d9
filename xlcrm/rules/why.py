"""Why a customer has its grade: the rows that it comes from, the rule, the thresholds, the earlier quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from xlcrm.rules.changes import changes_of_rows
from xlcrm.rules.frames import Frame, collected, lazy, records
from xlcrm.rules.gaps import gaps
from xlcrm.rules.grades import graded
from xlcrm.rules.minimums import tier_minimums
from xlcrm.rules.quarters import previous_quarter
from xlcrm.rules.totals import PURCHASES_COUNT, quarter_totals, totals_of
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

ROW = "row"
"""Column of `grades` and `purchases` that says where a row stands, a whole number; where it is absent no row is named."""
MOST_ROWS = 12
"""Purchases that are listed one by one; the rest is counted."""

Figures = Mapping[str, Any]
"""A customer's row of a result: column id -> value."""
_NONE: Figures = {}


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One line. label: id of its text. value: a text in the workbook's language, or a number (units of sale, currency units)."""

    label: str
    value: str | int | float

    def label_text(self, language: Language) -> str:
        """What stands before the value."""
        return text(self.label, language)

    def line(self, language: Language) -> str:
        """Both on one line."""
        value = self.value if isinstance(self.value, str) else f"{self.value:,.15g}"
        return text("functions.reason_line", language, label=self.label_text(language), value=value)


def why(
    code: str,
    customers: Any,
    grades: Any,
    purchases: Any,
    settings: Settings,
    quarter: str,
    grade_rules: Any = None,
    previous: str = "",
) -> list[WhyLine]:
    """The explanation of one customer's grade in a quarter; no lines where neither table knows the code.

    Frames are typed tables: customers (code, name), grades (code, quarter, grade, perhaps source and `row`), purchases (code, quarter,
    quantity, amount, perhaps date, period and `row`), grade_rules where grades are computed by minimums. previous: the quarter to
    compare with; the one before where it is left out.
    """
    return _Why(code, customers, grades, purchases, settings, quarter, grade_rules, previous or previous_quarter(quarter)).lines()


class _Why:
    """The parts of the explanation; each gives its lines."""

    def __init__(
        self, code: str, customers: Any, grades: Any, purchases: Any, settings: Settings, quarter: str, grade_rules: Any, previous: str
    ) -> None:
        self.code, self.settings, self.language = code, settings, settings.language
        self.quarter, self.previous, self.rules = quarter, previous, grade_rules
        own = nw.col(c.CUSTOMER_CODE) == code
        self.names = records(collected(lazy(customers).filter(own).select(c.CUSTOMER_CODE, c.CUSTOMER_NAME)))
        self.grade_rows = records(collected(lazy(grades).filter(own)))
        self.purchase_rows = records(collected(lazy(purchases).filter(own & (nw.col(c.QUARTER) == quarter))))
        known = graded(grades, settings.grammar)
        self._backend = nw.from_native(grades, eager_only=True, pass_through=False).implementation
        held = collected(known.filter(nw.col(c.QUARTER) == quarter)).lazy()
        totals = collected(quarter_totals(purchases, (quarter, previous)))
        now = totals_of(totals.lazy(), quarter)
        tiers = collected(tier_minimums(held, now, len(settings.grammar.sizes) - 1))
        self.grade = _first(held.filter(own))
        self.earlier = _first(known.filter(own & (nw.col(c.QUARTER) == previous)))
        self.bought = _first(now.filter(own))
        self.bought_earlier = _first(totals_of(totals.lazy(), previous).filter(own))
        self.gap = _first(gaps(held, now, tiers.lazy()).filter(own))
        self.tier = next((tier for tier in records(tiers) if tier[c.GRADE] == self.grade.get(c.GRADE)), _NONE)

    def lines(self) -> list[WhyLine]:
        if not self.names and not self.grade_rows:
            return []
        return [*self._customer(), *self._grade(), *self._rule(), *self._purchases(), *self._thresholds(), *self._earlier()]

    def _customer(self) -> list[WhyLine]:
        name = next((row[c.CUSTOMER_NAME] for row in self.names if row[c.CUSTOMER_NAME]), "")
        return [_line("customer", f"{self.code} {name}".strip()), _line("quarter", self.quarter)]

    def _grade(self) -> list[WhyLine]:
        """The grade, and each row of the Grades table that says one."""
        shown = self.grade.get(c.GRADE) or text("functions.reason_no_grade", self.language)
        rows = [row for row in self.grade_rows if row[c.QUARTER] == self.quarter and row[c.GRADE]]
        return [
            _line("grade", shown),
            *(_line("grade_row", self._row_text("grades", row, str(row[c.GRADE]), self._source(row))) for row in rows),
        ]

    def _source(self, row: Figures) -> str:
        source = row.get(c.SOURCE)
        return text("functions.reason_source", self.language, source=source) if source else ""

    def _rule(self) -> list[WhyLine]:
        """How the grade came about: taken from an export, by minimums, by percentile cuts."""
        if not self.grade:
            return []
        sources = {row.get(c.SOURCE) for row in self.grade_rows if row[c.QUARTER] == self.quarter}
        by = next((kind for kind in ("minimums", "percentiles") if kind in sources), "export")
        size, kind = self.grade[c.SIZE], self.grade[c.BUSINESS_TYPE]
        if by == "export":
            return [_line("rule", text("functions.reason_by_export", self.language))]
        if by == "percentiles":
            cuts = ", ".join(f"{cut:g} %" for cut in self.settings.percentile_cuts_percent)
            return [_line("rule", text("functions.reason_by_percentiles", self.language, cuts=cuts))]
        asked = self._asked(kind, size)
        lines = [_line("rule", text("functions.reason_by_minimums", self.language, grade=self.grade[c.GRADE]))]
        return [*lines, *self._amounts("rule_quantity", "rule_amount", asked, c.MIN_QUANTITY, c.MIN_AMOUNT)]

    def _asked(self, business_type: str, size: str) -> Figures:
        if self.rules is None:
            return _NONE
        rows = records(collected(lazy(self.rules)))
        typed = self.settings.grammar.typed
        return next((row for row in rows if row[c.SIZE] == size and (not typed or row[c.BUSINESS_TYPE] == business_type)), _NONE)

    def _purchases(self) -> list[WhyLine]:
        """The totals that count, and the rows they are the sum of."""
        if not self.bought:
            return [_line("purchases", text("functions.reason_no_purchases", self.language))]
        lines = [
            *self._amounts("quantity", "amount", self.bought, c.QUANTITY, c.AMOUNT),
            _line("purchases", self.bought[PURCHASES_COUNT]),
        ]
        shown = [row for row in self.purchase_rows if row.get(c.QUANTITY) is not None or row.get(c.AMOUNT) is not None]
        shown.sort(key=lambda row: (str(row.get(c.DATE) or row.get(c.PERIOD) or ""), row.get(ROW) or 0))
        for row in shown[:MOST_ROWS]:
            when = row.get(c.DATE) or row.get(c.PERIOD) or self.quarter
            figures = " · ".join(_shown(row.get(name), kind) for name, kind in _FIGURES if row.get(name) is not None)
            lines.append(_line("purchase_row", self._row_text("purchases", row, str(when), figures)))
        if len(shown) > MOST_ROWS:
            lines.append(_line("purchase_row", text("functions.reason_more_rows", self.language, more=len(shown) - MOST_ROWS)))
        return lines

    def _thresholds(self) -> list[WhyLine]:
        """The own tier's minimum with what lies above it, the next tier's with what is missing."""
        if not self.grade:
            return []
        lines = [_line("holders", self.tier[c.CUSTOMERS])]
        if self.tier["has_minimum"]:
            lines += self._amounts("own_quantity", "own_amount", self.tier, c.MIN_QUANTITY, c.MIN_AMOUNT)
            lines += self._amounts("cushion_quantity", "cushion_amount", self.gap, c.CUSHION_QUANTITY, c.CUSHION_AMOUNT)
        else:
            lines.append(_line("own_tier", text("functions.reason_lowest", self.language)))
        if not self.gap.get(c.NEXT_GRADE):
            best = self.grade[c.RANK] == 0
            return [*lines, _line("next", text("functions.reason_best" if best else "functions.reason_nobody_better", self.language))]
        skipped = self.gap[c.SKIPPED_TIERS]
        note = text("functions.skipped", self.language, count=skipped) if skipped else ""
        lines.append(_line("next", " · ".join(part for part in (self.gap[c.NEXT_GRADE], note) if part)))
        lines += self._amounts("next_quantity", "next_amount", self.gap, c.NEXT_MIN_QUANTITY, c.NEXT_MIN_AMOUNT)
        return [*lines, *self._amounts("gap_quantity", "gap_amount", self.gap, c.GAP_QUANTITY, c.GAP_AMOUNT)]

    def _earlier(self) -> list[WhyLine]:
        """The earlier quarter and the state against it."""
        pair: Frame = nw.from_dict(
            {c.GRADE: [self.grade.get(c.GRADE)], c.PREVIOUS_GRADE: [self.earlier.get(c.GRADE)]},
            schema={c.GRADE: nw.String(), c.PREVIOUS_GRADE: nw.String()}, backend=self._backend,
        ).lazy()  # fmt: skip
        state = records(collected(changes_of_rows(pair, self.settings.grammar)))[0]
        label = TABLES["route_summary"].by_id[state[c.STATE]].label(self.language)
        earlier = self.earlier.get(c.GRADE) or text("functions.reason_no_grade", self.language)
        lines = [_line("earlier_quarter", self.previous), _line("earlier_grade", earlier), _line("state", f"{state[c.SHOWN]} {label}")]
        return [*lines, *self._amounts("earlier_quantity", "earlier_amount", self.bought_earlier, c.QUANTITY, c.AMOUNT)]

    def _amounts(self, quantity_label: str, amount_label: str, row: Figures, quantity: str, amount: str) -> list[WhyLine]:
        """A line for each of the two figures that is known."""
        found = ((quantity_label, row.get(quantity), ColumnKind.QUANTITY), (amount_label, row.get(amount), ColumnKind.MONEY))
        return [_line(label, value / SCALE[kind]) for label, value, kind in found if value is not None]

    def _row_text(self, table_id: str, row: Figures, *parts: str) -> str:
        number = row.get(ROW)
        table = TABLES[table_id].label(self.language)
        place = text("functions.reason_place", self.language, table=table, row=number) if number is not None else ""
        return " · ".join(part for part in (place, *parts) if part)


_FIGURES = ((c.QUANTITY, ColumnKind.QUANTITY), (c.AMOUNT, ColumnKind.MONEY))


def _line(entry: str, value: str | int | float) -> WhyLine:
    return WhyLine(f"functions.reason_{entry}", value)


def _shown(parts: Any, kind: ColumnKind) -> str:
    return f"{parts / SCALE[kind]:,.2f}" if kind is ColumnKind.MONEY else f"{parts / SCALE[kind]:,.15g}"


def _first(frame: Frame) -> Figures:
    return next(iter(records(collected(frame))), _NONE)
