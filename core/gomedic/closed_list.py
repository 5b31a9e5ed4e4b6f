"""What root's helper may ever do: a closed list of steps and places, judged by their text alone.

Whatever is not on the list is refused; what is on it, root's helper still checks against the machine.
"""

import re
from collections import Counter

from msgspec import Struct

from gomedic.model import EditFile, MakeFolder, MakeLink, Move, SetMode, SetOwner, Step

LARGEST_TEXT = 1 << 18  # bytes
SUDOERS = "/etc/sudoers.d/gomedic"
ASIDE = ".gomedic-saved"  # the end of the name of what is moved out of the way, in the same folder

_NAME = r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}"
_SNIPPETS = {"/etc/profile.d": ".sh", "/etc/fish/conf.d": ".fish", "/etc/environment.d": ".conf"}
_PLAIN = (
    r"/etc/profile|/etc/bash\.bashrc|/etc/bashrc|/etc/environment|/etc/fish/config\.fish"
    r"|/etc/(zsh/)?(zshenv|zprofile|zshrc|zlogin)"
)
_SNIPPET = "|".join(rf"{re.escape(folder)}/{_NAME}{re.escape(end)}" for folder, end in _SNIPPETS.items())
_IN_SNIPPETS = "|".join(rf"{re.escape(folder)}/{_NAME}" for folder in _SNIPPETS)
_FOLDER = "/etc/fish|/etc/zsh|" + "|".join(map(re.escape, _SNIPPETS))
_TREE = rf"(/usr/local|/opt)/go{_NAME.replace('{0,99}', '{0,30}')}?|/usr/local/go|/opt/go"
_IN_TREE = rf"({_TREE})(/{_NAME}){{0,12}}"
_SOURCE = rf"({_TREE})/src(/{_NAME}){{2,11}}"  # of a package: what lies directly in src may be somebody's own
_KEPT = rf"({_TREE})/{re.escape(ASIDE)}(-[2-9])?(/src(/{_NAME}){{0,10}})?"  # what was moved out of a tree
_COMMAND = r"/usr/local/bin/(go|gofmt)"
_OF_VERSION = rf"go-{_NAME.replace('{0,99}', '{0,30}')}"
_PLACED = rf"/usr/local/go|/opt/go|/opt/{_OF_VERSION}"
STAGED = re.compile(
    r"(/usr/local|/opt)/\.gomedic-staging-[0-9a-f]{16}"
)  # verified and unpacked by root itself

# ---- what a line added to a start-up file may say: set a variable that concerns Go, under a plain condition;
# written so that no input makes the search for a match long
_VARIABLE = r"(PATH|GO[A-Z0-9_]*|CGO_[A-Z_]+|TMPDIR|[a-zA-Z]{2,5}_(PROXY|proxy))"
_WORD = r"[\w./:~$@%+,=?*{}\"'-]*"
_ASSIGNMENT = rf"{_VARIABLE}\+?={_WORD}"
_SETTING = (
    rf"((export|typeset -gx|declare -x) )?{_ASSIGNMENT}( {_ASSIGNMENT})*"
    rf"|(export|unset)( {_VARIABLE})+|path\+?=\({_WORD}( {_WORD})*\)"
    rf"|set -[gexp]{{1,3}} {_VARIABLE}( {_WORD})*|fish_add_path( {_WORD})+"
)
_ASKED = r"( [\w./:~$@%+,=?*{}\"'!-]+)+"
_TEST = rf"(\[{_ASKED} \]|\[\[{_ASKED} \]\]|(test|contains){_ASKED})"
_ARM = rf"\(?{_WORD}\)( ?({_SETTING}))?( ?;;)?"
_LINE = re.compile(
    rf"(#.*|({_SETTING})(; ?({_SETTING})){{0,4}};?|{_TEST} (&&|\|\|) ({_SETTING})|if {_TEST}(; ?then)?"
    rf"|if {_TEST}; ?then( ({_SETTING});){{1,3}} fi"
    rf"|(not )?{_TEST}; (and|or) ({_SETTING})|then|else|fi|end|esac|case {_WORD} in( {_ARM}){{0,4}}( esac)?|{_ARM})?"
    r"( +#[^`]*)?"
)
_VARIABLE_LINE = re.compile(rf"(#.*|{_ASSIGNMENT})?")
_SECURE_PATH = re.compile(rb'Defaults secure_path="([A-Za-z0-9._+/:-]+)"\n')
_ABSOLUTE = re.compile(r"(?:^|[\s:=\"'(])(/[\w./+@%-]+)")
_COMMANDS = re.compile(r"\$\([^()`]*\)|`[^`()]*`")
_EXPANDED = re.compile(r"\$\{?(\w*)")
_KNOWN = re.compile(rf"{_VARIABLE}|HOME|fish_user_paths")
_PATH_VALUE = re.compile(r"\bPATH\+?=([^\s;)]*)")
_FISH_PATH = re.compile(r"^(?:set -\w+ PATH|fish_add_path)((?: [^;]*)?)")
_ENTRY = re.compile(r"[\"']?([/$~].*|[\"']?)")


