"""Set-ups that shells run: the profile.d script, the entrypoint, the one-line init command, fish's own."""

import os

from gomedic.exporting.quoting import fish, literal, shell
from gomedic.exporting.templates import filled, settings
from gomedic.exporting.values import Kind, Made, Options
from gomedic.texts import N_, Message

PROFILE_FILE = "/etc/profile.d/go.sh"
LINK_FOLDERS = ("/usr/local/bin", "/usr/bin")  # the second is all that cron and an empty environment have
PROGRAMS = ("go", "gofmt")


def profile_script(options: Options) -> str:
    """Return the script for /etc/profile.d."""
    return filled("profile.sh", GOROOT=shell(options.goroot), SETTINGS=settings(options))


def entrypoint_script(options: Options) -> str:
    """Return the wrapper that an image starts with."""
    return filled("entrypoint.sh", GOROOT=shell(options.goroot), SETTINGS=settings(options))


def code_lines(script: str) -> list[str]:
    """Return a script's lines without those that only speak to people."""
    return [line for line in script.splitlines() if not line.startswith("#") or line.startswith("#!")]


def links(options: Options, between: str = " ") -> str:
    """Return one command that links Go into the folders that every session has; programs that are no links stay."""
    program = f'{shell(options.goroot)}/bin/"$p"'
    return between.join(
        (
            f"for d in {' '.join(LINK_FOLDERS)}; do",
            f"for p in {' '.join(PROGRAMS)}; do",
            f'if [ -x {program} ] && {{ [ -L "$d/$p" ] || [ ! -e "$d/$p" ]; }} &&',
            f'[ "$(readlink -f "$d/$p")" != "$(readlink -f {program})" ]; then',
            f'ln -sfn {program} "$d/$p"; fi; done; done',
        )
    )


def _profile(options: Options) -> Made:
    return profile_script(options), ()


def _entrypoint(options: Options) -> Made:
    return entrypoint_script(options), ()


def _fish(options: Options) -> Made:
    text = filled("profile.fish", GOROOT=fish(options.goroot))
    if options.gopath:
        folder = fish(options.gopath)
        text += f"set -q GOPATH; or set -gx GOPATH {folder}\n"
        text += f"contains -- {folder}/bin $PATH; or set -gx PATH $PATH {folder}/bin\n"
    if options.goproxy:
        text += f"set -q GOPROXY; or set -gx GOPROXY {fish(options.goproxy)}\n"
    return text, ()


def _init(options: Options) -> Made:
    folder = os.path.dirname(PROFILE_FILE)
    lines = " ".join(literal(line) for line in code_lines(profile_script(options)))
    write = (
        f"mkdir -p {folder} && t=$(mktemp {folder}/.go.XXXXXX) && "
        f'{{ {{ printf \'%s\\n\' {lines} >"$t" && chmod 644 "$t" && mv -f "$t" {PROFILE_FILE}; }} '
        f'|| rm -f "$t"; }}'
    )
    steps = [
        write,
        links(options),
        *(step for tool in options.tools for step in _tool(tool.source, tool.target)),
    ]
    return f"( umask 022; {'; '.join(steps)} ) || true\n", ()


def _tool(source: str, target: str) -> list[str]:
    """Return the commands that show a tool chain at `target`, mounted there or else linked, and link its programs."""
    from_, to = shell(source), shell(target or source)
    show = (
        f"if [ -d {from_}/bin ] && [ ! -e {to}/bin ]; then "
        f"{{ mkdir -p {to} && mount -o bind {from_} {to} 2>/dev/null; }} || "
        f"{{ rmdir {to} 2>/dev/null; ln -sfn {from_} {to}; }}; fi"
    )
    link = (
        f'for p in {to}/bin/*; do l=/usr/local/bin/"${{p##*/}}"; '
        f'if [ -f "$p" ] && [ -x "$p" ] && {{ [ -L "$l" ] || [ ! -e "$l" ]; }}; then ln -sfn "$p" "$l"; fi; done'
    )
    return [show, link] if target else [link]


PROFILE = Kind(
    "profile.d",
    Message(N_("Script in /etc/profile.d")),
    Message(N_("Puts Go on PATH in every login shell: ssh, su -, and the terminals that start one.")),
    Message(
        N_(
            "Save it as /etc/profile.d/go.sh, with mode 0644: what a shell may not read, it passes over silently."
        )
    ),
    "go.sh",
    ("goroot", "gopath", "goproxy", "cache"),
    _profile,
)
ENTRYPOINT = Kind(
    "entrypoint",
    Message(N_("Entrypoint of a container")),
    Message(N_("Finds the Go of the container, puts it first on PATH once, and then becomes the command.")),
    Message(
        N_("Save it beside the Dockerfile with mode 0755, and start with it: COPY go-entrypoint.sh /usr/local/bin/ and ENTRYPOINT [\"/usr/local/bin/go-entrypoint.sh\"].")
    ),
    "go-entrypoint.sh",
    ("goroot", "gopath", "goproxy", "cache"),
    _entrypoint,
    0o755,
)  # fmt: skip
INIT = Kind(
    "init",
    Message(N_("Init command of a platform, in one line")),
    Message(
        N_(
            "Writes the profile.d script and the links each time a container starts; what is right already stays so."
        )
    ),
    Message(N_("Paste it into the platform's field for the init or start-up command; it runs as root.")),
    "go-init.sh",
    ("goroot", "gopath", "goproxy", "cache", "tools"),
    _init,
)
FISH = Kind(
    "fish",
    Message(N_("Script for fish")),
    Message(N_("Puts Go on PATH in every fish, which reads none of the other shells' files.")),
    Message(
        N_(
            "Save it as /etc/fish/conf.d/go.fish for all accounts, or as ~/.config/fish/conf.d/go.fish for yours."
        )
    ),
    "go.fish",
    ("goroot", "gopath", "goproxy"),
    _fish,
)
