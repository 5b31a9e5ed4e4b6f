"""A toolchain from an instructor's server: staged when all is right, refused with its own sentence when not."""

import contextlib
import hashlib
import os
import shutil
from itertools import islice
from pathlib import Path

import pytest
from campus import ARCH, VERSION, Campus, Member, Signer, file_name, folder, go_members, member, packed

from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, Move
from gomedic.probes.toolchains import probe
from gomedic.settings import read_settings
from gomedic.toolchain import errors
from gomedic.toolchain.command import installed
from gomedic.toolchain.install import Staged, discard, install, record, steps_to_place
from gomedic.toolchain.staging import LIST, STAGING
from gomedic.toolchain.targets import Target
from gomedic.toolchain.tree import tree
from gomedic.toolchain.verify import Verdict, verify

FILE = file_name()


def staged(host: Host, version: str = VERSION, source: str | None = None, *, try_it: bool = False) -> Staged:
    *_, last = install(host, read_settings(host), version, source, try_it=try_it)
    assert isinstance(last, Staged)
    return last


def left(host: Host) -> set[str]:
    """Return what lies in the home besides the settings."""
    home = Path(host.home)
    found = {str(path.relative_to(home)) for path in home.rglob("*") if ".config" not in path.parts}
    return found - {path.name for path in Path("/etc/skel").iterdir()}


def refusal(campus: Campus, kind: type[errors.ToolchainError], **options: str) -> str:
    """Return the sentence with which the installation is refused; nothing may be left of it."""
    before = left(campus.host)
    with pytest.raises(errors.ToolchainError) as caught:
        staged(campus.host, **options)
    assert type(caught.value) is kind
    assert left(campus.host) == before
    return str(caught.value.message)


@pytest.mark.parametrize("part", ["", "downloads", "gomedic"])
def test_a_cache_that_somebody_removes_meanwhile_stops_it_in_one_sentence_or_not(
    campus: Campus, part: str
) -> None:
    """At whatever point: it goes on with what it has open, or says that it cannot, and leaves nothing half."""
    cache = Path(campus.host.cache_folder)
    gone = {"": cache, "downloads": cache / "downloads", "gomedic": cache.parent}[part]
    for count in range(1, 60):
        run = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
        seen = list(islice(run, count))
        if isinstance(seen[-1], Staged):
            discard(seen[-1].staged_path)
            break
        shutil.rmtree(gone, ignore_errors=True)
        with contextlib.suppress(errors.ToolchainError):
            *_, last = run
            assert isinstance(last, Staged)
            assert tree(last.staged_path).whole
            discard(last.staged_path)
        assert list(Path(campus.host.home).rglob(f"{STAGING}*")) == []
    else:
        pytest.fail("it never ended")


# ------------------------------------------------------------------ what is right


def test_a_rightly_signed_archive_is_staged(campus: Campus, archive: bytes) -> None:
    result = staged(campus.host)
    try:
        found = tree(result.staged_path)
        assert (found.version, found.whole) == (VERSION, True)
        assert result.target_path == f"{campus.host.data_folder}/toolchains/{VERSION}"
        assert not os.path.exists(campus.host.data_folder)
        assert result.verification.sha256 == hashlib.sha256(archive).hexdigest()
        assert result.verification.signature is not None
        assert result.verification.signature.primary == campus.signer.fingerprint
        assert result.verification.source == f"{campus.url}{FILE}"
        assert not result.verification.index_signed
    finally:
        discard(result.staged_path)
    assert left(campus.host) == {
        ".cache", ".cache/gomedic", ".cache/gomedic/downloads",
        f".cache/gomedic/downloads/{result.verification.sha256}",
    }  # fmt: skip


def test_modes_times_and_contents_are_those_of_the_archive(campus: Campus) -> None:
    result = staged(campus.host)
    try:
        root = Path(result.staged_path)
        for info, content in go_members():
            path = root / info.name.removeprefix("go").removeprefix("/")
            if info.isfile() and "runtime" not in info.name:  # that one is random
                assert path.read_bytes() == content
                assert path.stat().st_mode & 0o7777 == (0o755 if info.mode & 0o100 else 0o644)
                assert path.stat().st_mtime == info.mtime
    finally:
        discard(result.staged_path)


