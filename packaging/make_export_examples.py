"""Write the examples of docs/export.md again: what stands below each command is what the command prints."""

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

from gomedic import cli

ROOT = Path(__file__).parents[1]
PAGE = "docs/export.md"
EXAMPLE = re.compile(
    r"^```sh\n(gomedic export [^\n]+)\n```\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def printed(command: str) -> str:
    """Return what a command of ours prints. Raises ValueError where it fails."""
    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        code = cli.main(shlex.split(command)[1:])
    if code:
        raise ValueError(f"{command}: {code}: {said.getvalue()}")
    return out.getvalue()


def commands(page: str) -> list[str]:
    """Return the commands that have an example below them."""
    return [found[1] for found in EXAMPLE.finditer(page)]


def with_examples(page: str) -> str:
    """Return the page with every example as its command makes it."""
    return EXAMPLE.sub(lambda found: f"```sh\n{found[1]}\n```\n\n```{found[2]}\n{printed(found[1])}```", page)


def main() -> int:
    path = ROOT / PAGE
    path.write_text(with_examples(path.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
