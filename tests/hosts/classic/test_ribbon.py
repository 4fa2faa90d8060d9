"""The ribbon tab: valid, complete, and every button leads somewhere."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.hosts.classic.vbaroom import vba_modules
from xlcrm.hosts.classic import naming
from xlcrm.hosts.classic.ribbon import PART
from xlcrm.macros import GROUPS, MACROS
from xlcrm.sheets.package import Package
from xlcrm.sheets.parts import relationships
from xlcrm.texts import LANGUAGES, Language, text

NAMESPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
LONGEST_TIP = 1024
"""Characters of a label or a tip that the ribbon's schema takes."""
# What the schema allows, as far as our tab goes: element -> (elements in it, attributes it must have, attributes it may have).
SCHEMA: dict[str, tuple[set[str], set[str], set[str]]] = {
    "customUI": ({"ribbon"}, set(), {"onLoad", "loadImage"}),
    "ribbon": ({"tabs"}, set(), {"startFromScratch"}),
    "tabs": ({"tab"}, set(), set()),
    "tab": ({"group"}, {"id", "label"}, {"keytip", "insertAfterMso"}),
    "group": ({"button"}, {"id", "label"}, {"image"}),
    "button": (set(), {"id", "label", "onAction", "image"}, {"size", "screentip", "supertip", "keytip", "tag"}),
}

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def ribbon(path: Path) -> tuple[Package, ElementTree.Element]:
    package = Package.open(path)
    return package, ElementTree.fromstring(package.read(PART))


def test_it_keeps_to_the_schema(packed: dict[str, Path], language: Language) -> None:
    _, root = ribbon(packed[language])
    ids = []
    for element in root.iter():
        assert element.tag.startswith(NAMESPACE)
        children, needed, allowed = SCHEMA[element.tag.removeprefix(NAMESPACE)]
        assert {child.tag.removeprefix(NAMESPACE) for child in element} <= children
        assert needed <= set(element.keys()) <= needed | allowed
        ids += [value for key, value in element.items() if key == "id"]
        assert all(0 < len(value) <= LONGEST_TIP for value in element.attrib.values())
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids)
    assert {element.get("size") for element in root.iter(f"{NAMESPACE}button")} == {"large"}


def test_there_is_a_button_for_every_macro_in_its_group(packed: dict[str, Path], language: Language) -> None:
    _, root = ribbon(packed[language])
    groups = {group.get("label"): group for group in root.iter(f"{NAMESPACE}group")}
    assert list(groups) == [text(f"macros.group_{group}", language) for group in GROUPS]
    for group in GROUPS:
        shown = {
            button.get("id"): (button.get("label"), button.get("screentip"), button.get("supertip"))
            for button in groups[text(f"macros.group_{group}", language)]
        }
        assert shown == {
            naming.control_id(macro): (macro.label(language), macro.label(language), macro.help(language))
            for macro in MACROS.values()
            if macro.group == group
        }


def test_every_action_is_a_sub_and_every_picture_a_png(packed: dict[str, Path], language: Language) -> None:
    package, root = ribbon(packed[language])
    source = vba_modules(packed[language])[naming.MACROS_MODULE]
    pictures = relationships(package, PART)
    for button in root.iter(f"{NAMESPACE}button"):
        assert f"Public Sub {button.get('onAction')}(control As Object)" in source
        assert f'Case "{button.get("id")}": ' in source
        picture = pictures[str(button.get("image"))]
        assert picture.type.endswith("/image")
        data = package.read(picture.target)
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">2I", data[16:24]) == (64, 64)
