"""Changes to the account's settings file that leave everything else in it as the person wrote it."""

import os
from collections.abc import Callable

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from gomedic.host import Host
from gomedic.settings import SYSTEM_FILE, Settings, SettingsError, judged, settings_file
from gomedic.texts import N_, Message
from gomedic.writing import NotSavedError, save

Change = Callable[[tomlkit.TOMLDocument], None]

_NOT_TEXT = N_("{file} is not valid TOML: {why}.")
_NO_FOLDER = N_("{file} was not saved: {why}.")


class Own(Struct, frozen=True):
    """The account's settings file as it stands."""

    path: str
    settings: Settings  # what it says by itself
    whole: Settings  # over the machine's
    problem: Message | None = (
        None  # why it cannot be followed, with its line; `settings` are then the defaults
    )


def own_settings(host: Host, system_file: str = SYSTEM_FILE) -> Own:
    """Return what the settings file says; never raises for what stands in it."""
    path = settings_file(host)
    try:
        return Own(path, *judged(host, _text(host), system_file))
    except SettingsError as error:
        return Own(path, Settings(), Settings(), error.message)


def put(name: str, value: str | bool | None) -> Change:
    """Return the change that sets a value of the file's top; None takes it out, so that the default holds."""

    def change(document: tomlkit.TOMLDocument) -> None:
        if value is None:
            document.pop(name, None)
        else:
            document[name] = value

    return change


def add(table: str, values: dict[str, str | list[str]]) -> Change:
    """Return the change that adds a [[table]] at the end of those of its name."""

    def change(document: tomlkit.TOMLDocument) -> None:
        made: Table = tomlkit.table()
        for name, value in values.items():
            made[name] = value
        there = document.get(table)
        if isinstance(there, AoT):
            there.append(made)
        else:
            document[table] = tomlkit.aot()
            document[table].append(made)

    return change


def drop(table: str, number: int) -> Change:
    """Return the change that takes out the n-th [[table]], from 0."""

    def change(document: tomlkit.TOMLDocument) -> None:
        there = document.get(table)
        if isinstance(there, AoT) and number < len(there):
            del there[number]
            if not there:
                document.pop(table)

    return change


def change_settings(host: Host, change: Change, system_file: str = SYSTEM_FILE) -> Own:
    """Change the settings file, if it can be followed then; return it as it stands now.

    Raises SettingsError where the result would break a rule of the settings (nothing is written), NotSavedError
    where it could not be written.
    """
    path, before = settings_file(host), _text(host)
    judged(host, before, system_file)  # what is broken already is not written to
    after = _changed(path, before, change)
    own = Own(path, *judged(host, after, system_file))
    if after != before:
        _save(path, after)
    return own


def _changed(path: str, before: str, change: Change) -> str:
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    try:
        document = tomlkit.parse(before.removeprefix(mark))
    except TOMLKitError as error:
        raise SettingsError(_NOT_TEXT, file=path, why=str(error)) from None
    change(document)
    return mark + tomlkit.dumps(document)


def _text(host: Host) -> str:
    path = settings_file(host)
    data = host.read(path) or b""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SettingsError(_NOT_TEXT, file=path, why=str(error)) from None


def _save(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    except OSError as error:
        values: dict[str, str | int | Message] = {"file": path, "why": error.strerror or str(error)}
        raise NotSavedError(Message(_NO_FOLDER, values)) from error
    save(path, text.encode(), overwrite=True)
