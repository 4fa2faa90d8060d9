"""The right verdict on two grades of a customer, by the rules of xlcrm."""

from __future__ import annotations

from dataclasses import dataclass

from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.texts import Language


@dataclass(frozen=True, slots=True)
class Verdict:
    """state: one of the seven; grade: the current grade, None where there is none; shown_text: as a route sheet shows it."""

    state: str
    grade: str | None
    shown_text: str

    def shown(self, language: Language) -> str:
        return self.shown_text or self.state


def right_verdicts(pairs: list[tuple[str | None, str | None]], settings: Settings) -> list[Verdict]:
    out = []
    for earlier, current in pairs:
        if current is None:
            out.append(Verdict(c.LOST if earlier else c.UNGRADED, None, earlier or ""))
            continue
        if earlier is None:
            out.append(Verdict(c.NEW, current, current + "+"))
            continue
        now, before = settings.grammar.parse(current), settings.grammar.parse(earlier)
        assert now and before
        if now.business_type != before.business_type:
            out.append(Verdict(c.TYPE_CHANGED, current, current + "~"))
            continue
        a, b = settings.grammar.sizes.index(now.size), settings.grammar.sizes.index(before.size)
        out.append(Verdict(c.UP if a < b else c.DOWN if a > b else c.KEPT, current, current + ("↑" if a < b else "↓" if a > b else "")))
    return out
