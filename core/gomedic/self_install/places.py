"""Where gomedic puts itself: for one account, or for all."""

import os

from msgspec import Struct

from gomedic.host import Host


class Places(Struct, frozen=True):
    """The folders of one installation, as they are named on the machine."""

    scope: str  # user system
    program: str  # the copy of the bundle
    command: str  # the link on PATH
    record: str  # what install-self put where
    share: str  # menu entry, icons, metainfo, completions of bash and zsh
    man: str
    fish: str  # completions
    tree: str = ""  # tests have a tree of their own

    def real(self, path: str) -> str:
        """Return where a path of this installation lies."""
        return self.tree + path


def user_places(host: Host) -> Places:
    """Return the account's own places (XDG base directory specification; file-hierarchy(7) for ~/.local/bin)."""
    share = host.place("XDG_DATA_HOME", ".local/share")
    local = os.path.join(host.home, ".local")
    return Places(
        scope="user",
        program=os.path.join(share, "gomedic/program"),
        command=os.path.join(local, "bin/gomedic"),
        record=os.path.join(share, "gomedic/self-install.json"),
        share=share,
        man=os.path.join(local, "share/man"),  # man looks beside the bin folders of PATH (manpath(1))
        fish=host.place("XDG_CONFIG_HOME", ".config", "fish/completions"),
    )


def system_places(tree: str = "") -> Places:
    """Return the places for all accounts: those that are an administrator's own (hier(7)), and polkit's."""
    return Places(
        scope="system",
        program="/opt/gomedic",
        command="/usr/local/bin/gomedic",
        record="/usr/local/share/gomedic/self-install.json",
        share="/usr/local/share",
        man="/usr/local/share/man",
        fish="/etc/fish/completions",  # fish reads /usr/local/share only where XDG_DATA_DIRS names it
        tree=tree,
    )