def test_the_steps_put_it_into_its_place_and_record_why_it_is_trusted(campus: Campus) -> None:
    result = staged(campus.host)
    for step in steps_to_place(result):
        match step:
            case MakeFolder():
                os.mkdir(step.path)
            case Move():
                os.rename(step.source, step.target)
            case EditFile():
                assert step.before is None
                Path(step.path).write_bytes(step.after or b"")
    assert tree(result.target_path).whole
    assert record(result.target_path) == result.verification
    assert not [name for name in left(campus.host) if "staging" in name]
    with pytest.raises(errors.AlreadyInstalled, match=f"{VERSION} is already installed in"):
        staged(campus.host)
    os.unlink(f"{result.target_path}/bin/go")
    broken = staged(campus.host)
    aside, list_aside, place, list_placed = (s for s in steps_to_place(broken) if isinstance(s, Move))
    assert aside.source == place.target == result.target_path
    assert list_aside.source == list_placed.target == f"{result.target_path}{LIST}"
    discard(broken.staged_path)


def test_the_second_time_nothing_is_fetched_again(campus: Campus) -> None:
    discard(staged(campus.host).staged_path)
    campus.asked.clear()
    discard(staged(campus.host).staged_path)
    assert FILE not in [name for name, _ in campus.asked]


def test_a_changed_file_in_the_cache_is_fetched_again(campus: Campus) -> None:
    first = staged(campus.host)
    discard(first.staged_path)
    path = Path(campus.host.cache_folder, "downloads", first.verification.sha256)
    path.write_bytes(b"\0" + path.read_bytes()[1:])
    discard(staged(campus.host).staged_path)
    assert [name for name, _ in campus.asked].count(FILE) == 2


def test_a_folder_serves_as_a_source(campus: Campus, tmp_path: Path) -> None:
    for name, data in campus.files.items():
        (tmp_path / name).write_bytes(data)
    config = Path(campus.host.config_folder)
    campus.url = f"file://{tmp_path}"
    (config / "config.toml").write_text(campus.settings_text(config / "campus.asc"))
    result = staged(campus.host, source=str(tmp_path))
    assert tree(result.staged_path).whole
    discard(result.staged_path)
    assert campus.asked == []


def test_a_sum_beside_the_archive_stands_in_for_a_list(campus: Campus, archive: bytes) -> None:
    del campus.files["index.json"]
    campus.files[f"{FILE}.sha256"] = hashlib.sha256(archive).hexdigest().encode()
    result = staged(campus.host)
    discard(result.staged_path)
    assert result.verification.sum_from == f"{campus.url}{FILE}.sha256"


def test_a_signed_list_counts_and_a_wrongly_signed_one_is_refused(campus: Campus, impostor: Signer) -> None:
    campus.files["index.json.asc"] = campus.signer.sign(campus.files["index.json"])
    result = staged(campus.host)
    discard(result.staged_path)
    assert result.verification.index_signed
    campus.files["index.json.asc"] = impostor.sign(campus.files["index.json"])
    assert "The list of releases at" in refusal(campus, errors.IndexNotTrusted)


def test_cancelling_at_any_point_leaves_only_what_was_fetched(campus: Campus) -> None:
    before = left(campus.host)
    for count in range(1, 60):
        run = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
        seen = list(islice(run, count))
        if isinstance(seen[-1], Staged):
            discard(seen[-1].staged_path)
            break
        run.close()
        assert not {name for name in left(campus.host) - before if ".cache" not in name}
    else:
        pytest.fail("the installation never ended")


# ------------------------------------------------------------------ the bytes


def test_one_flipped_byte_is_refused(campus: Campus, archive: bytes) -> None:
    middle = len(archive) // 2
    campus.files[FILE] = archive[:middle] + bytes([archive[middle] ^ 1]) + archive[middle + 1 :]
    said = refusal(campus, errors.WrongSum)
    assert said.startswith(f"{FILE} from {campus.url}{FILE} is damaged or was changed: its SHA-256 is ")


def test_a_cut_archive_is_refused(campus: Campus, archive: bytes) -> None:
    campus.files[FILE] = archive[:-1000]
    said = refusal(campus, errors.CutShort)
    assert f"ends after {len(archive) - 1000} of {len(archive)} bytes: it was cut off" in said


