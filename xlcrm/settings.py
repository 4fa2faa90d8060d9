"""Business settings: what a company decides and a rule may not assume. Units stand in the names."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from xlcrm.texts import Language


class GradeParts(BaseModel):
    """A grade code taken apart. `rank` orders the grades of one type, 0 is the best."""

    model_config = ConfigDict(frozen=True)
    code: str
    business_type: str
    size: str
    sub_level: str
    rank: int


class GradeGrammar(BaseModel):
    """How a grade code is written: business type, size, and perhaps a sub-level.

    sizes: ordered, best first. sub_levels: ordered, best first; a code without one is the size itself and stands before its
    sub-levels. business_types: those allowed; empty allows any run of letters (of any script);
    `typed=False` is a grammar without types (plain `A`, `B`, `C`), the type is then the empty text.
    """

    model_config = ConfigDict(frozen=True)
    sizes: tuple[str, ...] = ("1", "2", "3")
    sub_levels: tuple[str, ...] = ("1", "2", "3")
    business_types: tuple[str, ...] = ()
    typed: bool = True

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        def one_of(options: tuple[str, ...]) -> str:
            return "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))

        kind = ("(?:" + one_of(self.business_types) + ")" if self.business_types else r"[^\W\d_]+") if self.typed else ""
        sub_level = f"({one_of(self.sub_levels)})?" if self.sub_levels else "()"
        return re.compile(f"({kind})({one_of(self.sizes)}){sub_level}")

    def parse(self, written: str) -> GradeParts | None:
        """The parts of a code (after NFKC, trim, upper case), or None when it is outside the grammar."""
        code = unicodedata.normalize("NFKC", written).strip().upper()
        match = self._pattern.fullmatch(code)
        if match is None:
            return None
        business_type, size, sub_level = match.group(1), match.group(2), match.group(3) or ""
        step = len(self.sub_levels) + 1
        rank = self.sizes.index(size) * step
        if sub_level:
            rank += 1 + self.sub_levels.index(sub_level)
        return GradeParts(code=code, business_type=business_type, size=size, sub_level=sub_level, rank=rank)


class Settings(BaseModel):
    """All settings of a workbook; the Settings sheet shows and changes them."""

    model_config = ConfigDict(frozen=True)
    language: Language = "en"
    grammar: GradeGrammar = GradeGrammar()
    batches: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    routes_count: int = Field(10, ge=1, description="number of visit routes in a cycle")
    cycle_days: int = Field(10, ge=1, description="working days in a visit cycle")
    current_quarter: str = ""
    previous_quarter: str = ""
    company: str = ""
    grades_from: Literal["export", "minimums", "percentiles"] = "export"
    percentile_cuts_percent: tuple[float, ...] = (33.3, 66.7)
    near_tier_percent: float = Field(10.0, ge=0, description="a gap up to this share of the minimum is near")
    change_marked_percent: float = Field(20.0, ge=0, description="a change from here on is shown bold")
    visit_interval_days: int = Field(14, ge=1, description="a customer without a follow-up for longer is overdue")
    size_interval_days: tuple[Annotated[int, Field(ge=1, le=3650)], ...] = ()
    no_contact_days: int = Field(30, ge=1, le=3650, description="without any contact for that long a customer is due")
    birthday_days: int = Field(7, ge=0, le=365, description="a birthday is due that many days ahead")
    visit_minutes: int = Field(20, ge=1, le=480, description="minutes that a visit takes, without the way")
    size_visit_minutes: tuple[Annotated[int, Field(ge=1, le=480)], ...] = ()
    goal_quantity: float | None = Field(None, gt=0, description="units to be bought in a quarter; None is no goal")
    goal_amount: float | None = Field(None, gt=0, description="currency units to be bought in a quarter; None is no goal")
    user_name: str = Field("", max_length=60, description="who works in this workbook, where the machine does not say it")
    high_spend_percent: float = Field(20.0, ge=0, le=100, description="the customers of the largest amounts that are high spenders")

    def visit_interval_of_size(self, size: str | None) -> int:
        """Days between two visits of a customer of that size; where the size has none of its own, those of everybody."""
        if size in self.grammar.sizes[: len(self.size_interval_days)]:
            return self.size_interval_days[self.grammar.sizes.index(size)]
        return self.visit_interval_days

    def visit_minutes_of_size(self, size: str | None) -> int:
        """Minutes that a visit to a customer of that size takes; where the size has none of its own, those of everybody."""
        if size in self.grammar.sizes[: len(self.size_visit_minutes)]:
            return self.size_visit_minutes[self.grammar.sizes.index(size)]
        return self.visit_minutes

    def batch_of_position(self, position: int) -> str:
        """The batch of the route at that place in the cycle (1-based): with five batches route 1 and 6 share one."""
        return self.batches[(position - 1) % len(self.batches)]


@lru_cache(maxsize=8)
def default_settings(language: Language = "en") -> Settings:
    """The settings of a new workbook."""
    return Settings(language=language)
