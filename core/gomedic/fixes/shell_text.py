"""Read and write the few forms of assignment that people use in start-up files, per family of shells."""

import re
from collections.abc import Callable, Mapping

_PATH_LINE = re.compile(
    r"""^(?P<head>\s*(?:(?:export|typeset\s+-x|declare\s+-x)\s+)?PATH=)(?P<quote>["']?)(?P<value>[^"'\s;#]*|(?<=")[^"]*|(?<=')[^']*)
    (?P=quote)(?P<tail>\s*(?:;.*|\#.*|&&.*)?)$""",
    re.VERBOSE,
)
_ZSH_PATH = re.compile(
    r"^(?P<head>\s*(?:typeset\s+-\w+\s+)?path=\(\s*)(?P<value>[^()#;]*?)(?P<tail>\s*\)\s*(?:[;#].*)?)$"
)
_FISH_PATH = re.compile(r"^(?P<head>\s*set\s+(?:-\S+\s+)*PATH\s+)(?P<value>[^#;]*?)(?P<tail>\s*(?:[;#].*)?)$")
_ASSIGNED = r"(?P<head>^\s*(?:(?:export|typeset\s+-x|declare\s+-x)\s+)?{name}=)(?P<value>.*?)(?P<tail>\s*(?:(?<=\s)\#.*|;.*)?)$"
_WORD = r"""(?:"[^"]*"|'[^']*'|\\.|[^\s;&|"'\\])*"""  # one word of a shell
_AMONG_OTHERS = (  # of several on a line, each one word; a value with a command in it may have blanks
    r"(?P<head>^\s*(?:(?:export|typeset\s+-x|declare\s+-x)\s+)?(?:[A-Za-z_]\w*=" + _WORD + r"\s+)*{name}=)"
    r"(?P<value>(?!\S*(?:\$\(|`))" + _WORD + r")(?P<tail>(?:[\s;&].*)?)$"
)
_FISH_SET = r"(?P<head>^\s*set\s+(?:-\S+\s+)*{name}\s+)(?P<value>[^;#]*?)(?P<tail>\s*(?:[;#].*)?)$"


# signs that look like the shell's own, and what they are meant for: “ ” ‘ ’ ＂ ＇ ： ； ， ＝ ＄ ／ ～, blanks that are
# none to a shell, and what cannot be seen at all
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\uff02", '"'),
        **dict.fromkeys("\u2018\u2019\uff07", "'"),
        **{sign: chr(ord(sign) - 0xFEE0) for sign in "\uff1a\uff1b\uff0c\uff1d\uff04\uff0f\uff5e"},
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", None),
    }
)


def home_relative(path: str, home: str) -> str:
    """Return a path as start-up files name it: $HOME/go/bin."""
    home = home.rstrip("/")
    return "$HOME" + path[len(home) :] if home and (path == home or path.startswith(home + "/")) else path


def path_line(folder: str, home: str, family: str, *, first: bool) -> str:
    """Return the line that puts a folder first or last on PATH in a shell of `family`."""
    name = home_relative(folder, home)
    if family == "fish":
        quoted = f'"{name}"' if re.search(r"[^\w/$.@%+,:=-]", name, re.ASCII) else name
        return f"set -gx PATH {quoted} $PATH" if first else f"set -gx PATH $PATH {quoted}"
    return f'export PATH="{name}:$PATH"' if first else f'export PATH="$PATH:{name}"'


def unset_line(name: str, family: str) -> str:
    """Return the line that takes a variable away."""
    return f"set -e {name}" if family == "fish" else f"unset {name}"


def set_line(name: str, value: str, home: str, family: str) -> str:
    """Return the line that exports a variable."""
    shown = home_relative(value, home)
    return f'set -gx {name} "{shown}"' if family == "fish" else f'export {name}="{shown}"'


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """Return `text` with $NAME and ${NAME} replaced, ~ at its start too; other expansions stay."""
    text = re.sub(r"^~(?=/|$)", variables.get("HOME", "~"), text.strip("\"'"))
    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: variables.get(m[1] or m[2], m[0]), text)


