"""Images written by hand: layers of tar entries and the JSON around them, in every form that is read."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import zstandard

SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Item:
    """One entry of a layer."""

    def __init__(
        self, name: str, content: bytes | str | None = None, *, mode: int | None = None, uid: int = 0, gid: int = 0,
        link: str = "", kind: str = "",
    ) -> None:  # fmt: skip
        self.name, self.uid, self.gid, self.link = name, uid, gid, link
        self.content = content.encode() if isinstance(content, str) else content
        self.kind = kind or ("l" if link else "d" if content is None else "f")
        self.mode = mode if mode is not None else {"d": 0o755, "l": 0o777}.get(self.kind, 0o644)

    def add(self, archive: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(self.name)
        info.type = {
            "f": tarfile.REGTYPE, "d": tarfile.DIRTYPE, "l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE,
            "p": tarfile.FIFOTYPE, "c": tarfile.CHRTYPE, "b": tarfile.BLKTYPE,
        }[self.kind]  # fmt: skip
        info.mode, info.uid, info.gid, info.linkname = self.mode, self.uid, self.gid, self.link
        info.size = len(self.content or b"") if self.kind == "f" else 0
        archive.addfile(info, io.BytesIO(self.content or b""))


def layer(items: Sequence[Item]) -> bytes:
    """Return a layer's tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for item in items:
            item.add(archive)
    return out.getvalue()


def sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


PACKERS = {
    "none": lambda d: d,
    "gzip": gzip.compress,
    "zstd": lambda d: zstandard.ZstdCompressor().compress(d),
}


class Recipe:
    """An image to be: layers with their commands, and what its configuration says."""

    def __init__(self, architecture: str = "amd64", **config: object) -> None:
        self.layers: list[bytes] = []
        self.history: list[dict[str, object]] = []
        self.config = {"Env": [f"PATH={SYSTEM}"], "Cmd": ["bash"], **config}
        self.architecture = architecture

    def run(self, command: str, *items: Item) -> "Recipe":
        self.layers.append(layer(items))
        self.history.append({"created_by": command})
        return self

    def env(self, name: str, value: str) -> "Recipe":
        kept = [item for item in self.config["Env"] if not item.startswith(f"{name}=")]
        self.config["Env"] = [*kept, f"{name}={value}"]
        self.history.append({"created_by": f"ENV {name}={value}", "empty_layer": True})
        return self

    def document(self) -> bytes:
        return json.dumps(
            {
                "architecture": self.architecture, "os": "linux", "config": self.config, "history": self.history,
                "rootfs": {"type": "layers", "diff_ids": ["sha256:" + sum_of(data) for data in self.layers]},
            }
        ).encode()  # fmt: skip

    # ---------------------------------------------------------- forms

    def blobs(self, packing: str = "gzip") -> tuple[dict[str, bytes], dict[str, object]]:
        """Return the blobs by digest, and the descriptor of the manifest."""
        config = self.document()
        packed = [PACKERS[packing](data) for data in self.layers]
        ending = {"none": "", "gzip": "+gzip", "zstd": "+zstd"}[packing]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:" + sum_of(config), "size": len(config)},
                "layers": [
                    {"mediaType": f"application/vnd.oci.image.layer.v1.tar{ending}", "digest": "sha256:" + sum_of(data), "size": len(data)}
                    for data in packed
                ],
            }
        ).encode()  # fmt: skip
        blobs = {sum_of(data): data for data in (config, manifest, *packed)}
        platform = {"os": "linux", "architecture": self.architecture}
        return blobs, {"digest": "sha256:" + sum_of(manifest), "size": len(manifest), "platform": platform}

    def oci_files(self, packing: str = "gzip") -> dict[str, bytes]:
        blobs, descriptor = self.blobs(packing)
        return index_of([(blobs, descriptor)])

    def oci(self, folder: Path, packing: str = "gzip") -> Path:
        return spread(folder, self.oci_files(packing))

    def oci_tar(self, path: Path, packing: str = "gzip") -> Path:
        return archive_of(path, self.oci_files(packing))

    def docker_files(self) -> dict[str, bytes]:
        names = [f"{sum_of(data + bytes([at]))}/layer.tar" for at, data in enumerate(self.layers)]
        config = f"{sum_of(self.document())}.json"
        manifest = [{"Config": config, "RepoTags": ["class/go:1"], "Layers": names}]
        files = dict(zip(names, self.layers, strict=True))
        return {**files, config: self.document(), "manifest.json": json.dumps(manifest).encode()}

    def docker(self, path: Path) -> Path:
        return archive_of(path, self.docker_files())

    def docker_25(self, path: Path) -> Path:
        files = self.oci_files("none")
        names = ["blobs/sha256/" + sum_of(data) for data in self.layers]
        manifest = [{"Config": "blobs/sha256/" + sum_of(self.document()), "RepoTags": None, "Layers": names}]
        return archive_of(path, {**files, "manifest.json": json.dumps(manifest).encode()})

    def skopeo(self, folder: Path) -> Path:
        blobs, descriptor = self.blobs()
        name = str(descriptor["digest"]).removeprefix("sha256:")
        return spread(
            folder, {**blobs, "manifest.json": blobs[name], "version": b"Directory Transport Version: 1.1\n"}
        )


