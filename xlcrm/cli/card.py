"""The verb of the customer card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from xlcrm.cli.app import LANGUAGE, Book, app, help_text, open_book, say
from xlcrm.texts import text


@app.command("card", help=text("macros.customer_card_help", LANGUAGE))
def card(
    book: Book,
    customer: Annotated[str, typer.Argument(metavar="CODE_OR_NAME", help=help_text("arg_customer"), show_default=False)],
    pdf: Annotated[Optional[Path], typer.Option("--pdf", metavar="OUT.pdf", help=help_text("arg_card_pdf"), show_default=False)] = None,  # noqa: UP045
    sheet: Annotated[bool, typer.Option("--sheet", help=help_text("arg_card_sheet"))] = False,
) -> None:
    from xlcrm.jobs.cards import card_of
    from xlcrm.jobs.searching import customer_of

    store = open_book(book)
    code = customer_of(store, customer)
    if pdf is None and not sheet:
        from xlcrm.jobs.cardtext import card_lines

        say(card_lines(card_of(store, code), store.settings()))
        return
    if pdf is not None:
        from xlcrm.jobs.cardprint import print_card

        print_card(store, code, pdf)
        print(text("card.printed", LANGUAGE, path=pdf))
    if sheet:
        from xlcrm.jobs.cardsheet import show_card

        show_card(store, code)
        print(text("card.painted", LANGUAGE, sheet=text("sheets.card", store.settings().language)))
