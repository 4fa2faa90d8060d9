"""The look: colours, fonts and every `crm.*` cell style, said once for the workbook and for the PDF.

The template turns each entry of `STYLES` into a named cell style, so that a user who edits a style in Excel restyles the
whole book; the typst painter reads the same entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from xlcrm.texts import Language

TOKENS: dict[str, str] = {
    "white": "FFFFFF",
    "ink": "1F2A33",
    "ink-2": "4A5863",
    "ink-3": "687680",
    "line": "D5DCE1",
    "line-2": "8D9AA5",
    "wash": "F4F6F7",
    "wash-2": "E7ECEF",
    "brand": "14424D",
    "action": "1B6874",
    "action-tint": "E2EEF0",
    "up": "1D5B9E",
    "up-tint": "E3EDF8",
    "down": "A23B0A",
    "down-tint": "FBE7DC",
    "warn": "7A4D00",
    "warn-tint": "FFF1CF",
    "input": "FFFBEA",
    "size-1": "14424D",
    "size-2": "6E9AA3",
    "size-3": "C3D3D7",
    "bar-past": "B4C1C8",
}
"""Colour tokens as RRGGBB."""

SIZE_COLORS = ("size-1", "size-2", "size-3")
"""The colours of sizes in a stacked bar, the best size first."""

FONTS: dict[Language, str] = {"en": "Segoe UI", "zh": "Microsoft YaHei"}
"""The workbook's one font family a language."""

BASE_SIZE = 10.0
"""Points of the Normal style: its digit is 7 px wide, which a column's width counts in."""

TEXT = "@"
COUNT = '#,##0_0;"−"#,##0_0;#,##0_0;@_0'
MONEY = '#,##0.00_0;"−"#,##0.00_0;#,##0.00_0;@_0'
CHANGE = '[>=9.995]">999%"_0;[<0]"−"0%_0;+0%_0;@_0'
SHARE = "0.0%_0"
NUMBER = "0.####_0"
DATE = "yyyy-mm-dd"
SHORT_DATE = "mm-dd"
DOTS = '#,##0;"−"#,##0;"·";@'
"""A statistic: zero is a dot."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One border line: its stroke and its colour token."""

    stroke: Literal["thin", "medium", "thick", "dotted"]
    color: str


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """One cell style. `size` in points, colours are tokens (empty fill: none), `indent` in steps of about 8 px.

    shrink: text that does not fit gets smaller (an 18-digit code in a column for 12). locked: what Excel refuses to change once
    somebody protects the sheet; inputs are open.
    """

    size: float = BASE_SIZE
    bold: bool = False
    color: str = "ink"
    fill: str = ""
    left: Edge | None = None
    right: Edge | None = None
    top: Edge | None = None
    bottom: Edge | None = None
    horizontal: Literal["left", "center", "right"] = "left"
    vertical: Literal["top", "center", "bottom"] = "center"
    indent: int = 0
    wrap: bool = False
    shrink: bool = False
    number_format: str = "General"
    locked: bool = True


ROW = Edge("thin", "line")
GROUP = Edge("thin", "line-2")
TITLE = Edge("medium", "brand")
HEAD = Edge("medium", "ink")
WRITE = Edge("dotted", "line-2")
_GAP = Edge("medium", "white")
"""What divides the cells of a matrix."""

_TEXT = StyleSpec(indent=1)
_ROW_TEXT = StyleSpec(indent=1, bottom=ROW)
_ROW_CENTER = StyleSpec(horizontal="center", bottom=ROW)
_ROW_RIGHT = StyleSpec(horizontal="right", bottom=ROW)
_HEAD = StyleSpec(bold=True, color="white", fill="brand", indent=1, wrap=True)
_BUTTON = StyleSpec(bold=True, color="brand", fill="action-tint", horizontal="center")


