"""Google's real key and real signatures, and every verdict of GnuPG's status lines (GnuPG, doc/DETAILS)."""

import os
import shutil
import subprocess
import sys
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest
from campus import SIGNATURES, Signer, real_archive

from gomedic.host import Host
from gomedic.settings import Settings
from gomedic.texts import Message
from gomedic.toolchain import errors, openpgp, sequoia
from gomedic.toolchain.offers import google_keys
from gomedic.toolchain.signature import (
    GOOGLE,
    Answer,
    Question,
    Signature,
    TrustedKey,
    check,
    google_key,
    judge,
    key_in,
    newer_google_key,
)

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

HIDE = (
    'for name in $PROGRAMS; do mount --bind /etc/passwd "$(command -v "$name")" || exit 77; done; exec "$@"'
)
ASK = """
import os, sys
if "pysequoia" in os.environ["HIDDEN"]:
    sys.modules["pysequoia"] = None
sys._MEIPASS = os.environ["BUNDLE"]
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


def asked_without(hidden: str, name: str, signature: str, bundle: Path = Path("/nowhere")) -> str:
    """Return the verdict on a machine where the programs `hidden` are no programs: in a mount namespace."""
    programs = hidden.replace("pysequoia", "")
    if any(shutil.which(program) is None for program in ("unshare", *programs.split())):
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
        env={**os.environ, "HIDDEN": hidden, "PROGRAMS": programs, "BUNDLE": str(bundle)},
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


@pytest.mark.parametrize(("name", "subkey"), [(OLD, OLD_SUBKEY), (NEW, NEW_SUBKEY)])
def test_without_both_there_is_sequoia(name: str, subkey: str) -> None:
    assert asked_without("gpg gpgv", name, name) == f"pysequoia {subkey}"
    assert asked_without("gpg gpgv", name, OLD if name == NEW else NEW).startswith("WrongSignature")


def test_without_all_of_them_there_is_the_bundles_gpgv(tmp_path: Path) -> None:
    if (gpgv := shutil.which("gpgv")) is None:
        pytest.skip("needs gpgv to bring along")
    shutil.copy(gpgv, tmp_path)
    assert asked_without("gpg gpgv pysequoia", OLD, OLD, tmp_path) == f"gpgv {OLD_SUBKEY}"
    assert asked_without("gpg gpgv pysequoia", NEW, OLD, tmp_path).startswith("WrongSignature")


def test_without_any_it_is_refused() -> None:
    said = asked_without("gpg gpgv pysequoia", OLD, OLD)
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


# ------------------------------------------------------------------ a newer copy of the key


def without_newest_subkey() -> TrustedKey:
    """Return Google's key as it was before the subkey that signs today's releases."""
    parts = list(openpgp.packets(google_key().key.binary))
    raw, position, kept = google_key().key.binary, 0, b""
    skipping = False
    for part in parts:
        end = raw.index(part.body, position) + len(part.body)
        if part.tag == openpgp.PUBLIC_SUBKEY:
            skipping = openpgp.fingerprint(part.body) == NEW_SUBKEY
        kept += b"" if skipping else raw[position:end]
        position = end
    return TrustedKey(google_key().name, openpgp.public_key(kept))


@pytest.mark.parametrize("ask", ["gpg", "sequoia"])
def test_a_newer_copy_of_the_key_brings_newer_subkeys(machine: Host, ask: str) -> None:
    older = without_newest_subkey()
    assert set(google_key().key.validity) - set(older.key.validity) == {NEW_SUBKEY}
    path = real_archive(NEW)
    asked = Question(str(path), NEW, real(NEW), "x.asc", (older,))
    both = Question(str(path), NEW, real(NEW), "x.asc", (older, google_key()))
    verify = partial(check, machine) if ask == "gpg" else by_sequoia
    with pytest.raises(errors.OtherSigner):
        verify(asked)
    assert verify(both).subkey == NEW_SUBKEY


def test_only_googles_key_can_be_a_newer_copy_of_it(machine: Host, tmp_path: Path, signer: Signer) -> None:
    path = tmp_path / "google.asc"
    path.write_bytes(google_key().key.binary)
    assert newer_google_key(machine, str(path)).key.fingerprint == GOOGLE
    path.write_bytes(signer.public)
    with pytest.raises(errors.BadKey, match=f"its primary key is {signer.fingerprint}, not {GOOGLE}"):
        newer_google_key(machine, str(path))


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_newer_copy_comes_from_the_settings_or_beside_them(
    machine: Host, tmp_path: Path, by_hand: bool
) -> None:
    assert len(google_keys(machine, Settings())) == 1
    path = Path(machine.config_folder, "google.asc") if by_hand else tmp_path / "newer.asc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(google_key().key.binary)
    settings = Settings() if by_hand else Settings(google_key=str(path))
    assert [key.key.fingerprint for key in google_keys(machine, settings)] == [GOOGLE, GOOGLE]


# ------------------------------------------------------------------ Sequoia's verdicts


def by_sequoia(asked: Question) -> Signature:
    keys = [trusted.key for trusted in asked.keys]
    lines, code = sequoia.status_lines(asked.path, openpgp.binary(asked.signature), keys)
    return judge(Answer(lines, code, sequoia.TOOL), asked)


@pytest.mark.parametrize(("name", "subkey"), [(OLD, OLD_SUBKEY), (NEW, NEW_SUBKEY)])
def test_sequoia_finds_googles_signatures_good(name: str, subkey: str) -> None:
    found = by_sequoia(question(real_archive(name), real(name)))
    assert (found.primary, found.subkey, found.tool) == (GOOGLE, subkey, "pysequoia")


def trusted(signer: Signer) -> TrustedKey:
    return TrustedKey(Message("Staff"), openpgp.public_key(openpgp.binary(signer.public)))


@pytest.mark.parametrize("ask", ["gpg", "sequoia"])
def test_all_tools_agree_on_what_is_wrong(
    machine: Host, tmp_path: Path, signer: Signer, impostor: Signer, ask: str
) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"data")
    verify = partial(check, machine) if ask == "gpg" else by_sequoia
    right = signer.sign(b"data")
    assert verify(question(path, right, trusted(signer))).primary == signer.fingerprint
    old = Signer(tmp_path / "old", "Staff <s@example.edu>", expires="1d", clock="20240101T000000")
    late = Signer(tmp_path / "late", "Staff <s@example.edu>", expires="2y", clock="20300101T000000")
    good = verify(question(path, old.sign(b"data", clock="20240101T060000"), trusted(old)))
    assert good.made == "2024-01-01T06:00:00Z"
    for signature, key, kind in (
        (signer.sign(b"other"), trusted(signer), errors.WrongSignature),
        (impostor.sign(b"data"), trusted(signer), errors.OtherSigner),
        (signer.sign(b"data", "--digest-algo", "SHA1"), trusted(signer), errors.ToolchainError),
        (signer.sign(b"data", "--textmode"), trusted(signer), errors.WeakSignature),
        (late.sign(b"data", clock="20300101T060000"), trusted(late), errors.ClockWrong),
    ):
        with pytest.raises(kind):
            verify(question(path, signature, key))
