"""Every text of the program has its translation, and a translation names what the text names."""

import gettext
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from gomedic.texts import LANGUAGES
from loading import ROOT, script

compiling = script("packaging/compile_texts.py")
updating = script("packaging/update_texts.py")
LOCALE = ROOT / compiling.LOCALE
TRANSLATED = [language for language in LANGUAGES if language != "en"]


def catalogue(language: str) -> Catalog:
    return compiling.merged(sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")))


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_sources_is_translated(language: str) -> None:
    translations = {message.id: message.string for message in catalogue(language) if message.id}
    marked = {message.id for message in updating.extracted(ROOT) if message.id}
    assert marked, "the extractor found no text at all"
    assert sorted(text for text in marked if not translations.get(text)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    wrong = {
        message.id: message.string
        for message in catalogue(language)
        if message.id and message.string and placeholders(message.id) != placeholders(message.string)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_of_a_text_that_is_gone(language: str) -> None:
    marked = {message.id for message in updating.extracted(ROOT)}
    assert (
        sorted(message.id for message in catalogue(language) if message.id and message.id not in marked) == []
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_file_keeps_what_is_obsolete(language: str) -> None:
    files = (LOCALE / language / "LC_MESSAGES").glob("*.po")
    assert [path.name for path in files if "#~" in path.read_text("utf-8")] == []


def po(folder: Path, name: str, **texts: str) -> Path:
    part = Catalog(locale="zh_CN", fuzzy=False)
    for text, translation in texts.items():
        part.add(text, translation)
    with (folder / name).open("wb") as file:
        write_po(file, part)
    return folder / name


def test_the_files_of_a_language_become_one_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "zh_CN/LC_MESSAGES"
    folder.mkdir(parents=True)
    po(folder, "gomedic.po", doctor="医生")
    po(folder, "window.po", undo="撤销", doctor="医生")
    assert compiling.compile_all(tmp_path) == [folder / "gomedic.mo"]
    texts = gettext.translation("gomedic", tmp_path, ["zh_CN"])
    assert (texts.gettext("doctor"), texts.gettext("undo")) == ("医生", "撤销")
    assert texts.info()["pot-creation-date"] == "1970-01-01 00:00+0000"  # the same bytes each day


def test_two_files_that_disagree_are_refused(tmp_path: Path) -> None:
    sources = [po(tmp_path, "gomedic.po", undo="撤销"), po(tmp_path, "window.po", undo="还原")]
    with pytest.raises(ValueError, match=r"window\.po.*'undo'"):
        compiling.merged(sources)


def test_a_text_that_is_new_joins_and_one_that_is_gone_leaves(tmp_path: Path) -> None:
    po(tmp_path, "gomedic.po", stays="留下", gone="不见")
    po(tmp_path, "window.po", undo="撤销")
    template = Catalog(fuzzy=False)
    for text in ("stays", "undo", "new"):
        template.add(text)
    assert updating.update(tmp_path, template) == ["new"]
    with (tmp_path / "gomedic.po").open("rb") as file:
        assert {m.id: m.string for m in read_po(file) if m.id} == {"stays": "留下", "new": ""}
    with (tmp_path / "window.po").open("rb") as file:
        assert {m.id: m.string for m in read_po(file) if m.id} == {"undo": "撤销"}
