"""Draws the macros' icons: `python -m tools.draw_icons` writes `xlcrm/hosts/icons/<macro>.svg` and its PNGs.

Calm line icons on a grid of 32: strokes of 2 in the brand's colour, one stroke in the colour of actions that says what happens.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import typst

from xlcrm.hosts.icons import SIZES_PX, icon_name
from xlcrm.sheets.styles import TOKENS

FOLDER = Path(__file__).resolve().parents[1] / "xlcrm" / "hosts" / "icons"

_SHEET = '<path class="b" d="M6 5.5h14l6 6v15H6z"/><path class="b" d="M20 5.5v6h6"/>'
SHAPES: dict[str, str] = {
    # The add-in itself: a sheet with a line that rises.
    "xlcrm": '<path class="b" d="M5 5h22v22H5z"/><path class="b" d="M5 11.5h22M11.5 11.5V27"/>'
    '<path class="a" d="m15 22.5 3.5-3.5 2 2 3.5-4"/>',
    # A tray that an arrow goes into.
    "import_exports": '<path class="b" d="M5 18v8h22v-8"/><path class="a" d="M16 4.5v15"/><path class="a" d="M10.5 14 16 19.5 21.5 14"/>',
    # A list whose lines are ticked.
    "check": '<path class="a" d="m4.5 8.5 2.5 2.5 4.5-5"/><path class="a" d="m4.5 20.5 2.5 2.5 4.5-5"/>'
    '<path class="b" d="M16 9h11.5M16 21h11.5"/>',
    # A calendar with a tick.
    "close_quarter": '<path class="b" d="M5 8h22v18.5H5z"/><path class="b" d="M5 13h22"/><path class="b" d="M11 4.5V10M21 4.5V10"/>'
    '<path class="a" d="m11.5 19.5 3 3 6-6"/>',
    # Two bars side by side, an arrow up and an arrow down.
    "compare_quarters": '<path class="b" d="M5 27V15h7v12M20 27V9h7v18"/><path class="b" d="M3.5 27h25"/>'
    '<path class="a" d="M8.5 10V4.5M6 7l2.5-2.5L11 7"/>',
    # A calendar with a way through its days.
    "plan_visits": '<path class="b" d="M5 8h22v18.5H5z"/><path class="b" d="M5 13h22"/><path class="b" d="M11 4.5V10M21 4.5V10"/>'
    '<path class="a" d="M10 22.5h4l4-5h4"/><circle class="a" cx="9" cy="22.5" r="1"/><circle class="a" cx="23" cy="17.5" r="1"/>',
    # Stops on a way.
    "build_route_sheets": '<path class="b" d="M10.5 25H22a4.5 4.5 0 0 0 0-9H11a4.5 4.5 0 0 1 0-9h10.5"/>'
    '<circle class="a" cx="7.5" cy="25" r="2.5"/><circle class="a" cx="24.5" cy="7" r="2.5"/>',
    # A printer.
    "print_pack": '<path class="b" d="M9 11V4.5h14V11"/><path class="b" d="M9 22.5H4.5V11h23v11.5H23"/>'
    '<path class="a" d="M9 18h14v9.5H9z"/>',
    # Lines of a notebook, and a pen's stroke that goes into them.
    "take_in": '<path class="b" d="M5 27V5h14"/><path class="b" d="M5 27h22V15"/><path class="b" d="M10 12h6M10 21.5h12"/>'
    '<path class="a" d="M27.5 4.5 17 15M16.5 10v5.5H22"/>',
    # Bars of a count above a line.
    "summarise": '<path class="b" d="M4.5 27h23"/><path class="b" d="M7 27v-8h5v8M20 27V9h5v18"/><path class="a" d="M13.5 27V14h5v13"/>',
    # An open book with a tick.
    "apply_playbook": '<path class="b" d="M16 8.5c-3-2-7-2.5-11.5-2.5v18c4.5 0 8.5.5 11.5 2.5"/>'
    '<path class="b" d="M16 8.5c3-2 7-2.5 11.5-2.5v18c-4.5 0-8.5.5-11.5 2.5"/>'
    '<path class="b" d="M16 8.5V26"/><path class="a" d="m19 15.5 2 2 3.5-4"/>',
    # An arrow that turns back, over the rows of a record.
    "undo_last": '<path class="a" d="M5 10.5h13.5a6 6 0 0 1 0 12H12"/><path class="a" d="M10 5.5 5 10.5l5 5"/>'
    '<path class="b" d="M5 22.5h3M5 27.5h22"/>',
    # Two people alike, and a glass over them.
    "find_duplicates": '<path class="b" d="M4.5 25v-2a5 5 0 0 1 5-5h1"/><circle class="b" cx="11" cy="10" r="4.5"/>'
    '<circle class="a" cx="20" cy="19.5" r="5.5"/><path class="a" d="m24 23.5 4 4"/>',
    # Two ways that become one.
    "merge_customers": '<path class="b" d="M6 5v5a7 7 0 0 0 7 7h3M26 5v5a7 7 0 0 1-7 7h-3"/><path class="a" d="M16 17v10.5"/>'
    '<path class="a" d="m11.5 23 4.5 4.5 4.5-4.5"/>',
    # A person, and an arrow to another.
    "hand_over": '<circle class="b" cx="8" cy="9" r="4"/><circle class="b" cx="24" cy="9" r="4"/>'
    '<path class="b" d="M3.5 18a4.5 4.5 0 0 1 9 0M19.5 18a4.5 4.5 0 0 1 9 0"/><path class="a" d="M5 25.5h21"/>'
    '<path class="a" d="m22 21.5 4 4-4 4"/>',
    # A sun over the lines of a list.
    "today": '<path class="a" d="M16 3.5v2.5M6.5 7.5l1.8 1.8M25.5 7.5l-1.8 1.8"/><path class="a" d="M10 15a6 6 0 0 1 12 0"/>'
    '<path class="b" d="M4.5 19h23M4.5 23.5h23M4.5 28h14"/>',
    # A person, and a stroke through it.
    "erase_customers": '<circle class="b" cx="16" cy="10.5" r="5"/><path class="b" d="M6 27c0-5.5 4.5-9 10-9s10 3.5 10 9"/>'
    '<path class="a" d="M5 5l22 22"/>',
    # A card with a head and lines.
    "customer_card": '<path class="b" d="M4.5 6.5h23v19h-23z"/><circle class="a" cx="11" cy="13" r="2.8"/>'
    '<path class="a" d="M6.8 21a4.2 4.2 0 0 1 8.4 0"/><path class="b" d="M19 12.5h5M19 17h5M19 21.5h3"/>',
    # A stop, and an arrow to the next; the same the other way.
    "next_on_route": '<circle class="b" cx="8" cy="16" r="4"/><path class="a" d="M15 16h12.5"/>'
    '<path class="a" d="m22 10.5 5.5 5.5-5.5 5.5"/>',
    "previous_on_route": '<circle class="b" cx="24" cy="16" r="4"/><path class="a" d="M17 16H4.5"/>'
    '<path class="a" d="M10 10.5 4.5 16l5.5 5.5"/>',
    # A dial with its hand, over a line.
    "dashboard": '<path class="b" d="M4.5 22a11.5 11.5 0 0 1 23 0"/><path class="b" d="M4.5 27h23"/><path class="a" d="m16 22 5-7.5"/>'
    '<path class="b" d="M16 10.5V13M8 22H6M26 22h-2"/>',
    # Points of a cloud, and a glass over them.
    "analyse": '<circle class="b" cx="7" cy="24" r="1.5"/><circle class="b" cx="13" cy="27" r="1.5"/>'
    '<circle class="b" cx="6" cy="15" r="1.5"/><circle class="a" cx="18.5" cy="12.5" r="7.5"/><path class="a" d="m24 18 5 5"/>'
    '<path class="a" d="m15 14 2.5-3 2.5 2 2.5-3.5"/>',
    # A bar across steps, and arrows that move it up and down.
    "what_if": '<path class="b" d="M4.5 27h6v-7h7v-7h7V6"/><path class="a" d="M4.5 12.5h10"/>'
    '<path class="a" d="M7 7.5 9.5 5 12 7.5M7 17.5 9.5 20 12 17.5M9.5 5v5M9.5 15v5"/>',
    # A page with a question.
    "why_this_grade": _SHEET + '<path class="a" d="M13 16a3 3 0 1 1 4.4 2.7c-1 .5-1.4 1.1-1.4 2"/><path class="a" d="M16 24v.1"/>',
}


def svg(shapes: str) -> str:
    """A whole icon."""
    style = "fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round"
    drawn = shapes.replace('class="b"', f'style="{style};stroke:#{TOKENS["brand"]}"').replace(
        'class="a"', f'style="{style};stroke:#{TOKENS["action"]}"'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">{drawn}</svg>\n'


def png(source: Path, size_px: int) -> bytes:
    """The icon as a PNG with a clear ground."""
    page = f'#set page(width: 32pt, height: 32pt, margin: 0pt, fill: none)\n#image("{source.name}", width: 32pt, height: 32pt)\n'
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / source.name).write_bytes(source.read_bytes())
        (root / "icon.typ").write_text(page, encoding="utf-8")
        painted = typst.compile(root / "icon.typ", format="png", ppi=72 * size_px / 32)
    assert isinstance(painted, bytes)
    return painted


def main() -> None:
    """Draws every icon anew."""
    for name, shapes in SHAPES.items():
        source = FOLDER / f"{name}.svg"
        source.write_text(svg(shapes), encoding="utf-8")
        for size_px in SIZES_PX:
            (FOLDER / icon_name(name, size_px)).write_bytes(png(source, size_px))
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
