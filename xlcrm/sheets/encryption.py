"""Workbooks with a password for opening: ECMA-376 agile encryption, AES with a key of 256 bits, checked by an HMAC.

All of it happens in memory: what is in clear never reaches the disk. msoffcrypto-tool reads and packs the container, and
`cryptography` does the AES. The keys are made here: the library's own hold 128 random bits, filled up to 256 with a constant.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xlcrm.problems import CannotDo, Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

LONGEST_PASSWORD = 255
"""Letters that Excel takes."""
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "EncryptedPackage".encode("utf-16-le")
_SPINS = 100_000
"""How often the password is hashed, as Excel does: what makes guessing slow."""
_SALT_BYTES, _KEY_BYTES = 16, 32
_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_VERIFIER_BLOCK = bytes.fromhex("fea7d2763b4b9e79")
_VERIFIER_HASH_BLOCK = bytes.fromhex("d7aa0f6d3061344e")
_KEY_BLOCK = bytes.fromhex("146e0be7abacd0d6")
_SMALL_STREAM = 4096
"""A stream up to this size would stand elsewhere in the container, where the library puts it wrongly; no workbook is that small."""
_SECTOR, _HEADER_FAT_SECTORS = 512, 109


class Password:
    """A password that shows itself in no message, no repr and no traceback. Raises CannotDo for one that no program would take."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not 0 < len(text) <= LONGEST_PASSWORD or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            raise CannotDo(Problem("password_unusable", details={"most": LONGEST_PASSWORD}))
        self._text = text

    def reveal(self) -> str:
        """The password itself, for encrypting and decrypting alone."""
        return self._text

    def __repr__(self) -> str:
        return "Password(***)"

    def __reduce__(self) -> str:
        raise TypeError("a password is not written anywhere")


AskPassword = Callable[[str], Password]
"""Gets the password of the file of that name, from whoever knows it. Raises CannotDo where nobody does."""


def is_encrypted(data: bytes) -> bool:
    """Whether these are the bytes of a workbook with a password for opening."""
    return data.startswith(OLE_MAGIC) and _STREAM in data


def decrypt(data: bytes, password: Password, file: str) -> bytes:
    """The workbook in clear. Raises CannotDo when the password is another, or the file is damaged or was changed.

    file: the name to show.
    """
    ooxml, errors = _reader(file)
    clear = io.BytesIO()
    try:
        office = ooxml.OOXMLFile(io.BytesIO(data))
        agile = office.type == "agile"
        if agile:
            office.load_key(secret_key=_opened_key(office.info, password, file))
        else:
            office.load_key(password=password.reveal(), verify_password=True)
    except errors.InvalidKeyError:
        raise CannotDo(Problem("password_wrong", file=file)) from None
    except CannotDo:
        raise
    except Exception as error:  # its parsers raise whatever a damaged byte leads to
        raise _damaged(file, error) from None
    try:
        # Files by "standard" encryption (Office 2007) have nothing to check their content by, but must be a zip file.
        office.decrypt(clear, verify_integrity=agile)
    except Exception as error:
        raise _damaged(file, error) from None
    return clear.getvalue()


