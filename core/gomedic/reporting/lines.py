"""An examination as JSON Lines (jsonlines.org): one object a line, to be searched, counted and put together with others."""

from collections.abc import Iterator, Mapping
from typing import Any

from gomedic.report import Json, encoded_line

_LISTS = (("sessions", "session"), ("toolchains", "toolchain"), ("findings", "finding"), ("checks", "check"))


def lines_of(document: Json) -> str:
    """Return the document of `check --json` as lines; each says in `record` what it is, and in `of` whose."""
    return "".join(encoded_line(record) + "\n" for record in _records(document))


def _records(document: Json) -> Iterator[Json]:
    lists = {plural for plural, _singular in _LISTS}
    first = {key: value for key, value in document.items() if key not in lists}
    examined: Mapping[str, Any] = document["examined"]
    whose = {"account": examined["account"], "took_place": examined["took_place"]}
    yield {"record": "examined", **first}
    for plural, singular in _LISTS:
        for item in document[plural]:
            yield {"record": singular, "of": whose, **item}
