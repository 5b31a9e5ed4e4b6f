"""Hostile images are refused in one sentence or read safely, and nothing is ever written."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.images.builder import PACKERS, Item, Recipe, archive_of, debian, layer, spread, sum_of, with_go
from gomedic.images import streams, tree
from gomedic.images.checking import check_image
from gomedic.images.problems import ImageRefused
from gomedic.images.view import View

Open = Callable[..., View]


def refused(path: Path) -> str:
    with pytest.raises(ImageRefused) as caught:
        check_image(str(path))
    said = str(caught.value.message)
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 700
    return said


def bad_layer(tmp_path: Path, data: bytes, packing: str = "none") -> Path:
    recipe = with_go()
    recipe.layers.append(data)
    recipe.history.append({"created_by": "ADD evil"})
    return (
        recipe.docker(tmp_path / "evil.tar") if packing == "none" else recipe.oci(tmp_path / "evil", packing)
    )


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/../evil", "a/..", "..", "./../x"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    assert "leads out of the image" in refused(bad_layer(tmp_path, layer([Item(name, b"x")])))


def test_hard_links_out_are_refused(tmp_path: Path) -> None:
    assert "leads out" in refused(bad_layer(tmp_path, layer([Item("x", kind="h", link="../../etc/shadow")])))
    assert "not in the image" in refused(
        bad_layer(tmp_path, layer([Item("x", kind="h", link="etc/shadow-")]))
    )
    assert "not in the image" in refused(bad_layer(tmp_path, layer([Item("x", kind="h", link="etc")])))


@pytest.mark.parametrize("name", ["a/.wh.", "a/.wh...", "a/.wh.."])
def test_whiteouts_without_a_name_are_refused(tmp_path: Path, name: str) -> None:
    refused(bad_layer(tmp_path, layer([Item(name, b"")])))


def test_links_and_devices_are_never_followed_out(opened: Open, tmp_path: Path) -> None:
    recipe = with_go().run(
        "ADD evil", Item("etc/environment", link="/../../../../etc/hostname"), Item("etc/profile", link="/etc/profile"),
        Item("root/.bashrc", kind="p"), Item("root/.profile", kind="c"), Item("root/.bash_login", kind="b"), Item("usr/local/go/bin", link="../bin"),
        Item("l1", link="l2"), Item("l2", link="l1"),
    )  # fmt: skip
    view = opened(recipe.docker(tmp_path / "image.tar"))
    assert [
        view.read(p)
        for p in (
            "/etc/environment",
            "/etc/profile",
            "/root/.bashrc",
            "/root/.profile",
            "/root/.bash_login",
            "/l1",
        )
    ] == [None] * 6
    assert view.real("/l1") == "/l1"
    report = check_image(str(tmp_path / "image.tar"))
    assert all(check.state != "failed" for check in report.examination.checks)


def test_too_many_links_on_the_way_lead_nowhere(opened: Open, tmp_path: Path) -> None:
    chain = [Item(f"l{at}", link=f"l{at + 1}") for at in range(60)]
    recipe = Recipe().run("ADD", *debian(), *chain, Item("l60", b"end"))
    view = opened(recipe.docker(tmp_path / "image.tar"))
    assert view.read("/l30") == b"end"
    assert view.read("/l0") is None


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_bomb_is_refused_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    monkeypatch.setattr(streams, "_SUSPECT_FROM", 8 << 20)
    data = PACKERS[packing](layer([Item("big", b"\0" * (32 << 20))]))
    recipe = with_go()
    recipe.layers.append(b"")
    recipe.history.append({"created_by": "ADD bomb"})
    files = recipe.docker_files()
    name = json.loads(files["manifest.json"])[0]["Layers"][-1]
    assert "decompression bomb" in refused(archive_of(tmp_path / "bomb.tar", {**files, name: data}))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_MOST", 100)
    assert "more than 100 files" in refused(
        bad_layer(tmp_path, layer([Item(f"f{n}", b"") for n in range(200)]))
    )


def test_ten_thousand_layers_are_refused(tmp_path: Path) -> None:
    recipe = Recipe()
    recipe.layers = [layer([])] * 10_000
    recipe.history = [{"created_by": "RUN"}] * 10_000
    assert "10000 layers" in refused(recipe.oci(tmp_path / "image"))


def manifest_with(change: Callable[[dict[str, object]], None]) -> dict[str, bytes]:
    files = with_go().docker_files()
    manifest = json.loads(files["manifest.json"])
    change(manifest[0])
    return {**files, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"[{}]", b"[" * 100_000, b'[{"Config": 5}]', b"\xff\xfe", b'[{"Config": "x", "Layers": [1]}]',
        b'{"config": {"digest": "../../etc/passwd"}, "layers": []}', b"null", b"[" + b"1" * (5 << 20) + b"]",
    ],
)  # fmt: skip
def test_broken_documents_are_refused(tmp_path: Path, text: bytes) -> None:
    refused(archive_of(tmp_path / "image", {**with_go().docker_files(), "manifest.json": text}))
    refused(spread(tmp_path / "folder", {"oci-layout": b"{}", "index.json": text}))


def test_names_of_layers_lead_nowhere_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside.tar"
    outside.write_bytes(layer([Item("x", b"x")]))
    for name in ("../outside.tar", str(outside), "no/such/layer.tar"):
        files = manifest_with(lambda image, name=name: image.update(Layers=[name, *image["Layers"][1:]]))
        refused(archive_of(tmp_path / "image", files))


def test_digests_that_are_none_are_refused(tmp_path: Path) -> None:
    for digest in ("sha256:../../../etc/passwd", "md5:" + "0" * 32, "sha256:" + "0" * 63, ""):
        index = {"manifests": [{"digest": digest}]}
        image = spread(
            tmp_path / f"i{len(digest)}", {"oci-layout": b"{}", "index.json": json.dumps(index).encode()}
        )
        assert "no digest" in refused(image)


def test_links_among_the_members_end(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, target in (("manifest.json", "other.json"), ("other.json", "manifest.json")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    path = tmp_path / "image"
    path.write_bytes(out.getvalue())
    assert "circle" in refused(path)


# ------------------------------------------------------------------ tar


def header(name: bytes, size: int = 0, kind: bytes = b"0", link: bytes = b"") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[108:116], block[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    block[124:136] = b"%011o\0" % size
    block[156:157], block[157 : 157 + len(link)] = kind, link
    block[257:265] = b"ustar\00000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def pax(**records: str) -> bytes:
    data = b""
    for key, value in records.items():
        body = f" {key.replace('__', '.')}={value}\n".encode()
        size = len(body) + 1
        while len(str(size)) + len(body) != size:
            size = len(str(size)) + len(body)
        data += str(size).encode() + body
    return header(b"pax", len(data), b"x") + data + bytes(-len(data) % 512)


END = bytes(1024)


@pytest.mark.parametrize(
    "data",
    [
        header(b"x", 4096) + b"short",
        header(b"x")[:300],
        b"not a tar at all" * 64,
        header(b"x", kind=b"Z") + END,
        header(b"x")[:148] + b"000000\0 " + header(b"x")[156:] + END,
        bytes(512) + header(b"hidden behind the end") + END,
        pax(path="../out") + header(b"x") + END,
        pax(size="-5") + header(b"x") + END,
        pax(size="9" * 30) + header(b"x") + END,
        header(b"pax", 20, b"x") + b"999 path=x\n".ljust(512, b"\0") + header(b"x") + END,
        header(b"pax", 2 << 20, b"x") + bytes(2 << 20) + header(b"x") + END,
        header(b"long", 5000, b"L") + (b"a/" * 2500).ljust(5120, b"\0") + header(b"x") + END,
        pax(path="n" * 256) + header(b"x") + END,
        pax(GNU__sparse__realsize="1" * 25) + header(b"x") + END,
    ],
)  # fmt: skip
@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_damaged_and_tricky_archives_are_refused(tmp_path: Path, data: bytes, packing: str) -> None:
    refused(bad_layer(tmp_path, data, packing))


@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_tricks_that_are_read_as_engines_read_them(opened: Open, tmp_path: Path, packing: str) -> None:
    data = b"".join(
        (
            header(b"pax", 24, b"g") + b"24 path=everything/else\n".ljust(512, b"\0"),  # for nobody
            pax(path="opt/long-" + "n" * 150) + header(b"short", 3) + b"abc".ljust(512, b"\0"),
            header(b"opt/link", 4096, b"2", b"/etc"),  # a link has no content, whatever its size says
            pax(GNU__sparse__realsize="1000000", GNU__sparse__name="opt/sparse") + header(b"s", 3) + b"abc".ljust(512, b"\0"),
            header(b"/opt/absolute", 1) + b"x".ljust(512, b"\0"),
            header(b".//opt/./dots//", 0, b"5"),
        )
    )  # fmt: skip
    view = opened(bad_layer(tmp_path, data + END, packing))
    assert view.read("/opt/long-" + "n" * 150) == b"abc"
    assert view.node("/everything") is None
    assert view.node("/opt/link").kind == "l"
    assert (view.node("/opt/sparse").size, view.read("/opt/sparse")) == (1000000, None)
    assert view.read("/opt/absolute") == b"x"
    assert view.node("/opt/dots").kind == "d"


def test_what_is_no_image_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "is no image" in refused(tmp_path / "empty")
    assert "cannot be read" in refused(tmp_path / "nosuch")
    os.mkfifo(tmp_path / "pipe")
    assert "cannot be read" in refused(tmp_path / "pipe")
    (tmp_path / "text").write_text("hello\n" * 500)
    refused(tmp_path / "text")
    (tmp_path / "nothing").write_bytes(b"")
    refused(tmp_path / "nothing")


def test_start_up_files_that_do_not_end_or_make_no_sense(tmp_path: Path) -> None:
    evil = {
        "etc/profile": ". /etc/profile\n", "root/.bashrc": "f() { f; }\nf\n", "root/.profile": "while :; do x=$x$x; done\n",
        "etc/profile.d/a.sh": 'case "$(((((" in\n', "etc/bash.bashrc": "if " * 5000, "etc/environment": "\0PATH" * 1000,
    }  # fmt: skip
    recipe = with_go().run("ADD evil", *(Item(name, text) for name, text in evil.items()))
    report = check_image(str(recipe.docker(tmp_path / "image.tar")))
    assert all(check.state != "failed" for check in report.examination.checks)
    doubled = "x=aaaaaaaa\n" + "x=$x$x$x$x$x$x$x$x\n" * 40
    recipe = with_go().run("ADD evil", Item("root/.bashrc", doubled))
    check_image(str(recipe.docker(tmp_path / "image.tar")))


def test_nothing_is_written(tmp_path: Path) -> None:
    image = with_go().oci(tmp_path / "image")
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.rglob("*")}
    for path in [image, *image.rglob("*")][::-1]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    check_image(str(image))
    assert {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.rglob("*")} == before
    assert sum_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
