"""Google's real key and real signatures, and every verdict of GnuPG's status lines (GnuPG, doc/DETAILS)."""

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from campus import SIGNATURES, Signer, real_archive

from gomedic.host import Host
from gomedic.texts import Message
from gomedic.toolchain import errors, openpgp
from gomedic.toolchain.signature import GOOGLE, Answer, Question, TrustedKey, check, google_key, judge, key_in

OLD, NEW = "go1.19.8.src.tar.gz", "go1.27.1.src.tar.gz"
OLD_SUBKEY, NEW_SUBKEY = (
    "8461EFA0E74ABAE010DE66994EB27DB2A3B88B8B",
    "0E225917414670F4442C250DFD533C07C264648F",
)
IN_2023 = 1680135363


def question(path: Path, signature: bytes, key: TrustedKey | None = None) -> Question:
    return Question(str(path), path.name, signature, f"{path.name}.asc", (key or google_key(),))


def real(name: str) -> bytes:
    return (SIGNATURES / f"{name}.asc").read_bytes()


# ------------------------------------------------------------------ the key


def test_the_key_is_googles() -> None:
    key = google_key().key
    assert key.fingerprint == GOOGLE
    assert {OLD_SUBKEY, NEW_SUBKEY} < set(key.validity)


def test_validity_is_what_gnupg_says(tmp_path: Path) -> None:
    if shutil.which("gpg") is None:
        pytest.skip("no gpg here: install gnupg")
    path = tmp_path / "google.asc"
    path.write_bytes((files("gomedic_resources") / "keys" / "google.asc").read_bytes())
    command = ["gpg", "--homedir", str(tmp_path), "--with-colons", "--show-keys", str(path)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split(":") for line in lines if line.startswith(("pub", "sub", "fpr"))]
    said = {
        fingerprint[9]: openpgp.Validity(int(key[5]), int(key[6]) if key[6] else None)
        for key, fingerprint in zip(rows[::2], rows[1::2], strict=True)
    }
    assert google_key().key.validity == said


def test_the_newest_statement_about_a_key_counts(tmp_path: Path) -> None:
    signer = Signer(tmp_path / "keys", "Staff <staff@example.edu>", clock="20240101T000000")
    lasting = openpgp.binary(signer.public)
    signer.expire("1d", clock="20240101T060000")
    short = openpgp.binary(signer.public)
    start, older, newer = (
        lasting[: start_of_last(lasting)],
        *(key[start_of_last(key) :] for key in (lasting, short)),
    )
    for statements in (older + newer, newer + older):
        key = openpgp.public_key(start + statements)
        assert key.validity[signer.fingerprint].expires == 1704175200  # 2024-01-02T06:00:00Z
    assert openpgp.public_key(start + older).validity[signer.fingerprint].expires is None


def start_of_last(key: bytes) -> int:
    """Return where the last packet of a key begins; it has a head of two bytes."""
    *_, last = openpgp.packets(key)
    return len(key) - len(last.body) - 2


