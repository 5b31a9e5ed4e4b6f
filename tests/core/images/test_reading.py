"""Every form of an image gives the same view, whatever it is called; its sums are checked; contents come when asked for."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.images.builder import Item, Recipe, archive_of, go_tree, index_of, layer, spread, sum_of, with_go
from gomedic.images.problems import ImageRefused
from gomedic.images.reading import UNSUMMED
from gomedic.images.view import View

Open = Callable[..., View]


def recipe() -> Recipe:
    found = with_go().run(
        "RUN rm", Item("usr/local/go/.wh.VERSION", b""), Item("opt/data.bin", b"\x01" * 700_000)
    )
    return found.run("RUN ln", Item("opt/again", kind="h", link="opt/data.bin"))


FORMS: dict[str, tuple[str, Callable[[Recipe, Path], Path]]] = {
    "docker": ("docker-archive", lambda r, p: r.docker(p / "image")),
    "docker 25": ("docker-archive-oci", lambda r, p: r.docker_25(p / "image.zip")),
    "oci": ("oci-layout", lambda r, p: r.oci(p / "image.tar")),
    "oci zstd": ("oci-layout", lambda r, p: r.oci(p / "image", "zstd")),
    "oci plain": ("oci-layout", lambda r, p: r.oci(p / "image", "none")),
    "oci tar": ("oci-archive", lambda r, p: r.oci_tar(p / "image.gz")),
    "skopeo dir": ("dir", lambda r, p: r.skopeo(p / "image")),
    "docker gz": ("docker-archive", lambda r, p: packed(r.docker(p / "image.tar"))),
    "oci tar gz": ("oci-archive", lambda r, p: packed(r.oci_tar(p / "image.tar"))),
}


def packed(path: Path) -> Path:
    path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def seen(view: View) -> dict[str, tuple[object, ...]]:
    return {p: (n.kind, n.mode, n.uid, n.gid, n.size, n.link, n.layer) for p, n in view.walk()}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_view(opened: Open, form: str, tmp_path: Path) -> None:
    kind, make = FORMS[form]
    view = opened(make(recipe(), tmp_path))
    assert view.image.kind == kind
    assert seen(view) == seen(opened(recipe().docker(tmp_path / "other")))
    assert [each.created_by for each in view.image.layers][2:] == ["RUN rm", "RUN ln"]
    assert view.node("/usr/local/go/VERSION") is None
    assert view.read("/opt/again") == b"\x01" * 700_000  # was not kept, and is a hard link into a lower layer
    assert view.read("/bin/sh", 4) == b"\x7fELF"  # through two links
    view.close()


def test_a_root_file_system_is_read_as_a_folder_and_as_a_tar(opened: Open, tmp_path: Path) -> None:
    items = [
        Item("etc"),
        Item("etc/profile", "PATH=/bin\n"),
        Item("etc/.wh.odd", b"no whiteout here"),
        Item("bin", link="usr/bin"),
    ]
    path = tmp_path / "fs.tar"
    path.write_bytes(layer(items))
    folder = tmp_path / "fs"
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/profile").write_text("PATH=/bin\n")
    (folder / "etc/.wh.odd").write_text("no whiteout here")
    (folder / "bin").symlink_to("usr/bin")
    views = [opened(path), opened(packed_copy(path)), opened(folder)]
    assert [view.image.kind for view in views] == ["rootfs-tar", "rootfs-tar", "rootfs"]
    for view in views:
        assert sorted(p for p, _node in view.walk()) == ["bin", "etc", "etc/.wh.odd", "etc/profile"]
        assert view.read("/etc/.wh.odd") == b"no whiteout here"


def packed_copy(path: Path) -> Path:
    copy = path.with_suffix(".gz")
    copy.write_bytes(gzip.compress(path.read_bytes()))
    return copy


def test_links_in_a_folder_never_lead_out_of_it(opened: Open, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_text("secret")
    folder = tmp_path / "fs"
    (folder / "etc/profile.d").mkdir(parents=True)
    (folder / "etc/profile").symlink_to(outside)
    (folder / "etc/profile.d/up.sh").symlink_to("../../../secret")
    view = opened(folder)
    assert view.read("/etc/profile") is None
    assert view.read("/etc/profile.d/up.sh") is None


def test_the_platform_is_chosen_and_attestations_are_passed_over(opened: Open, tmp_path: Path) -> None:
    amd, arm = with_go(), Recipe("arm64").run("ADD", *go_tree(arch="arm64"))
    (amd_blobs, amd_told), (arm_blobs, arm_told) = amd.blobs(), arm.blobs()
    witness = {
        "digest": "sha256:" + "0" * 64, "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }  # fmt: skip
    image = spread(tmp_path / "both", index_of([({}, witness), (arm_blobs, arm_told), (amd_blobs, amd_told)]))
    assert opened((image), "linux/amd64").image.platform == "linux/amd64"
    assert opened((image), "linux/arm64").image.platform == "linux/arm64"
    with pytest.raises(ImageRefused, match=r"linux/s390x.*linux/arm64, linux/amd64"):
        opened((image), "linux/s390x")
    alone = arm.oci(tmp_path / "alone")
    assert opened(alone).image.platform == "linux/arm64"  # there is no other
    with pytest.raises(ImageRefused, match=r"linux/arm64"):
        opened((alone), "linux/amd64")


def test_an_index_within_an_index_is_followed(opened: Open, tmp_path: Path) -> None:
    blobs, told = with_go().blobs()
    inner = json.dumps({"schemaVersion": 2, "manifests": [told]}).encode()
    outer = {"digest": "sha256:" + sum_of(inner), "mediaType": "application/vnd.oci.image.index.v1+json"}
    image = spread(tmp_path / "image", index_of([({**blobs, sum_of(inner): inner}, outer)]))
    assert opened(image).image.platform == "linux/amd64"


@pytest.mark.parametrize("packing", ["none", "gzip", "zstd"])
def test_a_layer_that_is_not_what_the_image_says_is_refused(
    opened: Open, tmp_path: Path, packing: str
) -> None:
    files = with_go().oci_files(packing)
    image = spread(tmp_path / "image", files)
    largest = max(files, key=lambda name: len(files[name]))
    data = bytearray(files[largest])
    data[-1 if packing == "none" else len(data) // 2] ^= 1
    (image / largest).write_bytes(data)
    with pytest.raises(ImageRefused):
        opened(image, sums=packing == "none")


@pytest.mark.parametrize(
    ("form", "says"), [("docker", True), ("oci plain", True), ("oci zstd", False), ("docker gz", False)]
)
def test_that_sums_of_plain_layers_were_not_reckoned_is_said(
    opened: Open, form: str, says: bool, tmp_path: Path
) -> None:
    image = FORMS[form][1](recipe(), tmp_path)
    assert [note.text == UNSUMMED for note in opened(image).notes] == [True] * says
    assert opened(image, sums=True).notes == ()


def test_a_plain_layer_of_another_size_than_the_image_says_is_refused(opened: Open, tmp_path: Path) -> None:
    files = with_go().oci_files("none")
    largest = max(files, key=lambda name: len(files[name]))
    image = spread(tmp_path / "image", {**files, largest: files[largest] + b"\0"})
    with pytest.raises(ImageRefused, match=f"has {len(files[largest]) + 1} bytes, not {len(files[largest])}"):
        opened(image)


def test_what_is_not_looked_at_is_not_read(opened: Open, tmp_path: Path) -> None:
    """A layer of a gigabyte, of which its file has nothing but holes and headers, is listed at once."""
    header = layer([Item("etc/profile", "PATH=/bin\n"), Item("big", b"")])[:2048]
    big = bytearray(layer([Item("big", b"\0" * 512)])[:512])
    big[124:136] = b"%011o\0" % (1 << 30)
    big[148:156] = b" " * 8
    big[148:156] = b"%06o\0 " % sum(big)
    path = tmp_path / "fs.tar"
    with path.open("wb") as file:
        file.write(header[:1024] + bytes(big))
        file.truncate(1536 + (1 << 30) + 1024)
    before = bytes_read()
    assert opened(path).node("/big").size == 1 << 30
    assert bytes_read() - before < 1 << 20


def bytes_read() -> int:
    """Return what this process has read from files so far (proc(5))."""
    told = Path("/proc/self/io").read_text()
    return int(told.split("rchar: ")[1].split()[0])


def test_sums_of_the_unpacked_layers_are_checked_too(opened: Open, tmp_path: Path) -> None:
    """A docker archive has no others."""
    files = with_go().docker_files()
    config = next(name for name in files if name.endswith(".json") and name != "manifest.json")
    other = json.loads(files[config])
    other["rootfs"]["diff_ids"][0] = "sha256:" + "0" * 64
    text = json.dumps(other).encode()
    manifest = json.loads(files["manifest.json"])
    manifest[0]["Config"] = f"{sum_of(text)}.json"
    del files[config]
    files |= {"manifest.json": json.dumps(manifest).encode(), f"{sum_of(text)}.json": text}
    with pytest.raises(ImageRefused, match="layer 1 is not what the image says"):
        opened(archive_of(tmp_path / "image", files), sums=True)
    with pytest.raises(ImageRefused, match="layer 1 is not what the image says"):
        opened(packed(tmp_path / "image"))
    files[f"{sum_of(text)}.json"] = text + b" "
    with pytest.raises(ImageRefused, match="is not what the image says"):
        opened(archive_of(tmp_path / "image", files))


def test_bytes_behind_the_compressed_layer_belong_to_its_digest(opened: Open, tmp_path: Path) -> None:
    files = with_go().oci_files("gzip")
    image = spread(tmp_path / "image", files)
    largest = max(files, key=lambda name: len(files[name]))
    (image / largest).write_bytes(files[largest] + b"\0\0")
    with pytest.raises(ImageRefused, match="is not what the image says"):
        opened(image)


def test_the_same_layer_twice(opened: Open, tmp_path: Path) -> None:
    twice = with_go()
    twice.layers.append(twice.layers[0])
    twice.history.append({"created_by": "COPY again"})
    for image in (twice.oci(tmp_path / "a"), packed(twice.oci_tar(tmp_path / "b"))):
        view = opened(image)
        assert view.node("/etc/profile").layer == 3
        assert view.node("/usr/local/go/VERSION").layer == 2


def test_an_opaque_mark_hides_lower_layers_alone_wherever_it_stands(opened: Open, tmp_path: Path) -> None:
    recipe = Recipe().run("ADD", Item("a"), Item("a/low/deep", "1"), Item("a/old", "2"))
    recipe.run("RUN", Item("a/new", "3"), Item("a/low/own", "4"), Item("a/.wh..wh..opq", b""))
    view = opened(recipe.docker(tmp_path / "image"))
    assert sorted(path for path, _node in view.walk()) == ["a", "a/low", "a/low/own", "a/new"]
