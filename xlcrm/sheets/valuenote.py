"""What stands above the lifetime value on its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlcrm.sheets import places

if TYPE_CHECKING:
    from xlcrm.sheets.cellvalues import Value


def value_note(words: str) -> dict[str, Value]:
    """The note by its cell's name; empty words take it away."""
    return {places.VALUE_NOTE: words}
