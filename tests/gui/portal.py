"""A desktop portal that says which colours the person wants: run by the system's own Python, which has the bindings.

Each line on its standard input is a setting to change, such as `color-scheme 1` (org.freedesktop.appearance).
"""

import sys

from gi.repository import Gio, GLib

INTERFACE, PLACE = "org.freedesktop.portal.Settings", "/org/freedesktop/portal/desktop"
SPACE = "org.freedesktop.appearance"
XML = f"""
<node><interface name="{INTERFACE}">
  <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{{sa{{sv}}}}" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
  <property name="version" type="u" access="read"/>
</interface></node>
"""
values = {"color-scheme": 2, "contrast": 0}  # light, no more contrast than usual


def answer(_bus, _sender, _path, _interface, _method, _arguments, invocation):
    found = {SPACE: {key: GLib.Variant("u", value) for key, value in values.items()}}
    invocation.return_value(GLib.Variant("(a{sa{sv}})", (found,)))


def change(_channel, _condition):
    key, _space, value = sys.stdin.readline().strip().partition(" ")
    if not key:
        loop.quit()
        return False
    values[key] = int(value)
    told = GLib.Variant("(ssv)", (SPACE, key, GLib.Variant("u", values[key])))
    bus.emit_signal(None, PLACE, INTERFACE, "SettingChanged", told)
    return True


bus, loop = Gio.bus_get_sync(Gio.BusType.SESSION), GLib.MainLoop()
node = Gio.DBusNodeInfo.new_for_xml(XML)
bus.register_object(PLACE, node.interfaces[0], answer, None, lambda *_asked: GLib.Variant("u", 2))
Gio.bus_own_name_on_connection(
    bus,
    "org.freedesktop.portal.Desktop",
    Gio.BusNameOwnerFlags.NONE,
    lambda *_told: print("ready", flush=True),
    None,
)
GLib.io_add_watch(
    GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, change
)
loop.run()
