"""Which layer put a file, a line or a variable there, and the history command that made that layer."""

import re

from gomedic.images.view import View
from gomedic.model import Evidence, MadeBy, Origin

_ENV = re.compile(r"^(?:/bin/sh -c )?(?:#\(nop\)\s*)?(ENV\s+.*)$", re.DOTALL)
_SHELL = re.compile(r"^(?:/bin/(?:ba)?sh (?:-\S+ )*-c |\|\d+ (?:\S+=\S* )*/bin/(?:ba)?sh -c )")
_NOP = re.compile(r"^/bin/sh -c #\(nop\)\s*")


class Blame:
    """Asks the layers of one image."""

    def __init__(self, view: View) -> None:
        self._view = view

    def of_layer(self, number: int) -> MadeBy | None:
        """Return a layer and its command."""
        layers = self._view.image.layers
        if not 1 <= number <= len(layers) or not layers[0].digest:
            return None
        layer = layers[number - 1]
        return MadeBy(number, layer.digest, as_written(layer.created_by))

    def of_path(self, path: str) -> MadeBy | None:
        """Return the layer that put what a path leads to there as it is now, its mode included."""
        found = self._view.resolve(path)
        node = found[1] if found is not None else self._view.node(path)
        return self.of_layer(node.layer) if node is not None else None

    def of_line(self, path: str, text: str) -> MadeBy | None:
        """Return the layer since which a file has a line."""
        found = self._view.resolve(path)
        known = self._view.versions(found[0]) if found is not None else ()
        guilty = None
        for version in reversed(known):
            lines = (version.content or b"").decode("utf-8", "surrogateescape").split("\n")
            if text.strip() not in (line.strip() for line in lines):
                break
            guilty = version.layer
        return self.of_layer(guilty) if guilty is not None else self.of_path(path)

    def of_variable(self, name: str) -> MadeBy | None:
        """Return the last ENV step of the history that sets a variable."""
        for step in reversed(self._view.image.history):
            found = _ENV.match(step.created_by)
            if found and re.search(rf"(?:^ENV\s+|\s){re.escape(name)}(?:=|\s)", found[1]):
                return MadeBy(None, "", found[1].strip())
        return None

    def of_origin(self, origin: Origin | None) -> MadeBy | None:
        """Return what is behind an origin."""
        if origin is None:
            return None
        if origin.file == "image environment":
            return self.of_variable((origin.text or "").partition("=")[0])
        if origin.path is None:
            return None
        return self.of_line(origin.path, origin.text) if origin.text else self.of_path(origin.path)

    def of_evidence(self, evidence: Evidence) -> MadeBy | None:
        """Return what is behind a piece of evidence: a line, a file, or a variable of the image."""
        if evidence.file == "image environment" or (evidence.file is None and "=" in evidence.text):
            name, _equals, value = evidence.text.rpartition(" ")[2].partition("=")
            said = dict(self._view.image.environment).get(name)
            return self.of_variable(name) if said == value else None
        if evidence.file and evidence.line:
            return self.of_line(evidence.file, evidence.text)
        for path in [evidence.file] if evidence.file else re.findall(r"(/[^\s:]+)", evidence.text):
            if path.startswith("/") and (made := self.of_path(path)) is not None:
                return made
        return None


def as_written(created_by: str) -> str:
    """Return a history command as the Dockerfile has it: without the shell that ran it."""
    if _NOP.match(created_by):
        return _NOP.sub("", created_by).strip()
    command = created_by.removesuffix(" # buildkit").strip()
    if _SHELL.match(command):
        return "RUN " + _SHELL.sub("", command)
    return re.sub(r"^RUN (?:\|\d+ (?:\S+=\S* )*)?/bin/(?:ba)?sh -c ", "RUN ", command)
