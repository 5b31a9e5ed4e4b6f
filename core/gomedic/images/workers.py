"""Processes of ours that check images side by side, and end together."""

import os
import select
import tempfile
import threading
from contextlib import suppress
from typing import IO

from gomedic import processes
from gomedic.images.as_process import told
from gomedic.images.box import PLAIN, ourselves
from gomedic.images.stopping import Cancelled
from gomedic.images.worker import READY, give, take

_START = 60.0  # seconds; a busy machine takes some
_LEAVE = 60.0  # seconds for a worker to take away what it laid out; after that it is killed


class WorkerLostError(Exception):
    """A worker ended without an answer: somebody killed it, or there was no memory left."""


class Workers:
    """As many processes as ask at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[processes.Holder] = []
        self._all: list[processes.Holder] = []
        self._over = False

    def ask(self, question: object) -> object:
        """Return the answer of a worker, for which it takes its time. Raises WorkerLostError, Cancelled, and what it raised."""
        worker = self._taken()
        try:
            give(_open(worker.stdin), question)
            answer = take(_open(worker.stdout))
        except (OSError, ValueError):  # gone, or being ended
            answer = None
        if answer is None:
            raise Cancelled if self._over else WorkerLostError
        with self._lock:
            self._free.append(worker)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _taken(self) -> processes.Holder:
        with self._lock:
            if self._over:
                raise Cancelled
            if self._free:
                return self._free.pop()
            words = [*ourselves(), told("work", temporary=tempfile.gettempdir())]
            worker = processes.hold(words, PLAIN, READY, _START)
            if worker is None:
                raise WorkerLostError
            self._all.append(worker)
            return worker

    def end(self) -> None:
        """Have all end what they do and take away what they laid out, and return when they are gone."""
        with self._lock:
            self._over = True
        for worker in self._all:
            with suppress(OSError):
                _open(worker.stdin).close()
        for worker in self._all:
            _see_off(worker)
            processes.let_go(worker)


def _see_off(worker: processes.Holder) -> None:
    """Return when a process has ended, or has had its time for it."""
    ending = os.pidfd_open(worker.pid)
    try:
        select.select((ending,), (), (), _LEAVE)
    finally:
        os.close(ending)


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - it was started with pipes
    return pipe