def test_a_longer_archive_is_refused(campus: Campus, archive: bytes) -> None:
    campus.files[FILE] = archive + b"\0"
    assert f"is larger than the {len(archive)} bytes it should have" in refusal(campus, errors.TooLarge)


def test_an_archive_cut_before_it_was_signed_is_refused(campus: Campus, archive: bytes) -> None:
    campus.publish(archive[:-1000])
    assert "is not a whole .tar.gz archive (it ends too early)" in refusal(campus, errors.NotAnArchive)


def test_a_page_instead_of_the_archive_is_refused(campus: Campus) -> None:
    campus.files[FILE] = b"<!DOCTYPE html><html><body>Please log in</body></html>"
    campus.kinds[FILE] = "text/html; charset=utf-8"
    assert "gives a web page, not the file" in refusal(campus, errors.WebPageInstead)


def test_an_archive_that_is_not_there_is_refused(campus: Campus) -> None:
    del campus.files[FILE]
    assert f"{campus.url}{FILE} does not exist (404 NOT FOUND)" in refusal(campus, errors.NotThere)


# ------------------------------------------------------------------ the signature


def test_a_missing_signature_is_refused_before_the_archive_is_fetched(campus: Campus) -> None:
    del campus.files[f"{FILE}.asc"]
    said = refusal(campus, errors.MissingSignature)
    assert said.startswith(f"{FILE} has no signature ({campus.url}{FILE}.asc does not exist)")
    assert FILE not in [name for name, _ in campus.asked]


def test_a_signature_by_another_key_with_the_same_name_is_refused(
    campus: Campus, archive: bytes, impostor: Signer
) -> None:
    campus.publish(archive, signature=impostor.sign(archive))
    said = refusal(campus, errors.OtherSigner)
    assert f"is signed by key {impostor.fingerprint}, not by" in said
    assert campus.signer.fingerprint in said


def test_a_signature_of_another_file_is_refused(campus: Campus, archive: bytes) -> None:
    campus.publish(archive, signature=campus.signer.sign(archive + b"x"))
    assert "it was made for another file, or the file was changed" in refusal(campus, errors.WrongSignature)


def test_a_page_instead_of_the_signature_is_refused(campus: Campus, archive: bytes) -> None:
    campus.publish(archive, signature=b"<html>404</html>")
    assert ".asc gives a web page" in refusal(campus, errors.WebPageInstead)


def test_nonsense_instead_of_the_signature_is_refused(campus: Campus, archive: bytes) -> None:
    campus.publish(archive, signature=b"good, trust me\n")
    assert "is not an OpenPGP signature" in refusal(campus, errors.NotASignature)


def test_two_signatures_in_one_file_are_refused(campus: Campus, archive: bytes, impostor: Signer) -> None:
    campus.publish(archive, signature=campus.signer.sign(archive) + impostor.sign(archive))
    assert "holds 2 OpenPGP packets where exactly one" in refusal(campus, errors.SeveralSignatures)


def test_an_expired_key_counts_for_what_it_signed_while_it_was_valid(
    campus: Campus, archive: bytes, tmp_path: Path
) -> None:
    short = Signer(tmp_path / "short", "Short <short@example.edu>", clock="20240101T000000")
    within, after = (short.sign(archive, clock=moment) for moment in ("20240101T120000", "20240301T120000"))
    short.expire("1d", clock="20240101T060000")
    Path(campus.host.config_folder, "campus.asc").write_bytes(short.public)
    campus.publish(archive, signature=within)
    result = staged(campus.host)
    discard(result.staged_path)
    assert result.verification.signature is not None
    assert result.verification.signature.key_expired_since
    os.unlink(Path(campus.host.cache_folder, "downloads", result.verification.sha256))
    campus.publish(archive, signature=after)
    said = refusal(campus, errors.SignedOutsideValidity)
    assert "was made on 2024-03-01T12:00:00Z, when key" in said
    assert "was not valid (valid from 2024-01-01T00:00:00Z to 2024-01-02T06:00:00Z)" in said


def test_a_signature_by_a_revoked_key_is_refused(campus: Campus, archive: bytes, tmp_path: Path) -> None:
    withdrawn = Signer(tmp_path / "withdrawn", "Withdrawn <w@example.edu>")
    signature = withdrawn.sign(archive)
    withdrawn.revoke()
    Path(campus.host.config_folder, "campus.asc").write_bytes(withdrawn.public)
    campus.publish(archive, signature=signature)
    assert "which its owner has revoked" in refusal(campus, errors.SignerRevoked)


