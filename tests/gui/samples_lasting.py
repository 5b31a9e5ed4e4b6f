"""A container as many are: ENV of the image, a variable given by hand, files that last and files that do not."""

from gomedic.model import Origin
from gomedic.persistence import Lasting, Persistence

PROFILE_D = Origin("/etc/profile.d/golang.sh", 2, "export GOROOT=/usr/local/go")
BASHRC = Origin("/home/student/.bashrc", 119, "export GOPATH=$HOME/go")
ENV_FILE = Origin("/home/student/.config/go/env", 1, "GOPROXY=https://goproxy.cn,direct")

LASTING = Persistence(
    True,
    True,
    (
        Lasting("PATH", "/usr/local/go/bin", "image", None, None, False, True, True),
        Lasting("GOROOT", "/usr/local/go", "profile.d", PROFILE_D, "image", True, True, True),
        Lasting("GOPATH", "/home/student/go", "rc file", BASHRC, "container", True, True, False),
        Lasting("GOPROXY", "https://u:hunter2@goproxy.cn,direct", "go env file", ENV_FILE, "volume", True, True, True),
        Lasting("GOFLAGS", "-mod=mod", "run", None, None, True, True, False),
        Lasting("GOTMPDIR", "/dev/shm/go", "unknown", None, None, None, None, None),
        Lasting("GO111MODULE", "off", "process", None, None, False, False, False),
    ),
)  # fmt: skip
