"""What the bundle starts with: the command line and the window, root's helper, or a process of a box for images."""

import os
import sys

# The loader has read these, and programs that Qt opens (a browser, an editor) must not.
_LOADERS = ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG")

if "GOMEDIC_PERSON_" in os.environ:
    lock, _, executable = os.environ["GOMEDIC_PERSON_"].partition(" ")  # launcher.c
    if executable:
        os.set_inheritable(int(lock), False)
        sys.gomedic_one_file, sys.gomedic_one_file_lock = executable, int(lock)  # gomedic.bundled
    for name in [name for name in os.environ if name in _LOADERS or name.startswith("_PYI_")]:
        del os.environ[name]

if sys.argv[1:] == ["--as-root-helper"]:
    from gomedic.root_helper import main
elif sys.argv[1:2] == ["--in-image-box"]:
    from functools import partial

    from gomedic.images import as_process

    main = partial(as_process.main, sys.argv[1:])
else:
    from gomedic.cli import main

sys.exit(main())