def test_a_signature_over_text_instead_of_bytes_is_refused(campus: Campus, archive: bytes) -> None:
    campus.publish(archive, signature=campus.signer.sign(archive, "--textmode"))
    assert "is of a kind that is no longer safe" in refusal(campus, errors.WeakSignature)


# ------------------------------------------------------------------ who may vouch for what


def settle(campus: Campus, text: str) -> None:
    Path(campus.host.config_folder, "config.toml").write_text(text)


def test_a_key_vouches_for_nothing_outside_its_prefix(campus: Campus, archive: bytes) -> None:
    settle(campus, campus.settings_text(Path(campus.host.config_folder, "campus.asc"), "go1.22.5-campus"))
    said = refusal(campus, errors.NobodyVouches)
    assert said.startswith(
        f"{VERSION} is not a release of Google's, and no key in the settings may vouch for it"
    )


def test_a_key_vouches_for_no_other_source(campus: Campus) -> None:
    text = campus.settings_text(Path(campus.host.config_folder, "campus.asc"))
    other = '[[source]]\nname = "other"\nurl = "https://other.example.edu/"\n'
    settle(campus, other + text.replace('sources = ["campus"]', 'sources = ["other"]'))
    assert "no key in the settings may vouch for it from campus" in refusal(
        campus, errors.NobodyVouches, source=campus.url
    )


def test_an_address_that_the_settings_do_not_name_is_trusted_by_no_key(campus: Campus) -> None:
    source = campus.url.replace("localhost", "127.0.0.1").replace("/dl/", "/dl/./")
    assert refusal(campus, errors.NobodyVouches, source=source)


def test_no_key_of_the_settings_vouches_for_a_version_of_googles(campus: Campus) -> None:
    version = "go1.27.99"
    settle(campus, campus.settings_text(Path(campus.host.config_folder, "campus.asc"), "go1"))
    data = packed(go_members(version))
    campus.publish(data, version)
    Path(campus.host.config_folder, "releases.json").write_bytes(campus.files["index.json"])
    said = refusal(campus, errors.OtherSigner, version=version, source=campus.url)
    assert "not by Google's Go release key (EB4C1BFD4F042F6DDDCCEC917721F63BD38B4796)" in said


def test_an_official_version_from_ones_own_source_needs_the_official_list(campus: Campus) -> None:
    version = "go1.27.99"
    campus.publish(packed(go_members(version)), version)
    said = refusal(campus, errors.NoReleaseList, version=version, source=campus.url)
    assert "Or fetch https://go.dev/dl/?mode=json&include=all on a machine that has a network" in said
    assert f"save it as {campus.host.config_folder}/releases.json" in said


def test_another_version_of_go_under_the_name_is_refused(campus: Campus) -> None:
    campus.publish(packed(go_members("go1.19.8")))
    said = refusal(campus, errors.WrongContent)
    assert said == f"{FILE} should hold {VERSION}, but it holds go1.19.8. It was not installed."


def test_an_archive_says_what_it_was_made_from(campus: Campus) -> None:
    campus.publish(packed(go_members("go1.27.1")))
    discard(staged(campus.host).staged_path)


def test_an_unknown_version_names_the_newest(campus: Campus) -> None:
    said = refusal(campus, errors.UnknownVersion, version="go1.27.1-campus.2")
    assert said == f"There is no Go release go1.27.1-campus.2 at campus; the newest there is {VERSION}."


def test_a_version_without_an_archive_for_this_machine_is_refused(campus: Campus) -> None:
    campus.files["index.json"] = campus.files["index.json"].replace(ARCH.encode(), b"plan9")
    assert f"has no archive for this machine (linux-{ARCH})" in refusal(campus, errors.NoFileForMachine)


def test_what_is_no_version_is_refused(campus: Campus) -> None:
    assert "“../../etc” is not a Go version" in refusal(campus, errors.NotAVersion, version="../../etc")


def test_without_any_sum_it_is_refused(campus: Campus) -> None:
    del campus.files["index.json"]
    assert "No list says which SHA-256" in refusal(campus, errors.NoSum)


