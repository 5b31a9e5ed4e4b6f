"""Mutated archives, signatures, keys, lists and bundles: none accepted, none crashes, none writes outside.

The suite tries some of each; GOMEDIC_MUTATIONS=10000 in the environment tries that many.
"""

import contextlib
import gzip
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bent_packets import is_the_same
from campus import MTIME, SIGNATURES, Signer, file_name, folder, index, member, packed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gomedic.texts import Message
from gomedic.toolchain import openpgp, sequoia
from gomedic.toolchain.bundle import BadBundle, manifest, members
from gomedic.toolchain.errors import BadIndex, ToolchainError
from gomedic.toolchain.obtaining import judge_content
from gomedic.toolchain.releases import decode
from gomedic.toolchain.signature import (
    Answer,
    Question,
    Signature,
    TrustedKey,
    check_form,
    google_key,
    judge,
)
from gomedic.toolchain.snapshot import decode_snapshot, encode_snapshot
from gomedic.toolchain.unpack import Judge, unpack

HOW_MANY = int(os.environ.get("GOMEDIC_MUTATIONS", "60"))
MANY = settings(
    max_examples=HOW_MANY,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VERSION = "go1.27.1-campus"
FILE = file_name(VERSION)
PLAIN = gzip.decompress(
    packed(
        [
            folder("go"),
            member("go/VERSION", f"{VERSION}\n".encode()),
            member("go/bin/go", b"#!/bin/sh\n", mode=0o755),
            member("go/src/link.go", type=tarfile.SYMTYPE, linkname="fmt.go"),
            member("go/src/" + "long/" * 30 + "name.go", b"package name\n"),
            member("go/src/fmt.go", b"package fmt\n" * 20, mtime=MTIME),
        ],
        format=tarfile.PAX_FORMAT,
    )
)
ARCHIVE = gzip.compress(PLAIN, mtime=0)
TRICKS = (
    b"../../evil",
    b"/etc/evil",
    b"go/../../evil",
    b"\0",
    b"\xff" * 8,
    b"7" * 11,
    b"L",
    b"1",
    b"2",
    b"3",
    b"5",
    b"x",
    b"g",
)


@dataclass(frozen=True)
class Mutation:
    """A few changes, each at a place in thousandths of the whole."""

    changes: tuple[tuple[str, int, bytes], ...]

    def of(self, data: bytes) -> bytes:
        for kind, where, what in self.changes:
            at = where * len(data) // 1_000_000
            if kind == "flip" and data:
                at = min(at, len(data) - 1)
                data = data[:at] + bytes([data[at] ^ (what[0] or 1)]) + data[at + 1 :]
            elif kind == "put":
                data = data[:at] + what + data[at + len(what) :]
            elif kind == "insert":
                data = data[:at] + what + data[at:]
            elif kind == "cut":
                data = data[:at]
            elif kind == "drop":
                data = data[:at] + data[at + 512 :]
            elif kind == "double":
                data = data[:at] + data[at - at % 512 : at - at % 512 + 1024] + data[at:]
        return data


pieces = st.one_of(st.binary(min_size=1, max_size=12), st.sampled_from(TRICKS))
mutations = st.lists(
    st.tuples(
        st.sampled_from(["flip", "put", "insert", "cut", "drop", "double"]), st.integers(0, 1_000_000), pieces
    ),
    min_size=1,
    max_size=4,
).map(lambda changes: Mutation(tuple(changes)))


@pytest.fixture(scope="module")
def key(signer: Signer) -> TrustedKey:
    return TrustedKey(Message("Staff"), openpgp.public_key(openpgp.binary(signer.public)))


@pytest.fixture(scope="module")
def public(signer: Signer) -> bytes:
    return signer.public


@pytest.fixture(scope="module")
def signature(signer: Signer) -> bytes:
    return signer.sign(ARCHIVE)


def verified(path: Path, signature: bytes, key: TrustedKey) -> Signature:
    """Return Sequoia's verdict: it needs no process, so that many can be tried."""
    asked = Question(str(path), path.name, signature, "x.asc", (key,))
    check_form(asked)
    lines, code = sequoia.status_lines(str(path), openpgp.binary(signature), [key.key])
    return judge(Answer(lines, code, sequoia.TOOL), asked)


def refused(ask: Callable[[], object]) -> bool:
    """Whether it is refused in an orderly way; anything but a refusal that names itself is a crash."""
    try:
        ask()
    except (ToolchainError, openpgp.Malformed):
        return True
    return False


# ------------------------------------------------------------------ archives


@contextlib.contextmanager
def watched(tmp_path: Path) -> Iterator[Path]:
    """Give a staging folder; fail where anything beside it changed, or it holds what it must not."""
    outside, staging = tmp_path / "outside", tmp_path / "outside" / "staging"
    staging.mkdir(parents=True)
    (outside / "evil").write_text("as it was")
    try:
        yield staging
        assert sorted(path.name for path in outside.iterdir()) == ["evil", "staging"]
        assert (outside / "evil").read_text() == "as it was"
        for path in staging.rglob("*"):
            assert path.is_dir() or path.is_file() or path.is_symlink()
            assert not path.lstat().st_mode & 0o6000
            if path.is_symlink():
                assert Path(os.path.normpath(path.parent / os.readlink(path))).is_relative_to(staging)
    finally:
        shutil.rmtree(outside)


def unpacked(archive: Path, staging: Path) -> None:
    judge = Judge(FILE)
    data = archive.read_bytes()
    for offset in range(0, len(data), 1000):
        judge.feed(data[offset : offset + 1000])
    plan = judge.finish()
    for _ in unpack(str(archive), plan, str(staging), VERSION):
        pass
    judge_content(FILE, VERSION, plan)


def test_what_the_mutations_start_from_is_good(tmp_path: Path, signature: bytes, key: TrustedKey) -> None:
    path = tmp_path / FILE
    path.write_bytes(ARCHIVE)
    assert verified(path, signature, key).primary == key.key.fingerprint
    with watched(tmp_path) as staging:
        unpacked(path, staging)
        assert (staging / "src/link.go").is_symlink()


@MANY
@given(mutation=mutations)
def test_no_mutated_archive_is_accepted(
    tmp_path: Path, signature: bytes, key: TrustedKey, mutation: Mutation
) -> None:
    data = mutation.of(ARCHIVE)
    path = tmp_path / FILE
    path.write_bytes(data)
    if data != ARCHIVE:
        assert refused(lambda: verified(path, signature, key))
    with watched(tmp_path) as staging:
        refused(lambda: unpacked(path, staging))


@MANY
@given(mutation=mutations)
def test_no_mutated_archive_writes_outside_even_if_it_were_signed(tmp_path: Path, mutation: Mutation) -> None:
    path = tmp_path / FILE
    path.write_bytes(gzip.compress(mutation.of(PLAIN), 1, mtime=0))
    with watched(tmp_path) as staging:
        refused(lambda: unpacked(path, staging))


# ------------------------------------------------------------------ signatures and keys


@MANY
@given(mutation=mutations, binary=st.booleans())
def test_no_mutated_signature_is_accepted(
    tmp_path: Path, signature: bytes, key: TrustedKey, mutation: Mutation, binary: bool
) -> None:
    path = tmp_path / FILE
    path.write_bytes(ARCHIVE)
    start = openpgp.binary(signature) if binary else signature
    mutated = mutation.of(start)
    if not refused(lambda: verified(path, mutated, key)):
        assert is_the_same(mutated, signature)


@MANY
@given(mutation=mutations)
def test_googles_real_signature_mutated_is_never_of_another_form(mutation: Mutation) -> None:
    real = (SIGNATURES / "go1.27.1.src.tar.gz.asc").read_bytes()
    mutated = mutation.of(openpgp.binary(real))
    asked = Question("", "x", mutated, "x.asc", (google_key(),))
    if not refused(lambda: check_form(asked)):
        refused(lambda: openpgp.described(openpgp.binary(mutated)))


@MANY
@given(mutation=mutations, armoured=st.booleans())
def test_no_mutated_key_crashes(public: bytes, mutation: Mutation, armoured: bool) -> None:
    refused(lambda: openpgp.public_key(mutation.of(public if armoured else openpgp.binary(public))))


# ------------------------------------------------------------------ lists and bundles

INDEX = index({FILE: ARCHIVE}, VERSION)


@MANY
@given(mutation=mutations)
def test_no_mutated_list_crashes_or_names_what_it_must_not(mutation: Mutation) -> None:
    for read, data in (
        (decode, INDEX),
        (lambda data, url: decode_snapshot(data, url).releases, encode_snapshot("", "", decode(INDEX, ""))),
    ):
        with contextlib.suppress(BadIndex):
            for release in read(mutation.of(data), "x"):
                for file in release.files:
                    assert "/" not in file.filename
                    assert file.filename.startswith(f"{release.version}.")
                    assert file.sha256 == "" or len(bytes.fromhex(file.sha256)) == 32


def bundle() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        said = {"schema": 1, "date": "", "files": [{"name": FILE, "sha256": "", "size": len(ARCHIVE)}]}
        for info, data in (
            member("gomedic-bundle.json", str(said).replace("'", '"').encode()),
            member(FILE, ARCHIVE),
        ):
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


BUNDLE = bundle()


@MANY
@given(mutation=mutations)
def test_no_mutated_bundle_crashes_or_leads_outside(tmp_path: Path, mutation: Mutation) -> None:
    path = tmp_path / "go.bundle"
    path.write_bytes(mutation.of(BUNDLE))
    with contextlib.suppress(BadBundle), open(path, "rb") as file:
        for name, (offset, size) in members(file, str(path)).items():
            assert "/" not in name
            assert 512 <= offset <= offset + size <= path.stat().st_size
        manifest(path.read_bytes(), str(path))


def test_sums_are_of_what_is_there() -> None:
    assert hashlib.sha256(ARCHIVE).hexdigest() in INDEX.decode()
