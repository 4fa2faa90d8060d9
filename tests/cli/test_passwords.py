"""Where the terminal takes a password from, and that it never shows it: not on the screen, not in a file or its name, not in a traceback."""

from __future__ import annotations

import base64
import getpass
import os
import select
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from xlcrm.cli import passwords
from xlcrm.problems import CannotDo
from xlcrm.sheets.encryption import Password, encrypt, is_encrypted
from xlcrm.sheets.template import template_bytes

pytest.importorskip("msoffcrypto")

RIGHT, WRONG, NEW = "Qz7-Rechts geheim", "Xw9-falsch vertippt", "Jk4-ganz neues Wort"
SPELLINGS = tuple(
    spelling
    for secret in (RIGHT, WRONG, NEW)
    for spelling in (
        secret.encode(),
        secret.encode("utf-16-le"),
        base64.b64encode(secret.encode()),
        secret.encode().hex().encode(),
        secret[:7].encode(),
        secret[-8:].encode(),
    )
)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return encrypt(template_bytes("en"), Password(RIGHT), "book.xlsx")


@pytest.fixture
def folder(tmp_path: Path, sealed: bytes) -> Path:
    """A locked workbook, the same damaged, one in clear, an export; passwords in files outside of it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "book.xlsx").write_bytes(sealed)
    (home / "broken.xlsx").write_bytes(sealed[:9000] + bytes(64) + sealed[9064:])
    (home / "clear.xlsx").write_bytes(template_bytes("en"))
    (home / "routes.csv").write_text("route,visit_order,customer_code,customer_name\n1,1,0001,Corner Shop\n", encoding="utf-8")
    for name, secret in (("right", RIGHT), ("wrong", WRONG), ("new", NEW)):
        (tmp_path / name).write_text(secret + "\r\n", encoding="utf-8")
    return home


def run(folder: Path, *words: str, debug: bool = False, **variables: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("XLCRM_")}
    env |= {"XLCRM_DEBUG": "1"} if debug else {}
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "xlcrm", *words], cwd=folder, env={**env, "PYTHONPATH": root, "LANG": "C.UTF-8", **variables},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def said_nothing(folder: Path, *outputs: bytes) -> None:
    """No spelling of a password in what was said, nor in any file of the folder or its name."""
    held = [(each.name, each.name.encode() + each.read_bytes()) for each in folder.rglob("*") if each.is_file()]
    for where, content in [*(("said", output) for output in outputs), *held]:
        assert not [spelling for spelling in SPELLINGS if spelling in content], where


def cases() -> Iterator[tuple[str, tuple[str, ...], Mapping[str, str], int, str]]:
    """What is called, with what in the environment; its status, and a piece of what it says."""
    right, wrong, new = {"XLCRM_PASSWORD": RIGHT}, {"XLCRM_PASSWORD": WRONG}, {"XLCRM_NEW_PASSWORD": NEW}
    show = ("show", "book.xlsx", "routes")
    yield "right", show, right, 0, "route,batch"
    yield "right, from a file, which goes first", ("--password-file", "../right", *show), wrong, 0, "route,batch"
    yield "wrong", show, wrong, 3, "the password is not this workbook's"
    yield "wrong, from a file", ("--password-file", "../wrong", *show), {}, 3, "the password is not this workbook's"
    yield "missing", show, {}, 3, "XLCRM_PASSWORD"
    yield "no such file", ("--password-file", "../none", *show), {}, 3, "none"
    yield "two lines", show, {"XLCRM_PASSWORD": f"{RIGHT}\n{WRONG}"}, 3, "cannot be a password"
    yield "damaged", ("show", "broken.xlsx", "routes"), right, 3, "broken.xlsx"
    yield "saved", ("import", "book.xlsx", "routes.csv"), right, 0, "1"
    yield "saved not", ("import", "book.xlsx", "routes.csv"), wrong, 3, "the password is not"
    yield "an export with a password", ("import", "clear.xlsx", "book.xlsx"), right, 3, "xlcrm unlock"
    yield "locked", ("lock", "clear.xlsx"), new, 0, "clear.xlsx now opens"
    yield "locked from a file", ("lock", "clear.xlsx", "--new-password-file", "../new"), {}, 0, "clear.xlsx now opens"
    yield "locked anew", ("lock", "book.xlsx"), {**right, **new}, 0, "book.xlsx now opens"
    yield "locked not", ("lock", "book.xlsx"), {**wrong, **new}, 3, "the password is not"
    yield "locked without", ("lock", "clear.xlsx"), {}, 3, "XLCRM_NEW_PASSWORD"
    yield "unlocked", ("unlock", "book.xlsx"), right, 0, "without a password"
    yield "unlocked not", ("unlock", "book.xlsx"), wrong, 3, "the password is not"
    yield "never locked", ("unlock", "clear.xlsx"), right, 3, "has no password"


@pytest.mark.parametrize(("words", "variables", "status", "piece"), [case[1:] for case in cases()], ids=[case[0] for case in cases()])
def test_no_path_shows_a_password(folder: Path, words: tuple[str, ...], variables: Mapping[str, str], status: int, piece: str) -> None:
    ended = run(folder, *words, debug=True, **variables)
    said = ended.stdout + ended.stderr
    assert ended.returncode == status, said.decode()
    assert piece in said.decode()
    assert b"Traceback" not in said
    assert status == 0 or said.count(b"\n") == 1
    said_nothing(folder, said)


def test_an_error_nobody_thought_of_shows_none_either(folder: Path) -> None:
    """Even a traceback out of the encrypting itself."""
    (folder / "sitecustomize.py").write_text(
        "import hashlib\nclass Broken:\n    def digest(self): raise ValueError('out of order')\n"
        "def broken(*data): return Broken()\nimport xlcrm.sheets.encryption as e\ne._HASHES['sha512'] = broken\n"
    )
    root = str(Path(__file__).parents[2])
    for debug in (False, True):
        ended = run(folder, "lock", "clear.xlsx", debug=debug, XLCRM_NEW_PASSWORD=NEW, PYTHONPATH=os.pathsep.join((str(folder), root)))
        assert ended.returncode != 0
        assert b"out of order" in ended.stderr
        assert (b"Traceback" in ended.stderr) == debug
        said_nothing(folder, ended.stdout, ended.stderr)
    assert not is_encrypted((folder / "clear.xlsx").read_bytes())


# -- the hidden prompt

pty = pytest.importorskip("pty", reason="terminals of another kind")


def typed(folder: Path, words: tuple[str, ...], answers: tuple[str, ...]) -> tuple[int, bytes]:
    """Runs a command on a terminal of its own, and types the answers one by one when it asks; its status and all that was shown."""
    asks = [b"(not shown): "] * len(answers) if words[0] != "lock" else [b"(not shown): ", b"again: "]
    env = {name: value for name, value in os.environ.items() if not name.startswith("XLCRM_")}
    env |= {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8", "TERM": "dumb"}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "xlcrm", *words], env)
    shown, waits, until = b"", list(zip(asks, answers, strict=True)), time.monotonic() + 60
    seen = 0
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 1)
        if ready:
            try:
                got = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not got:
                break
            shown += got
        if waits and waits[0][0] in shown[seen:]:
            seen = len(shown)
            os.write(terminal, waits.pop(0)[1].encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


@pytest.mark.parametrize(
    ("words", "answers", "status", "piece"),
    [
        (("show", "book.xlsx", "routes"), (RIGHT,), 0, "route,batch"),
        (("show", "book.xlsx", "routes"), (WRONG,), 3, "the password is not"),
        (("show", "book.xlsx", "routes"), ("",), 3, "cannot be a password"),
        (("lock", "clear.xlsx"), (NEW, NEW), 0, "clear.xlsx now opens"),
        (("lock", "clear.xlsx"), (NEW, WRONG), 3, "not the same"),
        (("show", "clear.xlsx", "routes"), (), 0, "route,batch"),
    ],
    ids=["right", "wrong", "none", "new", "new, mistyped", "nothing asked"],
)
def test_on_a_terminal_it_is_typed_unseen(folder: Path, words: tuple[str, ...], answers: tuple[str, ...], status: int, piece: str) -> None:
    ended, shown = typed(folder, words, answers)
    assert ended == status, shown.decode()
    assert piece in shown.decode()
    said_nothing(folder, shown)
    locked = is_encrypted((folder / "clear.xlsx").read_bytes())
    assert locked == (words[0] == "lock" and status == 0)


# -- the questions


@pytest.mark.parametrize(
    ("answers", "code"),
    [((NEW, WRONG), "passwords_differ"), ((), "new_password_needed"), ((NEW,), "new_password_needed"), (("",), "password_unusable")],
)
def test_a_new_password_is_typed_twice_alike(monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...], code: str) -> None:
    left = list(answers)

    def asked(_: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.delenv("XLCRM_NEW_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", asked)
    with pytest.raises(CannotDo) as caught:
        passwords.ask_new_password("book.xlsx")
    assert caught.value.problem.code == code
    assert not [secret for secret in (NEW, WRONG) if secret in str(caught.value)]


def test_a_prompt_that_would_show_it_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def shows(_: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return RIGHT

    monkeypatch.delenv("XLCRM_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", shows)
    with pytest.raises(CannotDo) as caught:
        passwords.ask_password("book.xlsx")
    assert caught.value.problem.code == "password_needed"
