"""Fixes: functions that turn what is known into the exact steps of a repair."""
