"""What the system says under go: of temporary files, memory, the C compiler, git and the network; as `wordings`."""

from gomedic.wordings import GONE, NO, UNFOUND, of

EXACT = (
    # temporary files, memory, what may be started
    of(
        r"no space left on device|设备上没有空间|disk quota exceeded|超出磁盘限额|磁盘空间不足",
        "tmp-no-space gocache-no-room",
    ),
    # the limits of sandboxes
    of(r"failed to reserve page summary memory|file too large|文件过大|文件太大", "ulimit-too-low"),
    of(r"too many open files|打开的文件过多", "ulimit-too-low"),
    of(r"no output has been received|no output received|potentially indicates a stalled build", "silent-build"),
    of(
        r"fork/exec \S+: resource temporarily unavailable|failed to create new os thread|资源暂时不可用|max user processes",
        "too-few-processes low-memory",
    ),
    of(r"(?:initialize build cache|-d|go-build\S*|gocache\S*): .{0,80}read-only file system|只读文件系统", "gocache-read-only gocache-not-writable"),
    of(r"creating work dir|gotmpdir|tmpdir", "tmpdir-invalid tmp-no-space tmp-noexec"),
    of(
        rf"fork/exec \S*go-build\S*: {NO}|go-build\S*/(?:exe|b\d+)/\S+: {NO}|fork/exec /tmp/\S+: {NO}",
        "tmp-noexec fs-no-exec-bit seccomp-clone3",
    ),
    of(rf"(?:bash|zsh|sh|fish)?:? ?\./[\w.-]+: {NO}", "fs-no-exec-bit tmp-noexec goos-goarch-leftover"),
    of(
        r"pthread_create failed: operation not permitted|clone3|newosproc",
        "seccomp-clone3 low-memory",
    ),
    of(
        r"signal: killed|cannot allocate memory|out of memory|无法分配内存|内存不足|oom-kill|pthread_create failed: resource",
        "low-memory",
    ),
    # C
    of(
        r"c compiler \"\S+\" not found|exec: \"\S*(?:gcc|cc|clang|g\+\+)\S*\": executable file not found"
        rf"|(?:gcc|cc|clang|g\+\+): {UNFOUND}|cgo_enabled=0|requires cgo|cgo: not enabled|cgo: c compiler",
        "cc-missing",
    ),
    of(
        rf"\w\.h:? {GONE}|(?:fatal error|致命错误): \S+\.h|cannot find -l(?:pthread|c|resolv|dl|m)\b|crt[1in]\.o",
        "libc-headers-missing cc-missing",
    ),
    of(
        r"unsupported goos/goarch|build constraints exclude all go files|goarch=|goos=",
        "goos-goarch-leftover cc-missing",
    ),
    # git and the network
    of(
        rf"exec: \"git\": executable file not found|git: {UNFOUND}|{UNFOUND}: git\b|missing git command",
        "git-missing",
    ),
    of(
        r"dubious ownership|unsafe repository|safe\.directory|error obtaining vcs status|-buildvcs=false|所有权.{0,20}(?:可疑|存疑|问题)|可疑的所有权|可疑的仓库所有权",
        "git-dubious-ownership",
    ),
    of(r"proxyconnect|invalid proxy|proxy url|https?_proxy|from proxy after connect", "http-proxy-dead goproxy-unreachable"),
    of(
        r"failed to load system roots|no roots provided|ca-certificates",
        "ca-bundle-missing ca-untrusted-proxy",
    ),
    of(
        r"x509|unknown authority|self.signed certificate|unable to get local issuer|certificate verif|证书",
        "ca-untrusted-proxy ca-bundle-missing",
    ),
    of(
        r"lookup \S+(?: on \S+)?: |no such host|server misbehaving|temporary failure in name resolution|could not resolve host"
        r"|名称解析|域名解析|无法解析主机|未知的名称或服务",
        "dns-failure goproxy-unreachable http-proxy-dead",
    ),
)  # fmt: skip

# Behind what go itself says: such words stand in many a message whose cause is another.
LAST = (
    of(
        r"dial tcp|i/o timeout|tls handshake timeout|connection (?:refused|reset)|network is unreachable|proxy\.golang\.org|sum\.golang\.org"
        r"|goproxy|连接超时|连接被拒绝|拒绝连接|connectex|unrecognized import path|410 gone",
        "goproxy-unreachable http-proxy-dead dns-failure env-overrides-goenv ide-env-differs distro-go-env-defaults",
    ),
    of(r"warning: go env -w go\w+=.{0,60}does not override|conflicting os environment variable", "env-overrides-goenv"),
    of(r"bus error|segmentation fault|段错误|总线错误|illegal instruction|非法指令", "go-fails-unexplained wrong-arch"),
)  # fmt: skip
