"""Read tar headers off a stream of bytes, and refuse every member that could do harm.

Formats: ustar with POSIX.1-2001 pax headers, and GNU long names (tar(5)). One reader judges and unpacks,
so there is no second opinion about what a header means.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from gomedic.texts import N_, Message

TOP = "go"  # the folder that every Go archive consists of
_BLOCK = 512
_ZERO = bytes(_BLOCK)
_MOST_MEMBERS = 100_000  # go1.27.1 has 17,353
_MOST_BYTES = 4 << 30  # go1.27.1 has 244 MB
_LONGEST_HEADER = 1 << 16  # bytes of a pax header or long name
_LONGEST_NAME = 1024
_KINDS = {"0": "file", "\0": "file", "7": "file", "5": "folder", "2": "link", "1": "same"}

_OUTSIDE = N_("its member {name} lies outside the folder go/")
_ABSOLUTE = N_("its member {name} is an absolute path")
_ODD_NAME = N_("its member {name} has a name that no Go file has")
_TOO_LONG = N_("a member's name has {count} bytes")
_LEADS_OUT = N_("its link {name} leads out of the folder go/, to {target}")
_NO_TARGET = N_("its hard link {name} is to {target}, which is no file of the archive")
_SPECIAL = N_("its member {name} is {kind}")
_DEVICE = N_("a device")
_BY_NAME = {"3": _DEVICE, "4": _DEVICE, "6": N_("a pipe"), "S": N_("a sparse file")}
_OF_KIND = N_("of kind {letter}")
_SETUID = N_("its member {name} would run with somebody else's rights (mode {mode})")
_TWICE = N_("its member {name} appears twice")
_CASE = N_("its members {name} and {other} differ only in upper and lower case")
_THROUGH = N_("its member {name} lies below {other}, which is no folder")
_TOO_MANY = N_("it has more than {count} members")
_BOMB = N_("it would unpack to more than {count} GiB")
_NOT_TAR = N_("it is no tar archive, or a damaged one")
_AFTER_END = N_("something follows the end of the archive")
_HUGE_HEADER = N_("one of its headers has {count} bytes")
_EMPTY = N_("it has no folder go/")


class MembersRefused(Exception):  # noqa: N818 - named for its reason
    """A member that must not be unpacked; `message` says which and why."""

    def __init__(self, text: str, **values: str | int | Message) -> None:
        self.message = Message(text, values)
        super().__init__(str(self.message))


class Member(Struct, frozen=True):
    """One thing to unpack. Names are relative to the top folder, "" is that folder itself."""

    name: str
    kind: str  # file folder link same
    executable: bool = False
    offset: int = 0  # of the content, in the decompressed stream
    size: int = 0
    mtime: int = 0  # seconds since 1970
    target: str = ""  # of a link, as written; of a "same" (hard link), the other member's name


class Scanner:
    """Takes the decompressed stream in pieces of any size, and keeps the members."""

    def __init__(self) -> None:
        self.seen = 0  # bytes
        self.at_end = False
        self.version_file = b""
        self._members: list[Member] = []
        self._names: dict[str, str] = {}  # case folded -> as written
        self._pending = bytearray()  # of a header that is cut by the end of a piece
        self._skip = 0  # bytes of content and padding still to come
        self._keep: bytearray | None = None  # content that is wanted: of a long header, or of VERSION
        self._kept: Callable[[bytes], None] | None = None
        self._pax: dict[str, str] = {}  # for the next member
        self._parents: set[str] = set()  # judged
        self._total = 0

    def feed(self, data: bytes) -> None:
        """Take the next piece. Raises MembersRefused."""
        position, end = 0, len(data)
        while position < end:
            if self._skip:
                step = min(self._skip, end - position)
                self._content(data, position, step)
            else:
                step = min(_BLOCK - len(self._pending), end - position)
                self._pending += data[position : position + step]
                if len(self._pending) == _BLOCK:
                    header = bytes(self._pending)
                    self._pending.clear()
                    self._header(header, self.seen + position + step)
            position += step
        self.seen += end

    def finish(self) -> tuple[Member, ...]:
        """Return the members in archive order, judged as a whole. Raises MembersRefused."""
        kinds = {member.name: member.kind for member in self._members}
        if not kinds:
            raise MembersRefused(_EMPTY)
        for member in self._members:
            self._judge_parents(member, kinds)
            if member.kind == "same" and kinds.get(member.target) != "file":
                raise MembersRefused(_NO_TARGET, name=member.name, target=member.target)
        return tuple(self._members)

    def _judge_parents(self, member: Member, kinds: dict[str, str]) -> None:
        parent = member.name.rpartition("/")[0]
        while parent and parent not in self._parents:
            if kinds.get(parent, "folder") != "folder":
                raise MembersRefused(_THROUGH, name=member.name, other=parent)
            if (other := self._names.setdefault(parent.casefold(), parent)) != parent:
                raise MembersRefused(_CASE, name=parent, other=other)
            self._parents.add(parent)
            parent = parent.rpartition("/")[0]

    def _content(self, data: bytes, position: int, step: int) -> None:
        self._skip -= step
        if self._keep is None:
            return
        self._keep += data[position : position + step]
        if not self._skip and self._kept is not None:
            kept, self._keep = bytes(self._keep), None
            self._kept(kept)

    def _header(self, header: bytes, offset: int) -> None:
        if header == _ZERO:
            self.at_end = True
            return
        if self.at_end:
            raise MembersRefused(_AFTER_END)
        fields = _fields(header)
        kind = chr(header[156])
        if kind in "xgLK":
            self._extension(kind, fields.size)
        else:
            self._member(kind, fields, offset)

    def _extension(self, kind: str, size: int) -> None:
        if size > _LONGEST_HEADER:
            raise MembersRefused(_HUGE_HEADER, count=size)
        self._skip = -(-size // _BLOCK) * _BLOCK
        self._keep = bytearray()
        self._kept = lambda data: self._pax.update(_extended(kind, data[:size]))
        if not size:
            self._keep = None

    def _member(self, letter: str, fields: "_Fields", offset: int) -> None:
        raw = self._pax.get("path", fields.name)
        target = self._pax.get("linkpath", fields.target)
        size = _number(self._pax["size"], 10) if "size" in self._pax else fields.size
        self._pax = {}
        name = self._judged_name(raw, folder=letter == "5")
        if letter not in _KINDS:
            raise MembersRefused(_SPECIAL, name=raw, kind=_in_words(letter))
        if fields.mode & 0o6000:
            raise MembersRefused(_SETUID, name=raw, mode=f"{fields.mode:04o}")
        kind = _KINDS[letter]
        if kind == "link":
            _judge_link(name, target)
        elif kind == "same":
            target = _inside(target)
        size = size if kind == "file" else 0
        self._count(size)
        self._skip = -(-size // _BLOCK) * _BLOCK
        if kind == "file" and name == "VERSION" and 0 < size <= _LONGEST_HEADER:
            self._keep = bytearray()
            self._kept = lambda data: setattr(self, "version_file", data[:size])
        executable = bool(fields.mode & 0o111)
        self._members.append(Member(name, kind, executable, offset, size, fields.mtime, target))

    def _judged_name(self, raw: str, *, folder: bool) -> str:
        name = _inside(raw[:-1] if folder and raw.endswith("/") else raw)
        if not name and not folder:
            raise MembersRefused(_OUTSIDE, name=raw)
        key = name.casefold()
        other = self._names.setdefault(key, name)
        if len(self._names) == len(self._members):  # nothing was added
            if other == name:
                raise MembersRefused(_TWICE, name=raw)
            raise MembersRefused(_CASE, name=name, other=other)
        return name

    def _count(self, size: int) -> None:
        self._total += size
        if len(self._members) >= _MOST_MEMBERS:
            raise MembersRefused(_TOO_MANY, count=_MOST_MEMBERS)
        if self._total > _MOST_BYTES:
            raise MembersRefused(_BOMB, count=_MOST_BYTES >> 30)


class _Fields(Struct, frozen=True):
    """What a header says."""

    name: str
    target: str
    mode: int
    size: int
    mtime: int


def _fields(header: bytes) -> _Fields:
    """Return what a header says. Raises MembersRefused where it is none."""
    claimed = _number(_text(header[148:156]), 8)
    if sum(header) - sum(header[148:156]) + 8 * 0x20 != claimed:
        raise MembersRefused(_NOT_TAR)
    name = _text(header[:100])
    if header[257:263] == b"ustar\0" and header[345]:
        name = _text(header[345:500]) + "/" + name
    return _Fields(
        name,
        _text(header[157:257]),
        _number(_text(header[100:108]), 8),
        _number(_text(header[124:136]), 8),
        _number(_text(header[136:148]), 8),
    )


def _text(field: bytes) -> str:
    try:
        return field.partition(b"\0")[0].decode()
    except UnicodeDecodeError:
        raise MembersRefused(_NOT_TAR) from None


def _number(text: str, base: int) -> int:
    digits = text.strip(" ") or "0"
    if not (digits.isascii() and digits.isdigit()):
        raise MembersRefused(_NOT_TAR)
    try:
        return int(digits, base)
    except ValueError:
        raise MembersRefused(_NOT_TAR) from None


def _extended(kind: str, data: bytes) -> Mapping[str, str]:
    """Return what a pax header or GNU long name says about the next member."""
    if kind == "g":  # comments of whoever made the archive; nothing that we would follow
        return {}
    if kind == "L":
        return {"path": _text(data)}
    if kind == "K":
        return {"linkpath": _text(data)}
    found: dict[str, str] = {}
    while data.strip(b"\0"):
        length, _, rest = data.partition(b" ")
        count = _number(_text(length), 10)
        record = data[len(length) + 1 : count]
        if not rest or not record.endswith(b"\n") or b"=" not in record:
            raise MembersRefused(_NOT_TAR)
        key, _, value = record[:-1].partition(b"=")
        if key in (b"path", b"linkpath", b"size"):
            if b"\0" in value:
                raise MembersRefused(_NOT_TAR)
            found[key.decode()] = _text(value)
        data = data[count:]
    return found


def _inside(raw: str) -> str:
    """Return the name relative to the top folder. Raises MembersRefused where it is not in there."""
    if len(raw.encode()) > _LONGEST_NAME:
        raise MembersRefused(_TOO_LONG, count=len(raw.encode()))
    if raw.startswith("/"):
        raise MembersRefused(_ABSOLUTE, name=raw)
    parts = raw.removeprefix("./").split("/")
    if parts[0] != TOP or ".." in parts:
        raise MembersRefused(_OUTSIDE, name=_printable(raw))
    if "" in parts or "." in parts or "\\" in raw or not raw.isprintable():
        raise MembersRefused(_ODD_NAME, name=_printable(raw))
    return "/".join(parts[1:])


def _judge_link(name: str, target: str) -> None:
    """Refuse a link out. `..` may only lead: after a name it could step back out of another link's target."""
    parts = [part for part in target.split("/") if part != "."]
    ups = 0
    while ups < len(parts) and parts[ups] == "..":
        ups += 1
    odd = not target.isprintable() or "" in parts or ".." in parts[ups:]
    if not target or target.startswith("/") or odd or ups > name.count("/"):
        raise MembersRefused(_LEADS_OUT, name=name, target=_printable(target))


def _in_words(letter: str) -> Message:
    """Return a kind of member that no Go archive has."""
    name = _BY_NAME.get(letter)
    return Message(name) if name else Message(_OF_KIND, {"letter": ascii(letter)})


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)
