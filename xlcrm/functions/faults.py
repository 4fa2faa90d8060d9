"""What keeps a function from answering, as the short text that stands in its cell."""

from __future__ import annotations

from xlcrm.texts import Language, text


class Fault(Exception):
    """Raised inside a function's body, shown by `call`. entry: of `texts/functions.toml`, without its `error_`; places fill its text."""

    def __init__(self, entry: str, **places: object) -> None:
        super().__init__(entry)
        self.entry = entry
        self.places = places

    def text(self, language: Language) -> str:
        """What the cell says."""
        return fault_text(self.entry, language, **self.places)


MOST_SHOWN = 120
"""Characters of a user's own text that an error shows."""


def fault_text(entry: str, language: Language, **places: object) -> str:
    """The text of an error; a text that a user wrote is cut so that the error stays short, an example formula never."""
    shown = {name: value if name == "example" else _cut(value) for name, value in places.items()}
    return text(f"functions.error_{entry}", language).format_map(shown)


def _cut(value: object) -> object:
    if not isinstance(value, str):
        return value
    printable = "".join(sign if sign.isprintable() else " " for sign in value[: MOST_SHOWN + 1])
    return printable if len(printable) <= MOST_SHOWN else printable[:MOST_SHOWN] + "…"
