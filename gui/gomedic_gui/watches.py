"""Notices when what an examination rests on has changed, without asking the person's files all the time."""

import ctypes
import os
import time
from collections.abc import Iterator, Mapping

from msgspec import Struct
from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from gomedic.model import Examination
from gomedic.watching import changed_since, differing, folders_around
from gomedic_gui.asides import Asides
from gomedic_gui.doctor import Doctor

_BURST = 400  # milliseconds; an editor that saves, or a program that installs, changes much at once
_ROUND = 5_000  # milliseconds between two looks where the system does not tell
_MOST = 800  # places to be told of; what is beyond is looked at in rounds


class Seen(Struct, frozen=True):
    """What was seen in one look."""

    examination: Examination
    states: Mapping[str, str]  # by path
    places: tuple[str, ...]  # files and folders whose changes are worth being told of
    early: tuple[str, ...] = ()  # changed while the examination went on


class Watches(QObject):
    """Tells what has changed since an examination; looks again itself before it tells, so that noise is no news."""

    changed = Signal(
        object
    )  # tuple[str, ...]: the paths that are not as they were examined; none: all are again
    ended = Signal()

    def __init__(self, doctor: Doctor, owner: QObject) -> None:
        super().__init__(owner)
        self._doctor = doctor
        self._seen: Seen | None = None
        self._examination: Examination | None = None
        self._told: tuple[str, ...] = ()
        self._held = self._stopped = self._looking = False
        self._watcher = QFileSystemWatcher(self) if _is_told_of_changes() else None
        self._asides = Asides(self)
        self._asides.ended.connect(self._after_look)
        self._burst = QTimer(self, singleShot=True, interval=_BURST)
        self._burst.timeout.connect(self._look)
        self._rounds = QTimer(self, interval=_ROUND)
        self._rounds.timeout.connect(self._look)
        if self._watcher is not None:
            self._watcher.fileChanged.connect(self._notice)
            self._watcher.directoryChanged.connect(self._notice)
        application = QGuiApplication.instance()
        if isinstance(
            application, QGuiApplication
        ):  # what lies on a server tells nothing: look when one comes back
            application.applicationStateChanged.connect(self._after_coming_back)

    @property
    def is_busy(self) -> bool:
        """Whether a look is going on."""
        return self._asides.busy

    def begin(self, examination: Examination) -> None:
        """Forget what was told of an earlier examination, and watch what this one rests on."""
        if examination is self._examination or self._stopped:
            return
        self._examination, self._seen = examination, None
        self._tell(())
        begun = time.time() - examination.seconds
        self._asides.run(_first_look(self._doctor, examination, begun), self._know)

    def hold(self, held: bool) -> None:
        """Say whether work goes on whose changes are our own: nothing is told until it ends."""
        self._held = held
        if not held:
            self._notice()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._burst.stop()
        self._rounds.stop()
        self._asides.cancel()

    def _notice(self, _path: str = "") -> None:
        if self._seen is not None and not self._burst.isActive() and not self._stopped:
            self._burst.start()

    def _after_coming_back(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._notice()

    def _know(self, seen: Seen) -> None:
        if seen.examination is self._examination and not self._stopped:
            self._seen = seen
            self._watch(seen.places)
            self._tell(seen.early)

    def _look(self) -> None:
        if self._seen is None or self._held:
            return
        if self._looking:
            self._burst.start()
            return
        self._looking = True
        self._asides.run(
            _look_again(self._doctor, self._seen),
            self._compare,
        )

    def _after_look(self) -> None:
        self._looking = False
        self.ended.emit()

    def _compare(self, now: Seen) -> None:
        known = self._seen
        if known is None or self._held or self._stopped or now.examination is not known.examination:
            return
        self._watch(now.places)  # what was replaced is no longer watched
        self._tell(tuple(dict.fromkeys((*known.early, *differing(known.states, now.states)))))

    def _tell(self, paths: tuple[str, ...]) -> None:
        if paths != self._told:
            self._told = paths
            self.changed.emit(paths)

    def _watch(self, places: tuple[str, ...]) -> None:
        """Have the system tell of changes there; look in rounds where it cannot tell of all."""
        complete = self._watcher is not None and len(places) <= _MOST
        if self._watcher is not None:
            known = {*self._watcher.files(), *self._watcher.directories()}
            wanted = places[:_MOST]
            if gone := [path for path in known if path not in set(wanted)]:
                self._watcher.removePaths(gone)
            if new := [path for path in wanted if path not in known]:
                complete = not self._watcher.addPaths(new) and complete
        if complete:
            self._rounds.stop()
        elif not self._rounds.isActive():
            self._rounds.start()


def _first_look(doctor: Doctor, examination: Examination, begun: float) -> Iterator[Seen]:
    paths = doctor.watched(examination)
    known = doctor.states(paths)
    yield Seen(examination, known, _places(known), changed_since(paths, begun))


def _look_again(doctor: Doctor, known: Seen) -> Iterator[Seen]:
    now = doctor.states(tuple(known.states))
    yield Seen(known.examination, now, _places(now))


def _places(known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders first: they tell of files that are replaced, and of those that do not exist yet."""
    files = [path for path, state in known.items() if state and not path.endswith("/")]
    return tuple(dict.fromkeys((*folders_around(known), *files)))


def _is_told_of_changes() -> bool:
    """Tell whether inotify(7) works here; without it Qt would read whole folders every second on the GUI thread."""
    try:
        descriptor = ctypes.CDLL(None).inotify_init1(os.O_CLOEXEC)
    except AttributeError:
        return False
    if descriptor < 0:
        return False
    os.close(descriptor)
    return True
