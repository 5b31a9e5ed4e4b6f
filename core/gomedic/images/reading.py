"""Open an image: one pass over each layer; nothing is written anywhere."""

import os
from collections.abc import Iterator

from gomedic.images import watch
from gomedic.images.documents import Config, Platform
from gomedic.images.formats import Blob, Contents, contents
from gomedic.images.layers import opened
from gomedic.images.model import Command, Image, Layer
from gomedic.images.rootfs import FolderFiles, read_folder
from gomedic.images.stopping import Event
from gomedic.images.stores import FolderStore, TarStore, open_store
from gomedic.images.tar import Archive, Bytes, Entry
from gomedic.images.tree import Tree
from gomedic.images.view import BlobFiles, TarFiles, View
from gomedic.probes.toolchains import native_arch
from gomedic.texts import N_, Message

UNSUMMED = N_("The layers are not compressed, and their sums were not reckoned; --sums reckons them.")

_Kept = tuple[Entry, bytes | None]


def open_image(
    path: str, platform: str | None = None, cancelled: Event | None = None, *, sums: bool = False
) -> View:
    """Return the view of an image: docker-archive, OCI layout, skopeo's dir, or a root file system.

    `platform` ("linux/arm64") chooses from an index; by default this machine's. The digest and diff_id of all that
    is read whole are checked: every document, every compressed layer, and with `sums` the plain layers too, of
    which else only the headers are read. Memory does not grow with the bytes of the image. Raises ImageRefused;
    Cancelled, as does reading in the view later, soon after `cancelled` is set.
    """
    store = open_store(path, cancelled)
    try:
        found = contents(path, store, platform, f"linux/{native_arch()}")
        if found is not None:
            return _layered(path, store, found, sums)
        if isinstance(store, TarStore):
            return _rootfs_tar(path, store)
    except BaseException:
        store.close()
        raise
    tree = Tree()
    read_folder(path, tree, cancelled)
    return View(_bare(path, "rootfs", tree), tree, FolderFiles(path))


def _rootfs_tar(path: str, store: TarStore) -> View:
    tree = Tree()
    for entry, content in _kept(store.whole(), path):
        tree.put(entry, 1, content)
    return View(_bare(path, "rootfs-tar", tree), tree, TarFiles(store, path))


def _bare(path: str, kind: str, tree: Tree) -> Image:
    return Image(path, kind, "", layers=(Layer(1, "", "", entries=tree.count),), nodes=tree.nodes)


def _layered(path: str, store: FolderStore | TarStore, found: Contents, sums: bool) -> View:
    tree = Tree()
    told = _read_layers(store, found.blobs, tree, sums)
    image = _image(path, found, tree, told)
    return View(image, tree, BlobFiles(store, found.blobs), (*found.notes, *_unsummed(store, told, sums)))


def _unsummed(store: FolderStore | TarStore, told: list[tuple[str, int]], sums: bool) -> Iterator[Message]:
    whole = isinstance(store, TarStore) and store.compression != "none"
    if not sums and not whole and any(compression == "none" for compression, _entries in told):
        yield Message(UNSUMMED)


def _read_layers(
    store: FolderStore | TarStore, blobs: tuple[Blob, ...], tree: Tree, sums: bool
) -> list[tuple[str, int]]:
    """Put the layers into the tree, lowest first, whatever order they come in; return compression and entries of each."""
    places: dict[str, list[int]] = {}
    for at, blob in enumerate(blobs):
        places.setdefault(blob.name, []).append(at)
    told: list[tuple[str, int]] = [("none", 0)] * len(blobs)
    early: dict[int, list[_Kept]] = {}
    turn = 0
    for name, source in store.in_turn(dict.fromkeys(blob.name for blob in blobs)):
        first, *again = places[name]
        with opened(source, blobs[first], first + 1, sums=sums) as layer:
            if first == turn and not again:
                entries = _add_all(tree, layer.data, first + 1, layer.where)
                turn += 1
            else:  # another layer is to come below it, or it comes twice
                kept = list(_kept(layer.data, layer.where))
                entries = len(kept)
                early |= dict.fromkeys(places[name], kept)
        told[first] = (layer.compression, entries)
        turn = _catch_up(tree, early, turn)
    return told


def _catch_up(tree: Tree, early: dict[int, list[_Kept]], turn: int) -> int:
    while turn in early:
        for entry, content in early.pop(turn):
            tree.add(entry, turn + 1, content)
        turn += 1
    return turn


def _add_all(tree: Tree, data: Bytes, layer: int, where: str | Message) -> int:
    count = 0
    for entry, content in _kept(data, where):
        tree.add(entry, layer, content)
        count += 1
    return count


def _kept(data: Bytes, where: str | Message) -> Iterator[_Kept]:
    archive = Archive(data, where)
    for entry in archive:
        size = watch.to_keep(entry.name, entry.size) if entry.kind == "f" and not entry.sparse else 0
        yield entry, (archive.content(size) if size or not entry.size else None)


# ------------------------------------------------------------------ what the image says


def _image(path: str, found: Contents, tree: Tree, told: list[tuple[str, int]]) -> Image:
    config = found.config
    history = _history(config, len(found.blobs))
    made = {command.layer: command.created_by for command in history}
    layers = tuple(
        Layer(at + 1, blob.diff_id, made.get(at + 1, ""), *told[at]) for at, blob in enumerate(found.blobs)
    )
    started = config.config
    env = tuple(started.env or ()) if started else ()
    return Image(
        path=path,
        kind=found.kind,
        platform=str(Platform(config.architecture, config.os, config.variant)),
        tags=tuple(found.tags),
        layers=layers,
        history=history,
        environment=tuple((n, v) for n, equals, v in (item.partition("=") for item in env) if equals and n),
        entrypoint=tuple(started.entrypoint or ()) if started else (),
        command=tuple(started.cmd or ()) if started else (),
        shell=tuple(started.shell or ()) if started else (),
        user=(started.user or "") if started else "",
        folder=(started.working_dir or "") if started else "",
        nodes=tree.nodes,
    )


def _history(config: Config, layers: int) -> tuple[Command, ...]:
    """Return the history; where its steps do not fit the layers (a squashed image), no step is said to make one."""
    steps = config.history or ()
    fits = sum(1 for step in steps if not step.empty_layer) == layers
    found, number = [], 0
    for step in steps:
        number += not step.empty_layer
        found.append(Command(step.created_by, number if fits and not step.empty_layer else None))
    return tuple(found)


def name_of(path: str) -> str:
    """Return how an image is called in a report."""
    return os.path.basename(path.rstrip("/")) or path
