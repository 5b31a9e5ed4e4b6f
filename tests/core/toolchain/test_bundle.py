"""Bundles and folders on a stick: the same releases, verified as strictly, without a network."""

import fcntl
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from campus import (
    ARCH,
    OTHERS,
    SIGNATURES,
    VERSION,
    Campus,
    Member,
    Signer,
    file_name,
    go_members,
    index,
    member,
    packed,
    real_archive,
)  # fmt: skip

from gomedic.host import Host
from gomedic.settings import read_settings
from gomedic.toolchain import errors
from gomedic.toolchain.bundle import INDEX, KEY, MANIFEST, BadBundle, is_bundle, manifest
from gomedic.toolchain.bundling import CannotSign, Created, create
from gomedic.toolchain.install import Staged, discard, install
from gomedic.toolchain.offers import offer
from gomedic.toolchain.verify import Verdict, verify
from gomedic.toolchain.wanted import wanted_version
from gomedic.toolchain.web import Web

FILE = file_name()
NEWER = "go1.27.2-campus"


def created(
    host: Host,
    path: Path,
    *versions: str,
    source: str | None = None,
    key: str | None = None,
    arches: tuple[str, ...] = (),
) -> Created:
    *_, last = create(host, read_settings(host), versions or (VERSION,), str(path), source, key, arches)
    assert isinstance(last, Created)
    return last


def staged(host: Host, source: Path, version: str = VERSION) -> Staged:
    *_, last = install(host, read_settings(host), version, str(source), try_it=False)
    assert isinstance(last, Staged)
    discard(last.staged_path)
    return last


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path, "r:") as tar:
        return {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]


@pytest.fixture
def bundle(campus: Campus, tmp_path: Path) -> Path:
    """A bundle of the campus's release, on a machine that has lost its network and its cache since."""
    path = tmp_path / "go.bundle"
    created(campus.host, path)
    shutil.rmtree(campus.host.cache_folder)
    campus.files.clear()
    campus.host = campus.host.without_network()
    return path


# ------------------------------------------------------------------ making one


def test_a_bundle_holds_all_that_is_needed(bundle: Path, archive: bytes, signer: Signer) -> None:
    assert is_bundle(str(bundle))
    found = contents(bundle)
    assert list(found) == [MANIFEST, KEY, INDEX, f"{FILE}.asc", FILE]
    assert found[FILE] == archive
    assert b"BEGIN PGP SIGNATURE" in found[f"{FILE}.asc"]
    assert b"BEGIN PGP PUBLIC KEY" in found[KEY]
    said = manifest(found[MANIFEST], "")
    assert {entry.name: entry.sha256 for entry in said.files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items() if name != MANIFEST
    }
    entry = said.entry(FILE)
    assert entry is not None
    assert (entry.source, entry.size) == ("campus", len(archive))


