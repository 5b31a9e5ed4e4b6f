"""Everything that a mirror may do wrong, seen from the installation: refused in its sentence, with nothing left of it.

What takes time (slow, stalled, cutting mirrors, several at once) is in test_mirrors.py, with patience made short.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from campus import VERSION, Campus, Signer, file_name, go_members, index, packed
from werkzeug import Request, Response

from gomedic.settings import read_settings
from gomedic.toolchain import errors
from gomedic.toolchain.install import Staged, discard, install
from gomedic.toolchain.tree import tree

FILE = file_name()
Lie = Callable[[Campus, Signer], None]


def archive_and_sums(campus: Campus, _: Signer) -> None:
    """Archive, list and the sum beside it were all changed alike; only the signature could not be."""
    data = packed(go_members())
    assert data != campus.files[FILE]
    campus.files |= {FILE: data, "index.json": index({FILE: data})}
    campus.files[f"{FILE}.sha256"] = hashlib.sha256(data).hexdigest().encode()


def archive_and_sum_beside_it(campus: Campus, impostor: Signer) -> None:
    archive_and_sums(campus, impostor)
    del campus.files["index.json"]


def all_by_an_impostor(campus: Campus, impostor: Signer) -> None:
    archive_and_sums(campus, impostor)
    campus.files[f"{FILE}.asc"] = impostor.sign(campus.files[FILE])


def older_release_under_the_newer_name(campus: Campus, _: Signer) -> None:
    """Rightly signed and listed, but years old, with its holes."""
    campus.publish(packed(go_members("go1.19.8")))


def bytes_of_another_version(campus: Campus, _: Signer) -> None:
    campus.files[FILE] = packed(go_members("go1.27.2-campus"))


def sum_file_that_lies(campus: Campus, _: Signer) -> None:
    del campus.files["index.json"]
    campus.files[f"{FILE}.sha256"] = b"0" * 64


def signature_of_another_file(campus: Campus, _: Signer) -> None:
    campus.files[f"{FILE}.asc"] = campus.signer.sign(b"another file")


def no_signature(campus: Campus, _: Signer) -> None:
    del campus.files[f"{FILE}.asc"]


def two_signatures(campus: Campus, _: Signer) -> None:
    campus.files[f"{FILE}.asc"] *= 2


def a_good_and_a_bad_signature(campus: Campus, impostor: Signer) -> None:
    campus.files[f"{FILE}.asc"] += impostor.sign(campus.files[FILE])


def too_short(campus: Campus, _: Signer) -> None:
    campus.files[FILE] = campus.files[FILE][:-1]


def too_long(campus: Campus, _: Signer) -> None:
    campus.files[FILE] += b"\0"


def endless(campus: Campus, _: Signer) -> None:
    data = campus.files[FILE]

    def pieces() -> Iterator[bytes]:
        while True:
            yield data

    campus.answers[FILE] = lambda request: Response(pieces())


def endless_signature(campus: Campus, _: Signer) -> None:
    endless(campus, _)
    campus.answers[f"{FILE}.asc"] = campus.answers[FILE]


def gzip_on_top(campus: Campus, _: Signer) -> None:
    data = gzip.compress(campus.files[FILE])
    campus.answers[FILE] = lambda request: Response(data, 200, {"Content-Encoding": "gzip"})


def redirected(goal: str) -> Lie:
    def lie(campus: Campus, _: Signer) -> None:
        campus.answers[FILE] = campus.answers["loop"] = lambda request: Response("", 302, {"Location": goal})

    return lie


def page(campus: Campus, _: Signer) -> None:
    campus.answers[FILE] = lambda request: Response("<html>Please log in", 200, content_type="text/html")


def page_said_to_be_an_archive(campus: Campus, _: Signer) -> None:
    campus.files[FILE] = b"<!DOCTYPE html><html>Please log in".ljust(len(campus.files[FILE]))


def page_as_signature(campus: Campus, _: Signer) -> None:
    campus.answers[f"{FILE}.asc"] = lambda request: Response("<html>", 200, content_type="text/html")


def page_as_list(campus: Campus, _: Signer) -> None:
    campus.files["index.json"] = b"<!DOCTYPE html><html>Please log in"


def doubled_entries_that_differ(campus: Campus, _: Signer) -> None:
    other = json.loads(index({FILE: b"another file"}))
    campus.files["index.json"] = json.dumps([*json.loads(campus.files["index.json"]), *other]).encode()


def list_from_the_past(campus: Campus, _: Signer) -> None:
    """It was right once, and signed; of the version that is wished it knows nothing."""
    campus.files["index.json"] = index({file_name("go1.20-campus"): b"x"}, "go1.20-campus")


LIES: dict[str, tuple[Lie, type[errors.ToolchainError], str]] = {
    "a tampered archive with tampered sums": (archive_and_sums, errors.WrongSignature, "is not one of"),
    "a tampered archive with a tampered sum beside it": (archive_and_sum_beside_it, errors.WrongSignature, "not one of"),
    "all of it by somebody of the same name": (all_by_an_impostor, errors.OtherSigner, "is signed by key"),
    "an older release under a newer name": (older_release_under_the_newer_name, errors.WrongContent, "it holds go1.19.8"),
    "another version's bytes": (bytes_of_another_version, errors.ToolchainError, ""),
    "a sum file that lies": (sum_file_that_lies, errors.WrongSum, "is damaged or was changed"),
    "a signature of another file": (signature_of_another_file, errors.WrongSignature, "is not one of"),
    "a missing signature": (no_signature, errors.MissingSignature, "has no signature"),
    "two signatures": (two_signatures, errors.SeveralSignatures, "exactly one signature"),
    "a good and a bad signature": (a_good_and_a_bad_signature, errors.SeveralSignatures, "exactly one signature"),
    "wrong length: too short": (too_short, errors.CutShort, "it was cut off"),
    "wrong length: too long": (too_long, errors.TooLarge, "is larger than"),
    "an endless body": (endless, errors.TooLarge, "is larger than"),
    "an endless signature": (endless_signature, errors.ToolchainError, ""),
    "gzip on top": (gzip_on_top, errors.ServerRefused, "Content-Encoding: gzip"),
    "a redirect loop": (redirected("/dl/loop"), errors.ServerRefused, "redirects without end"),
    "a redirect to file:": (redirected("file:///etc/passwd"), errors.ServerRefused, "a redirect to file:"),
    "HTML with 200": (page, errors.WebPageInstead, "gives a web page"),
    "HTML said to be an archive": (page_said_to_be_an_archive, errors.ToolchainError, ""),
    "HTML as signature": (page_as_signature, errors.ToolchainError, ""),
    "HTML as list": (page_as_list, errors.NoSum, "No list says which SHA-256"),
    "doubled entries that differ": (doubled_entries_that_differ, errors.BadIndex, "two different SHA-256 sums"),
    "an index from the past": (list_from_the_past, errors.UnknownVersion, "There is no Go release"),
}  # fmt: skip


def left(campus: Campus) -> set[str]:
    """Return what lies in the home besides the settings."""
    home = Path(campus.host.home)
    return {str(path.relative_to(home)) for path in home.rglob("*") if ".config" not in path.parts}


@pytest.mark.parametrize("name", LIES)
def test_every_lie_is_refused_in_one_sentence(campus: Campus, impostor: Signer, name: str) -> None:
    lie, kind, said = LIES[name]
    lie(campus, impostor)
    before = left(campus)
    with pytest.raises(kind) as caught:
        list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
    assert said in str(caught.value.message)
    assert "\n" not in str(caught.value.message)
    assert left(campus) == before


def staged_whole(campus: Campus) -> None:
    *_, last = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
    assert isinstance(last, Staged)
    assert tree(last.staged_path).whole
    assert last.verification.signature is not None
    discard(last.staged_path)


def test_doubled_entries_that_agree_are_one(campus: Campus) -> None:
    campus.files["index.json"] = json.dumps(2 * json.loads(campus.files["index.json"])).encode()
    staged_whole(campus)


def begun(campus: Campus, data: bytes) -> Path:
    """Leave what an earlier run fetched; return the file."""
    sha256 = hashlib.sha256(campus.files[FILE]).hexdigest()
    path = Path(campus.host.cache_folder, "downloads", f"{sha256}.part")
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


def test_bytes_that_changed_after_a_resume_are_found_out_and_fetched_anew(campus: Campus) -> None:
    """The file was replaced between the runs: its rest does not belong to what is here."""
    data = campus.files[FILE]
    begun(campus, bytes(1000))
    staged_whole(campus)
    assert [asked for asked in campus.asked if asked[0] == FILE] == [(FILE, "bytes=1000-"), (FILE, "")]
    assert campus.files[FILE] == data


def test_bytes_that_stay_changed_after_a_resume_are_refused(campus: Campus) -> None:
    data = campus.files[FILE]
    part = begun(campus, data[:1000])
    campus.files[FILE] = os.urandom(len(data))
    with pytest.raises(errors.WrongSum):
        list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
    assert not part.exists()


def test_a_different_file_for_each_range_is_refused(campus: Campus) -> None:
    data = campus.files[FILE]
    part = begun(campus, data[:1000])

    def answer(request: Request) -> Response:
        start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        other = os.urandom(len(data) - start)
        headers = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
        return Response(other, 206 if start else 200, headers)

    campus.answers[FILE] = answer
    with pytest.raises(errors.WrongSum):
        list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
    assert not part.exists()
