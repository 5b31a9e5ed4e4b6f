"""Brings the window to the front when somebody starts the program again."""

import os
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from gomedic_gui.running_window import ANSWER, LONGEST, Seat, is_ours, token_in


class Summons(QObject):
    """Listens at the seat; answers only once the window shows itself.

    A plain socket, because QtNetwork would cost every start its library for these few bytes.
    """

    def __init__(self, seat: Seat, window: QMainWindow) -> None:
        super().__init__(window)
        self._seat = seat  # the lock lasts as long
        self._window = window
        self._guests: dict[QSocketNotifier, socket.socket] = {}
        self._door = QSocketNotifier(seat.listening.fileno(), QSocketNotifier.Type.Read, self)
        self._door.activated.connect(self._let_in)

    def _let_in(self) -> None:
        try:
            guest, _address = self._seat.listening.accept()
        except OSError:  # gone again
            return
        if not is_ours(guest):
            guest.close()
            return
        guest.setblocking(False)
        hearing = QSocketNotifier(guest.fileno(), QSocketNotifier.Type.Read, self)
        self._guests[hearing] = guest
        hearing.activated.connect(lambda *_event: self._hear(hearing))

    def _hear(self, hearing: QSocketNotifier) -> None:
        guest = self._guests.pop(hearing)
        hearing.setEnabled(False)
        hearing.deleteLater()
        with guest:
            try:
                request = guest.recv(LONGEST)
                if request.endswith(b"\n") and bring_to_front(self._window, token_in(request)):
                    guest.sendall(ANSWER)
            except OSError:  # gone again
                return


def bring_to_front(window: QMainWindow, token: str) -> bool:
    """Show a window before all others; tell whether it could, which one that closes cannot."""
    if not window.isVisible():
        return False
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # presented by Qt's Wayland plug-in at the next activation
    window.setWindowState(
        (window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive
    )
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)  # where the desktop lets no window take the front, it marks it at least
    return True
