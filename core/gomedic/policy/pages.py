"""The pages of what a policy finds: what each demand means, how it is judged, and what to do."""

from collections.abc import Iterator

from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.policy import judging
from gomedic.texts import N_, Message, Values

_LINE = "https://go.dev/doc/toolchain"
_TOML = "https://toml.io/en/"
_VARIABLES = "https://pkg.go.dev/cmd/go"


def _without_a_policy(_facts: Facts) -> Iterator[Finding]:
    """Find nothing: these are judged by `policy.judging`."""
    yield from ()


def _page(
    name: str, title: str, text: str, values: Values, found: str, cured: str, *threads: str,
    severity: Severity = Severity.ERROR,
) -> Check:  # fmt: skip
    return Check(
        f"policy-{name}",
        title,
        judging.WHY,
        _without_a_policy,
        severities=(severity,),
        example=Message(text, values),
        found=found,
        cured=cured,
        threads=threads,
    )


ALL: tuple[Check, ...] = (
    _page(
        "session",
        N_("The sessions that the policy speaks of exist"),
        judging.NO_SESSION,
        {"kind": "ssh"},
        N_(
            "The policy's `sessions` are compared with the ways of starting work that this machine or image has."
        ),
        N_("Take the session out of the policy, or install what is missing, such as an ssh server."),
        _TOML,
        severity=Severity.WARNING,
    ),
    _page(
        "go",
        N_("Each session that the policy names has Go"),
        judging.NO_GO,
        {"kind": "ssh"},
        N_("The session is started as it really starts, and `go` is looked for on its PATH."),
        N_("Another finding names the cause in the person's files and its fix; this one goes away with it."),
        "https://go.dev/doc/install",
    ),
    _page(
        "go-version",
        N_("Each session gets a release that the policy allows"),
        judging.VERSION,
        {"wanted": ">=1.22, <1.26", "kind": "terminal", "found": "1.19.8"},
        N_("The release of the go that the session finds is held against every condition of `version`."),
        N_(
            "Install an allowed release: `gomedic toolchain install 1.22`, or on the page Toolchains of the window."
        ),
        _LINE,
        "https://go.dev/doc/devel/release",
    ),
    _page(
        "goroot",
        N_("Each session gets the Go that the policy names"),
        judging.ROOT,
        {"wanted": "/usr/local/go", "kind": "terminal", "found": "/home/student/sdk/go1.22.10"},
        N_("The folder of the go that the session finds is compared with `root`."),
        N_(
            "Put the wanted folder's `bin` before the others on PATH: `gomedic explain PATH` names the lines that decide."
        ),
        "https://go.dev/doc/manage-install",
    ),
    _page(
        "variable",
        N_("Go's variables have a value that the policy allows"),
        judging.VARIABLE,
        {"name": "GOPROXY", "wanted": "https://goproxy.cn,direct", "kind": "terminal", "found": "direct"},
        N_(
            "What `go env` says in the session, from the environment or from Go's own settings file, is compared with the values that the policy allows."
        ),
        N_(
            "`gomedic explain GOPROXY` names the line that sets it; `go env -w GOPROXY=https://goproxy.cn,direct` sets it for the account where nothing else does."
        ),
        _VARIABLES,
        "https://go.dev/ref/mod",
    ),
    _page(
        "cache",
        N_("The build cache is as the policy wants it"),
        judging.CACHE_COLD,
        {"kind": "terminal", "folder": "/home/student/.cache/go-build"},
        N_(
            "The session's GOCACHE is looked at: whether the account can write it, whether the standard library is in it, how much room its disk has. An image has no room of its own."
        ),
        N_(
            "A warm cache in the image and a copy made of links at each start: `gomedic export dockerfile --cache`. Or another GOCACHE."
        ),
        "golang/go#69565",
        _VARIABLES,
    ),
    _page(
        "root",
        N_("Nobody needs root for Go"),
        judging.AS_ROOT,
        {},
        N_(
            "The account that is examined must not be root, and no problem or warning may be one that only root can put right."
        ),
        N_(
            "Examine as the account that works there (`--user` for an image). Let the image or the administrator put right what needs root."
        ),
        "https://docs.docker.com/reference/dockerfile/",
    ),
    _page(
        "finding",
        N_("The checks that the policy forbids to find anything find nothing"),
        judging.FORBIDDEN,
        {"check": "low-memory", "found": "…"},
        N_("Whatever the named checks find counts as a problem here, hints included."),
        N_("The finding itself stands beside this one, with its own cause, page and fix."),
        _TOML,
    ),
)
