"""A process of ours beside the doctor's: of a box, or one that checks images (`python -m`, or a bundle with a word for it).

One is started for each program that runs in a box, so it loads no more than it needs: the standard library's json, too.
"""

import json
import sys
from collections.abc import Sequence


def told(what: str, **how: object) -> str:
    """Return the last word of the command line of such a process: what it is to do (`hold`, `clear`, `enter`, `work`), and with what."""
    return json.dumps({"what": what, **how})


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the last word says, with the words before it where they are a program to run. Return the exit code."""
    words = sys.argv if argv is None else argv
    how = json.loads(words[-1])
    what = how.pop("what")
    if what == "enter":
        from gomedic.images.entering import enter

        return enter(words[1:-1], **how)
    if what == "hold":
        from gomedic.images.holder import hold

        return hold(**how)
    if what == "clear":
        from gomedic.images.clearing import clear_after

        return clear_after(**how)
    from gomedic.images.worker import work

    return work(**how)


if __name__ == "__main__":
    sys.exit(main())
