"""See what a program's window shows, over the real accessibility bus. Run by the system's own Python: eyes.py PID

Each line on its standard input is words to look for; once something that is shown and can be used bears them, they
are said back on its standard output. So a test waits for what a person would see, never for time.
"""

import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

_PAUSE = 50_000  # microseconds between two looks


def application(pid):
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        each = desktop.get_child_at_index(number)
        if each is not None and each.get_process_id() == pid:
            return each
    return None


def shown(node):
    """Yield the name of everything that is shown; of what can be pressed only where it can be pressed now."""
    for number in range(min(node.get_child_count(), 200)):
        child = node.get_child_at_index(number)
        if child is None:
            continue
        states = child.get_state_set()
        if states.contains(Atspi.StateType.SHOWING):
            pressable = child.get_role_name() in ("button", "push button")
            if states.contains(Atspi.StateType.ENABLED) or not pressable:
                yield child.get_name() or ""
        yield from shown(child)


def sees(pid, words):
    GLib.MainContext.default().iteration(False)
    try:
        app = application(pid)
        return app is not None and any(words in name for name in shown(app))
    except GLib.Error:  # what was just there is gone
        return False


for line in sys.stdin:
    while not sees(int(sys.argv[1]), line.strip()):
        GLib.usleep(_PAUSE)
    print(line.strip(), flush=True)
