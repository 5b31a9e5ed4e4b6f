"""`python -m gomedic_gui`: open the window on this machine."""

import sys

from gomedic.host import Host
from gomedic.texts import language_of
from gomedic_gui.app import main

if __name__ == "__main__":
    host = Host.this_machine()
    sys.exit(main(host, language_of(host.env)))
