"""The shell texts of the resources, with the values of an export put in."""

import re
from collections.abc import Mapping
from importlib.resources import files

from gomedic.exporting.judging import is_of_home
from gomedic.exporting.quoting import shell
from gomedic.exporting.values import SYSTEM_PATH, WARM_CACHE, Options

_PLACE = re.compile(r"@([A-Z_]+)@")


def filled(name: str, **values: str) -> str:
    """Return the text `name` of the resources with each @NAME@ replaced; an empty value on its own line leaves no line."""
    text = (files("gomedic_resources") / "exports" / name).read_text("utf-8")
    known: Mapping[str, str] = {"SYSTEM_PATH": SYSTEM_PATH, **values}
    for key in (key for key, value in known.items() if not value):
        text = text.replace(f"@{key}@\n", "")
    return _PLACE.sub(lambda found: known[found[1]], text)


def settings(options: Options) -> str:
    """Return the lines of a POSIX shell that set what else was asked for, "" where that is nothing; no last line break."""
    parts = []
    if options.gopath:
        if_home = ' && [ -n "${HOME:-}" ]' if is_of_home(options.gopath) else ""
        parts.append(filled("gopath.sh", GOPATH=shell(options.gopath), IF_HOME=if_home))
    if options.goproxy:
        parts.append(filled("goproxy.sh", GOPROXY=shell(options.goproxy)))
    if options.cache:
        parts.append(filled("cache.sh", CACHE=shell(WARM_CACHE)))
    return "".join(parts).rstrip("\n")
