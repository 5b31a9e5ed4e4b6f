"""Any stack of layers gives what a simple model of layers says."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.builder import Item, Recipe
from gomedic.images.reading import open_image

NAMES = st.sampled_from("abc")
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
MODES = st.sampled_from([0o600, 0o644, 0o755, 0o4755])
Seen = tuple[str, int, str]  # kind, mode, link or content
Op = tuple[str, str, int]


def ops() -> st.SearchStrategy[list[Op]]:
    """Return what one layer does: paths taken away, then folders, files and links put there, each path once."""
    kinds = st.sampled_from(["hide", "empty", "d", "f", "l", "h"])
    return st.lists(st.tuples(kinds, PATHS, MODES), max_size=8, unique_by=lambda op: op[1])


class Model:
    """The files of the layers so far."""

    def __init__(self) -> None:
        self.files: dict[str, Seen] = {}

    def drop(self, path: str, *, itself: bool) -> None:
        self.files = {
            p: seen
            for p, seen in self.files.items()
            if not p.startswith(path + "/") and not (itself and p == path)
        }

    def parents(self, path: str) -> None:
        parts = path.split("/")[:-1]
        for end in range(1, len(parts) + 1):
            folder = "/".join(parts[:end])
            if self.files.get(folder, ("", 0, ""))[0] != "d":
                self.files[folder] = ("d", 0o755, "")

    def put(self, path: str, seen: Seen) -> None:
        self.parents(path)
        if seen[0] != "d":
            self.drop(path, itself=True)
        self.files[path] = seen


def one_layer(model: Model, wanted: Sequence[Op]) -> list[Item]:
    """Apply a layer to the model, and return its entries."""
    items: list[Item] = []
    own: list[str] = []  # files of this very layer: a hard link has no other target
    for kind, path, _mode in wanted:
        if kind == "hide":
            model.drop(path, itself=True)
            folder, _slash, name = path.rpartition("/")
            items.append(Item(f"{folder}/.wh.{name}" if folder else f".wh.{name}", b""))
    for kind, path, mode in sorted(wanted, key=lambda op: op[1]):
        if kind == "empty":
            was = model.files.get(path, ("", 0, ""))[0]
            model.drop(path, itself=was != "d")
            model.put(path, ("d", mode, ""))
            items += [Item(path, mode=mode, kind="d"), Item(f"{path}/.wh..wh..opq", b"")]
    for kind, path, mode in wanted:
        if kind == "d":
            model.put(path, ("d", mode, ""))
            items.append(Item(path, mode=mode, kind="d"))
        elif kind == "f":
            model.put(path, ("f", mode, f"{path} {mode}"))
            own.append(path)
            items.append(Item(path, f"{path} {mode}", mode=mode))
        elif kind == "l":
            model.put(path, ("l", 0o777, "to/nowhere"))
            items.append(Item(path, link="to/nowhere"))
        elif kind == "h":
            target = next(
                (p for p in own if not path.startswith(f"{p}/") and model.files.get(p, "d")[0] == "f"), None
            )
            if target is not None and not target.startswith(f"{path}/"):
                model.put(path, model.files[target])
                items.append(Item(path, kind="h", link=target))
    return items


@settings(max_examples=40, deadline=None)
@given(st.lists(ops(), min_size=1, max_size=5))
def test_any_stack_of_layers_is_what_the_model_says(stack: list[list[Op]]) -> None:
    model, recipe = Model(), Recipe()
    for number, wanted in enumerate(stack):
        recipe.run(f"RUN {number}", *one_layer(model, wanted))
    with TemporaryDirectory() as folder:
        view = open_image(str(recipe.docker(Path(folder) / "image")))
        found = {}
        for path, node in view.walk():
            content = (view.read("/" + path) or b"").decode() if node.kind == "f" else node.link
            found[path] = (node.kind, node.mode, content)
        view.close()
    assert found == model.files
