"""`python -m gomedic` is the command line."""

import sys

from gomedic.cli import main

sys.exit(main())
