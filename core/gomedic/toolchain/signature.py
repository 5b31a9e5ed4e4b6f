"""Whether a detached signature is good: made by a pinned primary key over exactly these bytes.

The primary key is pinned, because Google makes a new subkey every one or two years; a signature by a subkey
that has expired since counts if it was made while the subkey was valid, as every Go archive older than three
years is signed so. The verdict follows GnuPG's status lines (doc/DETAILS), never a fingerprint alone.
"""

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files

from msgspec import Struct, structs

from gomedic.host import Host, ProbeError
from gomedic.texts import N_, Message
from gomedic.toolchain import openpgp, sequoia
from gomedic.toolchain.errors import (
    BadKey,
    CannotJudge,
    ClockWrong,
    NoGnuPG,
    NotASignature,
    OtherSigner,
    SeveralSignatures,
    SignatureExpired,
    SignedOutsideValidity,
    SignerRevoked,
    ToolchainError,
    WeakSignature,
    WrongSignature,
)
from gomedic.toolchain.staging import passing

GOOGLE = "EB4C1BFD4F042F6DDDCCEC917721F63BD38B4796"  # https://www.google.com/linuxrepositories/
LARGEST = 64 << 10  # bytes of a signature file; a real one has about 830
PRIVATE = "gomedic-gnupg-"  # how the names of folders begin that GnuPG works in
_SAFE_DIGESTS = ("8", "9", "10")  # SHA-256, SHA-384, SHA-512
_OF_A_FILE = "00"  # signature class: a binary document
_TIMEOUT = 120.0
_BROUGHT = os.path.join(getattr(sys, "_MEIPASS", "/nowhere"), "gpgv")

_GOOGLES_NAME = N_("Google's Go release key")
_NO_KEY_FILE = N_("it cannot be read")
_OTHER_PRIMARY = N_("its primary key is {found}, not {expected}")
_NOT_A_KEY = N_("it is not one OpenPGP public key ({why})")
_FROM_TO = N_("valid from {created} to {expires}")
_NOT_IMPORTED = N_("GnuPG did not take the key {key}")
_NO_VERDICT = N_("GnuPG gave no verdict ({lines})")
_NAMED_KEY = N_("{name} ({key})")


class TrustedKey(Struct, frozen=True):
    """A primary key that may vouch for the file in question."""

    name: Message  # whose
    key: openpgp.PublicKey


class Signature(Struct, frozen=True):
    """A good signature."""

    signer: Message
    primary: str  # fingerprint
    subkey: str  # fingerprint of the key that made it; the primary's where that did
    made: str  # ISO 8601, UTC
    key_expired_since: bool
    tool: str  # "gpg 2.2.40"


def google_key() -> TrustedKey:
    """Return the built-in key that vouches for Google's releases. Raises BadKey."""
    data = (files("gomedic_resources") / "keys" / "google.asc").read_bytes()
    return _trusted(data, "google.asc", Message(_GOOGLES_NAME), GOOGLE)


def newer_google_key(host: Host, path: str) -> TrustedKey:
    """Return the copy of Google's key in a file, which may have newer subkeys. Raises BadKey for any other key."""
    data = host.read(path)
    if data is None:
        raise BadKey(file=path, reason=Message(_NO_KEY_FILE))
    return _trusted(data, path, Message(_GOOGLES_NAME), GOOGLE)


def key_in(host: Host, path: str) -> TrustedKey:
    """Return the one primary key in a file. Raises BadKey."""
    data = host.read(path)
    if data is None:
        raise BadKey(file=path, reason=Message(_NO_KEY_FILE))
    return _trusted(data, path, Message("{file}", {"file": path}), None)


def _trusted(data: bytes, path: str, name: Message, pinned: str | None) -> TrustedKey:
    try:
        key = openpgp.public_key(data)
    except openpgp.Malformed as error:
        raise BadKey(file=path, reason=Message(_NOT_A_KEY, {"why": str(error)})) from None
    if pinned not in (None, key.fingerprint):
        values = {"found": key.fingerprint, "expected": str(pinned)}
        raise BadKey(file=path, reason=Message(_OTHER_PRIMARY, values))
    return TrustedKey(name, key)


class Question(Struct, frozen=True):
    """What is asked: is `signature`, fetched from `url`, one over the file at `path` by one of `keys`?"""

    path: str
    file: str  # what to call it
    signature: bytes
    url: str
    keys: tuple[TrustedKey, ...]


