"""Which files of an image are kept while it is read: those that decide whether Go is found."""

_NAMES = frozenset(
    (
        "VERSION", "go", "go.env", "env", ".profile", ".bashrc", ".bash_profile", ".bash_login", ".bash_aliases",
        ".zshrc", ".zshenv", ".zprofile", ".zlogin", "authorized_keys", "config.fish",
    )
)  # fmt: skip
_BEGINNINGS = (
    "etc/profile", "etc/environment", "etc/bash", "etc/zsh", "etc/zprofile", "etc/zlogin", "etc/passwd", "etc/group", "etc/login.defs",
    "etc/sudoers", "etc/pam.d/", "etc/security/pam_env.conf", "etc/cron", "etc/shells",
    "etc/os-release", "etc/fish/",
)  # fmt: skip
_LARGEST = 256 << 10  # bytes; no start-up file is larger
_HEAD = 16 << 10  # bytes of a program


def is_watched(path: str) -> bool:
    """Tell whether each layer's version of a file is to be remembered."""
    name = path.rpartition("/")[2]
    if name in _NAMES or "entrypoint" in name:
        return True
    return path.startswith(_BEGINNINGS) if path.startswith("etc/") else path == "usr/lib/os-release"


def to_keep(path: str, size: int) -> int:
    """Return how many bytes of a file to keep: none, all, or the head of a program."""
    if not is_watched(path):
        return 0
    if size <= _LARGEST:
        return size
    return _HEAD if path.endswith("/go") else 0
