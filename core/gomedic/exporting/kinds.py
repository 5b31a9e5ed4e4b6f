"""The kinds of set-up that can be written, in the order they are shown; to add one, list it here."""

from msgspec.structs import replace

from gomedic.exporting.build_machines import DEVCONTAINER, GITHUB, GITLAB
from gomedic.exporting.dockerfile import DOCKERFILE
from gomedic.exporting.judging import judged
from gomedic.exporting.root_files import CRON, PAM, SUDOERS
from gomedic.exporting.services import ENVIRONMENT_D, SUPERVISORD, UNIT
from gomedic.exporting.shells import ENTRYPOINT, FISH, INIT, PROFILE
from gomedic.exporting.values import ExportRefusedError, Generated, Kind, Options
from gomedic.texts import N_, Message

KINDS = (
    DOCKERFILE, ENTRYPOINT, PROFILE, INIT, ENVIRONMENT_D, UNIT, SUPERVISORD, DEVCONTAINER, GITHUB, GITLAB, PAM, CRON, SUDOERS,
    FISH,
)  # fmt: skip

_HOMES = ("/home/", "/root/")
_UNKNOWN = N_("There is no kind of set-up named {name}; known are {known}.")
_PASSWORD = N_("The proxy's address has a password in it, and whoever reads the set-up reads that too.")
_ONE_HOME = N_("{gopath} lies in one account's home; in quotes, as \"~/go\", it is below each account's own.")
_IN_HOME = N_(
    "{goroot} lies in a home, where other accounts and images have nothing; --goroot names another place."
)


def kind_named(name: str) -> Kind:
    """Return a kind by its id, whatever the case. Raises ExportRefusedError."""
    found = next((kind for kind in KINDS if kind.id == name.lower()), None)
    if found is None:
        raise ExportRefusedError(_UNKNOWN, name=name, known=", ".join(kind.id for kind in KINDS))
    return found


def generate(kind: Kind, options: Options) -> Generated:
    """Return the set-up of this kind. Raises ExportRefusedError for what cannot be written."""
    options = judged(kind, options)
    text, warnings = kind.make(options)
    return Generated(
        kind.id,
        text,
        kind.file,
        kind.mode,
        replace(kind.place, values={"name": options.name}),
        kind.about,
        (*warnings, *_general(kind, options)),
    )


def _general(kind: Kind, options: Options) -> list[Message]:
    said = []
    if "@" in options.goproxy.partition("://")[2].partition("/")[0]:
        said.append(Message(_PASSWORD))
    if options.gopath.startswith(_HOMES) and kind.id in ("profile.d", "entrypoint", "init"):
        said.append(Message(_ONE_HOME, {"gopath": options.gopath}))
    own = kind.id in ("environment.d", "cron", "fish", "sudoers")  # of one account; sudo has a graver word
    if options.goroot.startswith(_HOMES) and not own and not options.version:
        said.append(Message(_IN_HOME, {"goroot": options.goroot}))
    return said
