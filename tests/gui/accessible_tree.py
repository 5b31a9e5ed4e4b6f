"""Walk the window of a program over the real accessibility bus, as a screen reader does; print what is there as JSON.

Run by the system's own Python, which has the bindings: accessible_tree.py PID
"""

import json
import sys
import time
import traceback

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

PATIENCE = 30.0  # seconds
STATES = ("focusable", "focused", "selected", "showing", "enabled", "checked", "checkable", "expanded")
heard = []


def main():
    listener = Atspi.EventListener.new(lambda event: heard.append(event.any_data))
    listener.register("object:announcement")
    app = wait_for(lambda: application(int(sys.argv[1])))
    found = {}
    tabs = wait_for(lambda: [each for each in shown(app) if each.get_role_name() == "page tab"])
    wait_for(lambda: button(app, "Fix this"))
    for number in range(len(tabs)):
        tab = [each for each in shown(app) if each.get_role_name() == "page tab"][number]
        tab.get_action_iface().do_action(0)
        settle(app)
        found[tab.get_name()] = told(app)
    press(app, "page tab", "What was found")
    press(app, "button", "Fix this")
    wait_for(lambda: button(app, "Do it"))
    found["preview"] = told(app)
    press(app, "button", "Do it")
    wait_for(lambda: button(app, "Back to the overview"))
    found["result"] = told(app)
    wait_for(lambda: len(heard) > 1)
    print(json.dumps({"pages": found, "heard": heard}))


def application(pid):
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        each = desktop.get_child_at_index(number)
        if each is not None and each.get_process_id() == pid:
            return each
    return None


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        GLib.MainContext.default().iteration(False)  # announcements arrive here
        try:
            if result := condition():
                return result
        except GLib.Error:  # what was just there is gone
            continue
    raise SystemExit(f"waited in vain; heard {heard}; {traceback.format_stack()[-3]}")


def settle(app):
    """Wait until two walks in a row find the same: a page may still read its things."""
    before = None
    while (now := wait_for(lambda: told(app))) != before:
        before = now


def below(node, depth=0):
    for number in range(min(node.get_child_count(), 200)):
        child = node.get_child_at_index(number)
        if child is not None:
            yield child, depth
            yield from below(child, depth + 1)


def is_showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def shown(app):
    return [node for node, _depth in below(app) if is_showing(node)]


def button(app, name):
    return next(
        (n for n in shown(app) if "button" in n.get_role_name() and n.get_name().startswith(name)), None
    )


def press(app, role, name):
    node = wait_for(
        lambda: next(
            (n for n in shown(app) if role in n.get_role_name() and n.get_name().startswith(name)), None
        )
    )
    node.get_action_iface().do_action(0)


def told(app):
    return [
        {
            "role": node.get_role_name(),
            "name": node.get_name() or "",
            "description": node.get_description() or "",
            "states": [
                s for s in STATES if node.get_state_set().contains(getattr(Atspi.StateType, s.upper()))
            ],
            "actions": node.get_action_iface().get_n_actions() if node.get_action_iface() else 0,
        }
        for node in shown(app)
    ]


main()
