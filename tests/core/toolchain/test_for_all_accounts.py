"""`--to /usr/local/go` and `--to /opt`, end to end: an ordinary account, the real sudo, throw-away system folders."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campus import ARCH, VERSION, Signer, file_name, go_members, index, packed

import little_go

HOME = "/var/lib/gomedic-test-home"
NOBODY = "65534"
# $1 a folder for what is written, $2 what sudoers says, $3 the campus; the rest is run, and then looked at.
THROW_AWAY = f"""
set -e
mount -t tmpfs -o mode=755 none "$1"
for place in etc var/lib usr/local opt; do
    mkdir -p "$1/$place/new" "$1/$place/work"
    chmod --reference="/$place" "$1/$place/new"
    chown --reference="/$place" "$1/$place/new"
    mount -t overlay -o "lowerdir=/$place,upperdir=$1/$place/new,workdir=$1/$place/work" none "/$place"
done
printf '%s\\n' "$2" > /etc/sudoers.d/zz-gomedic-test
chmod 440 /etc/sudoers.d/zz-gomedic-test
rm -rf /usr/local/go /usr/local/bin/go /usr/local/bin/gofmt /opt/go*
mkdir -p /etc/gomedic/keys {HOME}/.config/gomedic /usr/local/go/bin
cp "$3/campus.asc" /etc/gomedic/keys/
cp "$3/config.toml" /etc/gomedic/
chmod -R go=rX /etc/gomedic
printf 'an old one\\n' > /usr/local/go/bin/go
chown -R {NOBODY}:{NOBODY} {HOME}
sed -i 's#^nobody:.*#nobody:x:{NOBODY}:{NOBODY}:nobody:{HOME}:/bin/bash#' /etc/passwd
shift 3
eval "$@"
"""
MAY = "nobody ALL=(ALL) NOPASSWD: ALL"
AS_NOBODY = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups env -i HOME={HOME} USER=nobody LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 {sys.executable} -B -m gomedic"
SEEN = "echo; find /usr/local/go* /usr/local/bin/go* /usr/local/.go* /opt/go* /opt/.go* ! -type d -printf '%p %l\\n' 2>/dev/null | sort"


@pytest.fixture
def campus(signer: Signer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the campus that everybody may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = packed(go_members(VERSION, little_go.program(tmp_path_factory.getbasetemp(), ARCH)))
        (folder / file_name()).write_bytes(data)
        (folder / f"{file_name()}.asc").write_bytes(signer.sign(data))
        (folder / "index.json").write_bytes(index({file_name(): data}))
        (folder / "campus.asc").write_bytes(signer.public)
        (folder / "config.toml").write_text(
            f'[[source]]\nname = "campus"\nurl = "file://{folder}"\n'
            f'[[key]]\nfile = "/etc/gomedic/keys/campus.asc"\nsources = ["campus"]\nprefix = "{VERSION}"\n'
        )
        yield folder


def play(campus: Path, *commands: str, sudoers: str = MAY) -> tuple[list[str], str]:
    """Return the lines that the commands print, run one after the other, and what stands on standard error."""
    if os.geteuid() != 0 or not shutil.which("sudo"):
        pytest.skip("needs root and sudo, to become an ordinary account that has sudo")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        argv = [
            "unshare",
            "-m",
            "sh",
            "-c",
            THROW_AWAY,
            "sh",
            folder,
            sudoers,
            str(campus),
            "\n".join(commands),
        ]
        ended = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=300, cwd="/")
    if "mount:" in ended.stderr:
        pytest.skip(f"no throw-away folders here: {ended.stderr.strip()}")
    return ended.stdout.splitlines(), ended.stderr


def installing(place: str) -> str:
    return f"{AS_NOBODY} toolchain install {VERSION} --to {place} --yes --json || echo failed $?"


LINKS = {
    "/usr/local/go": [
        "/usr/local/bin/go /usr/local/go/bin/go",
        "/usr/local/bin/gofmt /usr/local/go/bin/gofmt",
    ],
    "/opt": [
        "/opt/go go-1.27.1-campus",
        "/usr/local/bin/go /opt/go/bin/go",
        "/usr/local/bin/gofmt /opt/go/bin/gofmt",
    ],
}


@pytest.mark.parametrize("place", LINKS)
def test_an_account_that_has_sudo_installs_for_all_and_takes_it_back(campus: Path, place: str) -> None:
    lines, errors = play(campus, SEEN, installing(place), SEEN, f"{AS_NOBODY} undo --yes >/dev/null", SEEN)
    assert "Traceback" not in errors
    assert "failed" not in "".join(lines), (lines, errors)
    documents = [at for at, line in enumerate(lines) if line == "{"]
    blank = [at for at, line in enumerate(lines) if not line]
    text = "\n".join(lines[documents[0] : blank[1]])
    told: dict[str, Any] = json.loads(text)
    assert told["path"] == (place if place != "/opt" else "/opt/go-1.27.1-campus")
    before, placed, after = lines[1 : documents[0]], lines[blank[1] + 1 : blank[2]], lines[blank[2] + 1 :]
    assert [line for line in placed if " " in line.strip()] == LINKS[place]
    assert ("/usr/local/go.gomedic-saved/bin/go " in placed) == (place != "/opt")
    assert f"{told['path']}/bin/go " in placed
    assert after == before


AS_ROOT = AS_NOBODY.partition("env -i")[1] + AS_NOBODY.partition("env -i")[2].replace(
    HOME, "/var/lib/gomedic-test-root"
)


def test_root_installs_without_a_helper_and_changes_over(campus: Path) -> None:
    lines, errors = play(
        campus,
        f"{AS_ROOT} toolchain install {VERSION} --to /opt --yes --json >/dev/null || echo failed $?",
        SEEN,
        "ln -sfn go-other /opt/go",
        f"{AS_ROOT} toolchain use {VERSION} --to /opt --yes --json >/dev/null || echo failed $?",
        SEEN,
        f"{AS_NOBODY} toolchain use {VERSION} --to /opt --yes --json >/dev/null && echo fine",
        f"{AS_NOBODY} toolchain use go1.2.3 --to /opt --yes --json 2>&1",
        sudoers=MAY,
    )
    assert "failed" not in "".join(lines), (lines, errors)
    said = [line for line in lines if line in LINKS["/opt"]]
    assert said == LINKS["/opt"] * 2, (lines, errors)
    assert "fine" in lines, errors
    assert "Go go1.2.3 is not among the toolchains in /opt." in "".join(lines)


@pytest.mark.parametrize("who", [AS_NOBODY, AS_ROOT], ids=["by root's helper", "as root"])
def test_it_is_known_ever_after_why_it_may_be_trusted(campus: Path, who: str) -> None:
    lines, errors = play(
        campus,
        f"{who} toolchain install {VERSION} --to /opt --yes --json >/dev/null || echo failed $?",
        "cp -a /opt/go-1.27.1-campus /opt/go-copy",
        f"{AS_NOBODY} toolchain list --json",
        f"{AS_NOBODY} toolchain list",
        f"{AS_NOBODY} toolchain verify {VERSION} || echo failed $?",
        f"{AS_NOBODY} toolchain remove {VERSION} --yes 2>&1 || echo kept $?",
        "printf x >> /opt/go-1.27.1-campus/src/fmt/print.go",
        f"{AS_NOBODY} toolchain verify {VERSION} || echo refused $?",
    )
    assert "failed" not in "".join(lines), (lines, errors)
    told = json.loads("\n".join(lines[: lines.index("}") + 1]))
    assert {row["path"]: row["signature_checked"] for row in told["shared"]} == {
        "/opt/go-1.27.1-campus": True,
        "/opt/go-copy": False,
    }
    assert any(line.endswith("/opt/go-copy  not signature-checked") for line in lines), lines
    said = f"It was installed from {file_name()}, signed by /etc/gomedic/keys/campus.asc."
    assert said in lines
    assert any(
        "byte for byte those of the release (a list kept when it was installed)" in line for line in lines
    )
    assert "refused 3" in lines
    assert "kept 3" in lines
    assert any(
        "Go 1.27.1-campus in /opt/go-1.27.1-campus is there for all accounts" in line for line in lines
    )


def test_without_root_it_says_what_an_administrator_would_type(campus: Path) -> None:
    lines, errors = play(campus, SEEN, installing("/usr/local/go"), SEEN, sudoers="# nobody may")
    assert "failed 3" in lines
    said = "\n".join(lines) + errors
    assert "an administrator can run the commands shown" in said
    assert "--strip-components=1" in said
    assert "mv -T -- /usr/local/go /usr/local/go.gomedic-saved" in said
    blank = [at for at, line in enumerate(lines) if not line]
    assert lines[blank[-1] + 1 :] == [
        line for line in lines[blank[0] + 1 : blank[-1]] if line.startswith(("/usr", "/opt"))
    ]
