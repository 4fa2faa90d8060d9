"""One icon a macro, for every host: `<macro>.svg`, drawn by `python -m tools.draw_icons` into `<macro>-<px>.png`."""

from __future__ import annotations

from importlib.resources import files

SIZES_PX = (16, 32, 64, 80)


def icon_name(macro_id: str, size_px: int) -> str:
    """The file name of a macro's icon of that size."""
    return f"{macro_id}-{size_px}.png"


def icon_png(macro_id: str, size_px: int) -> bytes:
    """A macro's icon as a PNG. Raises FileNotFoundError where it was not drawn (a bug, never a user's fault)."""
    return (files(__package__) / icon_name(macro_id, size_px)).read_bytes()
