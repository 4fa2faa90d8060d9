"""The start of the server: what it says, what it refuses, and what it keeps to itself."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import xlcrm
from xlcrm.hosts.server import serve, serving
from xlcrm.problems import CannotDo

if TYPE_CHECKING:
    from tests.hosts.live_server import LiveServer

HOUSE = Path(xlcrm.__file__).parent / "hosts" / "server"


def refusal(*options: str, **surroundings: str) -> str:
    """What `xlcrm serve` says when it cannot start."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    clean |= {"PYTHONIOENCODING": "utf-8", "XLCRM_LANG": "en", "HOME": os.devnull, **surroundings}
    ended = subprocess.run(
        [sys.executable, "-m", "xlcrm", "serve", "--port", "0", *options], capture_output=True, text=True, encoding="utf-8", env=clean, timeout=60
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (3, "")
    return ended.stderr


def test_it_says_where_everything_is(live_server: LiveServer) -> None:
    said = "\n".join(live_server.lines)
    assert f"{live_server.address}/manifest.xml" in said
    assert f"{live_server.address}/taskpane.html" in said
    assert "HTTPS" in said
    assert "PolyForm Noncommercial" in said


def test_it_listens_to_this_machine_alone(live_server: LiveServer) -> None:
    assert live_server.address.startswith("http://127.0.0.1:")
    port = int(live_server.address.rpartition(":")[2])
    others = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)} - {"127.0.0.1", "127.0.1.1"}
    for address in others:
        with socket.socket() as outside, pytest.raises(OSError):
            outside.settimeout(3)
            outside.connect((str(address), port))


def test_nobody_declares_a_licence_but_the_user(server_packages: None) -> None:
    said = refusal()  # the problem's code is `server_needs_licence`
    assert "--noncommercial" in said
    assert "XLWINGS_LICENSE_KEY" in said


def test_a_wrong_licence_key_is_refused_and_not_shown(server_packages: None) -> None:
    said = refusal(XLWINGS_LICENSE_KEY="not-a-key-12345")  # `server_licence_refused`
    assert "refuses the licence key" in said
    assert "not-a-key" not in said


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotDo) as refused:
            serving._listen("127.0.0.1", port)
    assert refused.value.problem.code == "server_port"
    assert refused.value.problem.value == f"127.0.0.1:{port}"


def test_a_host_that_is_none_is_named() -> None:
    with pytest.raises(CannotDo) as refused:
        serving._listen("no such host", 0)
    assert refused.value.problem.code == "server_port"


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(CannotDo) as refused:
        serve(certificate=tmp_path / "certificate.pem")
    assert refused.value.problem.code == "server_half_certificate"


def test_a_file_that_is_no_certificate_is_named(server_packages: None, tmp_path: Path) -> None:
    nonsense = tmp_path / "certificate.pem"
    nonsense.write_text("nonsense")
    said = refusal("--noncommercial", "--certificate", str(nonsense), "--key", str(nonsense))  # `server_bad_certificate`
    assert str(nonsense) in said
    assert "certificate" in said


def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    with pytest.raises(CannotDo) as refused:
        serve()
    assert refused.value.problem.code == "server_not_installed"
    assert 'pip install "xlcrm[server]"' in refused.value.problem.remedy("en")


def test_no_file_of_ours_holds_a_secret_or_declares_a_licence() -> None:
    files = [path for path in HOUSE.rglob("*") if path.is_file() and path.suffix in {".py", ".js", ".html", ".xml", ".css", ".toml"}]
    assert len(files) > 10
    for path in files:
        content = path.read_text(encoding="utf-8")
        assert not re.search(r"(secret_key|license_key|password|token)\s*=\s*[\"'][^\"']+[\"']", content, re.IGNORECASE), path
        assert path.name == "licence.py" or "XLWINGS_LICENSE_KEY" not in content, path


def test_an_unknown_page_or_picture_is_no_page(live_server: LiveServer) -> None:
    from tests.hosts.live_server import Refused

    for path in ("/xlcrm/icons/nothing-32.png", "/xlcrm/icons/check-33.png", "/xlcrm/icons/..%2Fcheck.svg", "/openapi.json", "/docs"):
        with pytest.raises(Refused) as refused:
            live_server.get(path)
        assert refused.value.status in (404, 422), path


def test_https_is_served_with_a_certificate(server_packages: None, tmp_path: Path) -> None:
    import shutil

    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    from tests.hosts.live_server import running

    with running(options=("--certificate", str(certificate), "--key", str(key))) as server:
        assert server.address.startswith("https://127.0.0.1:")
        assert not [line for line in server.lines if "reverse proxy" in line]
        trusting = ssl.create_default_context(cafile=str(certificate))
        import urllib.request

        with urllib.request.urlopen(server.address + "/manifest.xml", context=trusting, timeout=30) as answer:
            assert f'"{server.address}/taskpane.html"' in answer.read().decode()
