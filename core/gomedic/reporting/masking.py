"""What must not be handed on: secrets never, and names of people and machines where the person wishes so."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Account

Hide = Callable[[str], str]
GONE = "***"

_NAMED = r"[\w-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|api_?key|access_?key|auth(?!or)|credentials?)[\w-]{0,40}"
_IN_ADDRESS = r"[\w-]{0,40}(?:token|secret|passw(?:or)?d|key|auth|credential|sig(?:nature)?|pwd)[\w-]{0,40}"
_SHAPES = (
    r"(?:gh[pousr]_|github_pat_|npm_)\w{16,}|glpat-[\w-]{12,}|xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{12,}|sk-[\w-]{16,}"
    r"|eyJ[\w-]{10,}\.[\w-]{5,}(?:\.[\w-]+)?"
)
# Each keeps its first group; what follows it goes.
_SECRETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(\b[a-z][a-z0-9+.-]{0,30}://)[^/\s\"'<>]+(?=@)",  # http://name:password@proxy
        r"(\b[a-z][a-z0-9+.-]{0,30}://)[^/\s:@]+:(?!\d+/)[^\s\"'<>]+(?=@)",  # the same with an unescaped slash
        rf"([?&;]{_IN_ADDRESS}=)[^&\s\"'#;]+",
        rf"(\b{_NAMED}\s?[=:]\s?)(?:\"[^\"]*\"|'[^']*'|[^\s;,&]+)",  # export TOKEN=…
        rf"(\bset\s+(?:-[\w-]+\s+)*{_NAMED}\s+)(?:\"[^\"]*\"|'[^']*'|[^\s;]+)",  # of fish
        r"(\bauthorization:\s*(?:\w+\s+)?|\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}",
        r"(\blogin\s+\S+\s+password\s+)\S+",  # of .netrc
        rf"()\b(?:{_SHAPES})",
    )
)
_MAIL = re.compile(r"\b(?!git@)[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,20}\b", re.IGNORECASE)
_HOMES = re.compile(r"(/(?:home|Users)/)[^/\s:\"';,)]+")
# An account or machine named so is no secret, and its name a word of every report.
_ORDINARY = frozenset(
    (
        "root",
        "go",
        "golang",
        "user",
        "admin",
        "home",
        "linux",
        "localhost",
        "debian",
        "ubuntu",
        "bin",
        "usr",
        "local",
        "test",
    )
)


class Person(Struct, frozen=True):
    """Who and where, as far as it can be told from a report."""

    names: tuple[str, ...]  # of the account and the machine
    homes: tuple[str, ...]


def person_of(host: Host, account: Account) -> Person:
    """Return whom an examination is of."""
    machine = os.uname().nodename
    homes = {account.home, account.password_home, os.path.realpath(account.home) if account.home else ""}
    names = (account.name, machine, machine.partition(".")[0], host.env.get("USER", ""))
    return Person(
        tuple(dict.fromkeys(name for name in names if len(name) > 1 and name.lower() not in _ORDINARY)),
        tuple(sorted((home.rstrip("/") for home in homes if home.rstrip("/")), key=len, reverse=True)),
    )


def without_secrets(text: str) -> str:
    """Return `text` without passwords and tokens, wherever their form shows them."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{GONE}", text)
    return text


def masking(person: Person) -> Hide:
    """Return what takes secrets, names, home folders and addresses of mail out of a text."""
    names = "|".join(re.escape(name) for name in sorted(person.names, key=len, reverse=True))
    word = re.compile(rf"(?<![\w]){'(?:' + names + ')'}(?![\w])", re.IGNORECASE) if names else None
    homes = [re.compile(rf"{re.escape(home)}(?![\w.-])") for home in person.homes]

    def hide(text: str) -> str:
        text = without_secrets(text)
        for home in homes:
            text = home.sub("~", text)
        text = _HOMES.sub(rf"\1{GONE}", _MAIL.sub(GONE, text))
        return word.sub(GONE, text) if word is not None else text

    return hide


def hidden(value: Any, hide: Hide) -> Any:
    """Return a JSON value with every text in it hidden, keys too."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {hide(str(key)): hidden(item, hide) for key, item in value.items()}
    return [hidden(item, hide) for item in value] if isinstance(value, list | tuple) else value
