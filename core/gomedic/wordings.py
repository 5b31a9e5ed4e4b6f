r"""What go, gcc, git, the shells and the editors print, as patterns, and the checks that each speaks of.

Patterns are matched without case against text as `flattened` returns it: on one line, full-width signs and all quotation
marks as ASCII has them. What more than one line of a table matches is decided by order: the exact before the general. The
wordings are those of the sources of Go 1.5 to 1.26, of the ward's patients, and of the threads that the checks name.
"""

from msgspec import Struct


class Wording(Struct, frozen=True):
    """A form of message, and the checks whose findings bring it about, the usual one first."""

    pattern: str
    checks: tuple[str, ...]


def of(pattern: str, checks: str) -> Wording:
    """Return a wording, its checks given as words of a text."""
    return Wording(pattern, tuple(checks.split()))


NO = r"(?:permission denied|权限不够|权限被拒绝|read-only file system)"
GONE = r"(?:no such file or directory|没有那个文件或目录|not a directory|不是目录)"
UNFOUND = r"(?:command not found|not found|未找到命令|找不到命令|未找到)"
_STARTUP = r"(?:\.(?:bash|zsh)rc|\.(?:bash_|z)?(?:profile|login|zshenv)|\.zshenv|profile\.d/\S+|/etc/(?:bash\.bashrc|profile)|config\.fish|conf\.d/\S+\.fish)"
_SYSTEM = (
    r"(?:ls|cat|grep|sed|awk|id|uname|dircolors|rm|cp|mkdir|clear|which|tput|date|basename|dirname|env|vim?)"
)
_NEWER = r"(?:slices|maps|cmp|log/slog|iter|unique|weak|structs|embed|io/fs|math/rand/v2|go/version|crypto/ecdh|testing/(?:slogtest|synctest)|sync/errgroup)"
_STD = r"(?:fmt|os|io|log|errors|strings|strconv|runtime|net(?:/http)?|time|sync|bufio|bytes|context|math|sort|unicode|unsafe|reflect|testing|encoding/json|internal/\S+|runtime/\S+)"
_INNER = r"/(?:runtime|internal|reflect|syscall|sync|os|strconv|unsafe|crypto|net|time)/(?:\S+/)?\w+\.go:\d+"
_NO_GO = (
    "path-not-persisted path-in-login-file-only rc-of-other-shell startup-file-unreadable startup-file-ignored"
    " bash-profile-does-not-source-bashrc rc-expanded-at-write rc-crlf startup-syntax noninteractive-shell-no-path"
    " login-shell-path-reset path-entry-missing-dir fish-universal-variable etc-environment-literal"
    " path-missing-system-dirs version-manager-no-version shell-var-not-exported stale-session-env ide-env-differs"
    " ide-sandboxed elf-interpreter-missing sudo-secure-path no-go-installed newer-go-not-selected"
)
_OLD = "go-too-old shadowed-by-older-go newer-go-not-selected"