def _general() -> dict[str, StyleSpec]:
    """Titles, heads and the typed cells of a table."""
    return {
        "crm.title": StyleSpec(size=16, bold=True, color="brand", bottom=TITLE),
        "crm.title.note": StyleSpec(color="ink-2", horizontal="right", bottom=TITLE),
        "crm.title.home": StyleSpec(size=22, bold=True, color="brand"),
        "crm.subtitle": StyleSpec(size=9.5, color="ink-2"),
        "crm.help": StyleSpec(size=9.5, color="ink-2", vertical="top", wrap=True),
        "crm.section": StyleSpec(size=11.5, bold=True, color="brand"),
        "crm.band": StyleSpec(size=12, bold=True, color="white", fill="brand", indent=1),
        "crm.subband": StyleSpec(fill="wash-2", indent=1),
        "crm.head": _HEAD,
        "crm.head.center": replace(_HEAD, horizontal="center", indent=0),
        "crm.head.right": replace(_HEAD, horizontal="right"),
        "crm.text": _ROW_TEXT,
        "crm.text.wrap": replace(_ROW_TEXT, wrap=True),
        "crm.name": replace(_ROW_TEXT, bold=True),
        "crm.code": replace(_ROW_TEXT, number_format=TEXT, shrink=True),
        "crm.center": replace(_ROW_CENTER, number_format=TEXT),
        "crm.int": replace(_ROW_RIGHT, number_format=COUNT),
        "crm.money": replace(_ROW_RIGHT, number_format=MONEY),
        "crm.change": replace(_ROW_RIGHT, number_format=CHANGE),
        "crm.share": replace(_ROW_RIGHT, number_format=SHARE),
        "crm.number": replace(_ROW_RIGHT, number_format=NUMBER),
        "crm.date": replace(_ROW_CENTER, number_format=DATE),
        "crm.caption": StyleSpec(size=9, color="ink-2"),
        "crm.note": StyleSpec(size=9, color="ink-3"),
        "crm.link": StyleSpec(bold=True, color="action", indent=1),
        "crm.back": StyleSpec(size=9.5, color="action"),
        "crm.write": StyleSpec(bottom=WRITE, locked=False),
    }


def _computed() -> dict[str, StyleSpec]:
    """Computed cells of a table: the same on wash."""
    wash = {
        "": _ROW_TEXT,
        ".wrap": replace(_ROW_TEXT, wrap=True),
        ".code": replace(_ROW_TEXT, number_format=TEXT, shrink=True),
        ".center": replace(_ROW_CENTER, color="ink-2"),
        ".int": replace(_ROW_RIGHT, number_format=COUNT),
        ".money": replace(_ROW_RIGHT, number_format=MONEY),
        ".change": replace(_ROW_RIGHT, number_format=CHANGE),
        ".share": replace(_ROW_RIGHT, number_format=SHARE),
        ".number": replace(_ROW_RIGHT, number_format=NUMBER),
        ".date": replace(_ROW_CENTER, number_format=DATE),
    }
    grade = replace(_ROW_CENTER, size=11, number_format=TEXT)
    return {
        **{f"crm.computed{kind}": replace(spec, fill="wash") for kind, spec in wash.items()},
        "crm.grade": grade,
        "crm.grade.up": _boxed(replace(grade, bold=True, color="up", fill="up-tint"), "up"),
        "crm.grade.down": replace(grade, bold=True, color="white", fill="down"),
        "crm.grade.other": replace(grade, color="ink-2"),
        "crm.computed.grade": replace(grade, fill="wash"),
    }


def _boxed(spec: StyleSpec, color: str) -> StyleSpec:
    """The style with a thin line all round."""
    edge = Edge("thin", color)
    return replace(spec, left=edge, right=edge, top=edge, bottom=edge)


def _on_wash(spec: StyleSpec) -> StyleSpec:
    return replace(spec, fill="wash")


