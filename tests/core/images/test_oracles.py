"""Other programs say the same of an image: umoci over every node, tar over the names, where they are installed."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from core.images.builder import Item, Recipe, debian, go_tree
from gomedic.images.reading import open_image

KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFIFO: "p"}


def tricky() -> Recipe:
    """Return an image with what layers can do to each other."""
    recipe = Recipe().run("ADD debian", *debian(), *go_tree())
    recipe.run(
        "RUN make", Item("opt/a"), Item("opt/a/b"), Item("opt/a/b/f", "1"), Item("opt/a/g", "2", mode=0o4755),
        Item("opt/a/h", kind="h", link="opt/a/g"), Item("opt/d1"), Item("opt/d1/z", "z"), Item("opt/opq", mode=0o1777),
        Item("opt/opq/x"), Item("opt/opq/x/q", "q"), Item("opt/la", link="/opt/a"), Item("opt/pipe", kind="p"),
    )  # fmt: skip
    recipe.run(
        "RUN change", Item("opt/opq"), Item("opt/opq/.wh..wh..opq", b""), Item("opt/opq/new", "n"), Item("opt/d1", "a file now"),
        Item("opt/a/.wh.h", b""), Item("opt/a/g", "2", mode=0o755, uid=1000, gid=1000), Item("usr/local/.wh.go", b""),
    )  # fmt: skip
    return recipe.run(
        "RUN again", Item("opt/.wh.d1", b""), Item("opt/la", link="a/b"), Item("usr/local/go", "no folder any more"),
        Item("opt/late/deep/file", "x", mode=0o640),
    )  # fmt: skip


def on_disk(top: Path) -> dict[str, tuple[object, ...]]:
    found = {}
    for folder, folders, files in os.walk(top):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            info = os.lstat(path)
            kind = KINDS[stat.S_IFMT(info.st_mode)]
            mode = 0o777 if kind == "l" else stat.S_IMODE(info.st_mode)
            link = os.readlink(path) if kind == "l" else ""
            size = info.st_size if kind == "f" else 0
            found[os.path.relpath(path, top)] = (kind, mode, info.st_uid, info.st_gid, size, link)
    return found


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("umoci") is None, reason="needs root and umoci")
@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_no_node_is_another_than_umoci_unpacks(tmp_path: Path, packing: str) -> None:
    image = tricky().oci(tmp_path / "image", packing)
    index = json.loads((image / "index.json").read_bytes())
    index["manifests"][0] |= {
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "annotations": {"org.opencontainers.image.ref.name": "1"},
    }  # fmt: skip
    (image / "index.json").write_text(json.dumps(index))
    subprocess.run(
        ["umoci", "unpack", "--image", f"{image}:1", tmp_path / "bundle"], check=True, capture_output=True
    )
    with open_image(str(image)) as view:
        seen = {
            path: (n.kind, 0o777 if n.kind == "l" else n.mode, n.uid, n.gid, n.size, n.link)
            for path, n in view.walk()
        }
    assert seen == on_disk(tmp_path / "bundle" / "rootfs")


def test_tar_lists_the_same_names(tmp_path: Path) -> None:
    recipe = Recipe().run("ADD debian", *debian(), *go_tree())
    (tmp_path / "layer.tar").write_bytes(recipe.layers[0])
    listed = subprocess.run(
        ["tar", "-tf", tmp_path / "layer.tar"], check=True, capture_output=True, text=True
    ).stdout
    with open_image(str(recipe.oci(tmp_path / "image"))) as view:
        seen = {path for path, node in view.walk() if node.layer}
    assert {name.rstrip("/") for name in listed.splitlines()} <= seen