def check_form(question: Question) -> None:
    """Refuse what is no signature, or more than one. Raises NotASignature, SeveralSignatures."""
    try:
        found = list(openpgp.packets(openpgp.binary(question.signature)))
    except openpgp.Malformed:
        if question.signature.count(b"-----BEGIN PGP SIGNATURE-----") > 1:
            raise SeveralSignatures(url=question.url, count=2) from None
        raise NotASignature(url=question.url, file=question.file) from None
    if len(found) > 1:
        raise SeveralSignatures(url=question.url, count=len(found))
    if [packet.tag for packet in found] != [openpgp.SIGNATURE]:
        raise NotASignature(url=question.url, file=question.file)


def require_gnupg(host: Host, file: str) -> None:
    """Refuse early where nothing can check signatures. Raises NoGnuPG."""
    if not can_check(host):
        raise NoGnuPG(file=file)


def can_check(host: Host) -> bool:
    """Whether this machine has anything that checks signatures: gpg, gpgv or Sequoia."""
    return host.which("gpg") is not None or _gpgv(host) is not None or sequoia.is_there()


def _gpgv(host: Host) -> str | None:
    """Return the system's gpgv, else the one that the bundle without a window brings."""
    brought = os.path.join(getattr(sys, "_MEIPASS", "/nowhere"), "gpgv")
    return host.which("gpgv") or (brought if os.access(brought, os.X_OK) else None)


def check_bytes(host: Host, data: bytes, question: Question) -> Signature:
    """Return the good signature over `data`, which is in no file. Raises as `check`."""
    with passing(tempfile.gettempdir(), PRIVATE) as folder:
        path = os.path.join(folder, "data")
        with open(path, "wb") as file:
            file.write(data)
        return check(host, structs.replace(question, path=path))


def check(host: Host, question: Question) -> Signature:
    """Return the good signature. Raises one of the refusals of errors.py, by what is wrong."""
    check_form(question)
    require_gnupg(host, question.file)
    gpg, gpgv = host.which("gpg"), _gpgv(host)
    if gpg is None and gpgv is None:
        return judge(_ask_sequoia(question), question)
    with _private_home() as home:
        signature = os.path.join(home, "signature")
        with open(signature, "wb") as file:
            file.write(openpgp.binary(question.signature))
        asked = (
            _ask_gpg(gpg, home, signature, question)
            if gpg
            else _ask_gpgv(host, str(gpgv), home, signature, question)
        )
    return judge(asked, question)


def _ask_sequoia(question: Question) -> "Answer":
    keys = [trusted.key for trusted in question.keys]
    try:
        status, code = sequoia.status_lines(question.path, openpgp.binary(question.signature), keys)
    except openpgp.Malformed:
        raise NotASignature(url=question.url, file=question.file) from None
    return Answer(status, code, sequoia.TOOL)


class Answer(Struct, frozen=True):
    """What GnuPG said."""

    status: tuple[str, ...]  # lines without "[GNUPG:] "
    code: int | None
    tool: str


@contextmanager
def _private_home() -> Iterator[str]:
    with passing(tempfile.gettempdir(), PRIVATE) as home:
        with open(os.path.join(home, "common.conf"), "wb"):  # keeps GnuPG 2.4.1 and newer off keyboxd
            pass
        yield home


def _ask_gpg(program: str, home: str, signature: str, question: Question) -> Answer:
    import gnupg  # here, because most commands never verify

    gpg = gnupg.GPG(
        gpgbinary=program,
        gnupghome=home,
        options=["--no-autostart", "--no-options", "--trust-model", "always"],
        env={"LC_ALL": "C", "PATH": os.path.dirname(program), "HOME": home},
    )
    for trusted in question.keys:
        imported = gpg.import_keys(trusted.key.binary)
        if trusted.key.fingerprint not in (imported.fingerprints or ()):
            if trusted.key.validity[trusted.key.fingerprint].created > time.time():
                raise ClockWrong(url=question.url, now=_iso(int(time.time())))
            reason = Message(_NOT_IMPORTED, {"key": trusted.key.fingerprint})
            raise CannotJudge(url=question.url, reason=reason)
    found = gpg.verify_file(signature, question.path)
    lines = (found.stderr or "").splitlines()
    status = tuple(line[9:] for line in lines if line.startswith("[GNUPG:] "))
    return Answer(status, found.returncode, f"gpg {'.'.join(map(str, gpg.version or ()))}")