def _home() -> dict[str, StyleSpec]:
    """Cards, buttons, bands."""
    card = StyleSpec(fill="wash", indent=1)
    return {
        "crm.input": _boxed(StyleSpec(size=11.5, bold=True, fill="input", horizontal="center", locked=False), "line-2"),
        "crm.input.left": StyleSpec(fill="input", indent=1, bottom=Edge("thin", "line-2"), number_format=TEXT, locked=False),
        "crm.total": StyleSpec(bold=True, fill="wash-2", indent=1, top=TITLE),
        "crm.total.int": StyleSpec(bold=True, fill="wash-2", horizontal="right", top=TITLE, number_format=COUNT),
        "crm.card": replace(card, size=9.5, color="ink-2"),
        "crm.figure": replace(card, size=22, bold=True, number_format='#,##0;"−"#,##0'),
        "crm.figure.up": replace(card, size=22, bold=True, color="up", number_format="#,##0"),
        "crm.figure.down": replace(card, size=22, bold=True, color="down", number_format="#,##0"),
        "crm.figure.warn": replace(card, size=22, bold=True, color="warn", number_format="#,##0"),
        "crm.button": _BUTTON,
        "crm.button.next": replace(_BUTTON, color="white", fill="action"),
        "crm.button.waits": replace(_BUTTON, bold=False, color="ink-2", fill="wash-2"),
        "crm.step": StyleSpec(bottom=ROW),
        "crm.step.note": StyleSpec(size=9.5, color="ink-2", bottom=ROW),
        "crm.step.count": StyleSpec(bold=True, horizontal="right", bottom=ROW, number_format=COUNT),
        "crm.selector": StyleSpec(color="ink-2", horizontal="right", indent=1),
        "crm.tile": StyleSpec(bold=True, color="action", indent=1),
        "crm.tile.count": StyleSpec(size=9.5, color="ink-2", indent=1, number_format="#,##0"),
        "crm.warn": StyleSpec(color="warn", fill="warn-tint", indent=1),
        "crm.stop": StyleSpec(bold=True, color="down", fill="down-tint", indent=1),
        "crm.ok": StyleSpec(color="brand", fill="action-tint", indent=1),
    }


def _route() -> dict[str, StyleSpec]:
    """The route sheet: band, sub-band, two lines of heads, two lines a customer."""
    band = StyleSpec(color="white", fill="brand", indent=1)
    head = StyleSpec(bold=True, indent=1)
    head_2 = StyleSpec(size=9.5, color="ink-2", indent=1, bottom=HEAD)
    right = StyleSpec(horizontal="right")
    grade = StyleSpec(size=12, bold=True, horizontal="center", number_format=TEXT)
    line_2 = StyleSpec(indent=1, bottom=GROUP)
    return {
        "crm.route.band": replace(band, size=18, bold=True),
        "crm.route.band.manager": replace(band, size=11, indent=0),
        "crm.route.band.quarters": replace(band, size=12, bold=True, horizontal="right"),
        "crm.route.subband": StyleSpec(fill="wash-2", indent=1),
        "crm.route.head": head,
        "crm.route.head.center": replace(head, horizontal="center", indent=0),
        "crm.route.head.right": replace(head, horizontal="right", indent=0),
        "crm.route.head2": head_2,
        "crm.route.head2.right": replace(head_2, horizontal="right", indent=0),
        "crm.route.number": StyleSpec(bold=True, horizontal="center"),
        "crm.route.name": StyleSpec(size=11, bold=True, indent=1),
        "crm.route.contact": _TEXT,
        "crm.route.grade": grade,
        "crm.route.grade.up": _boxed(replace(grade, color="up", fill="up-tint"), "up"),
        "crm.route.grade.down": replace(grade, color="white", fill="down"),
        "crm.route.grade.other": replace(grade, color="ink-2"),
        "crm.route.earlier": StyleSpec(color="ink-2", horizontal="center", number_format=TEXT),
        "crm.route.int": replace(right, number_format=COUNT),
        "crm.route.money": replace(right, number_format=COUNT),
        "crm.route.change": replace(right, number_format=CHANGE),
        "crm.route.change.strong": replace(right, bold=True, number_format=CHANGE),
        "crm.route.minimum": replace(right, number_format="@_0"),
        "crm.route.gap": replace(right, bold=True, number_format="@_0"),
        "crm.route.next": _TEXT,
        "crm.route.tick": replace(line_2, horizontal="center", indent=0),
        "crm.route.code": replace(line_2, color="ink-2", number_format=TEXT),
        "crm.route.address": line_2,
        "crm.route.advice": line_2,
        "crm.route.fill": line_2,
        "crm.route.write": replace(line_2, left=GROUP, locked=False),
    }