def test_a_key_file_that_is_none_is_refused(tmp_path: Path, machine: Host) -> None:
    path = tmp_path / "key.asc"
    for content, why in (
        (None, "it cannot be read"),
        (b"nonsense", "it is not one OpenPGP public key"),
        (real(OLD), "it must hold exactly one public key"),
        (google_key().key.binary * 2, "it must hold exactly one public key"),
        (google_key().key.binary[:-7], "cut off"),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(errors.BadKey) as caught:
            key_in(machine, str(path))
        assert why in str(caught.value.message)


# ------------------------------------------------------------------ real signatures


@pytest.mark.parametrize(("name", "subkey", "expired"), [(OLD, OLD_SUBKEY, True), (NEW, NEW_SUBKEY, False)])
def test_googles_signatures_are_good(machine: Host, name: str, subkey: str, expired: bool) -> None:
    found = check(machine, question(real_archive(name), real(name)))
    assert (found.primary, found.subkey, found.key_expired_since) == (GOOGLE, subkey, expired)
    assert found.tool.startswith("gpg 2")


def test_googles_signature_of_another_release_is_refused(machine: Host) -> None:
    with pytest.raises(errors.WrongSignature):
        check(machine, question(real_archive(OLD), real(NEW)))


def test_a_key_without_the_subkey_is_refused(machine: Host, signer: Signer) -> None:
    key = TrustedKey(Message("Staff"), openpgp.public_key(signer.public))
    with pytest.raises(errors.OtherSigner, match=f"is signed by key {OLD_SUBKEY[-16:]}, not by Staff"):
        check(machine, question(real_archive(OLD), real(OLD), key))


# ------------------------------------------------------------------ machines without gpg

HIDE = 'for name in $HIDDEN; do mount --bind /etc/passwd "$(command -v "$name")" || exit 77; done; exec "$@"'
ASK = """
import sys
from pathlib import Path
from gomedic.host import Host
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.signature import Question, check, google_key
data, signature = map(Path, sys.argv[1:])
try:
    found = check(Host.this_machine(), Question(str(data), data.name, signature.read_bytes(), "x.asc", (google_key(),)))
    print(found.tool, found.subkey)
except ToolchainError as error:
    print(type(error).__name__, error.message)
"""


def asked_without(hidden: str, name: str, signature: str) -> str:
    """Return the verdict on a machine where the programs `hidden` are no programs: in a mount namespace."""
    if any(shutil.which(program) is None for program in ("unshare", *hidden.split())):
        pytest.skip(f"needs unshare and {hidden} to take it away")
    inside = [
        "sh",
        "-c",
        HIDE,
        "sh",
        sys.executable,
        "-c",
        ASK,
        str(real_archive(name)),
        f"{SIGNATURES}/{signature}.asc",
    ]
    namespace = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    ended = subprocess.run(
        [*namespace, *inside],
        env={**os.environ, "HIDDEN": hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode in (1, 77) and not ended.stdout:
        pytest.skip(f"no mount namespace here: {ended.stderr.strip()}")
    return ended.stdout.strip()


def test_without_gpg_there_is_gpgv() -> None:
    assert asked_without("gpg", OLD, OLD) == f"gpgv {OLD_SUBKEY}"
    assert asked_without("gpg", NEW, OLD).startswith("WrongSignature")


def test_without_both_it_is_refused() -> None:
    said = asked_without("gpg gpgv", OLD, OLD)
    assert said.startswith(
        f"NoGnuPG The signature of {OLD} cannot be checked, because neither gpg nor gpgv is installed."
    )


# ------------------------------------------------------------------ the form


@pytest.mark.parametrize(
    ("signature", "kind"),
    [
        (b"", errors.NotASignature),
        (b"<html>", errors.NotASignature),
        (real(OLD)[:-100], errors.NotASignature),
        (real(OLD) + real(NEW), errors.SeveralSignatures),
        (openpgp.binary(real(OLD)) + openpgp.binary(real(NEW)), errors.SeveralSignatures),
        (google_key().key.binary, errors.SeveralSignatures),
        (openpgp.binary(real(OLD)) + b"\x00", errors.NotASignature),
    ],
)
def test_what_is_not_one_signature_is_refused(
    machine: Host, tmp_path: Path, signature: bytes, kind: type[errors.ToolchainError]
) -> None:
    with pytest.raises(kind):
        check(machine, question(tmp_path / OLD, signature))


# ------------------------------------------------------------------ status lines

GOOD = f"GOODSIG {OLD_SUBKEY[-16:]} Google"
EXPIRED = f"EXPKEYSIG {OLD_SUBKEY[-16:]} Google"


def valid(
    subkey: str = OLD_SUBKEY, made: int = IN_2023, digest: int = 8, kind: str = "00", primary: str = GOOGLE
) -> str:
    return f"VALIDSIG {subkey} 2023-03-30 {made} 0 4 0 1 {digest} {kind} {primary}"


VERDICTS = [
    (["NEWSIG", EXPIRED, valid()], 0, None),
    (["NEWSIG", GOOD, valid()], 0, None),
    (["NEWSIG", f"BADSIG {OLD_SUBKEY[-16:]} Google"], 1, errors.WrongSignature),
    (["NEWSIG", GOOD, valid(), "NEWSIG", f"BADSIG {OLD_SUBKEY[-16:]} Google"], 1, errors.WrongSignature),
    (["NEWSIG", GOOD, valid(), "NEWSIG", GOOD, valid()], 0, errors.SeveralSignatures),
    (["NEWSIG", f"REVKEYSIG {OLD_SUBKEY[-16:]} Google", valid()], 0, errors.SignerRevoked),
    (["NEWSIG", f"EXPSIG {OLD_SUBKEY[-16:]} Google", valid()], 0, errors.SignatureExpired),
    (["NEWSIG", f"ERRSIG {OLD_SUBKEY[-16:]} 1 8 00 {IN_2023} 9 {OLD_SUBKEY}"], 2, errors.OtherSigner),
    (["NEWSIG", f"ERRSIG {OLD_SUBKEY[-16:]} 1 8 00 {IN_2023} 39 {OLD_SUBKEY}"], 2, errors.ClockWrong),
    (["NEWSIG", f"ERRSIG {OLD_SUBKEY[-16:]} 1 8 00 {IN_2023} 4 -"], 2, errors.CannotJudge),
    (["NODATA 4"], 2, errors.NotASignature),
    ([], 2, errors.CannotJudge),
    (["NEWSIG", GOOD], 0, errors.CannotJudge),
    (["NEWSIG", valid()], 0, errors.CannotJudge),
    (["NEWSIG", GOOD, valid()], 1, errors.CannotJudge),
    (["NEWSIG", GOOD, valid()], None, errors.CannotJudge),
    (["NEWSIG", GOOD, valid(primary="A" * 40)], 0, errors.OtherSigner),
    (["NEWSIG", GOOD, valid(subkey="A" * 40)], 0, errors.OtherSigner),
    (["NEWSIG", GOOD, valid(digest=2)], 0, errors.WeakSignature),
    (["NEWSIG", GOOD, valid(kind="01")], 0, errors.WeakSignature),
    (["NEWSIG", EXPIRED, valid(made=1729900000)], 0, errors.SignedOutsideValidity),
    (["NEWSIG", GOOD, valid(made=1600000000)], 0, errors.SignedOutsideValidity),
]


@pytest.mark.parametrize(("status", "code", "kind"), VERDICTS)
def test_the_verdict_follows_the_status_lines(
    status: list[str], code: int | None, kind: type[errors.ToolchainError] | None, tmp_path: Path
) -> None:
    answer, asked = Answer(tuple(status), code, "gpg"), question(tmp_path / OLD, real(OLD))
    if kind is None:
        found = judge(answer, asked)
        assert (found.primary, found.subkey, found.made) == (GOOGLE, OLD_SUBKEY, "2023-03-30T00:16:03Z")
        assert found.key_expired_since == ("EXPKEYSIG" in status[1])
    else:
        with pytest.raises(errors.ToolchainError) as caught:
            judge(answer, asked)
        assert type(caught.value) is kind
