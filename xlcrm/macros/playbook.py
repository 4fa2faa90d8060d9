"""The macro that makes tasks of the Playbook's rules."""

from __future__ import annotations

from xlcrm.macros.catalog import declare
from xlcrm.macros.desk import Desk


@declare(group="customers", verb="playbook")
def apply_playbook(desk: Desk) -> list[str]:
    """Every rule of the Playbook, on every customer for whom it holds."""
    from xlcrm.jobs.playbook import apply_playbook as apply

    return apply(desk.store).lines(desk.language)
