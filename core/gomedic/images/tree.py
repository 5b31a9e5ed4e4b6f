"""The merged file system of an image's layers: a table of nodes, without what is in the files."""

from collections.abc import Iterator

from msgspec import Struct

from gomedic.images import watch
from gomedic.images.problems import ImageRefused
from gomedic.images.tar import Entry
from gomedic.texts import N_

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_MOST = 1_000_000  # nodes; the largest images that people work with have a third of that

NO_TARGET = N_("Layer {layer} has a hard link to what is not in the image: {name}.")
BAD_WHITEOUT = N_("Layer {layer} has a whiteout without a name: {name}.")
MANY = N_("The image has more than {count} files, which is more than gomedic reads.")


class Node(Struct, gc=False):
    """A file, folder, link, device or pipe of the view."""

    kind: str  # f d l c b p
    mode: int
    uid: int
    gid: int
    size: int
    link: str
    layer: int  # the number of the layer that put it there as it is; 0 for a folder that no layer has an entry for
    children: "dict[str, Node] | None" = None  # of a folder


class Version(Struct, frozen=True):
    """A watched file as one layer left it."""

    layer: int
    kind: str  # as Node; "" where the layer took it away
    mode: int = 0
    uid: int = 0
    gid: int = 0
    link: str = ""
    content: bytes | None = None  # None: not kept
    whole: bool = False  # whether `content` is all of it


