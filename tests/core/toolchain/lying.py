"""Mirrors on the loopback, each with a behaviour of its own: honest, slow, stalling, cutting, lying."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "data.tar.gz"


class Asked(BaseHTTPRequestHandler):
    """One request: what is wanted of the file, and ways to answer."""

    protocol_version = "HTTP/1.1"
    server: "Mirror"

    def do_GET(self) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        self.start = int(wanted[1]) if wanted else 0
        self.end = int(wanted[2]) + 1 if wanted and wanted[2] else len(self.server.data)
        self.ranged = wanted is not None
        self.server.asked.append(self.headers.get("Range", ""))
        self.server.tags.append(self.headers.get("If-Range", ""))
        self.close_connection = True
        with suppress(OSError):  # the client hung up
            self.server.behave(self)

    def head(self, status: int = 0, **headers: str) -> None:
        """Send what an honest server would, but for `headers`; "" leaves one out."""
        whole, end = len(self.server.data), min(self.end, len(self.server.data))
        plain = {"Content-Length": str(end - self.start), "Content-Type": "application/gzip"}
        if self.ranged:
            plain["Content-Range"] = f"bytes {self.start}-{end - 1}/{whole}"
        self.send_response(status or (206 if self.ranged else 200))
        for name, value in {**plain, **{name.replace("_", "-"): v for name, v in headers.items()}}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def body(self, first: int | None = None, last: int | None = None) -> None:
        self.wfile.write(
            self.server.data[self.start if first is None else first : self.end if last is None else last]
        )
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass

    @property
    def is_probe(self) -> bool:
        return self.ranged and self.end < len(self.server.data)


Behaviour = Callable[[Asked], None]


class Mirror(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, data: bytes, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.data, self.behave = data, behave
        self.asked: list[str] = []
        self.tags: list[str] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{NAME}"

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def mirror(data: bytes, behave: Behaviour) -> Iterator[Mirror]:
    server = Mirror(data, behave)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


# ------------------------------------------------------------------ behaviours


def honest(asked: Asked) -> None:
    asked.head(ETag='"1"')
    asked.body()


def slow(asked: Asked) -> None:
    """1 kB a second, the probe included."""
    asked.head()
    for position in range(asked.start, asked.end, 100):
        asked.body(position, min(position + 100, asked.end))
        if asked.server.over.wait(0.1):
            return


def trickling(asked: Asked) -> None:
    """A byte now and then."""
    asked.head()
    for position in range(asked.start, asked.end):
        asked.body(position, position + 1)
        if asked.server.over.wait(0.05):
            return


def slow_after_the_probe(asked: Asked) -> None:
    (honest if asked.is_probe else slow)(asked)


def late(asked: Asked) -> None:
    """Honest, but it takes a while to think."""
    asked.server.over.wait(0.4)
    honest(asked)


def stalling(asked: Asked) -> None:
    """Has 300 kB, then nothing."""
    asked.head()
    asked.body(last=max(asked.start, min(300_000, asked.end)))
    if asked.end > 300_000:
        asked.server.over.wait(60)


def mute(asked: Asked) -> None:
    asked.server.over.wait(60)


def cutting(asked: Asked) -> None:
    """Hangs up after each MiB."""
    asked.head()
    asked.body(last=min(asked.start + (1 << 20), asked.end))


def cutting_unannounced(asked: Asked) -> None:
    """Hangs up after each MiB, having never said how much there is."""
    asked.head(Content_Length="", Content_Range=f"bytes {asked.start}-/*" if asked.ranged else "")
    asked.body(last=min(asked.start + (1 << 20), asked.end))


def without_ranges(asked: Asked) -> None:
    asked.ranged, asked.start, asked.end = False, 0, len(asked.server.data)
    honest(asked)


def lying_at_the_end(asked: Asked) -> None:
    """Of the right length, and right but for the last byte."""
    asked.head()
    asked.body(last=min(asked.end, len(asked.server.data) - 1))
    if asked.end == len(asked.server.data):
        asked.wfile.write(bytes([asked.server.data[-1] ^ 1]))


def other_file_in_the_middle(asked: Asked) -> None:
    """The start is right; who asks for the middle gets that of another file, of the same length."""
    asked.head()
    if asked.start:
        asked.wfile.write(bytes(asked.end - asked.start))
    else:
        asked.body(last=min(asked.start + (1 << 20), asked.end))


def other_each_time(asked: Asked) -> None:
    """Of the right length, and each answer, the probe's too, from a file of its own."""
    asked.head()
    asked.wfile.write(os.urandom(asked.end - asked.start))


def shorter(asked: Asked) -> None:
    asked.server.data = asked.server.data[:-1]
    asked.server.behave = honest
    asked.end = min(asked.end, len(asked.server.data))
    honest(asked)


def endless(asked: Asked) -> None:
    asked.head(Content_Length="", Content_Range="")
    while not asked.server.over.is_set():
        asked.wfile.write(asked.server.data)


def page(asked: Asked) -> None:
    asked.ranged = False
    asked.head(Content_Length="30", Content_Type="text/html")
    asked.wfile.write(b"<html>Please log in ...</html>")


def page_in_the_middle(asked: Asked) -> None:
    """Right at first; whoever goes on gets a page, with 206 and all."""
    if not asked.start:
        cutting(asked)
    else:
        asked.head(Content_Length="30", Content_Type="text/html")
        asked.wfile.write(b"<html>Please log in ...</html>")
