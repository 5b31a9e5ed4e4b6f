"""Go installations that look whole to a reader, and cannot run."""

import shutil
from pathlib import Path

from gomedic.go_tree import _PACKAGES, _TOOLS


def write_go(root: Path, version: str) -> None:
    """Write a tree of this version; its programs are /bin/true under other names."""
    for program in ("bin/go", "bin/gofmt", *(f"pkg/tool/linux_amd64/{tool}" for tool in _TOOLS)):
        (root / program).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", root / program)
    for package in _PACKAGES:
        (root / "src" / package).mkdir(parents=True, exist_ok=True)
        (root / "src" / package / "a.go").write_text(f"package {Path(package).name}\n")
    (root / "VERSION").write_text(f"{version}\ntime 2024-12-01T00:00:00Z\n")
