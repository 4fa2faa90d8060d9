"""The icons: one a macro, in every size, as the tool draws them, visible and clear."""

from __future__ import annotations

import struct

import pytest

from tools import draw_icons
from xlcrm.hosts.icons import SIZES_PX, icon_name, icon_png
from xlcrm.macros import MACROS


@pytest.mark.parametrize("macro_id", [*MACROS, "xlcrm"])
def test_there_is_one_in_every_size_and_it_is_what_the_tool_draws(macro_id: str) -> None:
    source = draw_icons.FOLDER / f"{macro_id}.svg"
    assert source.read_text(encoding="utf-8") == draw_icons.svg(draw_icons.SHAPES[macro_id])
    for size_px in SIZES_PX:
        assert struct.unpack(">2I", icon_png(macro_id, size_px)[16:24]) == (size_px, size_px)
        assert draw_icons.png(source, size_px) == (draw_icons.FOLDER / icon_name(macro_id, size_px)).read_bytes()


def test_no_icon_is_left_over() -> None:
    assert set(draw_icons.SHAPES) == {*MACROS, "xlcrm"}
    wanted = {icon_name(name, size) for name in draw_icons.SHAPES for size in SIZES_PX}
    assert {path.name for path in draw_icons.FOLDER.glob("*.png")} == wanted