def test_without_a_network_it_says_what_it_could_not_reach(campus: Campus) -> None:
    settle(
        campus,
        campus.settings_text(Path(campus.host.config_folder, "campus.asc")).replace(
            campus.url, "http://127.0.0.1:9/"
        ),
    )
    said = refusal(campus, errors.NoNetwork)
    assert said.startswith("127.0.0.1:9 could not be reached (Connection refused)")


# ------------------------------------------------------------------ the members

HOSTILE: dict[str, tuple[list[Member], str]] = {
    "outside": ([member("evil", b"x")], "its member evil lies outside the folder go/"),
    "parent": ([member("go/../evil", b"x")], "its member go/../evil lies outside the folder go/"),
    "absolute": ([member("/tmp/evil", b"x")], "its member /tmp/evil is an absolute path"),
    "link out": (
        [member("go/lib", type=b"2", linkname="../../etc")],
        "its link lib leads out of the folder go/, to ../../etc",
    ),
    "absolute link": ([member("go/lib", type=b"2", linkname="/etc")], "its link lib leads out of the folder go/, to /etc"),
    "link by detour": (
        [member("go/a/b/c", type=b"2", linkname="../.."), member("go/a/b/d", type=b"2", linkname="c/../x")],
        "its link a/b/d leads out of the folder go/, to c/../x",
    ),
    "through a link": (
        [member("go/lib", type=b"2", linkname="src"), member("go/lib/x", b"x")],
        "its member lib/x lies below lib, which is no folder",
    ),
    "hard link out": ([member("go/x", type=b"1", linkname="/etc/shadow")], "its member /etc/shadow is an absolute path"),
    "hard link to nothing": (
        [member("go/x", type=b"1", linkname="go/none")],
        "its hard link x is to none, which is no file of the archive",
    ),
    "device": ([member("go/null", type=b"3")], "its member go/null is a device"),
    "pipe": ([member("go/pipe", type=b"6")], "its member go/pipe is a pipe"),
    "setuid": (
        [member("go/bin/su", b"x", mode=0o4755)],
        "its member go/bin/su would run with somebody else's rights (mode 4755)",
    ),
    "twice": ([member("go/VERSION", b"x")], "its member go/VERSION appears twice"),
    "case": ([member("go/version", b"x")], "its members version and VERSION differ only in upper and lower case"),
    "folder case": (
        [member("go/SRC/x", b"x")],
        "its members SRC and src differ only in upper and lower case",
    ),
    "control characters": ([member("go/a\x1b[2Jb", b"x")], "has a name that no Go file has"),
    "bomb": ([], "it would unpack to more than 4 GiB"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_member_is_refused_though_rightly_signed(campus: Campus, case: str) -> None:
    members, why = HOSTILE[case]
    data = bomb() if case == "bomb" else packed(go_members() + members)
    campus.publish(data)
    said = refusal(campus, errors.UnsafeMember)
    assert said.startswith(f"{FILE} is refused, nothing of it was unpacked: ")
    assert why in said


def bomb() -> bytes:
    """Return an archive whose header announces more than it holds, and more than is allowed."""
    import gzip

    info = member("go/big")[0]
    info.size = 5 << 30
    return gzip.compress(folder("go")[0].tobuf() + info.tobuf(format=0) + bytes(1 << 20))


def test_links_that_stay_inside_are_made(campus: Campus) -> None:
    inside = [
        member("go/misc/again", type=b"2", linkname="../src/fmt"),
        member("go/misc/same", type=b"1", linkname="go/VERSION"),
    ]
    campus.publish(packed(go_members() + inside))
    result = staged(campus.host)
    root = Path(result.staged_path)
    assert os.readlink(root / "misc/again") == "../src/fmt"
    assert (root / "misc/same").stat().st_ino == (root / "VERSION").stat().st_ino
    discard(result.staged_path)


@pytest.mark.parametrize("format", [0, 1, 2])
def test_long_names_of_every_tar_format_are_understood(campus: Campus, format: int) -> None:
    name = "go/src/" + "long/" * 20 + "name.go"
    unicode = [member("go/test/世界.go", b"package x\n")] if format else []
    campus.publish(packed([*go_members(), member(name, b"package x\n"), *unicode], format=format))
    result = staged(campus.host)
    assert (Path(result.staged_path) / name.removeprefix("go/")).read_bytes() == b"package x\n"
    discard(result.staged_path)


# ------------------------------------------------------------------ the machine


def test_a_toolchain_that_does_not_work_here_is_refused(campus: Campus) -> None:
    before = left(campus.host)
    with pytest.raises(
        errors.DoesNotWork, match="was fetched and verified, but does not work on this machine"
    ):
        staged(campus.host, try_it=True)
    assert {name for name in left(campus.host) - before if ".cache" not in name} == set()


def test_an_archive_for_another_machine_is_refused(campus: Campus) -> None:
    wrong = [
        (info, content[:18] + b"\x08\x01" + content[20:] if info.name == "go/bin/go" else content)
        for info, content in go_members()
    ]
    campus.publish(packed(wrong))
    assert "It was not installed" in refusal(campus, errors.WrongContent)


# ------------------------------------------------------------------ the sum alone

UNKNOWN = "go1.27.99"


@pytest.fixture
def listed_by_hand(campus: Campus) -> Campus:
    """A campus with a version of Google's that the official list knows; of Google's signature there is nothing."""
    campus.publish(packed(go_members(UNKNOWN)), UNKNOWN)
    Path(campus.host.config_folder, "releases.json").write_bytes(campus.files.pop("index.json"))
    del campus.files[f"{file_name(UNKNOWN)}.asc"]
    return campus


def without_signature(campus: Campus, version: str = UNKNOWN, to: Target = Target()) -> Staged:  # noqa: B008
    settings = read_settings(campus.host)
    *_, last = install(
        campus.host, settings, version, campus.url, try_it=False, to=to, without_signature=True
    )
    assert isinstance(last, Staged)
    return last


def test_a_missing_signature_stops_it_unless_the_sum_will_do(listed_by_hand: Campus) -> None:
    assert "could not be reached" in refusal(
        listed_by_hand, errors.NoNetwork, version=UNKNOWN, source=listed_by_hand.url
    )
    result = without_signature(listed_by_hand)
    discard(result.staged_path)
    assert result.verification.signature is None
    assert result.verification.sum_from == "go.dev/dl"


def test_every_view_says_for_ever_that_no_signature_was_checked(listed_by_hand: Campus) -> None:
    result = without_signature(listed_by_hand)
    for step in steps_to_place(result):
        match step:
            case MakeFolder():
                os.mkdir(step.path)
            case Move():
                os.rename(step.source, step.target)
            case EditFile():
                Path(step.path).write_bytes(step.after or b"")
    host = listed_by_hand.host
    (found,) = installed(host)
    assert not found.signature_checked
    *_, verdict = verify(host, read_settings(host), UNKNOWN)
    assert isinstance(verdict, Verdict)
    assert "by its SHA-256 alone: not signature-checked" in " ".join(map(str, verdict.points))
    (tool,) = (tool for tool in probe(host, ()) if tool.kind == "gomedic")
    assert tool.signature_checked is False


def test_a_signature_that_is_there_must_be_good_all_the_same(
    listed_by_hand: Campus, impostor: Signer
) -> None:
    name = file_name(UNKNOWN)
    listed_by_hand.files[f"{name}.asc"] = impostor.sign(listed_by_hand.files[name])
    with pytest.raises(errors.OtherSigner):
        without_signature(listed_by_hand)


def test_the_sum_alone_does_only_for_googles_own_and_this_account(
    listed_by_hand: Campus, archive: bytes, tmp_path: Path
) -> None:
    with pytest.raises(errors.SignatureNeeded, match="cannot do without a signature"):
        without_signature(listed_by_hand, to=Target("/opt"))
    listed_by_hand.publish(archive)
    del listed_by_hand.files[f"{FILE}.asc"]
    with pytest.raises(errors.SignatureNeeded):
        without_signature(listed_by_hand, VERSION)


def test_a_wrong_sum_is_refused_whatever_is_said(listed_by_hand: Campus) -> None:
    name = file_name(UNKNOWN)
    data = listed_by_hand.files[name]
    listed_by_hand.files[name] = data[:-1] + bytes([data[-1] ^ 1])
    with pytest.raises(errors.WrongSum):
        without_signature(listed_by_hand)
