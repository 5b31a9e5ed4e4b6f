"""How the stock machines are made: their suite, their packages, and the ways Go comes onto them."""

from pathlib import Path

from msgspec import Struct

SHELLS = ("bash", "zsh", "fish", "dash")
SESSIONS = (
    "ca-certificates",
    "cron",
    "libpam-modules",
    "login",
    "openssh-server",
    "sudo",
    "passwd",
    "locales",
)


class Recipe(Struct, frozen=True):
    """A root file system."""

    name: str
    suite: str
    include: tuple[str, ...]
    variant: str = "minbase"
    keyring: str = ""  # of another recipe's machine: "NAME/path below its root"
    components: str = "main"
    finish: str = ""  # shell commands, run with $ROOT = the new root
    shells: tuple[str, ...] = ("/bin/bash", "/usr/bin/zsh", "/usr/bin/fish", "/bin/dash")


class Way(Struct, frozen=True):
    """A usual way to have Go; `$H` is the account's home, `$RC` the start-up file its shell's manual names for PATH."""

    name: str
    setup: str
    needs: str = ""  # a file the machine must have


ALPINE = (Path(__file__).parent / "alpine.sh").read_text(encoding="utf-8")
RECIPES = (
    Recipe("debian-13", "trixie", (*SHELLS, *SESSIONS, "golang-go", "ubuntu-keyring")),
    Recipe("debian-11", "bullseye", (*SHELLS, *SESSIONS)),
    Recipe(
        "ubuntu-24.04", "noble", (*SHELLS, *SESSIONS, "golang-go", "base-files"), components="main,universe",
        keyring="debian-13/usr/share/keyrings/ubuntu-archive-keyring.gpg",
    ),
    Recipe("alpine-like", "trixie", ("busybox-static", "ca-certificates", "musl"), variant="extract", finish=ALPINE, shells=("/bin/ash",)),
)  # fmt: skip

_WITHOUT_PACKAGE = "rm -rf /usr/bin/go /usr/bin/gofmt /usr/lib/go* /usr/share/go*; put /usr/local/go"
_LINKS = "ln -s /usr/local/go/bin/go /usr/local/go/bin/gofmt /usr/local/bin/"
_ENVIRONMENT = """sed -i 's,"$,:/usr/local/go/bin",' /etc/environment"""
_LINE = "export PATH=$PATH:/usr/local/go/bin"
_RC = f"""case $SHELL in
  */bash) echo '{_LINE}' >> $H/.bashrc ;;
  */zsh) echo '{_LINE}' >> $H/.zshrc ;;
  */fish) mkdir -p $H/.config/fish; echo 'fish_add_path /usr/local/go/bin' > $H/.config/fish/config.fish ;;
  *) printf '%s\\n' 'export ENV=$HOME/.shrc' '. "$ENV"' >> $H/.profile; echo '{_LINE}' >> $H/.shrc ;;
esac
"""
WAYS = (
    Way("package", "", needs="usr/bin/go"),
    Way("links", f"{_WITHOUT_PACKAGE}; {_LINKS}"),
    Way("start-up file", f"{_WITHOUT_PACKAGE}; {_RC}"),
    Way("/etc/environment", f"{_WITHOUT_PACKAGE}; {_ENVIRONMENT}", needs="etc/lsb-release"),
)
