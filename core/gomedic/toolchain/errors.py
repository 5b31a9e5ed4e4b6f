"""Why a toolchain was not installed, one exception for each reason, each with its sentence."""

# ruff: noqa: N818 - each is named for its reason

from typing import ClassVar

from gomedic.texts import N_, Message


class ToolchainError(Exception):
    """Something about a toolchain that a person must be told; `message` says it."""

    TEXT: ClassVar[str] = ""

    def __init__(self, **values: str | int | Message) -> None:
        self.message = Message(self.TEXT, values)
        super().__init__(str(self.message))


# ------------------------------------------------------------------ which release


class UnknownVersion(ToolchainError):
    """No source lists such a version."""

    TEXT = N_("There is no Go release {version} at {source}; the newest there is {newest}.")


class NotAVersion(ToolchainError):
    """The word names no version."""

    TEXT = N_(
        "“{word}” is not a Go version; write it like 1.22, go1.22.5, go1.23rc1, latest, or as your source names it."
    )


class NoFileForMachine(ToolchainError):
    """The release has no archive for this operating system and processor."""

    TEXT = N_(
        "{version} has no archive for this machine ({platform}); it has archives for {others}. "
        "Choose another version."
    )


class NoFileFor(ToolchainError):
    """The release has no archive for a processor that was asked for, which is not this machine's."""

    TEXT = N_("{version} has no archive for {platform}; it has archives for {others}.")


class NotAnArch(ToolchainError):
    """The word names no processor."""

    TEXT = N_("“{word}” names no processor; write it as GOARCH has it: amd64, arm64, loong64, riscv64.")


class NoReleaseList(ToolchainError):
    """No list of official releases: no network, no snapshot, no file given by hand."""

    TEXT = N_(
        "The list of official Go releases is needed and could not be had. {reason} "
        "Or fetch {url} on a machine that has a network, and save it as {file}."
    )


class BadIndex(ToolchainError):
    """A list of releases that is not one, or contradicts itself."""

    TEXT = N_("The list of releases at {url} cannot be used: {reason}.")


class IndexNotTrusted(ToolchainError):
    """A list of releases with a signature that is not good."""

    TEXT = N_("The list of releases at {url} is signed, but not rightly: {reason}")


class AlreadyInstalled(ToolchainError):
    """The version lies whole in its place."""

    TEXT = N_("{version} is already installed in {path}.")


class NotInstalled(ToolchainError):
    """There is no such toolchain of ours."""

    TEXT = N_("Go {version} is not among the toolchains in {path}.")


class NoSuchPlace(ToolchainError):
    """Neither a file nor a folder has that path."""

    TEXT = N_("There is no file or folder {path}.")


# ------------------------------------------------------------------ fetching


class NoNetwork(ToolchainError):
    """The server could not be reached."""

    TEXT = N_(
        "{host} could not be reached ({reason}). Check the network or the proxy, or name another source with --from."
    )


class NotThere(ToolchainError):
    """The source answers, but has no such file."""

    TEXT = N_("{url} does not exist ({reason}).")


class ServerRefused(ToolchainError):
    """The server answered something that is no answer to the question."""

    TEXT = N_("{url} was answered with {reason}; try again later or name another source with --from.")


class WebPageInstead(ToolchainError):
    """An HTML page where a file should be: a login page of the network, a mirror's error page."""

    TEXT = N_(
        "{url} gives a web page, not the file. Perhaps the network wants you to log in first, or the address is wrong."
    )


class Stalled(ToolchainError):
    """No byte came for a while."""

    TEXT = N_(
        "{url} stopped sending after {size} bytes; what came is kept, so trying again goes on from there."
    )


class CutShort(ToolchainError):
    """The file ended before its announced size."""

    TEXT = N_(
        "{file} from {source} ends after {size} of {expected} bytes: it was cut off. "
        "Fetch it again or name another source with --from."
    )


class TooLarge(ToolchainError):
    """More bytes than the release has."""

    TEXT = N_("{file} from {source} is larger than the {expected} bytes it should have; it was not kept.")


class TooSlow(ToolchainError):
    """It comes, but not in the time that a person would wait."""

    TEXT = N_(
        "{url} has sent {size} bytes in {hours} hours, which is too slow; what came is kept, so trying again goes on "
        "from there. Or name another source with --from."
    )


class Offline(ToolchainError):
    """It would have to be fetched, but the person said not to use a network."""

    TEXT = N_(
        "{url} would have to be fetched, but no network is to be used (--offline). Without --offline it is fetched; "
        "or name a folder or bundle that has it with --from."
    )


class DiskFull(ToolchainError):
    """No space, or no quota, or a limit on the size of files."""

    TEXT = N_(
        "There is not enough space in {folder} ({reason}); about {needed} MB are needed. Nothing was installed."
    )


