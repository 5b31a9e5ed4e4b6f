"""See what a program's window shows, over the real accessibility bus. Run by the system's own Python: eyes.py PID SECONDS

Each line on its standard input is something to wait for, and is answered on its standard output once it has come:
`see WORDS`: something that is shown and can be used bears these words; they are said back.
`leave PLACE`: the focus is elsewhere than at a place (none: anywhere); the new place and its name are said.
So a test waits for what a person would see, never for time. What has not come after so many seconds is answered by
everything that is shown instead.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

_PAUSE = 50_000  # microseconds between two looks
_PARTS = (
    "list item",
    "table cell",
    "tree item",
    "page tab",
)  # the one that is chosen says it has the focus, always


def application(pid):
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        each = desktop.get_child_at_index(number)
        if each is not None and each.get_process_id() == pid:
            return each
    return None


def shown(node, place=""):
    """Yield the place, name and states of everything that is shown."""
    for number in range(min(node.get_child_count(), 200)):
        child = node.get_child_at_index(number)
        if child is None:
            continue
        here, states = f"{place}.{number}", child.get_state_set()
        if states.contains(Atspi.StateType.SHOWING):
            yield here, child, states
        yield from shown(child, here)


def usable(node, states):
    """Tell whether something is not a button, or one that can be pressed now."""
    pressable = node.get_role_name() in ("button", "push button")
    return states.contains(Atspi.StateType.ENABLED) or not pressable


def sees(app, words):
    for _place, node, states in shown(app):
        if words in (node.get_name() or "") and usable(node, states):
            return words
    return None


def left(app, place):
    for here, node, states in shown(app):
        held = states.contains(Atspi.StateType.FOCUSED) and node.get_role_name() not in _PARTS
        if held and here != place:
            return f"{here} {node.get_name()}"
    return None


def answer(pid, ask, what):
    GLib.MainContext.default().iteration(False)
    try:
        app = application(pid)
        return ask(app, what) if app is not None else None
    except GLib.Error:  # what was just there is gone
        return None


def waited_for(pid, ask, what, seconds):
    end = time.monotonic() + seconds
    while (said := answer(pid, ask, what)) is None:
        if time.monotonic() > end:
            return f"shown: {answer(pid, everything, what)}"
        GLib.usleep(_PAUSE)
    return said


def everything(app, _what):
    return " | ".join(node.get_name() or "" for _place, node, _states in shown(app)).replace("\n", " ")


for line in sys.stdin:
    word, _space, what = line.rstrip("\n").partition(" ")
    ask = {"see": sees, "leave": left}[word]
    print(waited_for(int(sys.argv[1]), ask, what, float(sys.argv[2])), flush=True)
