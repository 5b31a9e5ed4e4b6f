"""Set-ups for build machines: judged by the machines' own schemas, their steps run as the machines run them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gomedic.exporting import ExportRefusedError, Generated, Options, generate, kind_named

PATH = "/usr/local/bin:/usr/bin:/bin"
CHECKER = os.path.join(os.path.dirname(sys.executable), "check-jsonschema")
SCHEMA = Path(__file__).parent / "devcontainer.schema.json"
Run = Callable[..., subprocess.CompletedProcess[str]]
ReadEnvironment = Callable[[str], Mapping[str, str]]
FEW = settings(max_examples=15, deadline=None, database=None)
needs_checker = pytest.mark.skipif(not os.path.exists(CHECKER), reason="no check-jsonschema here")
FORMS = [
    {},
    {"version": "go1.22.10", "cache": True},
    {"version": "1.20", "goproxy": "https://goproxy.cn,direct", "gopath": "~/my go"},
    {"version": "latest"},
    {
        "goroot": "/opt/a 'b' \"c\" # 100%",
        "gopath": "/srv/中 文\\",
        "goproxy": "https://a,direct",
        "cache": True,
    },
]


def made(kind: str, **options: object) -> Generated:
    return generate(kind_named(kind), Options(**options))  # type: ignore[arg-type]


def parsed(text: str) -> Any:
    yaml = pytest.importorskip("ruamel.yaml")
    return yaml.YAML(typ="safe").load(text)


def judge(folder: Path, texts: Sequence[str], *schema: str) -> None:
    files = [folder / f"{number}.yml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    words = [CHECKER, "--no-cache", *schema, *map(str, files)]
    env = {
        "PATH": PATH,
        "HOME": str(folder),
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def can_be_written(name: str) -> bool:
    return ":" not in name and name.isprintable()


# ------------------------------------------------------------------ GitHub Actions


@needs_checker
def test_github_has_no_fault_to_find(tmp_path: Path) -> None:
    judge(
        tmp_path,
        [made("github-actions", **options).text for options in FORMS],
        "--builtin-schema",
        "vendor.github-workflows",
    )


@needs_checker
def test_the_schema_does_find_faults(tmp_path: Path) -> None:
    text = made("github-actions", version="go1.22.10").text.replace("runs-on:", "runs_on:")
    with pytest.raises(AssertionError):
        judge(tmp_path, [text], "--builtin-schema", "vendor.github-workflows")


def test_a_version_stays_a_text() -> None:
    """1.20 without quotes would be the number 1.2 (actions/setup-go#326)."""
    step = parsed(made("github-actions", version="1.20").text)["jobs"]["go"]["steps"][1]
    assert step["with"] == {"go-version": "1.20", "cache": False}
    assert parsed(made("gitlab-ci", version="1.20").text)["go"]["image"] == "golang:1.20"


def after_steps(run: Run, folder: Path, text: str) -> Mapping[str, str]:
    """Return what the steps wrote for later ones, and the environment that the job names itself."""
    job = parsed(text)["jobs"]["go"]
    told = {name: folder / name for name in ("GITHUB_PATH", "GITHUB_ENV")}
    for step in job["steps"]:
        if ">>" in step.get("run", ""):
            files = {name: str(path) for name, path in told.items()}
            run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                PATH=PATH,
                HOME="/home/gus",
                **files,
            )
    read = {name: path.read_text() if path.exists() else "" for name, path in told.items()}
    return {**read, **job.get("env", {})}


def test_later_steps_of_github_get_any_folder_or_it_is_refused(
    run: Run, tmp_path_factory: pytest.TempPathFactory, names: st.SearchStrategy[str], hard: str
) -> None:
    pytest.importorskip("ruamel.yaml")

    @FEW
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        options = {"goroot": f"/opt/{name}", "gopath": f"~/{other}", "goproxy": f"https://{other}"}
        if not can_be_written(name + other) or "${{" in name + " " + other:
            with pytest.raises(ExportRefusedError):
                made("github-actions", **options)
            return
        found = after_steps(run, tmp_path_factory.mktemp("g"), made("github-actions", **options).text)
        assert found["GITHUB_PATH"] == f"/opt/{name}/bin\n/home/gus/{other}/bin\n"
        assert found["GITHUB_ENV"] == f"GOPATH=/home/gus/{other}\n"
        assert found["GOPROXY"] == f"https://{other}"

    holds()