def index_of(images: Sequence[tuple[Mapping[str, bytes], Mapping[str, object]]]) -> dict[str, bytes]:
    """Return the files of an OCI layout with these images."""
    files = {f"blobs/sha256/{name}": data for blobs, _descriptor in images for name, data in blobs.items()}
    index = {"schemaVersion": 2, "manifests": [descriptor for _blobs, descriptor in images]}
    return {
        **files,
        "index.json": json.dumps(index).encode(),
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
    }


def spread(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def archive_of(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


# ------------------------------------------------------------------ what Linux images have

PROFILE = """\
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH

if [ "${PS1-}" ]; then
  if [ "${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  else
    PS1='# '
  fi
fi

if [ -d /etc/profile.d ]; then
  for i in $(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d); do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
"""
ELF = {
    "amd64": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(80),
    "arm64": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00" + bytes(80),
}
DEBIAN = "/bin/sh -c #(nop) ADD file:0123456789abcdef in / "


def debian() -> list[Item]:
    """Return the little of Debian that decides about Go."""
    programs = [
        Item(f"usr/bin/{name}", ELF["amd64"], mode=0o755)
        for name in ("bash", "dash", "su", "id", "run-parts")
    ]
    return [
        Item("bin", link="usr/bin"), Item("usr"), Item("usr/bin"), *programs, Item("usr/bin/sh", link="dash"),
        Item("etc"), Item("etc/profile", PROFILE), Item("etc/profile.d"), Item("tmp", mode=0o1777), Item("root", mode=0o700),
        Item("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n"),
        Item("etc/group", "root:x:0:\nstudent:x:1000:\n"),
        Item("root/.profile", "if [ \"$BASH\" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n"),
        Item("root/.bashrc", "# ~/.bashrc\n[ -z \"$PS1\" ] && return\nPS1='$ '\n"), Item("home"),
        Item("home/student", uid=1000, gid=1000), Item("usr/local"), Item("usr/local/bin"), Item("opt"),
        Item("etc/bash.bashrc", "[ -z \"$PS1\" ] && return\nshopt -s checkwinsize\n"),
    ]  # fmt: skip


def go_tree(root: str = "usr/local/go", version: str = "go1.22.10", arch: str = "amd64") -> list[Item]:
    """Return a whole Go tree, as far as anybody looks."""
    from gomedic.go_tree import _PACKAGES, _TOOLS

    tools = f"{root}/pkg/tool/linux_{arch}"
    return [
        Item(root), Item(f"{root}/VERSION", f"{version}\ntime 2024-12-03T00:00:00Z\n"), Item(f"{root}/bin"),
        Item(f"{root}/bin/go", ELF[arch], mode=0o755), Item(f"{root}/bin/gofmt", ELF[arch], mode=0o755),
        *(Item(f"{tools}/{name}", ELF[arch], mode=0o755) for name in _TOOLS),
        *(Item(f"{root}/src/{name}/a.go", "package a\n") for name in _PACKAGES),
    ]  # fmt: skip


def with_go(**config: object) -> Recipe:
    """Return Debian with Go on ENV PATH, as the image golang has it."""
    recipe = Recipe(**config).run(DEBIAN, *debian())
    recipe.run("COPY /usr/local/go /usr/local/go # buildkit", *go_tree())
    return recipe.env("PATH", f"/usr/local/go/bin:{SYSTEM}")


def files_of(programs: tuple[str, ...]) -> Iterator[Item]:
    """Yield programs of this machine with the libraries that they load."""
    listed = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    libraries = {
        w for line in listed.splitlines() for w in line.split() if w.startswith("/") and not w.endswith(":")
    }
    for path in sorted({*programs, *libraries}):
        yield Item(path.lstrip("/"), Path(path).resolve().read_bytes(), mode=0o755)
