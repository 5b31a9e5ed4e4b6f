"""Whether a value can stand in a set-up at all, whatever the format."""

import os
import re

from msgspec.structs import replace

from gomedic.exporting.values import ExportRefusedError, Kind, Options
from gomedic.texts import N_

_INVISIBLE = N_(
    "{option} holds the invisible character {code}, which is easily lost on the way; choose a value without it."
)
_NOT_WHOLE = N_("{option} must be a whole path, such as {example}, not “{value}”.")
_COLON = N_("{option} “{value}” has a colon in it, and a colon separates the folders of PATH.")
_NAME = N_("{option} can have letters, digits and . _ - in it, not “{value}”.")
_IMAGE = N_("“{value}” is no name of an image, such as debian:bookworm-slim.")
_NO_USE = N_("{kind} has no use for {option}.")
_ADDRESS = N_("“{value}” is no address that an image can fetch from: https:// and plain characters.")
_NEEDS_GO = N_("{option} is of use only together with --go VERSION.")
_HOME = N_("{kind} cannot fill in a home folder: name a whole path instead of “{value}” for {option}.")

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}", re.ASCII)
_IMAGE_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._:/@-]{0,255}", re.ASCII)
_URL = re.compile(r"https?://[A-Za-z0-9._~:/%@+=,&?-]+", re.ASCII)
_WORDS = {  # field of Options -> what the person wrote
    "goroot": "--goroot", "gopath": "--gopath", "goproxy": "--goproxy", "version": "--go", "archive": "--go",
    "copy": "--copy", "cache": "--cache", "base": "--base", "user": "--user", "home": "--home", "name": "--name",
    "tools": "--tool",
}  # fmt: skip


def option_word(field: str) -> str:
    """Return what a field of Options is called on the command line."""
    return _WORDS[field]


def judged(kind: Kind, options: Options) -> Options:
    """Return the options with their paths in the shortest form. Raises ExportRefusedError."""
    _judge_use(kind, options)
    if options.name:
        _must_fit(_PLAIN_NAME, "name", options.name, _NAME)
    if options.user:
        _must_fit(_PLAIN_NAME, "user", options.user, _NAME)
    if options.base:
        _must_fit(_IMAGE_NAME, "base", options.base, _IMAGE)
    if options.archive:
        _must_fit(_URL, "archive", options.archive.url, _ADDRESS)
    _judge_visible("goproxy", options.goproxy)
    return replace(
        options,
        goroot=_folder("goroot", options.goroot),
        gopath=_folder("gopath", options.gopath) if options.gopath else "",
        home=_folder("home", options.home) if options.home else "",
        tools=tuple(
            replace(
                tool,
                source=_folder("tools", tool.source),
                target=_folder("tools", tool.target) if tool.target else "",
            )
            for tool in options.tools
        ),
    )


def is_of_home(path: str) -> bool:
    """Tell whether a path is one below each account's own home."""
    return path.startswith("~/")


def without_home(kind: str, field: str, path: str) -> str:
    """Return `path`. Raises ExportRefusedError where it is one of each account's own home."""
    if is_of_home(path):
        raise ExportRefusedError(_HOME, kind=kind, option=option_word(field), value=path)
    return path


def judge_fetching(kind: Kind, word: str, *, fetches: bool) -> None:
    """Refuse an option about what an image fetches where it fetches nothing. Raises ExportRefusedError."""
    if "archive" not in kind.uses:
        raise ExportRefusedError(_NO_USE, kind=kind.id, option=word)
    if not fetches:
        raise ExportRefusedError(_NEEDS_GO, option=word)


def _judge_use(kind: Kind, options: Options) -> None:
    if options.copy and options.archive is None and "copy" in kind.uses:
        raise ExportRefusedError(_NEEDS_GO, option=option_word("copy"))
    plain = Options()
    for field in Options.__struct_fields__:
        if field not in kind.uses and field != "goroot" and getattr(options, field) != getattr(plain, field):
            raise ExportRefusedError(_NO_USE, kind=kind.id, option=option_word(field))


def _must_fit(form: re.Pattern[str], field: str, value: str, refusal: str) -> None:
    if form.fullmatch(value) is None:
        raise ExportRefusedError(refusal, option=option_word(field), value=value)


def _judge_visible(field: str, value: str) -> None:
    """Refuse line breaks and other control characters, bytes that are no UTF-8, and blanks that look like others."""
    odd = next((character for character in value if not character.isprintable()), None)
    if odd is not None:
        raise ExportRefusedError(_INVISIBLE, option=option_word(field), code=f"U+{ord(odd):04X}")


def _folder(field: str, path: str) -> str:
    """Return a folder's path in its shortest form."""
    _judge_visible(field, path)
    of_home = is_of_home(path) and field == "gopath"
    short = os.path.normpath("/" + path.removeprefix("~").lstrip("/"))
    if short == "/" or not (path.startswith("/") or of_home):
        example = "/opt/gopath" if field == "gopath" else "/usr/local/go"
        raise ExportRefusedError(_NOT_WHOLE, option=option_word(field), value=path, example=example)
    if ":" in short:
        raise ExportRefusedError(_COLON, option=option_word(field), value=path)
    return ("~" if of_home else "") + short
