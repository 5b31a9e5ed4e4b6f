"""Spaces around a word of the person's language, and none changed in what the machine gave."""

import gettext

import pytest

from gomedic.spacing import spaced
from gomedic.texts import Message, in_language


@pytest.mark.parametrize(
    ("template", "word", "text"),
    [
        ("{where}找不到 go", "登录 shell", "登录 shell 找不到 go"),
        ("{where}找不到 go", "新终端", "新终端找不到 go"),
        ("{where} 找不到 go", "新终端", "新终端找不到 go"),
        ("由 {where} 签名", "Go 发布密钥", "由 Go 发布密钥签名"),
        ("由{where}签名", "Google", "由 Google 签名"),
        ("{where}：没有", "登录 shell", "登录 shell：没有"),
        ("in {where} now", "a new terminal", "in a new terminal now"),
        ("{where:>6}!", "ab", "    ab!"),
        ("{{{where}}} 和 {{ {where} }}", "里", "{里} 和 { 里 }"),
    ],
)
def test_a_word_stands_in_its_sentence_as_if_written_there(template: str, word: str, text: str) -> None:
    assert spaced(template, {"where": word}, ("where",)) == text


@pytest.mark.parametrize("name", ["/home/张san/go", "go版本", " 张 三 "])
def test_what_the_machine_gave_is_left_alone(name: str) -> None:
    assert spaced("打开{path}看看", {"path": name}, ()) == f"打开{name}看看"


def test_only_translated_words_are_minded() -> None:
    inner = Message("shell {name}里", {"name": "b"})
    said = in_language(
        Message("在{where}的{path}", {"where": inner, "path": "x"}), gettext.NullTranslations()
    )
    assert said == "在 shell b里的x"
