"""A policy is read strictly, verified before it is used, and judged by what was observed and nothing else."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks_cases import GO, PROFILE
from core.images.builder import with_go
from go_trees import write_go
from gomedic.host import Host
from gomedic.images.checking import check_image
from gomedic.model import Account, Evidence, Finding, Fix, GoCommand, Session, SetMode, Severity
from gomedic.policy.applying import verdict
from gomedic.policy.judging import judge
from gomedic.policy.model import Cache, Observed, Policy, versions_of
from gomedic.policy.reading import PolicyError, policy_of, read_policy
from gomedic.settings import Settings, SettingsError, judged, read_settings
from gomedic.texts import Message
from loading import script
from made_up import Machine, refusal
from started import write_home

BuildHost = Callable[..., Host]
Signer = script("tests/core/toolchain/campus.py").Signer
WHOLE = """\
name = "Programming 1"
limits = "memory=512m,pids=128"

[go]
version = ">=1.22, <1.26"
sessions = ["terminal", "ssh"]
root = "/usr/local/go"

[variables]
GOPROXY = ["https://goproxy.cn,direct", "off"]
GO111MODULE = ""

[cache]
writable = true
warm = true
room = "100m"

[account]
root = false

[findings]
forbid = ["low-memory"]
ignore = ["gobin-not-on-path"]
"""


def test_a_whole_policy_is_read_with_its_lines() -> None:
    policy = policy_of(WHOLE, "/p/gomedic.toml")
    assert (policy.name, policy.goroot, policy.sessions) == (
        "Programming 1",
        "/usr/local/go",
        ("terminal", "ssh"),
    )
    assert policy.variables == {"GOPROXY": ("https://goproxy.cn,direct", "off"), "GO111MODULE": ("",)}
    assert (policy.cache_writable, policy.cache_warm, policy.cache_room) == (True, True, 100 << 20)
    assert (policy.no_root, policy.forbidden, policy.ignored) == (
        True,
        ("low-memory",),
        ("gobin-not-on-path",),
    )
    assert policy.limits is not None
    assert policy.limits.memory == 512 << 20
    lines = {name: line.number for name, line in policy.lines.items()}
    assert lines == {
        "name": 1, "limits": 2, "go.version": 5, "go.sessions": 6, "go.root": 7, "variables.GOPROXY": 10,
        "variables.GO111MODULE": 11, "cache.writable": 14, "cache.warm": 15, "cache.room": 16, "account.root": 19,
        "findings.forbid": 22, "findings.ignore": 23,
    }  # fmt: skip
    assert policy.lines["go.version"].text == 'version = ">=1.22, <1.26"'


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("nmae = 'x'\n", 1, "nmae"),
        ("\n[go]\nversoin = '1.22'\n", 3, "versoin"),
        ("[go]\nversion = 1.22\n", 2, "version"),
        ("[go]\nversion = '=>1.22'\n", 2, "version"),
        ("[go]\nversion = 'latest'\n", 2, "version"),
        ("[go]\nsessions = ['termnal']\n", 2, "sessions"),
        ("[go]\nsessions = []\n", 2, "sessions"),
        ("[go]\nroot = 'go'\n", 2, "root"),
        ("[cache]\n\nwritable = 'yes'\n", 3, "writable"),
        ("[cache]\nroom = 'much'\n", 2, "room"),
        ("[variables]\nGOPROXY = 3\n", 2, "GOPROXY"),
        ("[variables]\nGOPROXY = []\n", 2, "GOPROXY"),
        ("[variables]\ngoproxy = 'off'\n", 2, "goproxy"),
        ("[findings]\nforbid = ['no-such-check']\n", 2, "forbid"),
        ("limits = 'swap=1g'\n", 1, "limits"),
        ("name = 'x'\ngo = '1.22'\n", 2, "go"),
        ("[gopher]\nx = 1\n", 1, "gopher"),
    ],
)
def test_what_no_policy_demands_is_named_with_its_line(text: str, line: int, key: str) -> None:
    with pytest.raises(PolicyError) as raised:
        policy_of(text, "/p/gomedic.toml")
    assert f"/p/gomedic.toml:{line}: “{key}”" in str(raised.value)


@given(st.text() | st.lists(st.sampled_from(WHOLE.splitlines())).map("\n".join))
def test_any_text_is_a_policy_or_refused(text: str) -> None:
    try:
        assert policy_of(text, "f").file == "f"
    except PolicyError as error:
        refused = str(error)
        assert "\n" not in refused or text.count("\n"), refused


@pytest.mark.parametrize(
    ("range_", "inside", "outside"),
    [
        (">=1.22, <1.26", "1.22.0 1.22rc2-x 1.25.99", "1.21.13 1.22rc1 1.26.0"),
        ("1.22", "1.22.0 1.22.10", "1.2 1.220.1 1.21.13 1.23.0"),
        ("1.22.x", "1.22.3", "1.23.3"),
        ("==1.22.10", "1.22.10", "1.22.1 1.22.11"),
        (">1.22.3, !=1.22.5", "1.22.4", "1.22.3 1.22.5"),
        ("<=1.22.3", "1.22.3 1.19", "1.22.4"),
    ],
)
def test_ranges(range_: str, inside: str, outside: str) -> None:
    versions = versions_of(range_)
    assert versions is not None
    candidates = [word for word in inside.split() if "rc2-x" not in word]
    assert all(versions.hold(f"go{version}") for version in candidates)
    assert not any(versions.hold(f"go{version}") for version in outside.split())


# ------------------------------------------------------------------ judging


def observed(
    version: str | None = "go1.22.10",
    *,
    root: str = "/usr/local/go",
    settings: Mapping[str, str] | None = None,
    cache: Cache | None = Cache("/c", True, True, 1 << 30),  # noqa: B008
    findings: tuple[Finding, ...] = (),
    uid: int = 1000,
    kinds: tuple[str, ...] = ("terminal", "ssh"),
) -> Observed:
    go = GoCommand(f"{root}/bin/go", f"{root}/bin/go", version, root) if version else None
    sessions = tuple(Session(kind, "/bin/bash", "ok", 0.1, go=go) for kind in kinds)
    given = {"GOPROXY": "off", **(settings or {})}
    return Observed(
        Account("gus", uid, uid, "/home/gus", "/bin/bash"), sessions, findings,
        dict.fromkeys(kinds, given), {} if cache is None else dict.fromkeys(kinds, cache),
    )  # fmt: skip


def found(observed_: Observed, policy: Policy | None = None) -> list[tuple[str, str]]:
    whole = policy or policy_of(WHOLE, "/p/gomedic.toml")
    findings = judge(whole, observed_)
    for finding in findings:
        assert finding.check.startswith("policy-")
        first = finding.evidence[0]
        assert first.file == "/p/gomedic.toml"
        assert first.text == WHOLE.splitlines()[(first.line or 0) - 1]
    assert len({finding.id for finding in findings}) == len(findings)
    return [(finding.check, finding.subject) for finding in findings]


def grave(check: str, *, root: bool = False, severity: Severity = Severity.WARNING) -> Finding:
    fix = Fix("f", Message("F"), (SetMode(path="/x", before=0, after=0o644, privileged=root),))
    return Finding(check, "s", severity, Message("It is so."), Message(""), (Evidence("seen"),), (fix,))


@pytest.mark.parametrize(
    ("broken", "said"),
    [(0, "The policy P holds."), (1, "The policy P does not hold: one of its demands is not met."),
     (2, "The policy P does not hold: 2 of its demands are not met.")],
)  # fmt: skip
def test_the_verdict_is_one_sentence(broken: int, said: str) -> None:
    assert str(verdict("P", broken)) == said


def test_nothing_is_found_where_all_holds() -> None:
    assert found(observed()) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (observed("go1.26.0"), [("policy-go-version", "terminal"), ("policy-go-version", "ssh")]),
        (observed(None), [("policy-go", "terminal"), ("policy-go", "ssh")]),
        (observed(kinds=("terminal",)), [("policy-session", "ssh")]),
        (observed(root="/opt/go"), [("policy-goroot", "terminal"), ("policy-goroot", "ssh")]),
        (observed(settings={"GOPROXY": "direct"}, kinds=("terminal", "ssh", "cron")), [("policy-variable", "GOPROXY@terminal"), ("policy-variable", "GOPROXY@ssh")]),
        (observed(cache=Cache("/c", False, False, 10 << 20)), [("policy-cache", f"{key}@{kind}") for kind in ("terminal", "ssh") for key in ("writable", "warm", "room")]),
        (observed(cache=Cache("off", False, False, 0)), [("policy-cache", "off@terminal"), ("policy-cache", "off@ssh")]),
        (observed(cache=None), [("policy-cache", f"{key}@{kind}") for kind in ("terminal", "ssh") for key in ("writable", "warm", "room")]),
        (observed(uid=0), [("policy-root", "account")]),
        (observed(findings=(grave("rc-crlf", root=True),)), [("policy-root", "rc-crlf@s")]),
        (observed(findings=(grave("rc-crlf"), grave("gobin-not-on-path", root=True))), []),
        (observed(findings=(grave("low-memory", severity=Severity.HINT),)), [("policy-finding", "low-memory@s")]),
    ],
)  # fmt: skip
def test_each_demand_is_judged(seen: Observed, expected: list[tuple[str, str]]) -> None:
    assert found(seen) == expected


def test_a_policy_that_demands_little_wants_go_in_terminals() -> None:
    least = policy_of("", "/p/gomedic.toml")
    assert judge(least, observed(uid=0)) == ()
    assert [finding.id for finding in judge(least, observed(None))] == ["policy-go@terminal"]


# ------------------------------------------------------------------ signatures


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return Signer(tmp_path_factory.mktemp("keys") / "staff", "Staff <staff@example.edu>")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return Signer(tmp_path_factory.mktemp("keys") / "stranger", "Staff <staff@example.edu>")


@pytest.fixture
def signed(tmp_path: Path, keys: Any) -> Path:
    policy = tmp_path / "gomedic.toml"
    policy.write_text(WHOLE)
    (tmp_path / "gomedic.toml.asc").write_bytes(keys.sign(WHOLE.encode()))
    (tmp_path / "staff.asc").write_bytes(keys.public)
    return policy


def test_a_good_signature_is_told(signed: Path, keys: Any, host: BuildHost) -> None:
    settings = Settings(policy_keys=(str(signed.with_name("staff.asc")),), signed_policies=True)
    policy = read_policy(host(), settings, str(signed))
    assert (policy.signed.state, policy.signed.fingerprint) == ("good", keys.fingerprint)
    (signed.parent / "gomedic.toml.asc").rename(signed.parent / "gomedic.toml.sig")
    assert read_policy(host(), settings, str(signed)).signed.state == "good"


@pytest.mark.parametrize("demanded", [False, True])
@pytest.mark.parametrize("fault", ["changed", "garbage", "stranger", "empty", "link to nothing"])
def test_a_bad_signature_refuses_whatever_is_demanded(
    fault: str, demanded: bool, signed: Path, stranger: Any, host: BuildHost
) -> None:
    settings = Settings(policy_keys=(str(signed.with_name("staff.asc")),), signed_policies=demanded)
    beside = signed.with_name("gomedic.toml.asc")
    if fault == "changed":
        signed.write_text(WHOLE.replace("1.26", "1.27"))
    elif fault == "link to nothing":
        beside.unlink()
        beside.symlink_to("nowhere")
    else:
        content = {"garbage": b"no signature", "empty": b"", "stranger": stranger.sign(WHOLE.encode())}
        beside.write_bytes(content[fault])
    with pytest.raises(PolicyError) as raised:
        read_policy(host(), settings, str(signed))
    assert "is refused" in str(raised.value)


def test_what_is_not_signed_counts_only_where_that_is_enough(signed: Path, host: BuildHost) -> None:
    key = (str(signed.with_name("staff.asc")),)
    assert read_policy(host(), Settings(), str(signed)).signed.state == "not checked"
    with pytest.raises(PolicyError, match="name no key for policies"):
        read_policy(host(), Settings(signed_policies=True), str(signed))
    signed.with_name("gomedic.toml.asc").unlink()
    assert read_policy(host(), Settings(policy_keys=key), str(signed)).signed.state == "none"
    with pytest.raises(PolicyError, match="is not signed"):
        read_policy(host(), Settings(policy_keys=key, signed_policies=True), str(signed))


def test_an_account_cannot_take_back_what_the_machine_demands(
    tmp_path: Path, home: Path, host: BuildHost
) -> None:
    system = tmp_path / "config.toml"
    system.write_text('signed_policies = true\npolicy_keys = ["staff.asc"]\n')
    write_home(home, {".config/gomedic/config.toml": "signed_policies = false\n"})
    settings = read_settings(host(), str(system))
    assert settings.signed_policies
    assert settings.policy_keys == (f"{tmp_path}/staff.asc",)
    with pytest.raises(SettingsError, match="policy_keys"):
        judged(host(), 'policy_keys = "staff.asc"\n', str(system))


# ------------------------------------------------------------------ the command line


@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_check_judges_by_a_policy(tmp_path: Path, home: Path) -> None:
    write_go(home / "sdk/go", "go1.22.10")
    write_home(home, {".bashrc": GO, ".profile": PROFILE})
    policy = tmp_path / "gomedic.toml"
    policy.write_text('name = "P"\n[go]\nversion = "1.22"\n[cache]\nwritable = true\n')
    machine = Machine(tmp_path, home)
    ran = machine.gomedic("check", "--policy", str(policy))
    assert (ran.code, "The policy P holds." in ran.out) == (0, True), ran.out + ran.err
    policy.write_text('name = "P"\n[go]\nversion = "1.21"\n')
    ran = machine.gomedic("check", "--policy", str(policy), "--json")
    document = json.loads(ran.out)
    assert (ran.code, document["policy"]["holds"]) == (1, False)
    assert document["policy"]["broken"] == ["policy-go-version@terminal"]
    first = document["findings"][0]
    assert (first["check"], first["page"]) == ("policy-go-version", "docs/checks/policy-go-version.md")
    assert first["evidence"][0] == {"text": 'version = "1.21"', "file": str(policy), "line": 3}
    policy.write_text("[go]\nversoin = '1.21'\n")
    ran = machine.gomedic("check", "--policy", str(policy), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert f"{policy}:2: “versoin”" in ran.err


def test_an_image_is_judged_by_a_policy(tmp_path: Path, home: Path) -> None:
    root = tmp_path / "rootfs"
    write_go(root / "usr/local/go", "go1.22.10")
    files = {
        "etc/passwd": "root:x:0:0::/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n", "etc/group": "root:x:0:\n",
        "etc/profile": "PATH=/usr/local/go/bin:/usr/bin:/bin\nexport PATH\n", "bin/sh": "", "root/.keep": "",
    }  # fmt: skip
    write_home(root, files)
    (root / "bin/sh").chmod(0o755)
    policy = tmp_path / "gomedic.toml"
    policy.write_text('[go]\nversion = "1.22"\nsessions = ["login"]\n')
    report = check_image(str(root), policy=policy_of(policy.read_text(), str(policy)))
    broken = [f.id for f in report.examination.findings if f.check.startswith("policy-")]
    assert broken == []
    assert any("holds" in str(note) for note in report.examination.notes)
    policy.write_text('[go]\nversion = "1.21"\nsessions = ["login"]\n[cache]\nroom = "1m"\nwarm = true\n')
    found = report_of(str(root), policy_of(policy.read_text(), str(policy)))
    assert found == ["policy-go-version@login", "policy-cache@warm@login", "policy-cache@room@login"]


def test_an_image_is_judged_by_limits_alone(tmp_path: Path, home: Path) -> None:
    image = with_go().docker(tmp_path / "course.tar")
    machine = Machine(tmp_path, home)
    ran = machine.gomedic("image", "check", str(image), "--only", "too-few-processes", "--limits", "pids=8")
    assert (ran.code, "Only 8 processes and threads are allowed" in ran.out) == (1, True), ran.out + ran.err
    assert "Judged as if these limits were there already: pids=8." in ran.out
    assert "policy" not in ran.out
    policy = tmp_path / "gomedic.toml"
    policy.write_text('limits = "pids=8"\n')
    words = ("image", "check", str(image), "--only", "too-few-processes", "--policy", str(policy), "--json")
    assert machine.gomedic(*words).code == 1
    assert machine.gomedic(*words, "--limits", "pids=64").code == 0, "what is said goes before the policy"


def report_of(path: str, policy: Policy) -> list[str]:
    report = check_image(path, policy=policy)
    return [f.id for f in report.examination.findings if f.check.startswith("policy-")]
