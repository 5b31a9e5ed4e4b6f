"""What holds for every kind of set-up."""

import stat
from pathlib import Path

import pytest

from gomedic.exporting import KINDS, Archive, ExportRefusedError, Kind, Options, Tool, generate, kind_named
from gomedic.exporting.archives import archive_of, version_of
from gomedic.settings import Settings
from gomedic.toolchain.errors import ToolchainError
from gomedic.writing import ExistsError, save

EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)


def filled(kind: Kind, **values: object) -> Options:
    return Options(**{name: value for name, value in values.items() if name in kind.uses})  # type: ignore[arg-type]


@EVERY
def test_a_kind_says_what_it_does_and_where_it_goes(kind: Kind) -> None:
    made = generate(kind, Options())
    assert kind_named(kind.id.upper()) is kind
    assert str(made.about).endswith(".")
    assert str(made.place).endswith(".")
    assert made.text.isascii()
    assert made.text.endswith("\n")
    assert not made.text.endswith("\n\n")
    assert "@" not in made.text.replace("@v", "").replace('"$@"', "")
    assert (made.kind, made.file, made.mode) == (kind.id, kind.file, kind.mode)


@EVERY
def test_the_same_options_make_the_same_text(kind: Kind) -> None:
    options = filled(kind, goroot="/opt/中文 go", goproxy="https://a,direct", cache=True, name="web")
    assert generate(kind, options) == generate(kind, options)


@EVERY
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("goroot", "go", "must be a whole path"),
        ("goroot", "", "must be a whole path"),
        ("goroot", "/", "must be a whole path"),
        ("goroot", "~/go", "must be a whole path"),
        ("goroot", "/opt/a:b", "has a colon in it"),
        ("goroot", "/opt/a\nb", r"invisible character U\+000A"),
        ("goroot", "/opt/a\0b", r"invisible character U\+0000"),
        ("goroot", "/opt/\udce4", r"invisible character U\+DCE4"),
        ("gopath", "go", "must be a whole path"),
        ("gopath", "~", "must be a whole path"),
        ("gopath", "~gus/go", "must be a whole path"),
        ("gopath", "/a:/b", "has a colon in it"),
        ("goproxy", "https://a\r\nX=1", r"invisible character U\+000D"),
        ("goproxy", "https://\u3000", r"invisible character U\+3000"),
        ("name", "../x", "can have letters, digits"),
        ("name", "a b", "can have letters, digits"),
        ("user", "gus;id", "can have letters, digits"),
        ("base", "debian; rm", "no name of an image"),
        ("home", "home", "must be a whole path"),
        ("tools", (Tool("gcc"),), "must be a whole path"),
        ("tools", (Tool("/opt/gcc", "x\ty"),), r"invisible character U\+0009"),
        ("archive", Archive("go1.22.5", "f", "ftp://x/f", "0"), "no address"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(
    kind: Kind, field: str, value: object, reason: str
) -> None:
    if field not in kind.uses:
        return
    with pytest.raises(ExportRefusedError, match=reason) as refused:
        generate(kind, Options(**{field: value}))  # type: ignore[arg-type]
    assert str(refused.value.message).endswith(".")


@EVERY
def test_an_option_without_a_use_is_refused(kind: Kind) -> None:
    values = {"gopath": "/srv/go", "goproxy": "off", "version": "1.22", "copy": True, "cache": True, "base": "debian",
              "user": "gus", "name": "web", "tools": (Tool("/opt/gcc"),)}  # fmt: skip
    for field, value in values.items():
        if field not in kind.uses:
            with pytest.raises(ExportRefusedError, match=f"{kind.id} has no use for --"):
                generate(kind, Options(**{field: value}))  # type: ignore[arg-type]


def test_a_copy_of_nothing_is_refused() -> None:
    with pytest.raises(ExportRefusedError, match="only together with --go"):
        generate(kind_named("dockerfile"), Options(copy=True))


def test_paths_are_written_in_their_shortest_form() -> None:
    assert (
        "gomedic_root=/opt/go\n" in generate(kind_named("profile.d"), Options(goroot="//opt/./x/../go/")).text
    )


def test_a_password_in_an_address_is_told() -> None:
    said = generate(kind_named("profile.d"), Options(goproxy="https://gus:secret@proxy,direct")).warnings
    assert [str(message) for message in said] == [
        "The proxy's address has a password in it, and whoever reads the set-up reads that too."
    ]


def test_a_gopath_that_the_shell_has_filled_in_is_told() -> None:
    said = generate(kind_named("profile.d"), Options(gopath="/home/gus/go")).warnings
    assert [str(message) for message in said] == [
        "/home/gus/go lies in one account's home; in quotes, as \"~/go\", it is below each account's own."
    ]


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ExportRefusedError, match=r"named docker-compose; known are dockerfile, entrypoint"):
        kind_named("docker-compose")


# ------------------------------------------------------------------ releases


def test_a_known_release_needs_no_network(host) -> None:  # type: ignore[no-untyped-def]
    found = archive_of(host().without_network(), Settings(), "1.27.1", "amd64")
    assert found.url == "https://dl.google.com/go/go1.27.1.linux-amd64.tar.gz"
    assert len(found.sha256) == 64
    china = archive_of(host().without_network(), Settings(), "go1.27.1", "amd64", china=True)
    assert china.url == "https://golang.google.cn/dl/go1.27.1.linux-amd64.tar.gz"
    mirror = archive_of(host().without_network(), Settings(), "go1.27.1", "amd64", mirror="https://m.edu/go")
    assert mirror == Archive(
        found.version, found.file, "https://m.edu/go/go1.27.1.linux-amd64.tar.gz", found.sha256
    )


@pytest.mark.parametrize(
    ("word", "arch", "reason"),
    [
        ("one", "amd64", "no version of Go"),
        ("1.27.1", "vax", "no archive for linux-vax"),
        ("1.27.99", "amd64", "no release 1.27.99 in Google's list"),
    ],
)
def test_a_release_that_is_not_there_is_refused(host, word: str, arch: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((ExportRefusedError, ToolchainError), match=reason):
        archive_of(host().without_network(), Settings(), word, arch)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("1.22.10", "go1.22.10"),
        ("go1.22.10", "go1.22.10"),
        ("1.22", "1.22"),
        ("1.22.x", "1.22"),
        ("stable", "latest"),
    ],
)
def test_build_machines_take_versions_and_lines(word: str, meant: str) -> None:
    assert version_of(word) == meant


# ------------------------------------------------------------------ saving


def test_a_file_gets_its_mode_whatever_the_umask(tmp_path: Path) -> None:
    import os

    path = tmp_path / "go.sh"
    before = os.umask(0o077)
    try:
        save(str(path), b"one", mode=0o755)
        with pytest.raises(ExistsError):
            save(str(path), b"two", mode=0o755)
        save(str(path), b"two", mode=0o644, overwrite=True)
    finally:
        os.umask(before)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o644)