def with_entry_first(line: str, folder: str, variables: Mapping[str, str]) -> str | None:
    """Return a PATH assignment with the entry that means `folder` in front; None when the line is not understood."""
    return _rearranged(line, lambda entries: _to_front(entries, folder, variables))


def with_entry_replaced(line: str, folder: str, new: str, variables: Mapping[str, str]) -> str | None:
    """Return a PATH assignment with the entry that means `folder` replaced; None when the line is not understood."""

    def change(entries: list[str]) -> list[str] | None:
        at = _place(entries, folder, variables)
        return None if at is None else [*entries[:at], new, *entries[at + 1 :]]

    return _rearranged(line, change)


def with_old_path(line: str) -> str | None:
    """Return a PATH assignment that also keeps what PATH was before; None when the line is not understood."""
    line = _in_double_quotes(line)
    old = "$path" if _ZSH_PATH.match(line) else "$PATH"
    return _rearranged(line, lambda entries: [*entries, *(() if old in entries else (old,))])


def _in_double_quotes(line: str) -> str:
    """Let the shell replace the variables of a PATH assignment: between single quotes it does not."""
    found = _PATH_LINE.match(line)
    return f'{found["head"]}"{found["value"]}"{found["tail"]}' if found and found["quote"] == "'" else line


def as_meant(line: str) -> str | None:
    """Return a PATH assignment as it was meant, where a slip keeps the shell from taking it so; None for others.

    The slips are the signs of a Chinese or a word processor's keyboard, blanks around `=`, and another sign than a
    colon after $PATH.
    """
    plain = line.translate(_LOOKALIKES)
    plain = re.sub(r"^(\s*(?:export\s+)?PATH)\s*=\s*", r"\1=", plain)
    plain = re.sub(r"(\$PATH\b|\$\{PATH\})\s*(?:[;,]\s*|\s+)(?=[/~$])", r"\1:", plain)
    return plain if plain != line and _PATH_LINE.match(plain) else None


def _rearranged(line: str, change: Callable[[list[str]], list[str] | None]) -> str | None:
    found = _PATH_LINE.match(line)
    if found is not None:
        entries = change(found["value"].split(":"))
        quote = found["quote"]
        return None if entries is None else f"{found['head']}{quote}{':'.join(entries)}{quote}{found['tail']}"
    found = _FISH_PATH.match(line) or _ZSH_PATH.match(line)
    if found is not None:
        entries = change(found["value"].split())
        return None if entries is None else f"{found['head']}{' '.join(entries)}{found['tail']}"
    return None


def _to_front(entries: list[str], folder: str, variables: Mapping[str, str]) -> list[str] | None:
    at = _place(entries, folder, variables)
    return None if at is None else [entries[at], *entries[:at], *entries[at + 1 :]]


def _place(entries: list[str], folder: str, variables: Mapping[str, str]) -> int | None:
    return next((at for at, entry in enumerate(entries) if expanded(entry, variables) == folder), None)


def without_export(line: str) -> str | None:
    """Return an assignment that stays in the shell but is no longer handed on; None when not understood."""
    found = re.match(r"^(\s*)(?:export|typeset -x|declare -x)\s+([A-Za-z_]\w*=.*)$", line)
    if found is not None:
        return found[1] + found[2]
    found = re.match(r"^(\s*set\s+)-(\w*)x(\w*)(\s+.*)$", line)
    if found is not None:
        flags = found[2] + found[3]
        return f"{found[1]}{'-' + flags if flags else '-g'}{found[4]}"
    return None