def _opened_key(info: Mapping[str, Any], password: Password, file: str) -> bytes:
    """The key of the content. The library would hash the password twice for it, which is what takes the time."""
    name, salt, bits = info["passwordHashAlgorithm"].lower(), info["passwordSalt"], info["passwordKeyBits"]
    spun = _spun(password, salt, name, info["spinValue"])

    def opened(block: bytes, sealed: bytes) -> bytes:
        decryptor = _cipher(spun, block, salt, name, bits // 8).decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    verifier = opened(_VERIFIER_BLOCK, info["encryptedVerifierHashInput"])
    expected = hashlib.new(name, verifier).digest()
    if opened(_VERIFIER_HASH_BLOCK, info["encryptedVerifierHashValue"])[: len(expected)] != expected:
        raise CannotDo(Problem("password_wrong", file=file))
    return opened(_KEY_BLOCK, info["encryptedKeyValue"])[: bits // 8]


def encrypt(package: bytes, password: Password, file: str) -> bytes:
    """The workbook's bytes under that password, with a new key and new salts. Raises CannotDo where that is not possible."""
    _reader(file)
    from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
    from msoffcrypto.method.ecma376_agile import ECMA376Agile, ECMA376AgileEncryptionInfo

    info, key, verifier = ECMA376AgileEncryptionInfo(), os.urandom(_KEY_BYTES), os.urandom(_SALT_BYTES)
    info.spinCount = _SPINS
    salt = info.encryptedKey.saltValue = os.urandom(_SALT_BYTES)
    info.keyData.saltValue = os.urandom(_SALT_BYTES)
    spun = _spun(password, salt)
    info.encryptedVerifierHashInput = _sealed(spun, _VERIFIER_BLOCK, verifier, salt)
    info.encryptedVerifierHashValue = _sealed(spun, _VERIFIER_HASH_BLOCK, hashlib.sha512(verifier).digest(), salt)
    info.encryptedKeyValue = _sealed(spun, _KEY_BLOCK, key, salt)
    payload: bytes = ECMA376Agile.encrypt_payload(io.BytesIO(package), info.encryptedKey, key, info.keyData.saltValue)
    if len(payload) <= _SMALL_STREAM:
        raise CannotDo(Problem("workbook_damaged", file=file, details={"reason": f"{len(package)} B"}))
    out = io.BytesIO()
    ECMA376Encrypted(payload, ECMA376Agile.get_encryption_information(info, payload, key)).write_to(out)
    return _with_whole_directory(out.getbuffer())


def _reader(file: str) -> Sequence[Any]:
    """msoffcrypto's modules for reading, and for its errors. Raises CannotDo where it is not installed."""
    try:
        import msoffcrypto.exceptions
        import msoffcrypto.format.ooxml
    except ImportError as error:
        raise CannotDo(Problem("password_extra_missing", file=file)) from error
    return msoffcrypto.format.ooxml, msoffcrypto.exceptions


def _spun(password: Password, salt: bytes, hash_name: str = "sha512", spins: int = _SPINS) -> bytes:
    """The hash of the password, hashed again and again."""
    hashed = _HASHES[hash_name]
    spun = hashed(salt + password.reveal().encode("utf-16-le")).digest()
    pack = struct.Struct("<I").pack
    for number in range(spins):
        spun = hashed(pack(number) + spun).digest()
    return spun


def _cipher(spun: bytes, block: bytes, salt: bytes, hash_name: str = "sha512", key_bytes: int = _KEY_BYTES) -> Cipher[modes.CBC]:
    """AES under the key that the password gives for one purpose."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES(hashlib.new(hash_name, spun + block).digest()[:key_bytes]), modes.CBC(salt))


def _sealed(spun: bytes, block: bytes, data: bytes, salt: bytes) -> bytes:
    encryptor = _cipher(spun, block, salt).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def _with_whole_directory(container: memoryview) -> bytes:
    """The container with the list of its allocation sectors written anew.

    The library's list for files over 7 MB names one sector too many and has no end mark, which a strict reader need not take.
    """
    allocation_sectors = struct.unpack_from("<I", container, 44)[0]
    first, lists = struct.unpack_from("<II", container, 68)
    if lists:
        numbers = list(range(first + lists, first + lists + allocation_sectors))[_HEADER_FAT_SECTORS:]
        per_list = _SECTOR // 4 - 1
        for place in range(lists):
            named = numbers[place * per_list : (place + 1) * per_list]
            following = first + place + 1 if place + 1 < lists else 0xFFFFFFFE
            written = struct.pack(f"<{_SECTOR // 4}I", *named, *[0xFFFFFFFF] * (per_list - len(named)), following)
            start = _SECTOR * (1 + first + place)
            container[start : start + _SECTOR] = written
    return container.tobytes()


def _damaged(file: str, error: Exception) -> CannotDo:
    return CannotDo(Problem("workbook_damaged", file=file, details={"reason": type(error).__name__}))
