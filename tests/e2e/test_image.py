"""`gomedic image check` from outside: exit codes, JSON that only adds, several images, both languages."""

import json
import subprocess
import sys
from pathlib import Path

from core.images.builder import Item, with_go
from schema import report_of

CARRIED = Item("etc/profile.d/golang.sh", "export PATH=/usr/local/go/bin:$PATH\n")


def gomedic(*words: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GOMEDIC_LANGUAGE": language}
    command = [sys.executable, "-m", "gomedic", "image", "check", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_exit_codes_and_words(tmp_path: Path) -> None:
    good = with_go().run("COPY golang.sh", CARRIED).docker(tmp_path / "good.tar")
    ill = with_go().oci(tmp_path / "ill")
    (tmp_path / "broken.tar").write_bytes(good.read_bytes()[:3000])
    ended = gomedic(good)
    assert (ended.returncode, ended.stdout[:1]) == (0, "✓")
    ended = gomedic(ill)
    assert ended.returncode == 1
    assert "layer 1 (" in ended.stdout
    assert "Add to the Dockerfile: RUN printf" in ended.stdout
    ended = gomedic(tmp_path / "broken.tar")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.count("\n") == 1
    assert gomedic(good, "--platform", "amd64").returncode == 2
    assert gomedic(good, "--only", "nonsense").returncode == 2
    assert gomedic(good, "--platform", "linux/s390x").returncode == 3
    assert "在 Dockerfile 中加入" in gomedic(ill, language="zh_CN").stdout


def test_the_document_is_that_of_a_check_with_more(tmp_path: Path) -> None:
    image = with_go().docker(tmp_path / "ill.tar")
    printed = gomedic(image, "--json").stdout
    report_of(printed)
    document = json.loads(printed)
    assert document["certainty"] == "possible"
    assert [layer["number"] for layer in document["layers"]] == [1, 2]
    ways = {way["way"]: (way["found"], way["carrier"]) for way in document["launch_ways"]}
    assert ways["exec"] == ("found", "ENV")
    assert ways["login-shell"] == ("missing", None)
    found = next(f for f in document["findings"] if f["check"] == "login-shell-path-reset")
    made = [evidence["made_by"] for evidence in found["evidence"] if "made_by" in evidence]
    assert made[-1]["layer"] == 1
    assert made[-1]["digest"].startswith("sha256:")
    assert found["advice"]


def test_several_images_are_told_in_their_order(tmp_path: Path) -> None:
    good = with_go().run("COPY golang.sh", CARRIED).docker(tmp_path / "good.tar")
    paths = [good, tmp_path / "nosuch", with_go().oci(tmp_path / "ill")]
    ended = gomedic(*paths, "--json")
    assert ended.returncode == 3
    told = json.loads(ended.stdout)["images"]
    assert [one["image"]["path"] for one in told] == [str(path) for path in paths]
    assert "refused" in told[1]
