"""Files and addresses are opened by the person's own programs, in the person's own environment."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from gomedic.host import Host

SCHEMES = ("file", "http", "https")


class Opener(QObject):
    """Stands in for Qt, which would hand this program's own environment on to a browser or an editor."""

    def __init__(self, host: Host, parent: QObject) -> None:
        """Open from now on what anything in the window asks to be opened."""
        super().__init__(parent)
        self._host = host
        for scheme in SCHEMES:
            QDesktopServices.setUrlHandler(scheme, self, "open")  # type: ignore[arg-type]  # the stubs say bytes

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        """Open a file or an address as the desktop does."""
        program = self._host.which("xdg-open", self._host.env.get("PATH"))
        if program is None or not _leave(program, address, self._host.env):
            self._let_qt_try(address)

    def _let_qt_try(self, address: QUrl) -> None:
        QDesktopServices.unsetUrlHandler(address.scheme())
        QDesktopServices.openUrl(address)
        QDesktopServices.setUrlHandler(address.scheme(), self, "open")  # type: ignore[arg-type]


def _leave(program: str, address: QUrl, env: Mapping[str, str]) -> bool:
    """Start a program that outlives this one; whether it started."""
    theirs = QProcessEnvironment()
    for name, value in env.items():
        theirs.insert(name, value)
    process = QProcess()
    process.setProgram(program)
    process.setArguments(
        [address.toLocalFile() or address.toString(QUrl.ComponentFormattingOption.FullyEncoded)]
    )
    process.setProcessEnvironment(theirs)
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    return bool(process.startDetached())
