"""A process that checks images, one after another, for one that goes on with other things."""

import os
import pickle
import tempfile
import threading
from queue import SimpleQueue
from typing import IO

READY = b"ready"
_SIZE = 8  # bytes that tell how long a parcel is


def work(temporary: str) -> int:
    """Answer each question that standard input brings with a report on an image; where it ends, end what is being done and leave.

    `temporary` is where temporary files go.
    """
    tempfile.tempdir = temporary
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    os.write(out.fileno(), READY)
    asked: SimpleQueue[object] = SimpleQueue()
    over = threading.Event()
    threading.Thread(target=_listen, args=(asked, over), daemon=True).start()
    while (question := asked.get()) is not None:
        give(out, _answer(question, over))
    return 0


def _listen(asked: "SimpleQueue[object]", over: threading.Event) -> None:
    with open(0, "rb", closefd=False) as pipe:
        while (question := take(pipe)) is not None:
            asked.put(question)
    over.set()
    asked.put(None)


def _answer(question: object, over: threading.Event) -> object:
    from gomedic.images.checking import Question, report_or_reason  # takes long, and a box needs none of it

    assert isinstance(question, Question)  # noqa: S101 - what `workers` sends
    try:
        return report_or_reason(question, over)
    except Exception as error:  # noqa: BLE001 - raised in the process that asked
        return error


def give(pipe: IO[bytes], value: object) -> None:
    """Send a value to the other process. Raises OSError where it is gone."""
    data = pickle.dumps(value)
    pipe.write(len(data).to_bytes(_SIZE, "little") + data)
    pipe.flush()


def take(pipe: IO[bytes]) -> object | None:
    """Return the next value that the other process sends; None where it has ended."""
    head = pipe.read(_SIZE)
    data = pipe.read(int.from_bytes(head, "little")) if len(head) == _SIZE else b""
    return pickle.loads(data) if data else None  # noqa: S301 - a process of our own