def test_the_same_releases_give_the_same_bytes(campus: Campus, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    assert created(campus.host, first).sha256 == created(campus.host, second).sha256
    assert first.read_bytes() == second.read_bytes()


def test_what_is_not_verified_is_not_bundled(campus: Campus, tmp_path: Path, impostor: Signer) -> None:
    campus.files[f"{FILE}.asc"] = impostor.sign(campus.files[FILE])
    with pytest.raises(errors.OtherSigner):
        created(campus.host, tmp_path / "go.bundle")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_an_older_release_under_a_newer_name_is_not_bundled(campus: Campus, tmp_path: Path) -> None:
    campus.publish(packed(go_members("go1.19.8")))
    with pytest.raises(errors.WrongContent, match=f"should hold {VERSION}, but it holds go1.19.8"):
        created(campus.host, tmp_path / "go.bundle")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_cancelled_one_leaves_nothing(campus: Campus, tmp_path: Path) -> None:
    for count in range(1, 40):
        run = create(campus.host, read_settings(campus.host), [VERSION], str(tmp_path / "go.bundle"))
        seen = list(islice(run, count))
        run.close()
        if isinstance(seen[-1], Created):
            break
        assert [path.name for path in tmp_path.iterdir()] == ["home"]
    else:
        pytest.fail("it never ended")


def test_a_place_that_cannot_be_written_is_named(campus: Campus, tmp_path: Path) -> None:
    with pytest.raises(errors.CannotWrite, match=r"no/go\.bundle cannot be written"):
        created(campus.host, tmp_path / "no" / "go.bundle")


def test_several_releases_go_into_one_newest_first(campus: Campus, tmp_path: Path, archive: bytes) -> None:
    config = Path(campus.host.config_folder)
    (config / "config.toml").write_text(campus.settings_text(config / "campus.asc", "go1.27"))
    old_index = json.loads(campus.files[INDEX])
    campus.publish(packed(go_members("go1.27.2")), NEWER)
    campus.files[INDEX] = json.dumps(old_index + json.loads(campus.files[INDEX])).encode()
    made = created(campus.host, tmp_path / "go.bundle", VERSION, NEWER, VERSION)
    assert made.versions == (NEWER, VERSION)
    for version in made.versions:
        assert staged(campus.host, tmp_path / "go.bundle", version).version == version


def test_what_a_killed_run_left_is_swept_and_what_another_writes_stays(
    campus: Campus, tmp_path: Path
) -> None:
    abandoned, held, other = (tmp_path / f"go.bundle.part-{end}" for end in ("01234567", "89abcdef", "notes"))
    for path in (abandoned, held, other):
        path.touch()
    with held.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        created(campus.host, tmp_path / "go.bundle")
    assert (abandoned.exists(), held.exists(), other.exists()) == (False, True, True)


# ------------------------------------------------------------------ for machines of several kinds


def test_one_bundle_serves_machines_of_several_kinds(campus: Campus, tmp_path: Path) -> None:
    """Each takes its own archive, without a network; the releases stand in the list once."""
    first, second = OTHERS
    others = [campus.publish_for(arch) for arch in OTHERS]
    bundle = tmp_path / "go.bundle"
    made = created(campus.host, bundle, arches=(first, ARCH, second, first))
    assert (made.versions, made.architectures) == ((VERSION,), (first, ARCH, second))
    (release,) = json.loads(contents(bundle)[INDEX])
    assert [file["arch"] for file in release["files"]] == [first, ARCH, second]
    shutil.rmtree(campus.host.cache_folder)
    campus.files.clear()
    campus.host = campus.host.without_network()
    assert staged(campus.host, bundle).verification.source == f"{bundle}!/{FILE}"
    with Web(campus.host) as web:
        for name, arch in zip(others, OTHERS, strict=True):
            found = offer(campus.host, read_settings(campus.host), web, VERSION, str(bundle), arch)
            assert (found.file, found.addresses) == (name, (f"{bundle}!/{name}",))
    found = judged(campus.host, bundle)
    assert found.good
    assert str(found.points[0]) == f"{VERSION}, for {', '.join(sorted([first, ARCH, second]))}."
    assert [str(point).partition(" is signed by ")[0] for point in found.points[1:-1]] == sorted(
        [*others, FILE]
    )


def test_a_bundle_for_other_machines_only_says_so(campus: Campus, tmp_path: Path) -> None:
    campus.publish_for(OTHERS[0])
    bundle = tmp_path / "go.bundle"
    assert created(campus.host, bundle, arches=OTHERS[:1]).architectures == OTHERS[:1]
    with pytest.raises(errors.NoFileForMachine, match=r"for this machine \(.*it has archives for linux-"):
        staged(campus.host, bundle)


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ("loong64", errors.NoFileFor, f"has no archive for linux-loong64; it has archives for linux-{ARCH}."),
        ("arm", errors.NoFileFor, "has no archive for linux-armv6l"),
        ("1.27", errors.NotAnArch, "“1.27” names no processor"),
    ],
)
def test_a_processor_without_an_archive_is_refused(
    campus: Campus, tmp_path: Path, word: str, kind: type[errors.ToolchainError], said: str
) -> None:
    with pytest.raises(kind) as caught:
        created(campus.host, tmp_path / "go.bundle", arches=(word,))
    assert said in str(caught.value.message)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


# ------------------------------------------------------------------ installing from one


def test_a_bundle_installs_without_a_network(campus: Campus, bundle: Path) -> None:
    result = staged(campus.host, bundle)
    assert result.verification.source == f"{bundle}!/{FILE}"
    assert result.verification.signature is not None
    assert result.verification.signature.primary == campus.signer.fingerprint


def test_a_key_counts_only_for_what_came_from_its_sources(campus: Campus, bundle: Path) -> None:
    config = Path(campus.host.config_folder, "config.toml")
    config.write_text(config.read_text().replace('"campus"', '"other"'))
    with pytest.raises(errors.NobodyVouches):
        staged(campus.host, bundle)


