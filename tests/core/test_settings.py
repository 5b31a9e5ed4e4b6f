"""The settings file: what it means, and where exactly it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.settings import Key, OwnSession, SettingsError, Source, read_settings

WHOLE = """\
language = "zh_CN"
proxy = "http://proxy.example.edu:3128"
shared_cache = "/srv/go"
google_key = "keys/google.asc"

[[source]]
name = "campus"
url = "https://go.example.edu/dl/"      # a comment

[[source]]
name = "stick"
url = "/media/stick"

[[key]]
file = "keys/campus.asc"
sources = ["campus", "stick"]
prefix = "go1.22.5-campus"

[[session]]
name = "lab"
command = "ssh lab env"
environment = { LANG = "C" }

[[session]]
name = "tmux"
command = ["tmux", "-L", "x"]
"""

WRONG = {
    "colour = 1": (
        "1: “colour” is not a setting of gomedic; known here are language, proxy, shared_cache, google_key, deep, "
        "network, signed_policies, policy_keys, source, key, session."
    ),
    "\ndeep = 1": "2: “deep” must be true or false, not 1.",
    'network = "no"': "1: “network” must be true or false, not 'no'.",
    "\nproxy = 1": "2: “proxy” must be a text, not 1.",
    "\nlanguage = 3": "2: “language” must be a text, not 3.",
    'language = "de"': "1: there is no translation “de”; “language” can be en, zh_CN.",
    'source = "x"': "1: “source” must be a table written as [[…]], not 'x'.",
    '[source]\nname = "x"': "1: “source” must be a table written as [[…]], not {'name': 'x'}.",
    '[[source]]\nname = "a"\nurl = "/a"\n\n[[source]]\nname = "b"\n"uri" = "/b"': (
        "7: “uri” is not a setting of gomedic; known here are name, url."
    ),
    '[[source]]\nname = "a"\n[[source]]\nname = "b"\nurl = "/b"': "1: “source” needs “url”.",
    '[[source]]\nname = "a"\nurl = ["/a"]': "3: “url” must be a text, not ['/a'].",
    '[[source]]\nname = "a"\nurl = "ftp://a/"': (
        "3: “url” must be an http:, https: or file: address or an absolute folder, not “ftp://a/”."
    ),
    '[[source]]\nname = "a"\nurl = "/a"\n[[source]]\nurl = "/b"\nname = "a"': "6: there is another source named “a”.",
    '[[key]]\nfile = "k"\nsources = "campus"\nprefix = "go1-x"': "3: “sources” must be a list of texts, not 'campus'.",
    '[[key]]\nfile = "k"\nsources = ["none"]\nprefix = "go1-x"': (
        "3: the key is for a source “none”, but no [[source]] has this name."
    ),
    '[[key]]\nfile = "k"\nsources = []\nprefix = "go1-x"': "3: “sources” must be a list of texts, not [].",
    '[[source]]\nname = "a"\nurl = "/a"\n[[key]]\nfile = "k"\nprefix = ""\nsources = ["a"]': (
        "6: “prefix” must be a text, not ''."
    ),
    '[[source]]\nname = "a"\nurl = "/a"\n[[key]]\nfile = "k"\nprefix = "*"\nsources = ["a"]': (
        "6: “prefix” must begin with “go” and a digit, for example “go1.22.5-campus”, not “*”."
    ),
    '[[session]]\nname = "a"\ncommand = "x"\nenvironment = { A = 1 }': (
        "4: “environment” must be a table of texts, not {'A': 1}."
    ),
    '[[session]]\nname = "a"\ncommand = 7': "3: “command” must be a text or a list of texts, not 7.",
}


@pytest.fixture
def system(tmp_path: Path) -> Path:
    return tmp_path / "etc" / "config.toml"


def write(host: Host, text: str) -> str:
    folder = Path(host.config_folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)
    return str(folder)


def test_no_file_means_nothing_set(host: Callable[..., Host], system: Path) -> None:
    found = read_settings(host(), str(system))
    assert (found.language, found.sources, found.keys, found.sessions) == (None, (), (), ())


def test_everything_the_file_can_say(host: Callable[..., Host], system: Path) -> None:
    account = host()
    folder = write(account, WHOLE)
    found = read_settings(account, str(system))
    assert found.language == "zh_CN"
    assert found.sources == (Source("campus", "https://go.example.edu/dl/"), Source("stick", "/media/stick"))
    assert found.keys == (Key(f"{folder}/keys/campus.asc", ("campus", "stick"), "go1.22.5-campus"),)
    assert (found.proxy, found.shared_cache) == ("http://proxy.example.edu:3128", "/srv/go")
    assert found.google_key == f"{folder}/keys/google.asc"
    assert found.sessions == (
        OwnSession("lab", ("/bin/sh", "-c", "ssh lab env"), {"LANG": "C"}),
        OwnSession("tmux", ("tmux", "-L", "x")),
    )


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_its_line(host: Callable[..., Host], system: Path, text: str) -> None:
    account = host()
    folder = write(account, text)
    with pytest.raises(SettingsError) as caught:
        read_settings(account, str(system))
    assert str(caught.value.message) == f"{folder}/config.toml:{WRONG[text]}"


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"a = ", "line 1"), (b"a = b\nc", "at line 1"), (b"\xff", "utf-8"), (b"a=1\na=2", "line 2")],
)
def test_what_is_no_toml_is_refused(
    host: Callable[..., Host], system: Path, content: bytes, why: str
) -> None:
    account = host()
    path = Path(write(account, ""), "config.toml")
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=f"{path} is not valid TOML: .*{why}"):
        read_settings(account, str(system))


def test_the_accounts_settings_come_before_the_machines(host: Callable[..., Host], system: Path) -> None:
    account = host()
    write(account, '[[source]]\nname = "campus"\nurl = "/own"\n')
    system.parent.mkdir()
    system.write_text(WHOLE)
    found = read_settings(account, str(system))
    assert found.language == "zh_CN"
    assert found.sources == (Source("campus", "/own"), Source("stick", "/media/stick"))
    assert found.keys[0].file == f"{system.parent}/keys/campus.asc"
