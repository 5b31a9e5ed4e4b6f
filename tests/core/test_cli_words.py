"""The command line's own words, in the person's language."""

import re
from pathlib import Path

import pytest

from gomedic import cli

COMMANDS = [
    "",
    "check",
    "explain",
    "ask",
    "fix",
    "undo",
    "history",
    "report",
    "toolchain",
    "toolchain install",
    "bundle",
    "install-self",
    "uninstall-self",
]


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "400")  # a help a line


def said(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int | str | None, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(words.split())
    seen = capsys.readouterr()
    return end.value.code, seen.out + seen.err


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(f"{command} --help", capsys)
    assert (code, text.startswith("用法：gomedic")) == (0, True)
    helps = re.findall(r"^ +(?:\S+ ?)*\S+  +(\S.*)$", text, re.MULTILINE)
    assert helps
    assert [line for line in helps if not re.search(r"[\u4e00-\u9fff]", line)] == []


@pytest.mark.usefixtures("chinese")
def test_a_wrong_word_is_refused_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said("check --no-such-option", capsys)
    assert (code, "错误：不认识的参数：--no-such-option" in text) == (2, True)


@pytest.mark.usefixtures("chinese")
def test_the_settings_language_counts_more_than_the_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "config/gomedic/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('language = "en"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert said("--help", capsys)[1].startswith("usage: gomedic")
    settings.write_text("language = 7\n")  # wrong, which is told when something is to be done
    assert said("--help", capsys)[1].startswith("用法：gomedic")
