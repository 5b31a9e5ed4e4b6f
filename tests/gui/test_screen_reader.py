"""The real window on the real accessibility bus: every place on every page has a name and a role, and news is said."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PYTHON = "/usr/bin/python3"  # the system's, which has the bindings of AT-SPI
HERE = Path(__file__).parent
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from gomedic_gui.app import application
from gomedic_gui.window import Window
from gui.samples import ILL, OLD_RECEIPT, RECEIPT
from gui.samples_toolchains import Shop

app = application("en")
clinic = Shop()
clinic.examination = ILL
clinic.receipts = (RECEIPT, OLD_RECEIPT)
window = Window(clinic.doctor())
window.show()
window.examine()
window.changes._offer(("/home/student/.bashrc",))
sys.exit(app.exec())
"""
# The roles that a screen reader says a person can act on.
ACTING = {
    "button",
    "push button",
    "check box",
    "page tab",
    "list item",
    "table cell",
    "tree item",
    "combo box",
    "radio button",
}
PLAIN = {"unknown", "separator", "split pane"}  # a tab widget is a filler, whose bar takes the focus


def refusal() -> str:
    """Return why no accessibility bus can be had here; "" where it can."""
    if shutil.which("dbus-run-session") is None:
        return "dbus-run-session is missing (apt install dbus)"
    if not any(
        Path(folder, "at-spi-bus-launcher").exists() for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")
    ):
        return "the accessibility bus is missing (apt install at-spi2-core)"
    asked = [PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"]
    if not Path(PYTHON).exists() or subprocess.run(asked, capture_output=True, check=False).returncode:
        return "the bindings of AT-SPI are missing (apt install python3-gi gir1.2-atspi-2.0)"
    return ""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Walk the window once, on a session bus of its own."""
    if not os.environ.get("DISPLAY"):
        pytest.skip("no X display: start the tests with `make test`")
    if reason := refusal():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("bus")
    folder.chmod(0o700)
    script = (
        '"$1" -c "$2" "$3" & window=$!; "$4" "$5" $window; code=$?; kill $window; wait $window; exit $code'
    )
    words = [
        "dbus-run-session", "--", "/bin/sh", "-c", script, "sh",
        sys.executable, PROGRAM, str(HERE.parent), PYTHON, str(HERE / "accessible_tree.py"),
    ]  # fmt: skip
    env = os.environ | {
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "XDG_RUNTIME_DIR": str(folder), "NO_AT_BRIDGE": "0",
        "GSETTINGS_BACKEND": "memory",
    }  # fmt: skip
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_page_is_there(walked: dict[str, Any]) -> None:
    assert {"What was found", "History", "preview", "result"} <= set(walked["pages"])
    assert len(walked["pages"]) >= 8
    assert min(len(nodes) for nodes in walked["pages"].values()) > 15


def test_whatever_takes_the_focus_has_a_name(walked: dict[str, Any]) -> None:
    nameless = [
        (page, node["role"])
        for page, nodes in walked["pages"].items()
        for node in nodes
        if "focusable" in node["states"] and not node["name"].strip()
    ]
    assert nameless == []


def test_whatever_acts_has_a_name_and_a_way_to_be_done(walked: dict[str, Any]) -> None:
    buttons = [node for nodes in walked["pages"].values() for node in nodes if "button" in node["role"]]
    assert len(buttons) > 20
    assert [node for node in buttons if not node["name"].strip()] == []
    assert [node for node in buttons if "enabled" in node["states"] and not node["actions"]] == []
    acting = [node for nodes in walked["pages"].values() for node in nodes if node["role"] in ACTING]
    assert [node for node in acting if not node["name"].strip()] == []


def test_the_focus_is_somewhere_on_every_page(walked: dict[str, Any]) -> None:
    lost = [
        page for page, nodes in walked["pages"].items() if not any("focused" in n["states"] for n in nodes)
    ]
    assert lost == []


def test_what_takes_the_focus_says_what_it_is(walked: dict[str, Any]) -> None:
    """A QTabWidget claims to take the focus, which its bar does for it."""
    vague = {
        (page, node["role"], node["name"])
        for page, nodes in walked["pages"].items()
        for node in nodes
        if "focusable" in node["states"] and node["role"] in PLAIN and node["name"] != "Pages"
    }
    assert vague == set()


def test_the_tab_that_is_shown_is_the_selected_one(walked: dict[str, Any]) -> None:
    for page, nodes in walked["pages"].items():
        chosen = [n["name"] for n in nodes if n["role"] == "page tab" and "selected" in n["states"]]
        assert page in (*chosen, "preview", "result")


def test_findings_are_told_with_their_severity_in_words(walked: dict[str, Any]) -> None:
    names = [node["name"] for node in walked["pages"]["What was found"]]
    assert any(name.startswith("Problem: ") for name in names)


def test_the_verdict_and_the_end_of_work_are_said(walked: dict[str, Any]) -> None:
    heard = walked["heard"]
    assert any("Go has a problem in new terminals." in words for words in heard)
    assert any("Done. This problem is gone." in words for words in heard)
    assert len(heard) == len(
        [words for words, after in zip(heard, [*heard[1:], ""], strict=True) if words != after]
    )
