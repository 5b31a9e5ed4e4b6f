"""The window survives the bindings' own faults."""

import subprocess
import sys

EMIT = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
from gomedic_gui.bindings import keep_constants_alive

class Sender(QObject):
    sent = Signal(object)

keep_constants_alive()
app = QCoreApplication([])
sender = Sender()
sender.sent.connect(lambda number: None)
for number in range(20_000):
    sender.sent.emit(number)
    app.processEvents()
"""


def test_twenty_thousand_signals_and_calls_do_not_end_the_program() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", EMIT], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
