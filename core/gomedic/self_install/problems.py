"""What can go wrong with installing or uninstalling gomedic itself, in words."""

from collections.abc import Sequence

from gomedic.texts import N_, Message

_TAKEN = N_("{files} is there already, and not as install-self would have put it there; move it away, then try again. Nothing was changed.")  # fmt: skip
_NO_PROGRAMS = N_(
    "Programs may not run from {folder} (it is mounted noexec), so gomedic cannot be installed there."
)
_NOT_ROOTS = N_(
    "{folder} can be changed by others than root, so nothing is installed there for all accounts."
)
_NOT_INSTALLED = N_("install-self has put nothing here that could be taken away.")
_FAILED = N_("{path} could not be changed ({why}); everything is as it was.")
_HALF_WAY = N_("It was stopped half-way ({why}); the same command again finishes it.")
_BUSY = N_("Another gomedic is being installed or taken away at this moment; wait until it is done.")
_NEEDS_ROOT = N_("Installing for all accounts needs root: {command}")
_NEEDS_ROOT_TO_REMOVE = N_("Taking away what is installed for all accounts needs root: {command}")
_FOREIGN_HOME = N_(
    "HOME is {home}, which belongs to another account; start gomedic as that account or set HOME."
)


class SelfInstallError(Exception):
    """gomedic was not installed, or not taken away."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def taken(paths: Sequence[str]) -> SelfInstallError:
    """Something that is not ours is where something of ours would go."""
    return SelfInstallError(Message(_TAKEN, {"files": ", ".join(paths)}))


def no_programs(folder: str) -> SelfInstallError:
    """The file system is mounted noexec."""
    return SelfInstallError(Message(_NO_PROGRAMS, {"folder": folder}))


def not_roots(folder: str) -> SelfInstallError:
    """Others could put something else where root would run it."""
    return SelfInstallError(Message(_NOT_ROOTS, {"folder": folder}))


def not_installed() -> SelfInstallError:
    """There is no record."""
    return SelfInstallError(Message(_NOT_INSTALLED))


def failed(error: OSError) -> SelfInstallError:
    """The system refused, and what was begun is taken back."""
    return SelfInstallError(Message(_FAILED, {"path": _path(error), "why": _why(error)}))


def half_way(error: BaseException) -> SelfInstallError:
    """What was begun is neither done nor taken back."""
    why = f"{_path(error)}: {_why(error)}" if isinstance(error, OSError) else type(error).__name__
    return SelfInstallError(Message(_HALF_WAY, {"why": why}))


def busy() -> SelfInstallError:
    """Somebody else holds the lock."""
    return SelfInstallError(Message(_BUSY))


def needs_root(command: str, *, removing: bool = False) -> SelfInstallError:
    """The account may not do it; `command` is what would."""
    return SelfInstallError(Message(_NEEDS_ROOT_TO_REMOVE if removing else _NEEDS_ROOT, {"command": command}))


def foreign_home(home: str) -> SelfInstallError:
    """Root was started with another account's HOME."""
    return SelfInstallError(Message(_FOREIGN_HOME, {"home": home}))


def _path(error: BaseException) -> str:
    name = getattr(error, "filename", None)
    return name if isinstance(name, str) else "-"


def _why(error: OSError) -> str:
    return error.strerror or str(error)