def _statistics() -> dict[str, StyleSpec]:
    """Change statistics. `.last`: the last row of a business type, closed by a stronger rule."""
    head = StyleSpec(bold=True, color="white", fill="brand", horizontal="center", number_format=TEXT)
    count = StyleSpec(horizontal="center", bottom=ROW, number_format=DOTS)
    zero = replace(count, color="line-2", bold=True)
    up = replace(count, bold=True, color="up", left=GROUP)
    down = replace(count, bold=True, color="down", fill="down-tint")
    rows = {
        "type": StyleSpec(bold=True, indent=1, vertical="top"),
        "grade": StyleSpec(bold=True, horizontal="center", bottom=ROW, number_format=TEXT),
        "up": up,
        "up.zero": replace(zero, left=GROUP),
        "kept": count,
        "down": down,
        "zero": zero,
        "total.up": _on_wash(up),
        "total.up.zero": _on_wash(replace(zero, left=GROUP)),
        "total.kept": _on_wash(replace(count, bold=True)),
        "total.down": down,
        "total.zero": _on_wash(zero),
        "new": replace(count, left=GROUP),
        "new.zero": replace(zero, left=GROUP),
        "type_changed": count,
        "sum": _on_wash(replace(count, bold=True, left=GROUP)),
    }
    total = StyleSpec(bold=True, fill="wash-2", horizontal="center", top=TITLE, number_format=DOTS)
    recon = StyleSpec(horizontal="center", bottom=ROW, number_format=COUNT.replace("_0", ""))
    recon_head = StyleSpec(color="ink-2", horizontal="center", bottom=GROUP)
    recon_total = replace(recon, bold=True, fill="wash-2", bottom=None)
    return {
        "crm.stat.head": head,
        "crm.stat.head.left": replace(head, horizontal="left", indent=1),
        "crm.stat.head.group": replace(head, left=GROUP),
        **{f"crm.stat.{role}": spec for role, spec in rows.items()},
        **{f"crm.stat.{role}.last": replace(spec, bottom=GROUP) for role, spec in rows.items()},
        "crm.stat.foot": total,
        "crm.stat.foot.group": replace(total, left=GROUP),
        "crm.stat.foot.left": replace(total, horizontal="left", indent=1),
        "crm.recon.head": recon_head,
        "crm.recon.head.left": replace(recon_head, horizontal="left", indent=1),
        "crm.recon.route": replace(recon, horizontal="left", indent=1, number_format="General"),
        "crm.recon.count": recon,
        "crm.recon.sum": replace(recon, bold=True, color="up"),
        "crm.recon.sum.bad": replace(recon, bold=True, color="down", fill="down-tint"),
        "crm.recon.total": recon_total,
        "crm.recon.total.left": replace(recon_total, horizontal="left", indent=1, number_format="General"),
        "crm.recon.total.sum": replace(recon_total, color="up"),
        "crm.recon.total.sum.bad": replace(recon_total, color="down", fill="down-tint"),
    }


def _minimums() -> dict[str, StyleSpec]:
    """Minimums: two lines a grade, name above code. `.last`: the last grade of a business type."""
    center = StyleSpec(horizontal="center", bottom=ROW, number_format=TEXT)
    figure = StyleSpec(size=12, bold=True, fill="wash", horizontal="right", bottom=ROW, number_format=COUNT)
    rows = {
        "type": StyleSpec(bold=True, indent=1, vertical="top"),
        "grade": replace(center, size=11, bold=True),
        "holders": replace(figure, size=BASE_SIZE, bold=False, fill=""),
        "quantity": figure,
        "amount": replace(figure, number_format=MONEY),
        "code": StyleSpec(color="ink-2", indent=1, vertical="top", bottom=ROW, number_format=TEXT),
    }
    head = replace(_HEAD, wrap=False)
    return {
        "crm.min.head": head,
        "crm.min.head.center": replace(head, horizontal="center", indent=0),
        "crm.min.head.right": replace(head, horizontal="right", indent=0, number_format="@_0"),
        "crm.min.name": StyleSpec(indent=1, vertical="bottom"),
        **{f"crm.min.{role}": spec for role, spec in rows.items()},
        **{f"crm.min.{role}.last": replace(spec, bottom=GROUP) for role, spec in rows.items()},
    }