class RefusedError(Exception):
    """A step is not on the closed list, or the machine is not as the list demands."""


class Caller(Struct, frozen=True):
    """The account on whose behalf root acts."""

    uid: int
    gid: int
    home: str


def judge(step: Step, caller: Caller) -> None:
    """Raise RefusedError unless `step` is on the list."""
    paths = (step.source, step.target) if isinstance(step, Move) else (step.path,)
    if not step.privileged or not all(map(_is_normal, paths)) or not _is_listed(step, caller):
        raise RefusedError(f"not on the list: {type(step).__name__} {paths[0]!r}")


def _is_normal(path: str) -> bool:
    parts = path.split("/")
    return (
        len(path) < 4096
        and parts[0] == ""
        and len(parts) > 1
        and not {"", ".", ".."} & set(parts[1:])
        and "\0" not in path
    )


def _is_listed(step: Step, caller: Caller) -> bool:
    match step:
        case EditFile():
            return _edit_is_listed(step)
        case SetMode():
            return _mode_is_listed(step)
        case SetOwner():
            return _owner_is_listed(step, caller)
        case Move():
            return _move_is_listed(step)
        case MakeLink():
            return _link_is_listed(step)
        case MakeFolder():
            return step.exists and step.mode == 0o755 and _is(f"{_FOLDER}|{_KEPT}", step.path)