def rewritten(bundle: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> Path:
    """Change what a bundle holds; where `honest`, its manifest and index agree with that."""
    found = contents(bundle)
    change(found)
    if honest:
        if FILE in found:
            found[INDEX] = index({FILE: found[FILE]})
        said = json.loads(found[MANIFEST])
        for entry in said["files"]:
            data = found.get(entry["name"], b"")
            entry["sha256"], entry["size"] = hashlib.sha256(data).hexdigest(), len(data)
        found[MANIFEST] = json.dumps(said).encode()
    write(bundle, [member(name, data) for name, data in found.items()])
    return bundle


def write(path: Path, members: list[Member]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))


def set_to(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda found: found.__setitem__(name, data)


def test_changed_bytes_are_refused_whatever_the_bundle_says(
    campus: Campus, bundle: Path, archive: bytes
) -> None:
    changed = archive[:-9] + bytes(9)
    with pytest.raises(errors.WrongSignature):
        staged(campus.host, rewritten(bundle, set_to(FILE, changed)))
    with pytest.raises(errors.WrongSum):
        staged(campus.host, rewritten(bundle, set_to(FILE, archive[:-9] + b"x" * 9), honest=False))


def test_another_signer_is_refused(campus: Campus, bundle: Path, archive: bytes, impostor: Signer) -> None:
    with pytest.raises(errors.OtherSigner):
        staged(campus.host, rewritten(bundle, set_to(f"{FILE}.asc", impostor.sign(archive))))


def test_a_missing_signature_is_refused(campus: Campus, bundle: Path) -> None:
    with pytest.raises(errors.MissingSignature):
        staged(campus.host, rewritten(bundle, lambda found: found.pop(f"{FILE}.asc") and None))


def test_an_excerpt_that_is_not_the_manifests_is_refused(campus: Campus, bundle: Path) -> None:
    with pytest.raises(BadBundle, match=r"its index\.json is not the one of its"):
        staged(campus.host, rewritten(bundle, set_to(INDEX, b"[]"), honest=False))


def test_a_version_that_is_not_in_it_is_refused(campus: Campus, bundle: Path) -> None:
    with pytest.raises(errors.UnknownVersion):
        staged(campus.host, bundle, f"{VERSION}.2")
    with pytest.raises(errors.UnknownVersion):
        staged(campus.host, bundle, "latest")


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([member(MANIFEST, b"{}")], "it has no gomedic-bundle.json that can be read"),
        ([member(MANIFEST, b"{}"), member(MANIFEST, b"{}")], "it has two members"),
        ([member(MANIFEST, b"{}"), member("../x", b"")], "it has a member ../x"),
        ([member(MANIFEST, b"{}"), member("a/b", b"")], "it has a member a/b"),
        (
            [member(MANIFEST, b""), member("x", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
            "its member 2 is none",
        ),
        ([member(MANIFEST, b""), member("x", type=tarfile.DIRTYPE)], "its member 2 is none"),
        (
            [member(MANIFEST, b"")] + [member(f"x{number}") for number in range(1001)],
            "more than 1000 members",
        ),
    ],
)
def test_what_is_no_bundle_is_refused(
    campus: Campus, tmp_path: Path, members: list[Member], why: str
) -> None:
    write(tmp_path / "x.bundle", members)
    with pytest.raises(BadBundle) as caught:
        staged(campus.host, tmp_path / "x.bundle")
    assert why in str(caught.value.message)


def test_a_bundle_that_was_cut_is_refused(campus: Campus, bundle: Path) -> None:
    os.truncate(bundle, bundle.stat().st_size // 2)
    with pytest.raises(BadBundle, match="it ends too early"):
        staged(campus.host, bundle)


def test_any_other_file_is_no_bundle(campus: Campus, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(os.urandom(5000))
    with pytest.raises(BadBundle):
        staged(campus.host, tmp_path / "x")


# ------------------------------------------------------------------ the instructor's signature


@pytest.fixture
def instructor(campus: Campus, signer: Signer, tmp_path: Path) -> Host:
    """The account of whoever has the campus's key."""
    return Host({**campus.host.env, "GNUPGHOME": str(signer.home)}, campus.host.cwd, campus.host.account)


def test_a_bundle_that_the_instructor_signed_says_so(
    campus: Campus, instructor: Host, tmp_path: Path
) -> None:
    made = created(instructor, tmp_path / "go.bundle", key=campus.signer.fingerprint)
    assert made.signed
    assert list(contents(tmp_path / "go.bundle"))[:2] == [MANIFEST, f"{MANIFEST}.asc"]
    staged(campus.host, tmp_path / "go.bundle")
    said = json.loads(contents(tmp_path / "go.bundle")[MANIFEST])
    said["date"] = "2027-01-01"
    changed = rewritten(tmp_path / "go.bundle", set_to(MANIFEST, json.dumps(said).encode()), honest=False)
    with pytest.raises(errors.IndexNotTrusted, match="is signed, but not rightly"):
        staged(campus.host, changed)


def test_a_key_that_is_not_there_signs_nothing(campus: Campus, instructor: Host, tmp_path: Path) -> None:
    with pytest.raises(CannotSign, match="gpg says: "):
        created(instructor, tmp_path / "go.bundle", key="nobody@example.edu")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


# ------------------------------------------------------------------ Google's releases


def test_googles_own_come_from_a_bundle_only_with_googles_signature(
    campus: Campus, bundle: Path, signer: Signer
) -> None:
    """Its excerpt gives the sum where no list is at hand, but it vouches for nothing."""
    version = "go1.27.99"
    data = packed(go_members(version))
    name = file_name(version)
    files = {name: data, f"{name}.asc": signer.sign(data), INDEX: index({name: data}, version)}
    said = {"schema": 1, "date": "", "files": [
        {"name": file, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for file, content in files.items()
    ]}  # fmt: skip
    write(
        bundle,
        [member(file, content) for file, content in {MANIFEST: json.dumps(said).encode(), **files}.items()],
    )
    for word in (version, "1.27", "latest"):
        with pytest.raises(errors.OtherSigner, match="not by Google's Go release key"):
            staged(campus.host, bundle, word)
    del files[f"{name}.asc"]
    write(bundle, [member(n, c) for n, c in {MANIFEST: json.dumps(said).encode(), **files}.items()])
    with pytest.raises(errors.SignatureNeeded):
        list(install(campus.host, read_settings(campus.host), version, str(bundle), without_signature=True))


def test_googles_signature_is_read_out_of_a_bundle(machine: Host, tmp_path: Path) -> None:
    """The real signature over the real source, both where they lie in the bundle."""
    name = "go1.19.8.src.tar.gz"
    signature = (SIGNATURES / f"{name}.asc").read_bytes()
    data = real_archive(name).read_bytes()
    write(tmp_path / "b", [member(MANIFEST, b"{}"), member(f"{name}.asc", signature), member(name, data)])
    with Web(machine) as web:
        assert web.small(f"{tmp_path}/b!/{name}.asc", 1 << 16) == signature
        with web.opened(f"{tmp_path}/b!/{name}", 1000) as reply:
            assert (reply.size, reply.total) == (len(data) - 1000, len(data))
            assert b"".join(reply.body) == data[1000:]


# ------------------------------------------------------------------ judging one


def judged(host: Host, path: Path) -> Verdict:
    *_, verdict = verify(host, read_settings(host), str(path))
    assert isinstance(verdict, Verdict)
    return verdict


def test_a_good_bundle_is_found_good(campus: Campus, bundle: Path) -> None:
    found = judged(campus.host, bundle)
    assert (found.good, found.kind, found.version, found.reason) == (True, "bundle", VERSION, None)
    assert [str(point).partition(" is signed by ")[0] for point in found.points] == [
        f"{VERSION}, for {ARCH}.",
        FILE,
        "No key of the settings signed the bundle as a whole; each archive stands for itself.",
    ]
    left = [path.name for path in Path(campus.host.home, ".cache").glob("*")]
    assert not [name for name in left if "verify" in name]


def test_a_bad_bundle_is_found_bad(campus: Campus, bundle: Path, impostor: Signer) -> None:
    whole = bundle.read_bytes()
    changed = bytes(9)
    for change, honest, why in (
        (set_to(f"{FILE}.asc", impostor.sign(b"x")), True, "is signed by key"),
        (set_to(FILE, changed), False, f"its {FILE} is not the one of its {MANIFEST}"),
        (lambda found: found.pop(f"{FILE}.asc") and None, False, "does not exist"),
    ):
        bundle.write_bytes(whole)
        found = judged(campus.host, rewritten(bundle, change, honest=honest))
        assert not found.good
        assert why in str(found.reason)


# ------------------------------------------------------------------ plain folders


@pytest.mark.parametrize("below", ["", "go1.27.1-campus", "versions"])
def test_a_folder_of_archives_serves_as_a_source(campus: Campus, tmp_path: Path, below: str) -> None:
    folder = tmp_path / "stick" / below
    folder.mkdir(parents=True)
    for name, data in campus.files.items():
        if name != INDEX:
            (folder / name).write_bytes(data)
    (folder / f"{FILE}.sha256").write_text(hashlib.sha256(campus.files[FILE]).hexdigest())
    config = Path(campus.host.config_folder, "config.toml")
    config.write_text(config.read_text().replace(campus.url, str(tmp_path / "stick")))
    campus.host = campus.host.without_network()
    result = staged(campus.host, tmp_path / "stick")
    assert result.verification.source == str(folder / FILE)
    assert campus.asked == []


def test_a_series_means_the_newest_that_lies_there(campus: Campus, tmp_path: Path, signer: Signer) -> None:
    listed = []
    for version in ("go1.26.98", "go1.26.99", "go1.27.99"):
        data = packed(go_members(version))
        listed += json.loads(index({file_name(version): data}, version))
        if version != "go1.27.99":
            (tmp_path / file_name(version)).write_bytes(data)
            (tmp_path / f"{file_name(version)}.asc").write_bytes(signer.sign(data))
    Path(campus.host.config_folder, "releases.json").write_bytes(json.dumps(listed).encode())
    for word in ("1.26", "latest"):
        with pytest.raises(errors.OtherSigner) as caught:
            staged(campus.host, tmp_path, word)
        assert "go1.26.99" in str(caught.value.message)
    with pytest.raises(errors.UnknownVersion, match=r"the newest there is go1\.26\.99"):
        staged(campus.host, tmp_path, "1.27")


def test_offline_says_what_is_missing(campus: Campus) -> None:
    host = campus.host.without_network()
    with pytest.raises(errors.Offline, match="would have to be fetched, but no network is to be used"):
        list(install(host, read_settings(host), VERSION))
    with pytest.raises(errors.NoReleaseList, match="no network is to be used"):
        list(install(host, read_settings(host), "1.21"))


# ------------------------------------------------------------------ what a folder asks for


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        (".go-version", "1.22.5\n", "1.22.5"),
        (".go-version", "# the course's\n\ngo1.22.5  # until 2027\n", "go1.22.5"),
        (".go-version", "1.22.x", "1.22.x"),
        (".gimme", "1.22.5", "1.22.5"),
        (".gimme", "GIMME_GO_VERSION=1.22.5\n", "1.22.5"),
        (".gimme", "export GIMME_GO_VERSION='1.22.5'\n", "1.22.5"),
        ("go.mod", "module x\n\ngo 1.22\n", "1.22"),
        ("go.mod", "module x\n\ngo 1.22.0\n\ntoolchain go1.22.5\n", "go1.22.5"),
        ("go.mod", "module x\n\ngo 1.22.0 // the course's\n\ntoolchain default\n", "1.22.0"),
        ("go.mod", "module x\n", None),
        (".go-version", "\n", None),
    ],
)
def test_a_folder_asks_for_a_version(
    host: Callable[..., Host], tmp_path: Path, name: str, text: str, word: str | None
) -> None:
    project = tmp_path / "project" / "cmd"
    project.mkdir(parents=True)
    (tmp_path / "project" / name).write_text(text)
    expected = None if word is None else (word, str(tmp_path / "project" / name))
    assert wanted_version(host(cwd=project)) == expected


def test_the_nearest_folder_counts_and_gimmes_own_folder_does_not(
    host: Callable[..., Host], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    (project / "cmd" / ".gimme").mkdir(parents=True)
    (project / ".gimme").write_text("1.22.5")
    (project / "go.mod").write_text("module x\n\ngo 1.21\n")
    assert wanted_version(host(cwd=project / "cmd")) == ("1.22.5", str(project / ".gimme"))
    (project / "cmd" / "go.mod").write_text("module x\n\ngo 1.23\n")
    assert wanted_version(host(cwd=project / "cmd")) == ("1.23", str(project / "cmd" / "go.mod"))