class CannotWrite(ToolchainError):
    """A folder of ours cannot be written."""

    TEXT = N_("{path} cannot be written ({reason}). Nothing was installed.")


# ------------------------------------------------------------------ trust


class NoSum(ToolchainError):
    """Nothing trustworthy says which SHA-256 the archive has."""

    TEXT = N_("No list says which SHA-256 {file} must have, so it cannot be trusted; {remedy}.")


class WrongSum(ToolchainError):
    """The bytes are not those of the release."""

    TEXT = N_(
        "{file} from {source} is damaged or was changed: its SHA-256 is {found}, but {authority} says {expected}. "
        "It was deleted."
    )


class WrongFile(WrongSum):
    """The bytes of a file that somebody has, and keeps, are not those of the release."""

    TEXT = N_(
        "{file} in {source} is damaged or was changed: its SHA-256 is {found}, but {authority} says {expected}."
    )


class NobodyVouches(ToolchainError):
    """No key may sign such a version from such a source."""

    TEXT = N_(
        "{version} is not a release of Google's, and no key in the settings may vouch for it from {source}. "
        "Add a [[key]] with this source and a matching prefix to {file}, if you trust who made it."
    )


class MissingSignature(ToolchainError):
    """There is no .asc."""

    TEXT = N_(
        "{file} has no signature ({url} does not exist), so nobody vouches for it. It was not installed."
    )


class NotASignature(ToolchainError):
    """The .asc is no OpenPGP signature."""

    TEXT = N_("{url} is not an OpenPGP signature, so nobody vouches for {file}.")


class SeveralSignatures(ToolchainError):
    """More than one packet in a signature file: a trick to show a good one beside a bad one."""

    TEXT = N_("{url} holds {count} OpenPGP packets where exactly one signature is expected; it is refused.")


class WrongSignature(ToolchainError):
    """Right key, wrong bytes."""

    TEXT = N_(
        "The signature {url} is not one of {file}: it was made for another file, or the file was changed."
    )


class OtherSigner(ToolchainError):
    """Made by a key that may not vouch, whatever name it bears."""

    TEXT = N_(
        "{file} is signed by key {signer}, not by {trusted}. A name in a key proves nothing; it was not installed."
    )


class SignerRevoked(ToolchainError):
    """The key was withdrawn by its owner."""

    TEXT = N_("{file} is signed by key {signer}, which its owner has revoked.")


class SignatureExpired(ToolchainError):
    """The signature itself has a limited life, which is over."""

    TEXT = N_("The signature {url} has expired.")


class SignedOutsideValidity(ToolchainError):
    """Made before the key existed or after it expired."""

    TEXT = N_(
        "The signature {url} was made on {made}, when key {signer} was not valid ({valid}); perhaps it was misused."
    )


class WeakSignature(ToolchainError):
    """SHA-1 or the like, or a signature that is not over a file's bytes."""

    TEXT = N_("The signature {url} is of a kind that is no longer safe (digest {digest}, class {kind}).")


class ClockWrong(ToolchainError):
    """The machine's clock is before the signature."""

    TEXT = N_(
        "This machine's clock says {now}, which is before the signature {url} was made; set the clock right."
    )


class CannotJudge(ToolchainError):
    """GnuPG said something that is no verdict."""

    TEXT = N_("The signature {url} could not be checked: {reason}.")


class NoGnuPG(ToolchainError):
    """Neither gpg nor gpgv is installed."""

    TEXT = N_(
        "The signature of {file} cannot be checked, because neither gpg nor gpgv is installed. Install GnuPG "
        "(Debian and Ubuntu: sudo apt install gnupg; Fedora: sudo dnf install gnupg2; Alpine: apk add gnupg) "
        "and try again."
    )


class SignatureNeeded(ToolchainError):
    """The person said that the sum alone will do, but here it does not."""

    TEXT = N_(
        "{file} cannot do without a signature that is checked: a sum alone is enough only for a release of Google's whose "
        "sum Google's own list says, and only for this account. {reason}"
    )


class BadKey(ToolchainError):
    """A key file that cannot be used."""

    TEXT = N_("The key file {file} cannot be used: {reason}.")


# ------------------------------------------------------------------ archive


class NotAnArchive(ToolchainError):
    """Not a whole gzip-compressed tar archive."""

    TEXT = N_("{file} is not a whole .tar.gz archive ({reason}).")


class UnsafeMember(ToolchainError):
    """A member that could write, point or run outside; nothing was unpacked."""

    TEXT = N_("{file} is refused, nothing of it was unpacked: {reason}.")


class WrongContent(ToolchainError):
    """A good archive of something else."""

    TEXT = N_("{file} should hold {version}, but it holds {found}. It was not installed.")


class DoesNotWork(ToolchainError):
    """Verified, but it does not run here."""

    TEXT = N_("{version} was fetched and verified, but does not work on this machine: {reason}.")
