"""Changing the settings file: only what is changed changes, and nothing that breaks a rule is written."""

from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.model import Account
from gomedic.settings import SettingsError, Source
from gomedic.settings_edit import add, change_settings, drop, own_settings, put
from gomedic.writing import NotSavedError

MINE = """\
# My own settings. Do not lose this line!
proxy   =   "http://old:1"    # of the lab

# The campus has a mirror.
[[source]]
url = "https://go.example.edu/dl/"   # url before name, on purpose
name = "campus"

[[session]]
name = "grader"
command = "go build"
environment = { B = "2", A = "1" }
"""


class Desk:
    """An account whose settings lie in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        account = Account("student", 1000, 1000, str(folder), "/bin/bash")
        self.host = Host({"XDG_CONFIG_HOME": str(folder / "config")}, "/", account)
        self.file = folder / "config/gomedic/config.toml"
        self.system = str(folder / "system.toml")

    def write(self, text: str | bytes) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture
def mine(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write(MINE)
    return made


def test_a_value_is_changed_and_nothing_else(mine: Desk) -> None:
    own = change_settings(mine.host, put("proxy", "http://new:2"), mine.system)
    assert own.settings.proxy == "http://new:2"
    assert mine.file.read_text() == MINE.replace("http://old:1", "http://new:2")


def test_a_new_value_comes_before_the_tables(mine: Desk) -> None:
    own = change_settings(mine.host, put("deep", True), mine.system)
    assert own.settings.deep
    text = mine.file.read_text()
    assert text.index("deep = true") < text.index("[[source]]")
    assert text.replace("deep = true\n", "").replace("\n\n", "\n") == MINE.replace("\n\n", "\n")


def test_a_value_that_is_taken_out_leaves_the_rest(mine: Desk) -> None:
    own = change_settings(mine.host, put("proxy", None), mine.system)
    assert own.settings.proxy is None
    assert "# My own settings. Do not lose this line!" in mine.file.read_text()
    assert "# The campus has a mirror." in mine.file.read_text()


def test_a_source_is_added_beside_the_others_and_taken_out_again(mine: Desk) -> None:
    values: dict[str, str | list[str]] = {"name": "stick", "url": "/media/stick"}
    own = change_settings(mine.host, add("source", values), mine.system)
    assert own.settings.sources == (
        Source("campus", "https://go.example.edu/dl/"),
        Source("stick", "/media/stick"),
    )
    for line in MINE.splitlines():
        assert line in mine.file.read_text()
    own = change_settings(mine.host, drop("source", 1), mine.system)
    assert [source.name for source in own.settings.sources] == ["campus"]
    assert "url before name, on purpose" in mine.file.read_text()


def test_the_last_table_goes_whole(mine: Desk) -> None:
    own = change_settings(mine.host, drop("session", 0), mine.system)
    assert own.settings.sessions == ()
    assert "grader" not in mine.file.read_text()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("language", "de"), "there is no translation “de”"),
        (add("source", {"name": "x", "url": "ftp://x"}), "must be an http:, https: or file: address"),
        (add("source", {"name": "campus", "url": "/x"}), "there is another source named “campus”"),
        (add("key", {"file": "/k", "sources": ["none"], "prefix": "go1-x"}), "no [[source]] has this name"),
        (add("key", {"file": "/k", "sources": ["campus"], "prefix": "x"}), "must begin with “go” and a digit"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_not_written(mine: Desk, change: object, sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        change_settings(mine.host, change, mine.system)  # type: ignore[arg-type]
    assert sentence in str(refused.value.message)
    assert mine.file.read_text() == MINE


@pytest.mark.parametrize(
    ("text", "line"),
    [("proxy = \n", 1), ("\n\ncolour = 1\n", 3), (b"proxy = '\xff'\n", None), ("[[source]\n", 1)],
)
def test_a_broken_file_is_told_and_never_written_to(mine: Desk, text: str | bytes, line: int | None) -> None:
    mine.write(text)
    own = own_settings(mine.host, mine.system)
    assert own.problem is not None
    assert str(mine.file) in str(own.problem)
    assert line is None or f"{line}" in str(own.problem)
    with pytest.raises(SettingsError):
        change_settings(mine.host, put("deep", True), mine.system)
    assert mine.file.read_bytes() == (text.encode() if isinstance(text, str) else text)


def test_a_first_setting_makes_file_and_folder(tmp_path: Path) -> None:
    new = Desk(tmp_path)
    change_settings(new.host, put("language", "zh_CN"), new.system)
    assert new.file.read_text() == 'language = "zh_CN"\n'
    assert new.file.parent.stat().st_mode & 0o777 == 0o700


def test_carriage_returns_a_mark_and_the_mode_stay(mine: Desk) -> None:
    mine.write(b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    mine.file.chmod(0o600)
    change_settings(mine.host, put("proxy", "http://new:2"), mine.system)
    assert (
        mine.file.read_bytes()
        == b"\xef\xbb\xbf" + MINE.replace("http://old:1", "http://new:2").replace("\n", "\r\n").encode()
    )
    assert mine.file.stat().st_mode & 0o777 == 0o600


def test_a_linked_file_stays_linked(mine: Desk, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    mine.file.rename(real)
    mine.file.symlink_to(real)
    change_settings(mine.host, put("deep", True), mine.system)
    assert mine.file.is_symlink()
    assert "deep = true" in real.read_text()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    new = Desk(tmp_path)
    (tmp_path / "config").write_text("a file in the way")
    with pytest.raises(NotSavedError, match="was not saved"):
        change_settings(new.host, put("deep", True), new.system)


def test_the_machines_settings_count_and_the_accounts_come_first(mine: Desk) -> None:
    Path(mine.system).write_text('deep = true\nnetwork = false\nlanguage = "zh_CN"\n')
    assert own_settings(mine.host, mine.system).whole.deep
    own = change_settings(mine.host, put("network", True), mine.system)
    assert (own.whole.network, own.whole.deep, own.whole.language) == (True, True, "zh_CN")
