"""The manifest: complete, in both languages, within Office's limits, and every address in it answers."""

from __future__ import annotations

import re
import urllib.request
import uuid
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING

import pytest

from xlcrm.functions import FUNCTIONS
from xlcrm.functions.catalog import NAMESPACE
from xlcrm.macros import GROUPS, MACROS

if TYPE_CHECKING:
    from tests.hosts.live_server import LiveServer

SPACES = {
    "a": "http://schemas.microsoft.com/office/appforoffice/1.1",
    "o": "http://schemas.microsoft.com/office/taskpaneappversionoverrides",
    "bt": "http://schemas.microsoft.com/office/officeappbasictypes/1.0",
}
RESID_LIMIT, SHORT_LIMIT, LONG_LIMIT = 32, 125, 250


@pytest.fixture(scope="module")
def manifest(live_server: LiveServer) -> ElementTree.Element:
    return ElementTree.fromstring(live_server.get("/manifest.xml")[1])


def resources(manifest: ElementTree.Element) -> dict[str, ElementTree.Element]:
    found = manifest.find(".//o:Resources", SPACES)
    assert found is not None
    return {item.attrib["id"]: item for kind in found for item in kind}


def test_its_root_is_first_in_the_file(live_server: LiveServer) -> None:
    assert live_server.get("/manifest.xml")[1].startswith(b"<?xml ")


def test_what_is_used_is_defined_and_what_is_defined_is_used(manifest: ElementTree.Element) -> None:
    used = {element.attrib["resid"] for element in manifest.iter() if "resid" in element.attrib}
    assert used == set(resources(manifest))
    assert max(map(len, used)) <= RESID_LIMIT


def test_ids_are_written_once(manifest: ElementTree.Element) -> None:
    ids = [element.attrib["id"] for element in manifest.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    uuid.UUID(manifest.findtext("a:Id", "", SPACES))


def test_every_macro_is_a_button_of_its_group(manifest: ElementTree.Element) -> None:
    groups = {
        group.attrib["id"]: [name.text for name in group.findall(".//o:FunctionName", SPACES)]
        for group in manifest.findall(".//o:CustomTab/o:Group", SPACES)
    }
    assert {group: groups[f"xlcrm.{group}"] for group in GROUPS} == {
        group: [macro.id for macro in MACROS.values() if macro.group == group] for group in GROUPS
    }


def test_labels_and_help_stand_in_both_languages(manifest: ElementTree.Element) -> None:
    strings = resources(manifest)
    for macro in MACROS.values():
        for name, en, zh in (
            (f"{macro.id}.Label", macro.label("en"), macro.label("zh")),
            (f"{macro.id}.Help", macro.help("en"), macro.help("zh")),
        ):
            assert strings[name].attrib["DefaultValue"] == en
            override = strings[name].find("bt:Override", SPACES)
            assert override is not None
            assert override.attrib == {"Locale": "zh-CN", "Value": zh}


def test_texts_are_not_too_long_for_office(manifest: ElementTree.Element) -> None:
    for kind, limit in (("ShortStrings", SHORT_LIMIT), ("LongStrings", LONG_LIMIT)):
        for string in manifest.findall(f".//bt:{kind}//*", SPACES):
            assert len(string.attrib.get("DefaultValue", string.attrib.get("Value", ""))) <= limit, string.attrib


def test_every_address_answers(manifest: ElementTree.Element, live_server: LiveServer) -> None:
    kinds = {"png": "image/png", "html": "text/html", "js": "text/javascript", "json": "application/json"}
    addresses = {value for element in manifest.iter() for value in element.attrib.values() if value.startswith("http")}
    ours = sorted(address for address in addresses if address.startswith(live_server.address))
    assert addresses == set(ours), "nothing is fetched from anywhere else"
    for address in ours:
        path = address.removeprefix(live_server.address)
        if path:
            assert live_server.get(path)[0] == kinds[path.rpartition(".")[2]], path


def test_icons_have_the_size_they_are_said_to_have(manifest: ElementTree.Element, live_server: LiveServer) -> None:
    images = manifest.findall(".//bt:Images/bt:Image", SPACES)
    assert len(images) == 3 * (len(MACROS) + 1)
    for image in images:
        size = int(image.attrib["id"].rpartition(".")[2])
        content = live_server.get(image.attrib["DefaultValue"].removeprefix(live_server.address))[1]
        assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == (size, size)


def test_behind_a_proxy_it_names_the_outer_address(live_server: LiveServer) -> None:
    request = urllib.request.Request(live_server.address + "/manifest.xml", headers={"X-Forwarded-Proto": "https", "Host": "crm.example"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        addresses = set(re.findall(r'"(\w+://[^/"]+)', answer.read().decode()))
    assert "https://crm.example" in addresses
    assert not [address for address in addresses if live_server.address in address]


def test_two_servers_are_two_addins(live_server: LiveServer) -> None:
    def identity(host: str) -> str:
        request = urllib.request.Request(live_server.address + "/manifest.xml", headers={"Host": host})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return ElementTree.fromstring(answer.read()).findtext("a:Id", "", SPACES)

    assert identity("one.example") == identity("one.example") != identity("two.example")


def test_functions_are_told_to_excel_under_the_namespace(manifest: ElementTree.Element, live_server: LiveServer) -> None:
    import json

    assert resources(manifest)["Functions.Namespace"].attrib["DefaultValue"] == NAMESPACE
    told = {function["name"]: function for function in json.loads(live_server.get("/xlwings/custom-functions-meta.json")[1])["functions"]}
    assert set(told) == {function.excel_name for function in FUNCTIONS.values()}
    for function in FUNCTIONS.values():
        meta = told[function.excel_name]
        assert meta["description"] == function.help("en")
        assert [(given["name"], given["description"], given.get("optional", False)) for given in meta["parameters"]] == [
            (argument.name, function.argument_help(argument, "en"), argument.optional) for argument in function.arguments
        ]
