"""A Dockerfile whose image has Go in every way that it can be entered."""

import re

from gomedic.exporting.judging import without_home
from gomedic.exporting.quoting import docker, literal, shell
from gomedic.exporting.shells import PROFILE_FILE, code_lines, entrypoint_script, links, profile_script
from gomedic.exporting.values import (
    BASE,
    GOROOT,
    WARM_CACHE,
    Archive,
    ExportRefusedError,
    Kind,
    Made,
    Options,
)
from gomedic.texts import N_, Message

_ENTRYPOINT_FILE = "/usr/local/bin/go-entrypoint.sh"
_LIVE_CACHE = "/tmp/go-cache"  # noqa: S108 - the one folder that a sandbox lets be written
_PLAIN = re.compile(r"[\w/.@%+=-]+", re.ASCII)

_ODD_ROOT = N_(
    "A Go can be fetched only into a folder whose path is plain letters, digits and / . _ -, not “{value}”."
)
_ONE_ACCOUNT = N_(
    "GOCACHE is set for {user} alone: another account that inherits it, as with su, has to set its own."
)
_NOT_IN_EXEC = N_(
    "docker exec does not pass the entrypoint, so it builds with a cold cache; name the account with --user to have it warm there too."
)
_COMMAND = N_("An ENTRYPOINT takes away the CMD of the image it starts from: write your own CMD last.")
_HERE = N_("{file} must lie beside the Dockerfile; its SHA-256 is compared while the image is built.")


def _dockerfile(options: Options) -> Made:
    parts = [
        "# Go in every way that a container is entered. Written by gomedic.",
        f"ARG BASE={options.base or BASE}",
        *(_fetching(options.archive, options) if options.archive else ()),
        "FROM ${BASE}",
        *(["USER root"] if options.user else ()),
        *([f"COPY --from=go-toolchain {GOROOT} {options.goroot}"] if options.archive else ()),
        _environment(options),
        "# hadolint ignore=SC2016",
        _written(PROFILE_FILE, 644, profile_script(options)),
        "RUN " + links(options, " \\\n    "),
        *(_cached(options) if options.cache else ()),
        *([f"USER {options.user}"] if options.user else ()),
    ]
    return "\n".join(parts) + "\n", _warnings(options)


def _fetching(archive: Archive, options: Options) -> list[str]:
    """Return a stage of its own, so that the archive is in no layer of the image."""
    if _PLAIN.fullmatch(options.goroot) is None:
        raise ExportRefusedError(_ODD_ROOT, value=options.goroot)
    add = f"COPY {archive.file} /go.tar.gz" if options.copy else f"ADD {archive.url} /go.tar.gz"
    return [
        "# the archive, believed by its SHA-256 alone; this stage stays out of the image",
        "FROM ${BASE} AS go-toolchain",
        *(["# hadolint ignore=DL3002", "USER root"] if options.user else ()),
        add,
        f"RUN echo '{archive.sha256}  /go.tar.gz' > /go.sha256 && \\",
        "    sha256sum -c /go.sha256 && \\",
        "    mkdir -p /usr/local && tar -C /usr/local -xzf /go.tar.gz",
        "",
    ]


def _environment(options: Options) -> str:
    """Return ENV: what `docker run` and `docker exec` have, which read no start-up file."""
    gopath = without_home("dockerfile", "gopath", options.gopath)
    behind = f":{docker(gopath.split(':')[0])}/bin" if gopath else ""
    values = [f'PATH="{docker(options.goroot)}/bin:${{PATH}}{behind}"']
    values += [f'GOPATH="{docker(gopath)}"'] if gopath else []
    values += [f'GOPROXY="{docker(options.goproxy)}"'] if options.goproxy else []
    values += [f'GOCACHE="{_LIVE_CACHE}"'] if options.cache and options.user else []
    return "ENV " + " \\\n    ".join(values)


def _written(path: str, mode: int, script: str) -> str:
    """Return RUN that writes a script; every builder understands it, unlike a here-document."""
    folder = path.rpartition("/")[0]
    lines = "".join(f"      {literal(line)} \\\n" for line in code_lines(script))
    return f"RUN mkdir -p {folder} && \\\n    printf '%s\\n' \\\n{lines}      > {path} && \\\n    chmod {mode} {path}"


def _cached(options: Options) -> list[str]:
    """Return what builds the standard library once, and links to it whenever a container starts."""
    go = shell(f"{options.goroot}/bin/go")
    return [
        "# the standard library, built: keep this behind whatever installs a C compiler",
        f"RUN GOCACHE={WARM_CACHE} GOTOOLCHAIN=local {go} build std && chmod -R a+rX {WARM_CACHE}",
        "# hadolint ignore=SC2016",
        _written(_ENTRYPOINT_FILE, 755, entrypoint_script(options)),
        f'ENTRYPOINT ["{_ENTRYPOINT_FILE}"]',
        'CMD ["/bin/sh"]',
    ]


def _warnings(options: Options) -> tuple[Message, ...]:
    said = []
    if options.archive and options.copy:
        said.append(Message(_HERE, {"file": options.archive.file}))
    if options.cache:
        said.append(Message(_ONE_ACCOUNT, {"user": options.user}) if options.user else Message(_NOT_IN_EXEC))
        said.append(Message(_COMMAND))
    return tuple(said)


DOCKERFILE = Kind(
    "dockerfile",
    Message(N_("Dockerfile")),
    Message(
        N_("Makes an image that has Go in every way it is entered: run, exec, login shells, su, su -, cron, an empty environment.")
    ),
    Message(N_("Save it as Dockerfile, or take the lines behind FROM over into your own.")),
    "Dockerfile",
    ("goroot", "gopath", "goproxy", "archive", "copy", "cache", "base", "user"),
    _dockerfile,
    fetches=True,
)  # fmt: skip
