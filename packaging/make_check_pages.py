"""Write docs/checks from the checks' own texts: python packaging/make_check_pages.py [--out FOLDER]."""

import argparse
import sys
from pathlib import Path

from gomedic import checks, pages_of_images
from gomedic.diagnosis import Check
from gomedic.pages import page_markdown, page_of
from gomedic.policy import pages as pages_of_policies
from gomedic.report import PAGES

ALL = (*checks.ALL, *pages_of_images.ALL, *pages_of_policies.ALL)
ROOT = Path(__file__).resolve().parent.parent
GROUPS = {
    "Is there a Go, and can it be started?": (
        "no-go-installed", "wrong-arch", "elf-interpreter-missing", "glibc-too-old", "goroot-trimmed-binary",
        "go-alias-or-function", "version-manager-no-version", "gccgo-as-go", "go-fails-unexplained",
    ),
    "PATH": (
        "path-not-persisted", "path-in-login-file-only", "path-entry-missing-dir", "path-missing-system-dirs",
        "login-shell-path-reset", "noninteractive-shell-no-path", "sudo-secure-path", "gobin-not-on-path",
    ),
    "Start-up files": (
        "rc-of-other-shell", "bash-profile-does-not-source-bashrc", "startup-file-ignored", "startup-file-unreadable",
        "startup-syntax", "rc-crlf", "rc-expanded-at-write", "etc-environment-literal", "fish-universal-variable",
        "shell-var-not-exported", "stale-session-env",
    ),
    "Which release": (
        "shadowed-by-older-go", "newer-go-not-selected", "go-too-old", "gotoolchain-local", "gotoolchain-unavailable",
        "distro-go-env-defaults", "tool-go-version-mismatch",
    ),
    "GOROOT, the folder of Go": (
        "goroot-missing-dir", "goroot-is-binary", "goroot-wrong-level", "goroot-version-mismatch", "goroot-incomplete",
        "goroot-no-tools", "goroot-mixed-versions", "goroot-not-writable-stale-std",
    ),
    "GOPATH and GOBIN": (
        "gopath-invalid-entry", "gopath-equals-goroot", "gopath-is-module", "gopath-not-writable",
        "gopath-mode-outside-gopath", "gopath-unset-scripts", "gobin-invalid",
    ),
    "Go's other variables": (
        "goflags-problem", "gomodule-invalid", "gomodule-off", "goos-goarch-leftover", "gocache-off",
        "env-overrides-goenv", "home-not-set",
    ),
    "Caches, temporary files and memory": (
        "gocache-not-writable", "modcache-not-writable", "modcache-corrupt", "tmpdir-invalid", "tmp-noexec",
        "tmp-no-space", "fs-no-exec-bit", "low-memory",
    ),
    "Sandboxes": (
        "gocache-read-only", "gocache-no-room", "too-few-processes", "ulimit-too-low", "silent-build",
    ),
    "C": ("cc-missing", "libc-headers-missing", "seccomp-clone3"),
    "The network": (
        "goproxy-unreachable", "http-proxy-dead", "dns-failure", "ca-bundle-missing", "ca-untrusted-proxy",
        "git-missing",
    ),
    "The project": ("stray-parent-gomod", "stray-go-work", "git-dubious-ownership"),
    "Editors": ("ide-env-differs", "ide-setting-wrong", "ide-sandboxed"),
    "Images, by `gomedic image check`": (
        "image-entry-broken", "image-env-without-go", "image-home-not-writable", "image-start-up-unclear",
    ),
    "A policy's demands, by `--policy`": (
        "policy-session", "policy-go", "policy-go-version", "policy-goroot", "policy-variable", "policy-cache",
        "policy-root", "policy-finding",
    ),
}  # fmt: skip
INTRO = """# What gomedic checks

A page for each check: what it means, how it is found, how it is cured, and where people met it. On a terminal
`gomedic explain shadowed-by-older-go` shows the same, in English or Chinese; in the window it is “About this kind of fault”.

These pages are made from the texts of the checks in `core/gomedic/checks`, `core/gomedic/pages_of_images.py` and
`core/gomedic/policy/pages.py`, by `make pages`; change them there.
"""


def pages() -> dict[str, str]:
    """Return the name and content of every file of docs/checks."""
    made = {f"{check.id}.md": _page(check) for check in ALL}
    return made | {"README.md": _index({check.id: check for check in ALL})}


def _page(check: Check) -> str:
    return page_markdown(page_of(check, str)) + "\n---\n\n[All checks](README.md)\n"


def _index(checks: dict[str, Check]) -> str:
    blocks = [INTRO.rstrip()]
    for heading, names in GROUPS.items():
        rows = [f"| [{name}]({name}.md) | {checks[name].title} |" for name in names]
        blocks.append(
            "\n".join([f"## {heading}\n", "| check | what is well where it passes |", "|---|---|", *rows])
        )
    return "\n\n".join(blocks) + "\n"


def main() -> int:
    """Write the pages, and remove those of checks that are gone."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--out", type=Path, default=ROOT / PAGES)
    folder: Path = asked.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
