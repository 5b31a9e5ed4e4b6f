"""Whatever bytes are called a signature or a key, Sequoia's way says in order that it is no good signature."""

import contextlib
import importlib.util
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from campus import SIGNATURES
from msgspec import structs

from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.openpgp import Malformed
from gomedic.toolchain.sequoia import status_lines
from gomedic.toolchain.signature import Question, check_form, google_key

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pysequoia") is None, reason="no pysequoia here: pip install gomedic[sequoia]"
)
ROUNDS = int(os.environ.get("GOMEDIC_MUTATIONS", "400"))


@pytest.fixture(scope="module")
def signature() -> bytes:
    if shutil.which("gpg") is None:
        pytest.skip("no gpg here: install gnupg")
    words = ["gpg", "--batch", "--homedir", "/nonexistent", "--dearmor"]
    armoured = (SIGNATURES / "go1.27.1.src.tar.gz.asc").read_bytes()
    return subprocess.run(words, input=armoured, capture_output=True, check=False).stdout


def bent(data: bytes, chance: random.Random) -> bytes:
    bytes_ = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        at = chance.randrange(len(bytes_) or 1)
        match chance.randrange(4):
            case 0:
                bytes_[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del bytes_[at : at + chance.randrange(1, 20)]
            case 2:
                bytes_[at:at] = chance.randbytes(chance.randrange(1, 9))
            case _:
                del bytes_[at + 1 :]
    return bytes(bytes_)


def test_no_bent_signature_is_good_and_none_stops_it(signature: bytes, tmp_path: Path) -> None:
    chance = random.Random(4)
    signed = tmp_path / "signed"
    signed.write_bytes(b"other bytes")
    judged = 0
    for _ in range(ROUNDS):
        data = bent(signature, chance)
        with contextlib.suppress(ToolchainError, Malformed):  # some are refused before anybody is asked
            check_form(Question(str(signed), "signed", data, "signed.asc", (google_key(),)))
            lines, code = status_lines(str(signed), data, [google_key().key])
            assert code != 0
            assert not any(line.startswith(("VALIDSIG", "GOODSIG")) for line in lines)
            judged += 1
    assert judged > ROUNDS // 20


def test_a_key_that_sequoia_cannot_read_is_no_good_signature(signature: bytes, tmp_path: Path) -> None:
    chance = random.Random(4)
    signed = tmp_path / "signed"
    signed.write_bytes(b"other bytes")
    key = google_key().key
    for _ in range(ROUNDS // 10):
        broken = structs.replace(key, binary=bent(key.binary, chance))
        assert status_lines(str(signed), signature, [broken])[1] == 1


def test_a_file_that_cannot_be_read_is_no_good_signature(signature: bytes, tmp_path: Path) -> None:
    assert status_lines(str(tmp_path / "gone"), signature, [google_key().key])[1] == 1
