"""The card as a PDF; a room of its own, as a workbook in a browser writes no files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xlcrm.jobs.cards import card_of
from xlcrm.jobs.store import Store
from xlcrm.printing.typst_painter import pdf
from xlcrm.rules.card import Card
from xlcrm.sheets.cardpage import card_page


def print_card(store: Store, code: str, out: Path, as_of: dt.date | None = None) -> Card:
    """Writes the card as a PDF of one page. Raises CannotDo where no table knows the code, or the file cannot be written."""
    card = card_of(store, code, as_of)
    settings = store.settings()
    pdf([card_page(card, settings, card.as_of)], out, settings.language)
    return card