def _is(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _edit_is_listed(step: EditFile) -> bool:
    if step.before == step.after:
        return False
    if step.path == SUDOERS:
        return step.mode == 0o440 and step.before is None and _is_secure_path(step.after or b"")
    snippet = _is(_SNIPPET, step.path)
    if step.after is None:
        return snippet
    if step.before is None and (not snippet or step.mode != 0o644):
        return False
    bare = step.path.startswith("/etc/environment")
    return (snippet or _is(_PLAIN, step.path)) and _says_only(_VARIABLE_LINE if bare else _LINE, step)


def _is_secure_path(content: bytes) -> bool:
    """Whether a sudoers file says where sudo looks for programs, and nothing else (sudoers(5))."""
    found = _SECURE_PATH.fullmatch(content)
    return found is not None and all(map(_is_normal, found[1].decode("ascii").split(":")))


def _says_only(allowed: re.Pattern[str], step: EditFile) -> bool:
    """Whether every line that is new says what `allowed` allows; white space may always change."""
    after = step.after or b""
    if len(after) > LARGEST_TEXT or b"\0" in after:
        return False
    lines = [_without_known_commands(line, step) for line in added_lines(step)]
    return all(len(line) < 2000 and allowed.fullmatch(line) and _leads_home(line) for line in lines)


def _without_known_commands(line: str, step: EditFile) -> str:
    """Leave out what the file runs already, as in PATH=$PATH:$(go env GOPATH)/bin put in another order."""
    known = {c for old in _stripped(step.before) if not old.startswith("#") for c in _COMMANDS.findall(old)}
    return _COMMANDS.sub(lambda found: "$PATH" if found[0] in known else found[0], line)


def _leads_home(line: str) -> bool:
    """Whether a PATH set here leads into no current folder and to nobody else's home."""
    if line.startswith("#"):
        return True
    entries = [entry for value in _PATH_VALUE.findall(line) for entry in value.split(":")]
    entries += [word for words in _FISH_PATH.findall(line) for word in words.split() if word[0] != "-"]
    return (
        ".." not in line
        and not re.search(r"~[\w+-]", line)
        and all(map(_KNOWN.fullmatch, _EXPANDED.findall(line)))
        and all(map(_ENTRY.fullmatch, entries))
    )


def added_lines(step: EditFile) -> list[str]:
    """Return the lines that an edit adds, without the white space around them and carriage returns."""
    old, new = (Counter(_stripped(content)) for content in (step.before, step.after))
    return list((new - old).elements())


def _stripped(content: bytes | None) -> list[str]:
    lines = (content or b"").decode("utf-8", "surrogateescape").split("\n")
    return [line.replace("\r", "").strip(" \t") for line in lines]


def folders_named(step: EditFile) -> list[str]:
    """Return the absolute paths that added lines name: who may write there may speak for every account."""
    return [
        path for line in added_lines(step) if not line.startswith("#") for path in _ABSOLUTE.findall(line)
    ]


def _mode_is_listed(step: SetMode) -> bool:
    """Only let others read and search what they should: no bit is taken, none but r and x given."""
    if not (0 <= step.before <= 0o777 and 0 <= step.after <= 0o777) or step.before & ~step.after:
        return False
    added = step.after & ~step.before
    if _is(_FOLDER, step.path):
        return bool(added) and not added & ~0o755
    if _is(f"{_PLAIN}|{_IN_SNIPPETS}", step.path):
        return bool(added) and not added & ~0o644
    return bool(added) and not added & ~0o555 and _is(f"{_IN_TREE}|{_COMMAND}", step.path)


def _owner_is_listed(step: SetOwner, caller: Caller) -> bool:
    """Only give back to the caller what root left in the caller's own home."""
    home = caller.home
    return (
        caller.uid > 0
        and _is_normal(home)
        and home.count("/") > 1
        and step.path.startswith(home + "/")
        and step.before[0] == 0
        and step.after == (caller.uid, caller.gid)
    )


def _move_is_listed(step: Move) -> bool:
    if _is(f"{_COMMAND}|{_PLACED}", step.source):
        return _is(f"{re.escape(step.source + ASIDE)}(-[0-9a-f]{{8}})?", step.target)
    if STAGED.fullmatch(step.source):
        return _is(rf"/usr/local/go|/opt/{_OF_VERSION}", step.target) and (
            step.target.split("/")[1] == step.source.split("/")[1]
        )
    if _is(_SOURCE, step.source):
        return _is_kept_aside(step)
    folder, _, name = step.source.rpartition("/")
    end = _SNIPPETS.get(folder)
    if end is None or not _is(_NAME, name) or name.endswith(end):
        return False
    stem = name.removesuffix(".txt").removesuffix(end)  # x.csh is for another shell, x.bak for none
    return "." not in stem and step.target in (f"{folder}/{stem}{end}", f"{folder}/{name}{end}")


def _is_kept_aside(step: Move) -> bool:
    """Whether a part of a Go tree goes to where Go never looks, in the same tree and under the same name."""
    tree, _src, inside = step.source.partition("/src/")
    place, _src, same = step.target.partition("/src/")
    return inside == same and _is(_KEPT, place) and place.rpartition("/")[0] == tree


def _link_is_listed(step: MakeLink) -> bool:
    if step.before is None and step.after is None:
        return False
    if step.path == "/opt/go":
        return step.after is None or _is(_OF_VERSION, step.after)
    if not _is(_COMMAND, step.path):
        return False
    name = step.path.rpartition("/")[2]
    if step.after is None:
        return True
    return _is_normal(step.after) and step.after.endswith(f"/bin/{name}") and step.before != step.after