def _card() -> dict[str, StyleSpec]:
    """The customer card, and the search beside it."""
    label = StyleSpec(color="ink-2", bottom=ROW)
    value = StyleSpec(bottom=ROW, number_format=TEXT)
    right = replace(value, horizontal="right")
    white = Edge("medium", "white")
    quarter = StyleSpec(size=9.5, color="ink-2", fill="wash", horizontal="center", top=Edge("medium", "line"), right=white)
    grade = StyleSpec(size=18, bold=True, fill="wash", horizontal="center", right=Edge("medium", "white"), number_format=TEXT)
    warn = StyleSpec(bold=True, color="warn", fill="warn-tint", indent=1, left=Edge("thick", "warn"))
    calm = StyleSpec(color="ink-2", fill="wash", indent=1, left=Edge("thick", "line"))
    head = StyleSpec(size=9, color="ink-2", bottom=GROUP)
    behind = StyleSpec(size=9, color="ink-2")
    return {
        "crm.customer.name": StyleSpec(size=20, bold=True, color="brand"),
        "crm.customer.note": StyleSpec(color="ink-2", horizontal="right"),
        "crm.customer.facts": StyleSpec(color="ink-2", bottom=TITLE, number_format=TEXT),
        "crm.customer.spark": StyleSpec(size=13, color="size-2", horizontal="right"),
        "crm.customer.quarter": quarter,
        "crm.customer.quarter.now": replace(quarter, bold=True, color="ink", top=Edge("medium", "brand")),
        "crm.customer.grade": grade,
        "crm.customer.grade.up": replace(grade, color="up", fill="up-tint"),
        "crm.customer.grade.down": replace(grade, color="white", fill="down"),
        "crm.customer.grade.other": replace(grade, color="ink-2"),
        "crm.customer.pair": replace(quarter, size=BASE_SIZE, top=None, number_format=TEXT),
        "crm.customer.label": label,
        "crm.customer.value": value,
        "crm.customer.right": right,
        "crm.customer.right.strong": replace(right, bold=True),
        "crm.customer.right.up": replace(right, bold=True, color="up"),
        "crm.customer.right.down": replace(right, bold=True, color="down"),
        "crm.customer.warn": warn,
        "crm.customer.warn.more": replace(warn, bold=False, color="ink"),
        "crm.customer.calm": calm,
        "crm.customer.calm.more": replace(calm, color="ink"),
        "crm.customer.behind": behind,
        "crm.customer.behind.right": replace(behind, horizontal="right", number_format=COUNT),
        "crm.customer.head": head,
        "crm.customer.head.right": replace(head, horizontal="right", number_format="@_0"),
        "crm.customer.section": StyleSpec(size=11.5, bold=True, color="brand", bottom=GROUP),
        "crm.customer.text": value,
        "crm.customer.text.overdue": replace(value, bold=True, color="warn"),
        "crm.customer.text.quiet": replace(value, color="ink-2"),
        "crm.customer.change": replace(right, number_format=CHANGE),
        "crm.customer.change.strong": replace(right, bold=True, number_format=CHANGE),
        "crm.customer.hit": StyleSpec(color="action", indent=1, bottom=ROW, number_format=TEXT),
    }


