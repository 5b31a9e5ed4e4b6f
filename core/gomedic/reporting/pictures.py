"""The pictures of a report as inline SVG: which Go each session gets, the ladder of PATH, the chain that leads to the winner."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from gomedic.model import Examination, Origin, PathEntry, Session
from gomedic.terms import session_kind, source_of
from gomedic.texts import N_, Message

Say = Callable[[Message], str]  # in the reader's language, with what must not be shown hidden
Hide = Callable[[str], str]
_MAP = N_("Map: which Go each session gets")
_LADDER = N_("Ladder: where the shell looks for go ({sessions})")
_CHAIN = N_("Chain: who put the Go of {session} on PATH")
_NO_GO = N_("no go")
_ROW, _TOP, _PAD, _COLUMN = 30, 8, 12, 8.0  # pixels; a column of the font
_WIDEST = 58  # columns of a label
_MOST = 40  # rows of a picture


class Picture(Struct, frozen=True):
    """A picture with its heading; it needs nothing else."""

    heading: str
    svg: str


def pictures_of(examination: Examination, say: Say, hide: Hide) -> tuple[Picture, ...]:
    """Return the pictures of an examination; none where there is nothing to be seen."""
    return tuple(_Painter(say, hide).all(examination))


class _Painter:
    def __init__(self, say: Say, hide: Hide) -> None:
        self._say = say
        self._hide = hide

    def all(self, examination: Examination) -> Iterator[Picture]:
        if examination.sessions:
            yield self._map(examination.sessions)
        for sessions in _alike(examination.sessions):
            yield self._ladder(sessions)
            if (entry := _winner(sessions[0])) is not None and sessions[0].kind == "terminal":
                yield self._chain(sessions[0], entry)

    # ------------------------------------------------------------ map

    def _map(self, sessions: Sequence[Session]) -> Picture:
        """Return sessions at the left, the Go that they get at the right, a line between them."""
        left = [self._kind(session) for session in sessions[:_MOST]]
        gets = [self._go(session) for session in sessions[:_MOST]]
        right = list(dict.fromkeys(gets))
        start, end = _wide(left) + _PAD, _wide(left) + 150
        shapes = []
        for at, (name, go) in enumerate(zip(left, gets, strict=True)):
            to = right.index(go)
            style = "none" if sessions[at].go is None else "lead"
            middle = (start + end) / 2
            shapes.append(
                f'<path class="{style}" d="M{start:g} {_middle(at)} C{middle:g} {_middle(at)} {middle:g} {_middle(to)} {end:g} {_middle(to)}"/>'
            )
            shapes.append(_text(name, _PAD, at))
        shapes += [_boxed(text, end, at) for at, text in enumerate(right)]
        return self._drawn(Message(_MAP), end + _wide(right) + _PAD, max(len(left), len(right)), shapes)

    def _go(self, session: Session) -> str:
        go = session.go
        return self._say(Message(_NO_GO)) if go is None else self._hide(f"{go.version or '?'}  {go.path}")

    # ------------------------------------------------------------ ladder

    def _ladder(self, sessions: Sequence[Session]) -> Picture:
        """Return the entries of PATH from the first to the last, the one that wins marked."""
        winner = _winner(sessions[0])
        entries = [self._hide(entry.entry or '""') for entry in sessions[0].path[:_MOST]]
        origins = [self._origin(entry.origin) for entry in sessions[0].path[:_MOST]]
        start = _wide(entries) + 3 * _PAD + 26
        shapes = []
        for at, entry in enumerate(sessions[0].path[:_MOST]):
            style = "winner" if entry is winner else "gone" if not entry.exists else "rung"
            shapes.append(f'<circle class="{style}" cx="20" cy="{_middle(at)}" r="8"/>')
            if at + 1 < len(entries):
                shapes.append(f'<path class="rail" d="M20 {_middle(at) + 8} V{_middle(at + 1) - 8}"/>')
            shapes += [_text(entries[at], 38, at, style), _text(origins[at], start, at, "origin")]
        names = ", ".join(self._kind(session) for session in sessions)
        message = Message(_LADDER, {"sessions": names})
        return self._drawn(message, start + _wide(origins) + _PAD, len(entries), shapes)

    # ------------------------------------------------------------ chain

    def _chain(self, session: Session, entry: PathEntry) -> Picture:
        """Return the files that called each other, the outermost first, down to the entry that wins."""
        links = [self._hide(call) for call in reversed(entry.origin.chain)]
        links += [self._origin(entry.origin), self._hide(entry.entry)]
        shapes = []
        for at, link in enumerate(links[:_MOST]):
            shapes.append(_boxed(link, _PAD + 24 * min(at, 8), at))
            if at:
                x = _PAD + 24 * min(at, 8) - 12
                shapes.append(
                    f'<path class="lead" d="M{x} {_middle(at - 1) + 11} V{_middle(at)} H{x + 12}"/>'
                )
        message = Message(_CHAIN, {"session": self._kind(session)})
        return self._drawn(message, _wide(links) + 24 * min(len(links), 8) + 2 * _PAD, len(links), shapes)

    # ------------------------------------------------------------ parts

    def _kind(self, session: Session) -> str:
        return self._say(session_kind(session.kind, session.label))

    def _origin(self, origin: Origin) -> str:
        source = source_of(origin)
        place = f"{origin.file}:{origin.line}" if origin.line else origin.file
        return self._say(source) if source is not None else self._hide(place)

    def _drawn(self, heading: Message, width: float, rows: int, shapes: Iterable[str]) -> Picture:
        said = self._say(heading)
        height = 2 * _TOP + _ROW * max(rows, 1)
        body = "".join(shapes)
        svg = f'<svg role="img" aria-label="{escape(said)}" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}">{body}</svg>'
        return Picture(said, svg)


def _alike(sessions: Iterable[Session]) -> list[list[Session]]:
    """Return sessions with the same PATH together."""
    same: dict[tuple[PathEntry, ...], list[Session]] = {}
    for session in sessions:
        if session.path:
            same.setdefault(session.path, []).append(session)
    return list(same.values())


def _winner(session: Session) -> PathEntry | None:
    """Return the entry of PATH that a session's go comes from."""
    folder = os.path.dirname(session.go.path) if session.go else None
    return next((entry for entry in session.path if folder and entry.entry.rstrip("/") == folder), None)


def _middle(row: int) -> int:
    return _TOP + _ROW * row + _ROW // 2


def _wide(texts: Iterable[str]) -> float:
    return max((cell_len(_short(text)) for text in texts), default=0) * _COLUMN + 2 * _PAD


def _short(text: str) -> str:
    """Return a label that is not too wide, its middle left out."""
    if cell_len(text) <= _WIDEST:
        return text
    half = _WIDEST // 2 - 1
    return set_cell_size(text, half).rstrip() + "…" + text[-half:]


def _text(text: str, x: float, row: int, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    title = f"<title>{escape(text)}</title>" if _short(text) != text else ""
    return f'<text{kind} x="{x:g}" y="{_middle(row) + 5}">{escape(_short(text))}{title}</text>'


def _boxed(text: str, x: float, row: int) -> str:
    box = (
        f'<rect class="box" x="{x:g}" y="{_middle(row) - 11}" width="{_wide([text]):g}" height="22" rx="6"/>'
    )
    return box + _text(text, x + _PAD, row)
