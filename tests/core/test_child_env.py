"""The person's environment shows nothing of our bundle or virtual environment, and keeps all that is theirs."""

import re

import pytest

from gomedic.child_env import TAKEN, person_environment
from loading import ROOT

BUNDLE, OURS = "/tmp/_MEIabc", "/opt/gomedic/.venv"

BUNDLED = [
    ({"LD_LIBRARY_PATH": f"{BUNDLE}", "PATH": "/bin"}, {"PATH": "/bin"}),
    ({"LD_LIBRARY_PATH": BUNDLE, "LD_LIBRARY_PATH_ORIG": "/usr/local/lib"}, {"LD_LIBRARY_PATH": "/usr/local/lib"}),
    ({"LD_LIBRARY_PATH": BUNDLE, "LD_LIBRARY_PATH_ORIG": ""}, {"LD_LIBRARY_PATH": ""}),
    ({"_PYI_ARCHIVE_FILE": "x", "_PYI_PARENT_PROCESS_LEVEL": "1", "_MEIPASS2": "x", "A": "1"}, {"A": "1"}),
    ({"QT_PLUGIN_PATH": f"{BUNDLE}/plugins", "SSL_CERT_FILE": f"{BUNDLE}/cacert.pem"}, {}),
    ({"QT_PLUGIN_PATH": "/usr/lib/qt", "SSL_CERT_FILE": "/etc/ca.pem"}, {"QT_PLUGIN_PATH": "/usr/lib/qt", "SSL_CERT_FILE": "/etc/ca.pem"}),
    ({"PYTHONHOME": f"{BUNDLE}/lib", "PYTHONPATH": "/mine"}, {"PYTHONPATH": "/mine"}),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "expected"), BUNDLED)
def test_a_bundle_leaves_no_trace(environ: dict[str, str], expected: dict[str, str]) -> None:
    assert person_environment(environ, bundle=BUNDLE, prefix=None) == expected


@pytest.mark.parametrize(("environ", "_expected"), BUNDLED)
def test_without_a_bundle_everything_stays(environ: dict[str, str], _expected: dict[str, str]) -> None:
    assert person_environment(environ, bundle=None, prefix=None) == environ


LAUNCHED = {
    "GOMEDIC_PERSON_": "1",
    "LD_LIBRARY_PATH": BUNDLE,
    "_PYI_ARCHIVE_FILE": "x",
    "QT_PLUGIN_PATH": BUNDLE,
}
KEPT = [
    {},
    {"A": "1", "PATH": "/bin"},
    {"LD_LIBRARY_PATH": "/mine", "LD_PRELOAD": "", "QT_PLUGIN_PATH": "/usr/lib/qt", "PYTHONPATH": "/mine"},
    {"LD_LIBRARY_PATH_ORIG": "of another program", "_PYI_ARCHIVE_FILE": "of another program"},
    {"GOMEDIC_PERSON_": "2", "GOMEDIC_PERSON_A": "3"},
    {"PYSIDE6_OPTION_PYTHON_ENUM": "0x10", "LD": "ld.gold", "QT_SCALE_FACTOR": "2"},
]


@pytest.mark.parametrize("theirs", KEPT)
def test_all_that_the_launcher_takes_is_given_back(theirs: dict[str, str]) -> None:
    handed_on = {
        f"GOMEDIC_PERSON_{name}" if name.startswith(TAKEN) else name: value for name, value in theirs.items()
    }
    assert person_environment({**handed_on, **LAUNCHED}, bundle=BUNDLE, prefix=None) == theirs


def test_the_launcher_takes_what_is_given_back() -> None:
    source = (ROOT / "packaging" / "dist" / "launcher.c").read_text()
    listed = re.search(r"TAKEN\[\] = \{(.*?)NULL", source, re.DOTALL)
    assert listed is not None
    names = re.findall(r'"(\w+)"', listed[1].replace("KEPT", '"GOMEDIC_PERSON_"'))
    assert tuple(names) == TAKEN


VIRTUAL = [
    ({"VIRTUAL_ENV": OURS, "VIRTUAL_ENV_PROMPT": "x", "PATH": f"{OURS}/bin:/bin"}, {"PATH": "/bin"}),
    ({"VIRTUAL_ENV": "/home/gus/venv", "PATH": "/home/gus/venv/bin:/bin"}, None),
    ({"PATH": f"/a:{OURS}/bin:/b:{OURS}/bin"}, {"PATH": "/a:/b"}),
    ({"PATH": f"{OURS}/bin2:/b"}, None),
    ({}, None),
    ({"PATH": ""}, None),
]


@pytest.mark.parametrize(("environ", "expected"), VIRTUAL)
def test_our_virtual_environment_leaves_no_trace(
    environ: dict[str, str], expected: dict[str, str] | None
) -> None:
    assert person_environment(environ, bundle=None, prefix=OURS) == (
        environ if expected is None else expected
    )