def _ask_gpgv(host: Host, program: str, home: str, signature: str, question: Question) -> Answer:
    keyring = os.path.join(home, "keys.gpg")
    with open(keyring, "wb") as file:
        file.writelines(trusted.key.binary for trusted in question.keys)
    argv = [program, "--status-fd", "1", "--homedir", home, "--keyring", keyring, signature, question.path]
    env = {"LC_ALL": "C", "HOME": home}
    if program == _BROUGHT:  # its libraries lie beside it
        env["LD_LIBRARY_PATH"] = os.path.dirname(program)
    try:
        ended = host.run(argv, env=env, cwd=home, timeout=_TIMEOUT)
    except ProbeError:
        raise NoGnuPG(file=question.file) from None
    lines = ended.out.decode("utf-8", "replace").splitlines()
    return Answer(tuple(line[9:] for line in lines if line.startswith("[GNUPG:] ")), ended.code, "gpgv")


def judge(answer: Answer, question: Question) -> Signature:
    """Return the good signature that GnuPG's status lines tell of. Raises what is wrong with it."""
    rows = [line.split() for line in answer.status if line.strip()]
    by_kind: dict[str, list[list[str]]] = {}
    for row in rows:
        by_kind.setdefault(row[0], []).append(row)
    _refuse_bad(by_kind, question)
    valid = by_kind.get("VALIDSIG", [])
    if len(by_kind.get("NEWSIG", [])) > 1 or len(valid) > 1:
        raise SeveralSignatures(url=question.url, count=max(len(valid), 2))
    if not valid or len(valid[0]) < 11:
        raise _no_verdict(answer, question)
    good = _judge_valid(valid[0], answer, question, expired="EXPKEYSIG" in by_kind)
    if answer.code != 0 or not by_kind.keys() & {"GOODSIG", "EXPKEYSIG"}:
        raise _no_verdict(answer, question)
    return good


def _refuse_bad(by_kind: Mapping[str, Sequence[Sequence[str]]], question: Question) -> None:
    if "BADSIG" in by_kind:
        raise WrongSignature(url=question.url, file=question.file)
    if row := _first(by_kind, "REVKEYSIG"):
        raise SignerRevoked(file=question.file, signer=row[1])
    if "EXPSIG" in by_kind:
        raise SignatureExpired(url=question.url)
    if row := _first(by_kind, "ERRSIG"):
        raise _error(row, question)
    if "NODATA" in by_kind:
        raise NotASignature(url=question.url, file=question.file)


def _first(by_kind: Mapping[str, Sequence[Sequence[str]]], kind: str) -> Sequence[str]:
    return next(iter(by_kind.get(kind, ())), ())


def _error(row: Sequence[str], question: Question) -> ToolchainError:
    """Return the refusal for ERRSIG KEYID PUBKEY-ALGO HASH-ALGO CLASS TIME RC [FINGERPRINT]."""
    code = row[6] if len(row) > 6 else "?"
    signer = row[7] if len(row) > 7 and row[7] != "-" else row[1]
    if code == "9":
        return OtherSigner(file=question.file, signer=signer, trusted=_names(question))
    if code == "39":
        return ClockWrong(url=question.url, now=_iso(int(time.time())))
    return CannotJudge(url=question.url, reason=Message(_NO_VERDICT, {"lines": " ".join(row)}))


def _judge_valid(row: Sequence[str], answer: Answer, question: Question, *, expired: bool) -> Signature:
    """Judge VALIDSIG FINGERPRINT DATE TIME EXPIRES VERSION RESERVED PUBKEY-ALGO HASH-ALGO CLASS PRIMARY."""
    subkey, made, digest, kind, primary = row[1], int(row[3]), row[8], row[9], row[10]
    copies = [known for known in question.keys if known.key.fingerprint == primary]
    trusted = next((known for known in copies if subkey in known.key.validity), None)
    if trusted is None:
        raise OtherSigner(file=question.file, signer=primary, trusted=_names(question))
    validity = trusted.key.validity[subkey]
    if digest not in _SAFE_DIGESTS or kind != _OF_A_FILE:
        raise WeakSignature(url=question.url, digest=digest, kind=kind)
    if made < validity.created or (validity.expires is not None and made >= validity.expires):
        raise SignedOutsideValidity(url=question.url, made=_iso(made), signer=subkey, valid=_span(validity))
    return Signature(trusted.name, primary, subkey, _iso(made), expired, answer.tool)


def _no_verdict(answer: Answer, question: Question) -> CannotJudge:
    lines = "; ".join(answer.status)[:200] or str(answer.code)
    return CannotJudge(url=question.url, reason=Message(_NO_VERDICT, {"lines": lines}))


def _names(question: Question) -> Message:
    first = question.keys[0]
    return Message(_NAMED_KEY, {"name": first.name, "key": first.key.fingerprint})


def _span(validity: openpgp.Validity) -> Message:
    expires = _iso(validity.expires) if validity.expires is not None else "∞"
    return Message(_FROM_TO, {"created": _iso(validity.created), "expires": expires})


def _iso(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
