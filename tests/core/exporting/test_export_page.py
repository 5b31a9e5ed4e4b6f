"""The examples of docs/export.md are what the commands beside them print."""

import shlex

from gomedic.exporting import KINDS
from loading import ROOT, script

examples = script("packaging/make_export_examples.py")


def test_each_example_is_what_its_command_prints() -> None:
    page = (ROOT / examples.PAGE).read_text("utf-8")
    assert examples.with_examples(page) == page, "python packaging/make_export_examples.py writes it again"


def test_each_kind_has_its_example() -> None:
    shown = [
        shlex.split(command)[2] for command in examples.commands((ROOT / examples.PAGE).read_text("utf-8"))
    ]
    assert sorted(shown) == sorted(kind.id for kind in KINDS)
