"""The ward: really broken machines, each in a throw-away copy of this one, to try the doctor on."""
