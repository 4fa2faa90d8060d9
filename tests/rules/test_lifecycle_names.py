"""Every id that a sheet may show of value, stages and warnings has a name in both languages, and no two of a kind the same."""

from __future__ import annotations

import pytest

from xlcrm.rules.activity import ACTIVE, DORMANT
from xlcrm.rules.kpis import KPIS, VOICE_KPIS
from xlcrm.rules.lifecycle import ACQUISITION_STAGES, STAGES, STATUS_STAGES
from xlcrm.rules.rfm import SEGMENTS
from xlcrm.rules.warnings import SIGNALS
from xlcrm.texts import LANGUAGES, Language, entries, text

KINDS = {
    "segment": tuple(SEGMENTS), "stage": STAGES, "acquisition": ACQUISITION_STAGES, "status": STATUS_STAGES, "activity": (ACTIVE, DORMANT),
    "signal": SIGNALS, "kpi": (*KPIS, *VOICE_KPIS),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_has_its_own_name(kind: str, language: Language) -> None:
    names = [text(f"lifecycle.{kind}_{each}", language) for each in KINDS[kind]]
    assert len(set(names)) == len(names)
    assert {entry for entry in entries("lifecycle") if entry.startswith(f"{kind}_")} == {f"{kind}_{each}" for each in KINDS[kind]}
