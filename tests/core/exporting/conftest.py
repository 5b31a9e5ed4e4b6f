"""What the tests of exports share: a Go to be found, the shells, values that are hard to quote."""

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

SHELLS = {
    "dash": ("dash",),
    "bash": ("bash",),
    "bash --posix": ("bash", "--posix"),
    "busybox sh": ("busybox", "sh"),
    "zsh as sh": ("zsh", "--emulate", "sh"),
}
_GO = """#!/bin/sh
case $1 in
version) echo "go version {version} linux/amd64" ;;
env) echo {root} ;;
build) mkdir -p "$GOCACHE/0a" && echo object > "$GOCACHE/0a/0a1-d" ;;
esac
"""
HARD = (  # what some format fills in, unescapes, or ends at
    "a$HOME b${PATH}c$$d", "a%h%%n%(ENV_PATH)s", "\\$HOME \\\\ \\t\\", "it's 'q'", 'say "q" "', "`id`$(id)", " #a ;b ", "*?[a]~{b,c}!",
    "$", "%", "\\", "-n", "中 文",
)  # fmt: skip
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> Sequence[str]:
    """Each shell that an exported script must work in, as the words that start it."""
    words: Sequence[str] = SHELLS[request.param]
    if shutil.which(words[0]) is None:
        pytest.skip(f"no {words[0]} here")
    return words


@pytest.fixture
def run() -> Run:
    """Run a program with this environment and no other."""

    def start(argv: Sequence[str], *, code: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        words = [shutil.which(argv[0]) or argv[0], *argv[1:]]
        ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert code is None or ended.returncode == code, f"{argv}: {ended.returncode}: {ended.stderr}"
        return ended

    return start


@pytest.fixture
def goroot() -> Callable[..., str]:
    """Make a folder into a Go tree whose programs answer: `goroot(folder, "go1.22.5")`."""

    def make(folder: Path, version: str = "go1.22.5") -> str:
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        quoted = str(folder).replace("'", "'\\''")
        for name in ("go", "gofmt"):
            program = folder / "bin" / name
            program.write_text(_GO.format(version=version, root=f"'{quoted}'"))
            program.chmod(0o755)
        return str(folder)

    return make


@pytest.fixture(scope="session")
def names() -> st.SearchStrategy[str]:
    """Names of folders with all that shells and formats care about; some cannot be written anywhere."""
    odd = st.sampled_from("'\"$\\%`*?[]{}()!#;&|<>~=^@,+ -中文é\n\t\u3000\u200b:")
    any_ = st.characters(codec="utf-8", exclude_characters="/\0")
    text = st.text(st.one_of(odd, odd, any_), min_size=1, max_size=12)
    every = st.one_of(st.sampled_from(HARD), text, st.builds(str.__add__, st.sampled_from(HARD), text))
    return every.filter(lambda name: name not in (".", "..") and len(name.encode()) < 200)


@pytest.fixture
def environment() -> Callable[[str], Mapping[str, str]]:
    """Read what `env -0` printed."""

    def read(out: str) -> Mapping[str, str]:
        return dict(line.partition("=")[::2] for line in out.split("\0") if line)

    return read


@pytest.fixture(scope="session")
def hard() -> str:
    """A name with all of it at once: no format that carries it may change a character."""
    return "a$HOME ${PATH} %h%%n \\ 'x' \"q\" #c ;d `id` *? 中"
