"""Homes with one illness each, and the same homes without it."""

from collections.abc import Mapping

from msgspec import Struct, field

GO = "export PATH=$HOME/sdk/go/bin:/usr/bin:/bin\n"  # the first line of most cases' ~/.bashrc
TREE = {"sdk/go": "go1.22.10"}
PROFILE = ". ~/.bashrc\n"


class Case(Struct, frozen=True, kw_only=True):
    """One illness: files and Go trees of a home, what is found, and what is changed for the healthy home.

    @HOME@ in files stands for the home; a file without content is not there. `place` is "FILE:LINE" of the
    first evidence, `fix` the id of the first fix, None where none is offered that could be tried here.
    """

    check: str
    bashrc: str = ""  # after the line GO
    files: Mapping[str, str] = field(default_factory=dict)
    trees: Mapping[str, str] = field(default_factory=lambda: TREE)
    healthy: Mapping[str, str] = field(default_factory=dict)
    place: str | None = ".bashrc:2"
    fix: str | None = "drop"
    severity: str = "error"
    shell: str = "/bin/bash"
    project: str | None = None


WELL = {".bashrc": GO}

CASES = (
    Case(check="goroot-missing-dir", bashrc="export GOROOT=/nowhere/go\n", healthy=WELL),
    Case(check="goroot-is-binary", bashrc="export GOROOT=$HOME/sdk/go/bin/go\n", healthy=WELL),
    Case(check="goroot-wrong-level", bashrc="export GOROOT=$HOME/sdk/go/bin\n", healthy=WELL),
    Case(check="goroot-incomplete", bashrc="export GOROOT=$HOME/half\n", files={"half/src/fmt/a.go": "x"}, healthy=WELL),
    Case(
        check="goroot-version-mismatch", bashrc="export GOROOT=$HOME/old/go\n",
        trees={**TREE, "old/go": "go1.19.8"}, healthy={".bashrc": f"{GO}export GOROOT=$HOME/sdk/go\n"},
    ),
    Case(
        check="gopath-invalid-entry", bashrc='export GOPATH="~/go"\n', fix="set",
        healthy={".bashrc": f"{GO}export GOPATH=~/go\n"},
    ),
    Case(
        check="gopath-equals-goroot", bashrc="export GOPATH=$HOME/sdk/go\n", fix="workspace", severity="warning",
        healthy={".bashrc": f"{GO}export GOPATH=$HOME/go\n"},
    ),
    Case(
        check="gopath-is-module", bashrc="export GOPATH=$HOME/work\n", files={"work/go.mod": "module x\n\ngo 1.22\n"},
        fix="workspace", healthy={"work/go.mod": ""},
    ),
    Case(
        check="gobin-invalid", bashrc="export GOBIN=bin\n",
        healthy={".bashrc": f"{GO}export GOBIN=$HOME/bin\nexport PATH=$PATH:$GOBIN\n"},
    ),
    Case(
        check="gobin-not-on-path", files={"go/bin/gopls": "#!/bin/sh\n"}, place=None, fix="append", severity="warning",
        healthy={".bashrc": f"{GO}export PATH=$PATH:$HOME/go/bin\n"},
    ),
    Case(
        check="shell-var-not-exported", bashrc="GOFLAGS=-mod=mod\n", fix="export", severity="warning",
        healthy={".bashrc": f"{GO}export GOFLAGS=-mod=mod\n"},
    ),
    Case(
        check="goflags-problem", bashrc='export GOFLAGS="-tags six"\n', fix="join",
        healthy={".bashrc": f'{GO}export GOFLAGS="-tags=six"\n'},
    ),
    Case(check="gocache-off", bashrc="export GOCACHE=off\n", healthy=WELL),
    Case(check="gomodule-invalid", bashrc="export GO111MODULE=false\n", healthy={".bashrc": f"{GO}export GO111MODULE=on\n"}),
    Case(check="gomodule-off", bashrc="export GO111MODULE=off\n", severity="warning", healthy=WELL),
    Case(check="goos-goarch-leftover", bashrc="export GOOS=windows\n", severity="warning", healthy={".bashrc": f"{GO}export GOOS=linux\n"}),
    Case(check="tmpdir-invalid", bashrc="export GOTMPDIR=/nowhere/tmp\n", healthy={".bashrc": f"{GO}export GOTMPDIR=/tmp\n"}),
    Case(
        check="gomodule-off", files={".config/go/env": "GO111MODULE=off\nGOFLAGS=-x\n"}, place=".config/go/env:1",
        severity="warning", healthy={".config/go/env": "GOFLAGS=-x\n"},
    ),
    Case(
        check="rc-crlf", bashrc="export GOFLAGS=-mod=mod\r\n", fix="unix-line-ends",
        healthy={".bashrc": f"{GO}export GOFLAGS=-mod=mod\n"},
    ),
    Case(
        check="rc-crlf", files={".config/go/env": "GOFLAGS=-mod=mod\r\n"}, place=".config/go/env:1", fix="unix-line-ends",
        healthy={".config/go/env": "GOFLAGS=-mod=mod\n"},
    ),
    Case(
        check="path-missing-system-dirs", files={".bashrc": "export PATH=$HOME/sdk/go/bin\n"}, place=".bashrc:1",
        fix="keep", healthy=WELL,
    ),
    Case(
        check="path-missing-system-dirs", files={".bashrc": "export PATH='$PATH:@HOME@/sdk/go/bin'\n"}, place=".bashrc:1",
        fix="keep", healthy=WELL,
    ),
    Case(
        check="stray-go-work", bashrc="export GOWORK=$HOME/gone/go.work\n", healthy={".bashrc": f"{GO}export GOWORK=off\n"},
    ),
    Case(
        check="go-alias-or-function", bashrc="alias go='git checkout'\n", fix=None, severity="",
        healthy={".bashrc": f"{GO}alias ll='ls -l'\n"},
    ),
    Case(
        check="shadowed-by-older-go", files={".bashrc": "export PATH=$HOME/old/go/bin:/usr/bin:/bin\nexport PATH=$PATH:$HOME/sdk/go/bin\n"},
        trees={**TREE, "old/go": "go1.19.8"}, fix="reorder", severity="warning", healthy=WELL,
    ),
    Case(
        check="newer-go-not-selected", files={".bashrc": "export PATH=$HOME/go1.19/bin:/usr/bin:/bin\n"}, place=None,
        trees={"go1.19": "go1.19.8", "go1.22": "go1.22.10"}, fix="first", severity="hint",
        healthy={".bashrc": "export PATH=$HOME/go1.22/bin:/usr/bin:/bin\n"},
    ),
    Case(
        check="go-too-old", project="work", files={"work/go.mod": "module x\n\ngo 1.22.1\n"}, place="work/go.mod:3",
        trees={"sdk/go": "go1.19.8"}, fix=None, healthy={"work/go.mod": "module x\n\ngo 1.19\n"},
    ),
    Case(
        check="path-entry-missing-dir", files={".bashrc": "export PATH=$PATH:$HOME/go1.21/bin\n"}, place=".bashrc:1",
        trees={"go1.22": "go1.22.10"}, fix="replace", healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(
        check="path-entry-missing-dir", files={".bashrc": "export PATH=$PATH：$HOME/go1.22/bin\n"}, place=".bashrc:1",
        trees={"go1.22": "go1.22.10"}, fix="replace", healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(
        check="path-entry-missing-dir", files={".bashrc": "export PATH=$PATH:$HOME/go1.22\n"}, place=".bashrc:1",
        trees={"go1.22": "go1.22.10"}, fix="replace", healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(
        check="path-not-persisted", files={".bashrc": "export PATH = $PATH:$HOME/go1.22/bin\n"}, place=".bashrc:1",
        trees={"go1.22": "go1.22.10"}, fix="mend", healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(  # what runs before the line does not undo it
        check="path-not-persisted", trees={"go1.22": "go1.22.10"}, place=".bashrc:1", fix="mend",
        files={".bash_profile": "PATH=/usr/bin:/bin\n. ~/.bashrc\n", ".bashrc": "export PATH=$PATH;$HOME/go1.22/bin\n"},
        healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(
        check="path-not-persisted", files={".bashrc": ":\n", ".bash_aliases": "export PATH=$PATH:$HOME/go1.22/bin\n"},
        trees={"go1.22": "go1.22.10"}, place=".bash_aliases:1", fix="append",
        healthy={".bashrc": ". ~/.bash_aliases\n"},
    ),
    Case(
        check="path-not-persisted", files={".bashrc": ":\n", ".bash_history": "export PATH=$PATH:@HOME@/go1.22/bin\n"},
        trees={"go1.22": "go1.22.10"}, place=None, fix="append",
        healthy={".bashrc": "export PATH=$PATH:$HOME/go1.22/bin\n"},
    ),
    Case(
        check="path-in-login-file-only", files={".bashrc": ":\n", ".profile": f"{PROFILE}export PATH=$PATH:$HOME/sdk/go/bin\n"},
        place=".profile:2", fix="append", healthy=WELL,
    ),
    Case(
        check="bash-profile-does-not-source-bashrc", files={".bash_profile": "export EDITOR=vi\n", ".profile": ""},
        place=".bash_profile:1", fix="source", healthy={".bash_profile": PROFILE},
    ),
    Case(
        check="rc-of-other-shell", files={".bashrc": ":\n", ".zshrc": "export PATH=$PATH:$HOME/sdk/go/bin\n"},
        place=".zshrc:1", fix="own-files", healthy={".bashrc": GO, ".zshrc": ""},
    ),
)  # fmt: skip
