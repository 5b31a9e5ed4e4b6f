"""Work off the GUI thread: what arrives, in which order, and what a cancel and an error come to."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QThread, QThreadPool, Signal
from pytestqt.qtbot import QtBot

from gomedic.model import Progress
from gomedic.problems import Left, RollbackError
from gomedic.texts import Message
from gomedic_gui.failure import Failure
from gomedic_gui.task import Task
from gui.samples import step


class Listener(QObject):
    """Writes down what a task tells, and on which thread it hears it."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[QThread] = set()
        task.progressed.connect(self.hear)
        task.delivered.connect(self.hear)
        task.failed.connect(self.hear)
        task.ended.connect(self.hear_the_end)

    def hear(self, value: object) -> None:
        self.heard.append(value)
        self.threads.add(QThread.currentThread())

    def hear_the_end(self) -> None:
        self.heard.append("ended")


@pytest.fixture
def pool(dressed: object) -> Iterator[QThreadPool]:
    pool = QThreadPool()
    yield pool
    assert pool.waitForDone(5000)


def run(work: Iterator[object], pool: QThreadPool, qtbot: QtBot, *, cancelled: bool = False) -> Listener:
    owner = QObject()
    task = Task(work, owner)
    listener = Listener(task)
    if cancelled:
        task.cancel()
    with qtbot.waitSignal(task.ended):
        task.start(pool)
    qtbot.waitUntil(lambda: listener.heard[-1:] == ["ended"])
    return listener


def test_progress_and_result_arrive_in_order_on_the_gui_thread(pool: QThreadPool, qtbot: QtBot) -> None:
    workers = []

    def work() -> Iterator[object]:
        workers.append(threading.get_ident())
        yield step("one", 0.5)
        yield 1 << 40  # more than an int of Qt's holds

    listener = run(work(), pool, qtbot)
    assert listener.heard == [step("one", 0.5), 1 << 40, "ended"]
    assert listener.threads == {QThread.currentThread()}
    assert workers != [threading.get_ident()]


def test_a_flood_of_progress_is_thinned_but_news_is_told_at_once(pool: QThreadPool, qtbot: QtBot) -> None:
    def work() -> Iterator[object]:
        for number in range(1000):
            yield step("Downloading", number / 1000)
        yield step("Verifying")
        yield "done"

    heard = run(work(), pool, qtbot).heard
    assert heard[-3:] == [step("Verifying"), "done", "ended"]
    assert len(heard) < 500


def test_a_cancel_closes_the_generator_at_its_next_gap(pool: QThreadPool, qtbot: QtBot) -> None:
    closed = []

    def work() -> Iterator[object]:
        try:
            yield step("one")
            yield step("two")
        finally:
            closed.append(True)

    assert run(work(), pool, qtbot, cancelled=True).heard == ["ended"]
    assert closed == [True]


def test_a_result_that_was_reached_is_told_in_spite_of_a_cancel(pool: QThreadPool, qtbot: QtBot) -> None:
    assert run(iter(["done"]), pool, qtbot, cancelled=True).heard == ["done", "ended"]


def test_an_error_without_words_is_told_by_its_name(pool: QThreadPool, qtbot: QtBot) -> None:
    def work() -> Iterator[Progress]:
        yield step("one")
        raise ZeroDivisionError

    failure = run(work(), pool, qtbot).heard[1]
    assert isinstance(failure, Failure)
    assert "ZeroDivisionError" in str(failure.message)


def test_an_error_of_the_core_brings_its_words_and_its_paths(pool: QThreadPool, qtbot: QtBot) -> None:
    def work() -> Iterator[Progress]:
        raise RollbackError(Message("It could not be put back."), (Left("/a", "/saved/a"), Left("/b", None)))
        yield

    failure = run(work(), pool, qtbot).heard[0]
    assert failure == Failure(Message("It could not be put back."), (("/a", "/saved/a"), ("/b", "")))


def test_each_result_has_turns_of_its_own_to_be_drawn_in(pool: QThreadPool, qtbot: QtBot) -> None:
    owner, seen = QObject(), list[str]()
    task = Task(iter(["first", "second"]), owner)

    class Canvas(QObject):
        asked = Signal(str)

    canvas = Canvas()
    canvas.asked.connect(lambda value: seen.append(f"{value} drawn"), Qt.ConnectionType.QueuedConnection)

    def draw(value: str) -> None:
        seen.append(value)
        canvas.asked.emit(value)  # arrives as a posted event, as Qt's own painting does

    task.delivered.connect(draw)
    with qtbot.waitSignal(task.ended, timeout=5000):
        task.start(pool)
    qtbot.waitUntil(lambda: len(seen) == 4)
    assert seen == ["first", "first drawn", "second", "second drawn"]
