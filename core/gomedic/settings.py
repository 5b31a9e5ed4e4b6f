"""The settings file, read strictly: what is unknown or of the wrong type is an error that names key, file and line."""

import os
import re
import tomllib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from msgspec import Struct, field

from gomedic.host import Host
from gomedic.texts import LANGUAGES, N_, Message

SYSTEM_FILE = "/etc/gomedic/config.toml"
_ADDRESS = re.compile(r"https?://[^/\s]|file:///|/")
_PREFIX_FORM = re.compile(r"go[0-9]")
_HEAD = re.compile(r"\s*\[+\s*([^\].\s]+)")
_ASSIGNED = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*[=.]")

_NOT_TOML = N_("{file} is not valid TOML: {why}.")
_UNKNOWN = N_("{file}:{line}: “{key}” is not a setting of gomedic; known here are {known}.")
_WRONG_TYPE = N_("{file}:{line}: “{key}” must be {expected}, not {found}.")
_MISSING = N_("{file}:{line}: “{table}” needs “{key}”.")
_LANGUAGE = N_("{file}:{line}: there is no translation “{found}”; “language” can be {known}.")
_TWICE = N_("{file}:{line}: there is another {table} named “{name}”.")
_NO_SOURCE = N_("{file}:{line}: the key is for a source “{name}”, but no [[source]] has this name.")
_PREFIX = N_(
    "{file}:{line}: “prefix” must begin with “go” and a digit, for example “go1.22.5-campus”, not “{found}”."
)
_URL = N_(
    "{file}:{line}: “url” must be an http:, https: or file: address or an absolute folder, not “{found}”."
)


class SettingsError(Exception):
    """A settings file that cannot be followed; `message` names file, line and key."""

    def __init__(self, text: str, **values: str | int | Message) -> None:
        self.message = Message(text, values)
        self.line = int(str(values.get("line", 0))) or None
        super().__init__(str(self.message))


class Source(Struct, frozen=True):
    """Where toolchains come from: an address or a folder."""

    name: str
    url: str


class Key(Struct, frozen=True):
    """A further signing key, and what it may vouch for."""

    file: str  # absolute
    sources: tuple[str, ...]
    prefix: str  # of version names


class OwnSession(Struct, frozen=True):
    """A way of starting work that only this person or site has."""

    name: str
    command: tuple[str, ...]  # a text in the file is a command of /bin/sh
    environment: Mapping[str, str] = field(default_factory=dict)


class Settings(Struct, frozen=True):
    """What the account's settings and the machine's say together; the account's come first."""

    language: str | None = None
    sources: tuple[Source, ...] = ()
    keys: tuple[Key, ...] = ()
    sessions: tuple[OwnSession, ...] = ()
    proxy: str | None = None  # for downloads, where the environment names none
    shared_cache: str | None = None  # folder of archives that many accounts share
    google_key: str | None = None  # file with a newer copy of Google's release key
    deep: bool = False  # examine thoroughly: also build a small program in each session
    network: bool = True  # make the checks that need a network
    policy_keys: tuple[str, ...] = ()  # files with keys that may sign policies
    signed_policies: bool = False  # no policy counts without a good signature by one of these


_Named = TypeVar("_Named", Source, OwnSession)
_TEXTS = ("proxy", "shared_cache", "google_key")
_SWITCHES = ("deep", "network", "signed_policies")
_LISTS = ("policy_keys",)
_TOP = ("language", *_TEXTS, *_SWITCHES, *_LISTS, "source", "key", "session")
_FIELDS: Mapping[str, Mapping[str, str]] = {  # table -> field -> what it must be
    "source": {"name": "text", "url": "text"},
    "key": {"file": "text", "sources": "texts", "prefix": "text"},
    "session": {"name": "text", "command": "command", "environment": "table"},
}
_OPTIONAL = ("environment",)
_EXPECTED = {
    "text": Message(N_("a text")),
    "switch": Message(N_("true or false")),
    "texts": Message(N_("a list of texts")),
    "command": Message(N_("a text or a list of texts")),
    "table": Message(N_("a table of texts")),
    "tables": Message(N_("a table written as [[…]]")),
}


def settings_file(host: Host) -> str:
    """Return the account's own settings file, which need not exist."""
    return os.path.join(host.config_folder, "config.toml")


def read_settings(host: Host, system_file: str = SYSTEM_FILE) -> Settings:
    """Return the account's settings over the machine's. Raises SettingsError."""
    return _over_each_other(*(_File.read(host, path) for path in (settings_file(host), system_file)))


def judged(host: Host, text: str, system_file: str = SYSTEM_FILE) -> tuple[Settings, Settings]:
    """Return what a text would mean as the account's settings file: by itself, and over the machine's. Raises SettingsError."""
    own = _File(settings_file(host), text.removeprefix("\ufeff"))
    return own.settings(), _over_each_other(own, _File.read(host, system_file))


def _over_each_other(first: "_File", second: "_File") -> Settings:
    known = {str(table["name"]) for file in (first, second) for table in file.tables("source")}
    for file in (first, second):
        file.judge_sources(known)
    own, system = first.settings(), second.settings()
    return Settings(
        own.language or system.language,
        _over(own.sources, system.sources),
        own.keys + system.keys,
        _over(own.sessions, system.sessions),
        own.proxy or system.proxy,
        own.shared_cache or system.shared_cache,
        own.google_key or system.google_key,
        first.switch("deep", second.switch("deep", False)),
        first.switch("network", second.switch("network", True)),
        own.policy_keys + system.policy_keys,
        own.signed_policies or system.signed_policies,  # an account cannot take back what its machine demands
    )