EXACT = (
    # the shell does not find it, or cannot start it
    of(rf"sudo: go: {UNFOUND}", "sudo-secure-path no-go-installed"),
    of(
        rf"\$'\\r': {UNFOUND}|\^M: bad interpreter|bad interpreter: \S+\^M|\^M|\\r\b.{{0,40}}{UNFOUND}",
        "rc-crlf",
    ),
    of(
        r"no version is set for command|goenv: (?:version|'go)|the 'go' command exists in these go versions"
        r"|mise.{0,60}(?:no version|not (?:active|trusted|installed))|asdf.{0,40}not installed|gvm.{0,40}not installed",
        "version-manager-no-version",
    ),
    of(
        rf"(?:^|[ :]){_SYSTEM}: {UNFOUND}|{UNFOUND}: {_SYSTEM}(?: |$)|is not included in the PATH environment variable"
        r"|命令.{0,30}不在.{0,10}PATH",
        "path-missing-system-dirs etc-environment-literal rc-expanded-at-write",
    ),
    of(
        r"go:? (?:is )?(?:an? )?(?:aliased to|alias for|function)|fatal: not a git repository|不是.{0,10}git 仓库",
        "go-alias-or-function git-dubious-ownership",
    ),
    of(r"glibc(?:xx)?_[\d.]+'? not found|未找到.{0,9}glibc_", "glibc-too-old"),
    of(
        rf"bin/go'?:? (?:cannot execute: )?required file not found|bad elf interpreter|ld-(?:musl|linux)\S*:? {GONE}"
        r"|找不到需要的文件",
        "elf-interpreter-missing",
    ),
    of(
        r"fork/exec \S+: exec format error|exec: \S+: exec format error",
        "goos-goarch-leftover wrong-arch fs-no-exec-bit",
    ),
    of(
        r"bin/go: (?:cannot execute binary file|无法执行二进制文件)|/go: (?:cannot|can't) execute binary file",
        "wrong-arch",
    ),
    of(
        r"(?:cannot|can't) execute binary file|exec format error|无法执行二进制文件|可执行文件格式错误",
        "goos-goarch-leftover wrong-arch",
    ),
    of(
        rf"failed to find the \"?go\"? binary.{{0,80}}/app/bin|org\.freedesktop\.sdk|flatpak.{{0,80}}\bgo\b.{{0,40}}(?:{UNFOUND}|binary)",
        "ide-sandboxed",
    ),
    of(
        r"failed to find the \"?go\"? binary|cannot find the \"?go\"? (?:binary|executable)|go\.(?:goroot|alternatetools)"
        r"|go sdk is not (?:set|specified)|goroot is not (?:defined|set up correctly)",
        "ide-setting-wrong ide-sandboxed ide-env-differs path-in-login-file-only path-not-persisted stale-session-env no-go-installed",
    ),
    of(
        r"not supported by this version of gopls|gopls\S* requires|gopls requires at least|unsupported.{0,20}gopls"
        r"|too old for (?:this version of )?delve|delve is too old|requires at least go 1|invalid go version \"go\d",
        "tool-go-version-mismatch",
    ),
    of(rf"/bin/go'?: {GONE}.{{0,200}}cannot find goroot", "ide-setting-wrong goroot-missing-dir"),
    of(
        rf"bin/go'?: {GONE}",
        "elf-interpreter-missing stale-session-env ide-setting-wrong ide-sandboxed path-entry-missing-dir go-alias-or-function",
    ),
    # start-up files
    of(rf"{_STARTUP}\S*(?: \S+){{0,4}}: {NO}", "startup-file-unreadable"),
    of(
        r"fish: (?:unsupported use of '='|.{0,40}expected)|unsupported use of '='|missing end to balance",
        "rc-of-other-shell startup-syntax",
    ),
    of(
        rf"{_STARTUP}\S*:.{{0,40}}(?:syntax error|语法错误|unmatched|parse error|unexpected eof|未预期)|unmatched [\"']|parse error near"
        r"|unexpected eof while looking for matching|syntax error: unexpected end of file|syntax error near unexpected token"
        r"|未预期的(?:记号|符号|文件结尾|文件结束符)|(?:寻找匹配|查找匹配).{0,12}(?:文件结尾|文件结束符)",
        "startup-syntax rc-crlf rc-of-other-shell",
    ),
    of(
        r"export: .{0,60}(?:not a valid identifier|不是有效的标识符|无效的标识符)",
        "rc-crlf startup-syntax etc-environment-literal",
    ),
    # what is not found at all
    of(
        rf"(?:^|[^\w./])go: {UNFOUND}|{UNFOUND}:? '?\"?go(?:'|\"| |,|$)|unknown command:? '?go(?:'| |$)|command 'go' not found"
        r"|exec: \"go\": executable file not found|go: no such file or directory|'go' 不是|\"go\".{0,6}(?:无法识别|未识别)"
        r"|which: no go in|'go' is not recognized|go not found in path",
        _NO_GO,
    ),
    of(
        rf"(?:gopls|dlv|goimports|staticcheck|golangci-lint|protoc-gen-go\S*)\"?:? (?:command is not available|{UNFOUND}|program not found)"
        rf"|{UNFOUND}:? '?\"?(?:gopls|dlv|goimports|staticcheck|golangci-lint|protoc-gen-go)",
        "gobin-not-on-path path-entry-missing-dir shell-var-not-exported",
    ),
    # GOROOT
    of(r"'go' binary is trimmed", "goroot-trimmed-binary goroot-no-tools goroot-missing-dir"),
    of(
        r"cannot find goroot directory: \S*/bin/go\b|goroot\S* .{0,40}not a directory",
        "goroot-is-binary goroot-missing-dir",
    ),
    of(
        r"cannot find goroot directory|找不到 ?goroot|go: cannot find goroot",
        "goroot-missing-dir goroot-is-binary goroot-wrong-level ide-setting-wrong goroot-trimmed-binary",
    ),
    of(
        rf"no such tool \"|pkg/tool/\S+/(?:compile|link|asm|cgo|vet)\"?:? (?:{NO}|{GONE})",
        "goroot-no-tools goroot-incomplete goroot-wrong-level",
    ),
    of(
        r"does not match go tool version|object is \[\S+ \S+ .{0,80}expected \[",
        "goroot-version-mismatch goroot-mixed-versions shadowed-by-older-go",
    ),
    of(
        rf"{_INNER}.{{0,200}}(?:redeclared|undefined|duplicate|missing function body|other declaration)|# (?:runtime|internal/\S+)\b.{{0,300}}redeclared",
        "goroot-mixed-versions goroot-version-mismatch",
    ),
    of(
        rf"(?:package )?{_NEWER} is not in (?:goroot|std)|cannot find package \"?{_NEWER}\"?",
        f"{_OLD} goroot-version-mismatch gccgo-as-go",
    ),
    of(
        rf"{_STD} is not in (?:goroot|std) \(\S*/bin/src",
        "goroot-wrong-level goroot-incomplete goroot-missing-dir",
    ),
    of(
        rf"(?:package )?{_STD} is not in (?:goroot|std)|cannot find package \"?{_STD}\"?(?: |$)|could not import {_STD}\b",
        "goroot-incomplete goroot-wrong-level goroot-missing-dir gopath-equals-goroot goroot-version-mismatch goroot-mixed-versions",
    ),
    of(
        rf"pkg/linux_\w+/\S+\.a: {NO}|(?:open|mkdir|creating|remove) /usr/(?:lib|local)/(?:go|golang)\S*/pkg\S*: {NO}|stale dependency|is stale",
        "goroot-not-writable-stale-std gopath-equals-goroot",
    ),
    # releases and go.mod
    of(
        r"gotoolchain=local|requires go(?: version)? ?>?=? ?1\.\d+\S* \(running go",
        "gotoolchain-local distro-go-env-defaults go-too-old newer-go-not-selected",
    ),
    of(
        r"toolchain not available|invalid toolchain|invalid gotoolchain|cannot find \"go1\.\S+\" in path",
        "gotoolchain-unavailable gotoolchain-local go-too-old goproxy-unreachable",
    ),
    of(
        r"(?:toolchain|download go1|lookup|module).{0,160}disabled by goproxy=off|goproxy=off",
        "gotoolchain-unavailable goproxy-unreachable env-overrides-goenv",
    ),
    of(
        r"download go1\.\d+\S*",
        "gotoolchain-unavailable goproxy-unreachable http-proxy-dead dns-failure ca-bundle-missing ca-untrusted-proxy",
    ),
    of(
        r"invalid go version '|invalid go version \"?1\.|unknown (?:directive|block type): (?:toolchain|tool|godebug|ignore)"
        r"|note: module requires go 1\.|module requires go 1\.|requires go(?: version)? ?>?=? ?1\.\d+|type parameters? requires? go1|go mod: unknown command"
        r"|unknown subcommand \"(?:mod|work|telemetry)\"",
        f"{_OLD} gccgo-as-go gotoolchain-local",
    ),
    of(r"gccgo", "gccgo-as-go"),
    of(r"workspace modules listed in go\.work|modules? listed in go\.work|go\.work\b", "stray-go-work"),
    of(r"inconsistent vendoring|-mod=vendor|-mod may only be set", "goflags-problem"),
    of(r"parsing \$goflags|goflags|build flag -mod=\S+ only valid", "goflags-problem goroot-not-writable-stale-std"),
    of(r"unknown environment setting go111module|go111module=(?!off)\S+", "gomodule-invalid gomodule-off"),
    of(
        r"disabled by go111module=off|go111module=off|modules disabled|path@version syntax|gopath mode",
        "gomodule-off shadowed-by-older-go gopath-mode-outside-gopath",
    ),
    of(
        r"no install location for|outside (?:available )?gopath|no go(?:lang)? (?:source )?files in.{0,60}gopath",
        "gopath-mode-outside-gopath gomodule-off",
    ),
    of(r"cannot find package \"[\w-]+\.\S+/", "gomodule-off gopath-mode-outside-gopath shadowed-by-older-go"),
    of(
        r"missing go\.sum entry|no required module provides package|package \S+ is not in (?:goroot|std)",
        "stray-parent-gomod gomodule-off gopath-mode-outside-gopath",
    ),
    # GOPATH, GOBIN and the caches
    of(r"gopath entry (?:is relative|cannot start)|entry is relative; must be absolute", "gopath-invalid-entry"),
    of(r"\$?gopath/go\.mod exists but should not|ignoring go\.mod in \$?gopath", "gopath-is-module"),
    of(r"gopath set to goroot|gopath and goroot are the same", "gopath-equals-goroot"),
    of(r"gobin must be an absolute path|gobin\b.{0,40}(?:relative|absolute)", "gobin-invalid gopath-invalid-entry"),
    of(r"gocache=off", "gocache-off"),
    of(
        rf"failed to initialize build cache at /\.cache|mkdir /\.cache: {NO}|\$home (?:is|are) not defined|\$home are defined"
        r"|home is not set|gocache is not defined|could not be located: gocache|neither gomodcache nor gopath",
        "home-not-set gocache-not-writable",
    ),
    of(
        rf"failed to (?:initialize build|trim) cache|go-build\S*/\w\w/?\S*: {NO}|/\.cache/go-build\S*: {NO}",
        "gocache-not-writable home-not-set",
    ),
    of(
        rf"/pkg/mod\S*: {NO}|could not create module cache|/pkg/sumdb\S*: {NO}",
        "modcache-not-writable gopath-not-writable home-not-set",
    ),
    of(
        r"not a valid zip file|checksum mismatch|security error|unexpected end of json|zip: .{0,30}checksum error|ziphash",
        "modcache-corrupt",
    ),
    of(
        r"\$?gopath (?:is )?(?:not set|unset|empty|not defined|must be set)|missing \$gopath|未设置 ?\$?gopath|gopath ?(?:未设置|没有设置)",
        "gopath-unset-scripts home-not-set shell-var-not-exported",
    ),
    of(
        rf"(?:open|copying|cp|mv|rename|stat) (?:\S+ )?/(?:usr/)?s?bin/\S+:? {NO}",
        "gobin-invalid rc-expanded-at-write gopath-not-writable",
    ),
    of(
        rf"/go(?:[\w.-]*)/bin/?\S*: {NO}|/go/(?:src|pkg)\S*: {NO}|/go[\w-]*: {NO}",
        "gopath-not-writable gopath-equals-goroot modcache-not-writable gobin-invalid",
    ),
    of(
        rf"/bin/?\S*: (?:{NO}|not a directory|file exists|不是目录|文件已存在)",
        "gobin-invalid gopath-not-writable gopath-equals-goroot gobin-not-on-path",
    ),
)  # fmt: skip

# Such words say little by themselves: what was found here is offered, and no more than offered.
VAGUE = (
    of(
        rf"{UNFOUND}:? '?[\w-]|[\w-]: {UNFOUND}|unknown command",
        "gobin-not-on-path rc-crlf shell-var-not-exported path-entry-missing-dir gopath-invalid-entry",
    ),
    of(
        NO,
        "gopath-not-writable modcache-not-writable gocache-not-writable gobin-invalid fs-no-exec-bit tmp-noexec goroot-no-tools"
        " startup-file-unreadable",
    ),
    of(GONE, "goroot-missing-dir tmpdir-invalid ide-setting-wrong path-entry-missing-dir ide-sandboxed"),
)
