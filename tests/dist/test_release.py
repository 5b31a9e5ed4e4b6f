"""What goes out beside the bundles: bills of materials, licence texts, sums and a signature."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from loading import ROOT

RECIPE = ROOT / "packaging/dist"
METADATA = """Metadata-Version: 2.4
Name: Some_Package
Version: 1.2
License-Expression: MIT OR Apache-2.0
License-File: LICENSE
"""


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The build's own modules, which find one another beside themselves."""
    monkeypatch.syspath_prepend(str(RECIPE))
    names = ("parts", "sbom", "licences")
    yield {name: __import__(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where Python packages lie: two of them, of which one is used."""
    folder = tmp_path / "site"
    for name in ("some_package-1.2", "other-3"):
        (folder / f"{name}.dist-info/licenses").mkdir(parents=True)
        (folder / f"{name}.dist-info/METADATA").write_text(METADATA)
        (folder / f"{name}.dist-info/licenses/LICENSE").write_text("Do what you like.\n")
        (folder / f"{name}.dist-info/RECORD").write_text(f"{name.partition('-')[0]}/__init__.py,sha256=x,1\n")
    return folder


def valid(document: str) -> object:
    """What is wrong with a bill of materials; None where nothing is."""
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(document)


def test_the_sources_are_read_from_pyinstaller_s_lists(recipe: dict[str, ModuleType], tmp_path: Path) -> None:
    (tmp_path / "PYZ-00.toc").write_text("('/out', [('json', '/opt/python/json.py', 'PYMODULE')])")
    (tmp_path / "COLLECT-00.toc").write_text("([('libz.so.1', '/usr/lib/libz.so.1', 'BINARY')],)")
    assert recipe["parts"].sources(tmp_path) == {"/opt/python/json.py", "/usr/lib/libz.so.1"}


def test_only_packages_that_are_used_are_parts(recipe: dict[str, ModuleType], site: Path) -> None:
    found = list(recipe["parts"].distributions([f"{site}/some_package/__init__.py"], site))
    assert [(part.name, part.version, part.licence) for part in found] == [
        ("some-package", "1.2", "MIT OR Apache-2.0")
    ]
    assert [Path(text).name for text in found[0].texts] == ["LICENSE"]


def test_a_library_is_of_a_debian_package(recipe: dict[str, ModuleType]) -> None:
    if not shutil.which("dpkg-query"):
        pytest.skip("no dpkg here")
    libc = next(path for path in Path("/").glob("lib/*/libc.so.6"))
    assert recipe["parts"].owner_of(str(libc)) == "libc6"
    part = recipe["parts"].of_debian("libc6")
    assert part.purl.startswith(f"pkg:deb/debian/libc6@{part.version.replace('+', '%2B')}?arch=")


def test_a_bill_of_materials_is_valid_and_the_same_each_time(
    recipe: dict[str, ModuleType], site: Path
) -> None:
    parts = [recipe["parts"].distribution(folder) for folder in sorted(site.glob("some*.dist-info"))]
    made = [
        json.dumps(recipe["sbom"].document(parts, "gomedic", "0.1.0", 1_700_000_000)) for _time in range(2)
    ]
    assert made[0] == made[1]
    assert valid(made[0]) is None
    assert valid(made[0].replace('"library"', '"book"')) is not None
    other = json.dumps(recipe["sbom"].document(parts, "gomedic", "0.2.0", 1_700_000_000))
    assert json.loads(other)["serialNumber"] != json.loads(made[0])["serialNumber"]


def test_qt_brings_icu(recipe: dict[str, ModuleType], site: Path) -> None:
    (site / "pyside6_essentials-6.9.3.dist-info").mkdir()
    (site / "pyside6_essentials-6.9.3.dist-info/METADATA").write_text(
        "Name: PySide6_Essentials\nVersion: 6.9.3\n"
    )
    found = {
        part.name: part for part in recipe["parts"].qt(site, [f"{site}/PySide6/Qt/lib/libicudata.so.73"])
    }
    assert {name: part.version for name, part in found.items()} == {"qt": "6.9.3", "icu": "73"}
    assert "Unicode, Inc." in Path(found["icu"].texts[0]).read_text()


def test_the_font_is_a_part_and_no_module_that_is_named_alike(recipe: dict[str, ModuleType]) -> None:
    folder = "/build/source/gomedic_gui"
    files = {f"{folder}/fonts.py", f"{folder}/font/OFL.txt", f"{folder}/font/gomedic-sans-sc.otf"}
    assert [part.texts for part in recipe["parts"].font(files)] == [(f"{folder}/font/OFL.txt",)]
    assert list(recipe["parts"].font({f"{folder}/fonts.py"})) == []


def test_licence_texts_are_collected(recipe: dict[str, ModuleType], site: Path, tmp_path: Path) -> None:
    part = recipe["parts"].distribution(next(site.glob("some*.dist-info")))
    qt = recipe["parts"].Part("qt", "6.9.3", "pkg:generic/qt@6.9.3", "LGPL-3.0-only", is_expression=True)
    recipe["licences"].collect([part, qt], tmp_path / "licences", ROOT / "LICENSE")
    assert (tmp_path / "licences/some-package/LICENSE").read_text() == "Do what you like.\n"
    assert (tmp_path / "licences/gomedic/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    said = (tmp_path / "licences/README").read_text()
    assert "some-package 1.2: MIT OR Apache-2.0\n" in said
    assert "lib/_internal/libQt6*.so.6" in said


# ------------------------------------------------------------------ sums and signature


@pytest.fixture
def keys() -> Iterator[tuple[str, str]]:
    """A GnuPG home with a key, and the key's fingerprint; its path is short, for the agent's socket."""
    if not shutil.which("gpg"):
        pytest.skip("no gpg here")
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        env = {**os.environ, "GNUPGHOME": home}
        words = [
            "gpg",
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-generate-key",
            "maintainers",
            "ed25519",
            "sign",
        ]
        subprocess.run(words, env=env, capture_output=True, check=True, timeout=60)
        listed = subprocess.run(
            ["gpg", "--list-keys", "--with-colons"], env=env, capture_output=True, text=True, check=True
        )
        try:
            yield (
                home,
                next(line.split(":")[9] for line in listed.stdout.splitlines() if line.startswith("fpr")),
            )
        finally:
            subprocess.run(["gpgconf", "--kill", "gpg-agent"], env=env, check=False)


@pytest.fixture
def products(tmp_path: Path) -> Path:
    folder = tmp_path / "products"
    (folder / "gomedic").mkdir(parents=True)
    for name in ("gomedic-1-linux.tar.xz", "a file"):
        (folder / name).write_text(name)
    return folder


def sign(folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(RECIPE / "sign"), str(folder)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_key_there_are_sums_and_no_signature(products: Path) -> None:
    (products / "SHA256SUMS.asc").write_text("of yesterday")
    assert sign(products, GOMEDIC_RELEASE_KEY="").returncode == 0
    assert (
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=products, check=False
        ).returncode
        == 0
    )
    assert [line[66:] for line in (products / "SHA256SUMS").read_text().splitlines()] == [
        "a file",
        "gomedic-1-linux.tar.xz",
    ]
    assert not (products / "SHA256SUMS.asc").exists()


def test_with_a_key_the_sums_are_signed(products: Path, keys: tuple[str, str]) -> None:
    home, fingerprint = keys
    done = sign(products, GOMEDIC_RELEASE_KEY=fingerprint, GNUPGHOME=home)
    assert done.returncode == 0, done.stderr
    words = ["gpg", "--batch", "--status-fd", "1", "--verify", "SHA256SUMS.asc", "SHA256SUMS"]
    env = {**os.environ, "GNUPGHOME": home}
    said = subprocess.run(words, cwd=products, env=env, capture_output=True, text=True, check=False)
    assert f"VALIDSIG {fingerprint}" in said.stdout
    (products / "SHA256SUMS").write_text("0" * 64 + "  a file\n")
    assert subprocess.run(words, cwd=products, env=env, capture_output=True, check=False).returncode != 0


def test_a_key_that_is_not_there_fails_the_build(products: Path, keys: tuple[str, str]) -> None:
    done = sign(products, GOMEDIC_RELEASE_KEY="0" * 40, GNUPGHOME=keys[0])
    assert done.returncode != 0
    assert not (products / "SHA256SUMS.asc").exists()


# ------------------------------------------------------------------ of the bundles


@pytest.fixture
def licences(bundle: Path) -> Path:
    if not (bundle / "licences").is_dir():
        pytest.skip("the bundle is older than its licence texts: make it anew with `make dist`")
    return bundle / "licences"


def test_a_bundle_says_what_it_is_made_of(licences: Path, bundle: Path) -> None:
    document = (licences / "bom.cdx.json").read_text()
    assert valid(document) is None
    names = {part["name"] for part in json.loads(document)["components"]}
    assert {"python3.11", "msgspec", "pyinstaller", "libssl1.1"} <= names
    assert ({"qt", "pyside6-essentials", "libx11-6", "noto-sans-cjk-sc"} <= names) is (
        bundle.name == "gomedic"
    )


def test_a_bundle_has_the_licence_text_of_each_part(licences: Path) -> None:
    names = {str(path.relative_to(licences)) for path in licences.rglob("*") if path.is_file()}
    if "texts.tar.xz" in names:
        with tarfile.open(licences / "texts.tar.xz") as archive:
            names |= {name.removeprefix("licences/") for name in archive.getnames()}
    parts = json.loads((licences / "bom.cdx.json").read_text())["components"]
    there = {name.partition("/")[0] for name in names if "/" in name}
    assert [part["name"] for part in parts if part["name"] not in there | {"qt"}] == []
    assert "gomedic/LICENSE" in names


def test_qt_s_libraries_can_be_replaced(licences: Path, bundle: Path) -> None:
    if bundle.name != "gomedic":
        pytest.skip("there is no Qt in it")
    said = (licences / "README").read_text()
    assert "lib/_internal/libQt6*.so.6" in said
    assert "lib/_internal/PySide6/Qt/plugins" in said
    assert (bundle / "lib/_internal/PySide6/Qt/plugins").is_dir()
    assert (licences / "common/LGPL-3").is_file()
    assert list((bundle / "lib/_internal").glob("libQt6Core.so.6"))
