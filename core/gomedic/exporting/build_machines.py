"""Set-ups for build machines and development containers: GitHub Actions, GitLab CI, devcontainer.json."""

import json

from gomedic.exporting.quoting import actions, devcontainer, shell, yaml
from gomedic.exporting.values import Kind, Made, Options
from gomedic.texts import N_, Message
from gomedic.versions import plain

_CHECKS = ("go version", "go vet ./...", "go build ./...", "go test ./...")
_OWN_RUNNER = N_(
    "These steps are for a runner of your own that has Go in {goroot}; with --go VERSION they fetch it."
)


def _github(options: Options) -> Made:
    for value in (options.goroot, options.gopath, options.goproxy):
        actions(value)
    lines = [
        "# .github/workflows/go.yml, written by gomedic",
        "name: Go",
        "on: [push, pull_request]",
        "permissions:",
        "  contents: read",
        "jobs:",
        "  go:",
        f"    runs-on: {'ubuntu-latest' if options.version else 'self-hosted'}",
        *(["    env:", f"      GOPROXY: {yaml(options.goproxy)}"] if options.goproxy else ()),
        "    steps:",
        "      - uses: actions/checkout@v6",
        *_github_go(options),
        *(f"      - run: {command}" for command in _CHECKS),
    ]
    return "\n".join(lines) + "\n", _own_runner(options)


def _version(options: Options, newest: str) -> str:
    """Return the version as both name it; `newest` is their own word for the newest."""
    return newest if options.version == "latest" else plain(options.version)


def _github_go(options: Options) -> list[str]:
    """Return the steps that make Go and GOPATH known to all later ones."""
    lines = []
    if options.version:
        cache = "true" if options.cache else "false"
        lines += ["      - uses: actions/setup-go@v6", "        with:"]
        lines += [f"          go-version: {yaml(_version(options, 'stable'))}", f"          cache: {cache}"]
    else:
        lines += [f"      - run: {yaml(_appended(shell(options.goroot) + '/bin', 'GITHUB_PATH'))}"]
    if options.gopath:
        folder = shell(options.gopath)
        lines += [f"      - run: {yaml(_appended('GOPATH=' + folder, 'GITHUB_ENV'))}"]
        lines += [f"      - run: {yaml(_appended(folder + '/bin', 'GITHUB_PATH'))}"]
    return lines


def _appended(word: str, variable: str) -> str:
    return f"printf '%s\\n' {word} >> \"${variable}\""


def _gitlab(options: Options) -> Made:
    exports = _gitlab_exports(options)
    lines = [
        "# .gitlab-ci.yml, written by gomedic",
        "go:",
        *([f"  image: {yaml('golang:' + _version(options, 'latest'))}"] if options.version else ()),
        *(["  before_script:"] if exports else ()),
        *(f"    - {yaml(line)}" for line in exports),
        "  script:",
        *(f"    - {command}" for command in _CHECKS),
        *(_GITLAB_CACHE if options.cache else ()),
    ]
    return "\n".join(lines) + "\n", _own_runner(options)


_GITLAB_CACHE = (
    "  cache:",
    "    key:",
    "      files: [go.sum]",
    "    paths: [.cache/go-build, .cache/go-mod]",
)


def _gitlab_exports(options: Options) -> list[str]:
    """Return the commands that set the environment; `variables:` would fill in what begins with $."""
    lines = [] if options.version else [f'export PATH={shell(options.goroot)}/bin:"$PATH"']
    if options.gopath:
        folder = shell(options.gopath)
        lines += [f"export GOPATH={folder}", f'export PATH="$PATH":{folder}/bin']
    if options.goproxy:
        lines.append(f"export GOPROXY={shell(options.goproxy)}")
    if options.cache:
        lines.append(
            'export GOCACHE="$CI_PROJECT_DIR/.cache/go-build" GOMODCACHE="$CI_PROJECT_DIR/.cache/go-mod"'
        )
        lines.append(
            'export GOFLAGS="-modcacherw${GOFLAGS:+ $GOFLAGS}"'
        )  # else the runner cannot clear its folder
    return lines


def _own_runner(options: Options) -> tuple[Message, ...]:
    return () if options.version else (Message(_OWN_RUNNER, {"goroot": options.goroot}),)


def _devcontainer(options: Options) -> Made:
    goroot = devcontainer(options.goroot)
    gopath = devcontainer(options.gopath) if options.gopath else ""
    remote = {"PATH": f"{goroot}/bin:${{containerEnv:PATH}}" + (f":{gopath}/bin" if gopath else "")}
    remote |= {"GOPATH": gopath} if gopath else {}
    document = {
        "name": "Go",
        **({"image": options.base} if options.base else {"build": {"dockerfile": "Dockerfile"}}),
        **({"containerEnv": {"GOPROXY": devcontainer(options.goproxy)}} if options.goproxy else {}),
        "remoteEnv": remote,
        **({"remoteUser": options.user} if options.user else {}),
        "customizations": {
            "vscode": {
                "extensions": ["golang.go"],
                "settings": {"go.alternateTools": {"go": f"{goroot}/bin/go"}},
            }
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n", ()


DEVCONTAINER = Kind(
    "devcontainer",
    Message(N_("devcontainer.json")),
    Message(
        N_(
            "Gives VS Code and its terminals in a container this Go, whatever their login shell makes of PATH."
        )
    ),
    Message(N_("Save it as .devcontainer/devcontainer.json, with the Dockerfile beside it or --base IMAGE.")),
    "devcontainer.json",
    ("goroot", "gopath", "goproxy", "base", "user"),
    _devcontainer,
)
GITHUB = Kind(
    "github-actions",
    Message(N_("Steps of GitHub Actions")),
    Message(N_("Has every push vetted, built and tested with one Go.")),
    Message(N_("Save it as .github/workflows/go.yml in the repository.")),
    "go.yml",
    ("goroot", "gopath", "goproxy", "version", "cache"),
    _github,
    fetches=True,
)
GITLAB = Kind(
    "gitlab-ci",
    Message(N_("Steps of GitLab CI")),
    Message(N_("Has every push vetted, built and tested with one Go.")),
    Message(N_("Save it as .gitlab-ci.yml in the repository, or take the job over into yours.")),
    ".gitlab-ci.yml",
    ("goroot", "gopath", "goproxy", "version", "cache"),
    _gitlab,
    fetches=True,
)