class Runner:
    """Runs the steps of a job of GitHub's as its runner does: what one writes for later ones reaches them."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._env = {"PATH": PATH, "HOME": str(folder)}

    def job(self, job: Mapping[str, Any]) -> list[str]:
        """Return what each step that runs something printed."""
        self._env |= job.get("env", {})
        return [self._step(step) for step in job["steps"] if "run" in step]

    def _step(self, step: Mapping[str, Any]) -> str:
        told = {name: self._folder / name for name in ("GITHUB_PATH", "GITHUB_ENV")}
        for path in told.values():
            path.write_text("")
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        files = {name: str(path) for name, path in told.items()}
        out = self._run(words, **(self._env | step.get("env", {}) | files)).stdout
        for folder in told["GITHUB_PATH"].read_text().splitlines():
            self._env["PATH"] = f"{folder}:{self._env['PATH']}"
        self._env |= dict(line.split("=", 1) for line in told["GITHUB_ENV"].read_text().splitlines())
        return out


GO_THAT_TELLS = """#!/bin/sh
echo "go $* in $PWD with $(command -v go), GOPATH=$GOPATH, GOPROXY=$GOPROXY"
"""


@pytest.fixture
def telling_go(tmp_path: Path) -> str:
    """A Go that says how it was called, in a folder with a blank."""
    program = tmp_path / "my go/bin/go"
    program.parent.mkdir(parents=True)
    program.write_text(GO_THAT_TELLS)
    program.chmod(0o755)
    return str(program.parent.parent)


def test_a_whole_job_of_github_works_with_the_go_that_was_named(
    run: Run, tmp_path: Path, telling_go: str
) -> None:
    pytest.importorskip("ruamel.yaml")
    text = made("github-actions", goroot=telling_go, gopath="~/work", goproxy="https://a").text
    printed = "".join(Runner(run, tmp_path).job(parsed(text)["jobs"]["go"]))
    called = [line for line in printed.splitlines() if line.startswith("go ")]
    assert [line.split(" in ")[0] for line in called] == [
        "go version",
        "go vet ./...",
        "go build ./...",
        "go test ./...",
    ]
    ending = f"with {telling_go}/bin/go, GOPATH={tmp_path}/work, GOPROXY=https://a"
    assert all(line.endswith(ending) for line in called)


def test_what_github_fills_in_is_refused() -> None:
    with pytest.raises(ExportRefusedError, match=r"begins with \$\{\{\."):
        made("github-actions", goproxy="https://${{ secrets.PROXY }}")


# ------------------------------------------------------------------ GitLab CI


@needs_checker
def test_gitlab_has_no_fault_to_find(tmp_path: Path) -> None:
    judge(
        tmp_path,
        [made("gitlab-ci", **options).text for options in FORMS],
        "--builtin-schema",
        "vendor.gitlab-ci",
    )


def test_the_script_of_gitlab_gets_any_folder_or_it_is_refused(
    run: Run, environment: ReadEnvironment, names: st.SearchStrategy[str], hard: str, shell: tuple[str, ...]
) -> None:
    pytest.importorskip("ruamel.yaml")

    @FEW
    @given(names, names)
    @example(hard, hard)
    def holds(name: str, other: str) -> None:
        options = {
            "goroot": f"/opt/{name}",
            "gopath": f"~/{other}",
            "goproxy": f"https://{other}",
            "cache": True,
        }
        if not can_be_written(name + other):
            with pytest.raises(ExportRefusedError):
                made("gitlab-ci", **options)
            return
        lines = parsed(made("gitlab-ci", **options).text)["go"]["before_script"]
        code = "set -e\n" + "\n".join(lines) + "\nenv -0"
        out = run([*shell, "-c", code], PATH=PATH, HOME="/home/gus", CI_PROJECT_DIR="/builds/a b").stdout
        found = environment(out)
        assert found["PATH"] == f"/opt/{name}/bin:{PATH}:/home/gus/{other}/bin"
        assert (found["GOPATH"], found["GOPROXY"]) == (f"/home/gus/{other}", f"https://{other}")
        assert (found["GOCACHE"], found["GOFLAGS"]) == ("/builds/a b/.cache/go-build", "-modcacherw")

    holds()


def test_a_whole_job_of_gitlab_works_with_the_go_that_was_named(
    run: Run, tmp_path: Path, telling_go: str, shell: tuple[str, ...]
) -> None:
    """The runner gives before_script and script to one shell, line by line, which ends at the first that fails."""
    pytest.importorskip("ruamel.yaml")
    job = parsed(made("gitlab-ci", goroot=telling_go, gopath="~/work", goproxy="https://a", cache=True).text)[
        "go"
    ]
    code = "set -e\n" + "\n".join((*job["before_script"], *job["script"]))
    out = run([*shell, "-c", code], PATH=PATH, HOME=str(tmp_path), CI_PROJECT_DIR=str(tmp_path)).stdout
    called = out.splitlines()
    assert [line.split(" in ")[0] for line in called] == [
        "go version",
        "go vet ./...",
        "go build ./...",
        "go test ./...",
    ]
    ending = f"with {telling_go}/bin/go, GOPATH={tmp_path}/work, GOPROXY=https://a"
    assert all(line.endswith(ending) for line in called)


# ------------------------------------------------------------------ devcontainer.json


@needs_checker
def test_a_devcontainer_is_what_its_schema_says(tmp_path: Path) -> None:
    forms = [{}, {"base": "golang:1.22", "user": "student", "goproxy": "https://a"}, {"gopath": "~/中 文"}]
    judge(tmp_path, [made("devcontainer", **form).text for form in forms], "--schemafile", str(SCHEMA))


@needs_checker
def test_the_schema_of_devcontainers_does_find_faults(tmp_path: Path) -> None:
    text = made("devcontainer").text.replace('"remoteEnv"', '"remoteEnvironment"')
    with pytest.raises(AssertionError):
        judge(tmp_path, [text], "--schemafile", str(SCHEMA))


def test_a_devcontainer_carries_any_folder_or_it_is_refused(names: st.SearchStrategy[str], hard: str) -> None:
    @settings(FEW, max_examples=100)
    @given(names)
    @example(hard)
    def holds(name: str) -> None:
        options = {"goroot": f"/opt/{name}", "goproxy": f"https://{name}"}
        if not can_be_written(name) or "${" in name:
            with pytest.raises(ExportRefusedError):
                made("devcontainer", **options)
            return
        document = json.loads(made("devcontainer", **options).text)
        assert document["remoteEnv"]["PATH"] == f"/opt/{name}/bin:${{containerEnv:PATH}}"
        assert document["containerEnv"] == {"GOPROXY": f"https://{name}"}

    holds()


def test_the_terminal_of_a_devcontainer_finds_the_go_that_was_named(run: Run, telling_go: str) -> None:
    """As the tool fills it in: ${containerEnv:NAME} is the container's own (containers.dev, variables)."""
    container = {"PATH": PATH, "HOME": "/home/gus"}
    document = json.loads(made("devcontainer", goroot=telling_go, goproxy="https://a").text)
    container |= document["containerEnv"]
    remote = {
        name: re.sub(r"\$\{containerEnv:(\w+)\}", lambda found: container[found[1]], value)
        for name, value in document["remoteEnv"].items()
    }
    out = run(["sh", "-c", "go version"], **(container | remote)).stdout
    assert out.endswith(f"with {telling_go}/bin/go, GOPATH=, GOPROXY=https://a\n")
    assert (
        document["customizations"]["vscode"]["settings"]["go.alternateTools"]["go"] == f"{telling_go}/bin/go"
    )
