"""Go installations that look whole to a reader; their programs are /bin/true under other names."""

import shutil
from pathlib import Path

from gomedic import go_tree


def write_go(root: Path, version: str) -> Path:
    """Write the tree of a release and return it."""
    for program in (
        "bin/go",
        "bin/gofmt",
        *(f"pkg/tool/linux_amd64/{tool}" for tool in ("compile", "link", "asm")),
    ):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", root / program)
    (root / "src").mkdir()
    for part in go_tree.missing(root.as_posix()):
        (root / part).mkdir(parents=True, exist_ok=True)
        (root / part / "a.go").write_text(f"package {Path(part).name}\n")
    (root / "VERSION").write_text(f"{version}\ntime 2024-12-01T00:00:00Z\n")
    return root
