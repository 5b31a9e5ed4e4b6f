"""What a bundle is made of: read from PyInstaller's own lists, the packages' metadata, and the build system's dpkg."""

import ast
import gzip
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.parser import Parser
from pathlib import Path

SITE, PYTHON, FONT = "/build/site", "/opt/python", "gomedic_gui/font/"
# Linked into the launcher and the self-contained executable, and so in no list of files; NAME is there where it was used.
LINKED = ("musl", "libzstd1", "libc6")
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
COMMON = "/usr/share/common-licenses"
_COMMON_NAME = re.compile(rf"{COMMON}/([A-Za-z0-9.+-]*[A-Za-z0-9+])")


@dataclass(frozen=True)
class Part:
    """Something that others made and that is in the bundle."""

    name: str
    version: str
    purl: str  # how other programs call it (package-url/purl-spec)
    licence: str = ""  # as its maker names it
    texts: tuple[str, ...] = field(default=())  # files of the build system
    is_expression: bool = False  # of SPDX


def sources(work: Path) -> set[str]:
    """Return the files of the build system that went into the bundle (PyInstaller's PYZ, EXE and COLLECT lists)."""
    found: set[str] = set()
    for name in ("PYZ-00.toc", "COLLECT-00.toc"):
        found |= {source for _target, source, _kind in _entries((work / name).read_text())}
    return found


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    for value in ast.literal_eval(text):
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, tuple) and len(entry) == 3)


def parts(work: Path, site: Path = Path(SITE)) -> list[Part]:
    """Return all parts, by name."""
    files = sources(work)
    found = [python(), *distributions(files, site), *debian(files)]
    found += font(files)
    if any("/PySide6/" in name for name in files):
        found += qt(site, files)
    return sorted(found, key=lambda part: part.name.lower())


# ------------------------------------------------------------------ Python


def python() -> Part:
    """Return Python itself, with the version of Debian's source that it was built from."""
    source = next(Path(PYTHON).glob("python3*.dsc")).name
    version = source.removesuffix(".dsc").partition("_")[2]
    text = next(Path(PYTHON).glob("lib/python3.*/LICENSE.txt"))
    return Part(
        "python3.11",
        version,
        _purl("python3.11", version, "source"),
        "PSF-2.0",
        (str(text),),
        True,
    )


def distributions(files: Iterable[str], site: Path) -> Iterator[Part]:
    """Yield the Python packages that any of the files is of; PyInstaller's boot loader is in every bundle."""
    names = {name.removeprefix(f"{site}/") for name in files if name.startswith(f"{site}/")}
    for folder in sorted(site.glob("*.dist-info")):
        listed = {line.split(",")[0] for line in (folder / "RECORD").read_text().splitlines()}
        if names & listed or folder.name.startswith("pyinstaller-"):
            yield distribution(folder)


def distribution(folder: Path) -> Part:
    """Return a Python package by its metadata."""
    told = Parser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
    name, version = re.sub(r"[-_.]+", "-", told["Name"]).lower(), told["Version"]
    expression = told["License-Expression"]
    classes = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    plain = told["License"] if told["License"] and "\n" not in told["License"] else ""
    texts = [path for path in sorted(folder.rglob("*")) if path.is_file() and _TEXTS.search(path.name)]
    shown = tuple(map(str, texts)) or (str(folder / "METADATA"),)
    licence = expression or plain or ", ".join(classes)
    return Part(name, version, f"pkg:pypi/{name}@{version}", licence, shown, bool(expression))


# ------------------------------------------------------------------ Debian


def debian(files: Iterable[str]) -> list[Part]:
    """Return the Debian packages that the libraries come from, and those that are linked in."""
    system = [name for name in files if name.startswith(("/usr/lib/", "/lib/"))]
    packages = {owner for name in system if (owner := owner_of(name))} | {
        name for name in LINKED if installed(name)
    }
    found = [of_debian(name) for name in sorted(packages)]
    texts = Path("/opt").glob("*/usr/share/doc/*/copyright")  # unpacked beside, and not installed
    used = [text for text in texts if any(name.startswith(f"/opt/{text.parts[2]}/") for name in files)]
    return found + [unpacked(text) for text in used]


def owner_of(path: str) -> str | None:
    """Return the Debian package that a file is of; /lib is /usr/lib under an older name."""
    real = os.path.realpath(path)
    for name in dict.fromkeys((path, real, real.removeprefix("/usr"), path.removeprefix("/usr"))):
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return None


def installed(package: str) -> bool:
    """Tell whether dpkg knows a package."""
    return subprocess.run(["dpkg-query", "-W", package], capture_output=True, check=False).returncode == 0


def of_debian(package: str) -> Part:
    """Return an installed package by dpkg's word."""
    words = ["dpkg-query", "-W", "-f", "${Version} ${Architecture}\n", package]
    version, arch = (
        subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\n")[0].split()
    )
    text = f"/usr/share/doc/{package}/copyright"
    return Part(package, version, _purl(package, version, arch), texts=(text,))


def unpacked(text: Path) -> Part:
    """Return a package by the folder of its documents."""
    package = text.parent.name
    log = next(text.parent.glob("changelog.*gz"))
    version = re.search(r"\(([^)]+)\)", gzip.decompress(log.read_bytes()).decode().splitlines()[0])
    number = version[1] if version else ""
    return Part(package, number, _purl(package, number, ""), texts=(str(text),))


def _purl(package: str, version: str, arch: str) -> str:
    return f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}" + (
        f"?arch={arch}" if arch else ""
    )


# ------------------------------------------------------------------ others


def qt(site: Path, files: Iterable[str]) -> Iterator[Part]:
    """Yield Qt, which comes in the packages of Qt for Python, and ICU, which may come with Qt."""
    version = next(distribution(folder).version for folder in site.glob("pyside6_essentials-*.dist-info"))
    texts = tuple(f"{COMMON}/{name}" for name in ("LGPL-3", "GPL-3", "GPL-2"))
    terms = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
    yield Part("qt", version, f"pkg:generic/qt@{version}", terms, texts, True)
    for library in (name for name in files if "/libicudata.so." in name):
        icu = library.rpartition(".")[2]
        text = str(Path(__file__).with_name("ICU-LICENSE"))
        yield Part("icu", icu, f"pkg:generic/icu@{icu}", "Unicode-DFS-2016", (text,), True)


def font(files: Iterable[str]) -> Iterator[Part]:
    """Yield the font with Chinese, where it is among the files."""
    for path in sorted(name for name in files if FONT in name and name.endswith(".otf")):
        text = os.path.join(os.path.dirname(path), "OFL.txt")
        yield Part(
            "noto-sans-cjk-sc", "2.004", "pkg:generic/noto-sans-cjk-sc@2.004", "OFL-1.1", (text,), True
        )


def referred(texts: Iterable[str]) -> set[str]:
    """Return the common licences that texts of Debian's only refer to."""
    found: set[str] = set()
    for text in texts:
        content = Path(text).read_text(encoding="utf-8", errors="replace")
        found |= {os.path.join(COMMON, name) for name in _COMMON_NAME.findall(content)}
    return {name for name in found if os.path.exists(name)}