def _over(first: tuple[_Named, ...], second: tuple[_Named, ...]) -> tuple[_Named, ...]:
    names = {item.name for item in first}
    return first + tuple(item for item in second if item.name not in names)


class _File:
    """One settings file, judged."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        try:
            self._data: dict[str, Any] = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            why = str(error).replace("at end of document", f"at the end, line {len(self._lines)}")
            raise SettingsError(_NOT_TOML, file=path, why=why) from None
        self._judge()

    @classmethod
    def read(cls, host: Host, path: str) -> "_File":
        data = host.read(path) or b""
        try:
            return cls(path, data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise SettingsError(_NOT_TOML, file=path, why=str(error)) from None

    def tables(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._data.get(name, [])
        return found

    def settings(self) -> Settings:
        return Settings(
            self._data.get("language"),
            tuple(Source(table["name"], table["url"]) for table in self.tables("source")),
            tuple(
                Key(self._beside(table["file"]), tuple(table["sources"]), table["prefix"])
                for table in self.tables("key")
            ),
            tuple(_own_session(table) for table in self.tables("session")),
            self._data.get("proxy"),
            self._path_of("shared_cache"),
            self._path_of("google_key"),
            self.switch("deep", False),
            self.switch("network", True),
            tuple(self._beside(path) for path in self._data.get("policy_keys", ())),
            self.switch("signed_policies", False),
        )

    def switch(self, name: str, otherwise: bool) -> bool:
        return bool(self._data.get(name, otherwise))

    def judge_sources(self, known: set[str]) -> None:
        for number, table in enumerate(self.tables("key")):
            for name in table["sources"]:
                if name not in known:
                    self._refuse(_NO_SOURCE, ("key", number, "sources"), name=name)

    def _path_of(self, key: str) -> str | None:
        return self._beside(self._data[key]) if key in self._data else None

    def _beside(self, path: str) -> str:
        return os.path.join(os.path.dirname(self._path), path)

    def _judge(self) -> None:
        for key, value in self._data.items():
            if key not in _TOP:
                self._refuse(_UNKNOWN, (key, 0, ""), key=key, known=", ".join(_TOP))
            elif key == "language":
                self._judge_language(value)
            elif key in _TEXTS:
                if not _fits(value, "text"):
                    self._wrong_type((key, 0, ""), key, "text", value)
            elif key in _SWITCHES:
                if not _fits(value, "switch"):
                    self._wrong_type((key, 0, ""), key, "switch", value)
            elif key in _LISTS:
                if not _fits(value, "texts"):
                    self._wrong_type((key, 0, ""), key, "texts", value)
            elif not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
                self._wrong_type((key, 0, ""), key, "tables", value)
            else:
                self._judge_tables(key, value)

    def _judge_language(self, value: object) -> None:
        place = ("language", 0, "")
        if not isinstance(value, str):
            self._wrong_type(place, "language", "text", value)
        elif value not in LANGUAGES:
            self._refuse(_LANGUAGE, place, found=value, known=", ".join(LANGUAGES))

    def _judge_tables(self, name: str, tables: list[dict[str, Any]]) -> None:
        names: set[object] = set()
        for number, table in enumerate(tables):
            self._judge_table(name, number, table)
            if "name" in table and table["name"] in names:
                self._refuse(_TWICE, (name, number, "name"), table=name, name=table["name"])
            names.add(table.get("name"))

    def _judge_table(self, name: str, number: int, table: dict[str, Any]) -> None:
        fields = _FIELDS[name]
        for key, value in table.items():
            if key not in fields:
                self._refuse(_UNKNOWN, (name, number, key), key=key, known=", ".join(fields))
            if not _fits(value, fields[key]):
                self._wrong_type((name, number, key), key, fields[key], value)
        for key in fields:
            if key not in table and key not in _OPTIONAL:
                self._refuse(_MISSING, (name, number, ""), table=name, key=key)
        if name == "source" and not _ADDRESS.match(table["url"]):
            self._refuse(_URL, (name, number, "url"), found=table["url"])
        if name == "key" and not _PREFIX_FORM.match(table["prefix"]):
            self._refuse(_PREFIX, (name, number, "prefix"), found=table["prefix"])

    def _wrong_type(self, place: tuple[str, int, str], key: str, expected: str, found: object) -> None:
        self._refuse(_WRONG_TYPE, place, key=key, expected=_EXPECTED[expected], found=f"{found!r:.60}")

    def _refuse(self, text: str, place: tuple[str, int, str], **values: str | Message) -> NoReturn:
        raise SettingsError(text, file=self._path, line=self._line(*place), **values)

    def _line(self, table: str, number: int, key: str) -> int:
        """Return the line of a key in the n-th table of a name; of the table's head where it is not found."""
        head, seen, inside = 1, -1, False
        for count, line in enumerate(self._lines, 1):
            if (found := _HEAD.match(line)) is not None:
                inside = found[1].strip("\"'") == table
                seen += inside
                head = count if inside and seen == number else head
            elif (assigned := _ASSIGNED.match(line)) is not None:
                name = assigned[1].strip("\"'")
                if (inside and seen == number and name == key) or (seen < 0 and not key and name == table):
                    return count
        return head


def _own_session(table: Mapping[str, Any]) -> OwnSession:
    command = table["command"]
    words = ("/bin/sh", "-c", command) if isinstance(command, str) else tuple(command)
    return OwnSession(table["name"], words, table.get("environment", {}))


def _fits(value: object, expected: str) -> bool:
    if expected == "switch":
        return isinstance(value, bool)
    if expected == "text":
        return isinstance(value, str) and bool(value)
    if expected == "command" and isinstance(value, str):
        return bool(value)
    if expected == "table":
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