def _dashboard() -> dict[str, StyleSpec]:
    """The manager's page."""
    card = StyleSpec(fill="wash", indent=1, left=GROUP)
    note = replace(card, size=9.5, color="ink-2")
    head = StyleSpec(size=9.5, color="ink-2")
    row = StyleSpec(bottom=ROW, number_format=TEXT)
    count = StyleSpec(horizontal="right", bottom=ROW, number_format=COUNT.replace("_0", ""))
    net = replace(count, number_format='+0;"−"0;0')
    cell = StyleSpec(size=11, fill="wash", horizontal="center", number_format=DOTS, left=_GAP, right=_GAP, top=_GAP, bottom=_GAP)
    return {
        "crm.dash.caption": note,
        "crm.dash.figure": replace(card, size=22, bold=True, number_format='#,##0;"−"#,##0'),
        "crm.dash.net.figure": replace(card, size=22, bold=True, number_format='+#,##0;"−"#,##0;0'),
        "crm.dash.note": replace(note, vertical="center"),
        "crm.dash.note.up": replace(note, color="up"),
        "crm.dash.note.down": replace(note, color="down"),
        "crm.dash.goal": replace(note, color="ink"),
        "crm.dash.section": StyleSpec(size=11.5, bold=True, color="brand", bottom=GROUP),
        "crm.dash.section.note": StyleSpec(size=9, color="ink-2", horizontal="right", bottom=GROUP),
        "crm.dash.head": head,
        "crm.dash.head.right": replace(head, horizontal="right", number_format="@"),
        "crm.dash.head.center": replace(head, horizontal="center", number_format=TEXT),
        "crm.dash.head.size": replace(head, size=BASE_SIZE, bold=True, color="ink", horizontal="center", number_format=TEXT),
        "crm.dash.type.head": StyleSpec(number_format=TEXT),
        "crm.dash.total.head": StyleSpec(horizontal="right", number_format=COUNT.replace("_0", "")),
        "crm.dash.behind.head": replace(head, number_format=COUNT),
        "crm.dash.flow.head": StyleSpec(bold=True, horizontal="center", number_format=TEXT),
        "crm.dash.flow.head.quiet": StyleSpec(color="ink-2", horizontal="center", number_format=TEXT),
        "crm.dash.flow.sum": StyleSpec(bold=True, horizontal="center", number_format='#,##0;"−"#,##0;"·"'),
        "crm.dash.flow.same": replace(cell, fill="wash-2"),
        "crm.dash.flow.up": replace(cell, bold=True, color="up", fill="up-tint", number_format='"↑ "#,##0;;"·"'),
        "crm.dash.flow.down": replace(cell, bold=True, color="down", fill="down-tint", number_format='"↓ "#,##0;;"·"'),
        "crm.dash.flow.other": replace(cell, color="ink-2"),
        "crm.dash.flow.ungraded": replace(cell, color="ink-2", number_format='"? "#,##0;;"·"'),
        "crm.dash.route.head": replace(row, bold=True),
        "crm.dash.route.up.int": replace(count, bold=True, color="up", number_format=DOTS),
        "crm.dash.route.int": replace(count, number_format=DOTS),
        "crm.dash.route.other.int": replace(count, color="ink-2", number_format=DOTS),
        "crm.dash.route.down.int": replace(count, bold=True, color="down", number_format=DOTS),
        "crm.dash.route.net.int": replace(net, bold=True),
        "crm.dash.route.net.up.int": replace(net, bold=True, color="up"),
        "crm.dash.route.net.down.int": replace(net, bold=True, color="down"),
        "crm.dash.route.change": replace(count, number_format='+0.0%;"−"0.0%;0.0%;@'),
        "crm.dash.near.name": replace(row, bold=True),
        "crm.dash.near.center": replace(row, horizontal="center"),
        "crm.dash.near.grade": replace(row, horizontal="center", shrink=True),
        "crm.dash.near.int": replace(count, bold=True, number_format=DOTS),
        "crm.dash.warn.level.2": replace(row, bold=True, color="down"),
        "crm.dash.warn.level.1": replace(row, bold=True, color="warn"),
        "crm.dash.warn.level": replace(row, bold=True),
        "crm.dash.warn.int": replace(count, bold=True),
        "crm.dash.warn.head": replace(row, size=9.5, indent=1),
        "crm.dash.warn.reason.head": StyleSpec(size=9.5, indent=1, number_format=TEXT),
        "crm.dash.warn.action.head": replace(row, size=9, color="ink-2", indent=1),
        "crm.dash.rfm.few": replace(cell, size=BASE_SIZE, number_format=DOTS),
        "crm.dash.rfm.some": replace(cell, size=BASE_SIZE, fill="wash-2"),
        "crm.dash.rfm.many": replace(cell, size=BASE_SIZE, bold=True, fill="size-3"),
    }


STYLES: dict[str, StyleSpec] = {
    **_general(), **_computed(), **_home(), **_route(), **_statistics(), **_minimums(), **_card(), **_dashboard(),
}  # fmt: skip
"""Every `crm.*` cell style by name."""