class Tree:
    """The table, built by `add`ing the entries of the layers, lowest layer first."""

    def __init__(self) -> None:
        self.root = Node("d", 0o755, 0, 0, 0, "", 0, {})
        self.versions: dict[str, list[Version]] = {}
        self.count = 0  # entries added
        self._numbers: dict[int, int] = {}  # one object for each mode and owner, however many have it
        self._folder = ""  # where the last entry was
        self._parent = self.root

    def node(self, path: str) -> Node | None:
        """Return what is at a path without slashes at its ends; links are not followed."""
        node: Node | None = self.root
        for part in path.split("/") if path else ():
            node = node.children.get(part) if node is not None and node.children is not None else None
        return node

    def add(self, entry: Entry, layer: int, content: bytes | None = None) -> None:
        """Put one entry of a layer over what is there. Raises ImageRefused."""
        folder, _slash, name = entry.name.rpartition("/")
        if name.startswith(_WHITEOUT):
            self._hide(folder, name, layer)
        else:
            self.put(entry, layer, content)

    def put(self, entry: Entry, layer: int, content: bytes | None = None) -> None:
        """Put an entry there as it is, whatever its name. Raises ImageRefused."""
        folder, _slash, name = entry.name.rpartition("/")
        if not name:
            self._describe(self.root, entry, layer)
            return
        self.count += 1
        if self.count > _MOST:
            raise ImageRefused(MANY, count=_MOST)
        parent = self._parent if folder == self._folder else self._make(folder, layer)
        children = parent.children
        assert children is not None  # noqa: S101 - _make returns folders
        old = children.get(name)
        if entry.kind == "d" and old is not None and old.kind == "d":
            self._describe(old, entry, layer)
            return
        if old is not None and old.kind == "d":
            self._gone(entry.name, layer)
        self._place(children, name, entry, layer, content)

    def _place(
        self, children: dict[str, Node], name: str, entry: Entry, layer: int, content: bytes | None
    ) -> None:
        if entry.kind == "h":
            node = self._linked(entry, layer)
        else:
            same = self._numbers.setdefault
            node = Node(
                entry.kind, same(entry.mode, entry.mode), same(entry.uid, entry.uid), same(entry.gid, entry.gid),
                entry.size, entry.link, layer, {} if entry.kind == "d" else None,
            )  # fmt: skip
        children[name] = node
        if entry.kind != "d" and watch.is_watched(entry.name):
            self._remember(entry, node, layer, content)

    def _linked(self, entry: Entry, layer: int) -> Node:
        target = self.node(entry.link)
        if target is None or target.kind == "d":
            raise ImageRefused(NO_TARGET, layer=layer, name=entry.name)
        return Node(target.kind, target.mode, target.uid, target.gid, target.size, target.link, layer)

    def _remember(self, entry: Entry, node: Node, layer: int, content: bytes | None) -> None:
        known = self.versions.setdefault(entry.name, [])
        if entry.kind == "h":
            whole = next((v for v in reversed(self.versions.get(entry.link, [])) if v.kind), None)
            content = whole.content if whole else None
        elif known and known[-1].content == content:
            content = known[-1].content  # one object, where a layer changed the mode alone
        whole_size = content is not None and len(content) == node.size
        known.append(Version(layer, node.kind, node.mode, node.uid, node.gid, node.link, content, whole_size))

    def _describe(self, node: Node, entry: Entry, layer: int) -> None:
        if entry.kind == "d":
            node.mode, node.uid, node.gid, node.layer = entry.mode, entry.uid, entry.gid, layer

    def _make(self, folder: str, layer: int) -> Node:
        """Return a folder, made together with those above it where a layer has no entry for them."""
        node, path = self.root, ""
        for part in folder.split("/") if folder else ():
            path = f"{path}/{part}" if path else part
            assert node.children is not None  # noqa: S101 - only folders are walked through
            below = node.children.get(part)
            if below is None or below.kind != "d":
                below = node.children[part] = Node("d", 0o755, 0, 0, 0, "", layer, {})
            node = below
        self._folder, self._parent = folder, node
        return node

    # ---------------------------------------------------------- whiteouts

    def _hide(self, folder: str, name: str, layer: int) -> None:
        parent = self.node(folder)
        if name == _OPAQUE:
            if parent is not None and parent.children is not None:
                for child in list(parent.children):
                    self._drop(parent.children, child, f"{folder}/{child}" if folder else child, layer)
            return
        target = name[len(_WHITEOUT) :]
        if target.startswith(_WHITEOUT):
            return  # what aufs kept for itself
        if target in ("", ".", ".."):
            raise ImageRefused(BAD_WHITEOUT, layer=layer, name=f"{folder}/{name}")
        if parent is not None and parent.children is not None and target in parent.children:
            self._drop(parent.children, target, f"{folder}/{target}" if folder else target, layer)

    def _drop(self, children: dict[str, Node], name: str, path: str, layer: int) -> None:
        """Take away what lower layers have at and below a path; what this layer put there stays."""
        found = [(children, name, path)]
        for siblings, own, place in found:
            below = siblings[own].children
            found += [(below, child, f"{place}/{child}") for child in below] if below else []
        for siblings, own, place in reversed(found):
            node = siblings[own]
            if node.layer != layer and not node.children:
                del siblings[own]
                if place in self.versions:
                    self.versions[place].append(Version(layer, ""))
        self._folder, self._parent = "", self.root

    def _gone(self, folder: str, layer: int) -> None:
        """A folder makes place for something else: what was watched in it is gone."""
        for path, known in self.versions.items():
            if path.startswith(folder + "/") and known[-1].kind:
                known.append(Version(layer, ""))
        self._folder, self._parent = "", self.root

    # ---------------------------------------------------------- all of it

    @property
    def nodes(self) -> int:
        """How many paths the view has, the top folder left out."""
        found, pending = 0, [self.root.children]
        while pending:
            children = pending.pop() or {}
            found += len(children)
            pending += [child.children for child in children.values() if child.children]
        return found

    def walk(self) -> Iterator[tuple[str, Node]]:
        """Yield every path of the view with its node, the top folder left out."""
        pending = [("", self.root)]
        while pending:
            folder, node = pending.pop()
            for name, child in (node.children or {}).items():
                path = f"{folder}/{name}" if folder else name
                yield path, child
                if child.children:
                    pending.append((path, child))