def with_export(line: str) -> str | None:
    """Return an assignment that is handed on to programs; None when not understood."""
    found = re.match(r"^(\s*)([A-Za-z_]\w*=.*)$", line)
    if found is not None:
        return f"{found[1]}export {found[2]}"
    found = re.match(r"^(\s*set\s+)((?:-\S+\s+)*)([A-Z]\w*\s+.*)$", line)
    if found is not None:
        flags = found[2].replace("-", "").replace("x", "").split()
        return f"{found[1]}-{''.join(flags) or 'g'}x {found[3]}"
    return None


def with_value(line: str, name: str, value: str) -> str | None:
    """Return an assignment of `name` with another value (as it is to stand there); None when not understood."""
    for pattern in (_AMONG_OTHERS, _ASSIGNED, _FISH_SET):
        found = re.match(pattern.format(name=re.escape(name)), line)
        if found is not None:
            return f"{found['head']}{value}{found['tail']}"
    return None


def assigned_value(line: str, name: str) -> str | None:
    """Return what a line assigns to `name`, as it stands there, quotes and all."""
    for pattern in (_AMONG_OTHERS, _ASSIGNED, _FISH_SET):
        found = re.match(pattern.format(name=re.escape(name)), line)
        if found is not None:
            return found["value"]
    return None


def is_only_assignment(line: str, name: str) -> bool:
    """Tell whether a line does nothing but set `name`."""
    rest = re.sub(r"\s+#.*$", "", line).strip().rstrip(";")
    sets = (
        rf"(?:export\s+|typeset\s+-x\s+|declare\s+-x\s+)?{name}={_WORD}",
        rf"set\s+(?:-\S+\s+)*{name}\s[^;&|]*",
        rf"export\s+{name}",
    )
    return any(re.fullmatch(pattern, rest) for pattern in sets)


_STATEMENT = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^;&|"'\\])+|;|&+|\|+""")
_ASSIGNMENTS = re.compile(
    rf"\s*(?:(?P<head>(?:export|typeset\s+-g?x|declare\s+-g?x)\s+)(?P<words>(?:[A-Za-z_]\w*(?:={_WORD})?\s*)+)"
    rf"|(?P<plain>(?:[A-Za-z_]\w*={_WORD}\s*)+))"
)


def without_variable(line: str, name: str, *, keep: bool) -> str | None:
    """Return a line of assignments that hands on all its variables but `name`; None when not understood.

    `keep`: the shell itself still gets the value, which later lines use. What else stands on the line stays.
    """
    code = re.sub(r"\s+#.*$", "", line)
    statements = _STATEMENT.findall(code)
    if "".join(statements) != code or re.search(r"[`(){}]|<<", re.sub(r"\$\{\w+\}", "", code)):
        return None
    at = next((i for i, text in enumerate(statements) if _sets(text, name)), None)
    found = _ASSIGNMENTS.fullmatch(statements[at]) if at is not None else None
    if at is None or found is None:
        return None
    changed = _without(found, name, keep=keep)
    statements[at] = (" " if statements[at].startswith(" ") and at else "") + changed
    if not changed:
        if not {*statements[max(at - 1, 0) : at], *statements[at + 1 : at + 2]} <= {";"}:
            return None
        del statements[max(at - 1, 0) : at + 1 if at else 2]
    indent = re.match(r"\s*", line)
    return (indent[0] if indent else "") + "".join(statements).strip() + line[len(code.rstrip()) :]


def _sets(statement: str, name: str) -> bool:
    return re.search(rf"(?<![\w$]){name}=", statement) is not None


def _without(found: re.Match[str], name: str, *, keep: bool) -> str:
    words = re.findall(rf"[A-Za-z_]\w*(?:={_WORD})?", found["words"] or found["plain"])
    own = [word for word in words if word.startswith(f"{name}=")]
    others = " ".join(word for word in words if word not in own)
    rest = (found["head"] or "") + others if others else ""
    return "; ".join(part for part in ((" ".join(own) if keep else ""), rest) if part)
