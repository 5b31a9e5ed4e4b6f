"""Images with a fault each: the right verdict, the guilty layer, what to write; and a good one, silent."""

from pathlib import Path

import pytest

from core.images.builder import ELF, SYSTEM, Item, Recipe, go_tree, with_go
from gomedic.images.checking import check_image, is_ill
from gomedic.images.model import Carrier, Found, ImageReport
from gomedic.model import Evidence, Finding, Severity

GOLANG_SH = "export PATH=/usr/local/go/bin:$PATH\n"
CARRIED = Item("etc/profile.d/golang.sh", GOLANG_SH)


def report_on(recipe: Recipe, tmp_path: Path, **options: str) -> ImageReport:
    return check_image(str(recipe.docker(tmp_path / "image.tar")), **options)


def finding(report: ImageReport, check: str) -> Finding:
    found = [f for f in report.examination.findings if f.check == check]
    assert found, [f.id for f in report.examination.findings]
    return found[0]


def guilty(found: Finding) -> list[Evidence]:
    return [e for e in found.evidence if e.made_by is not None]


def ways(report: ImageReport) -> dict[str, str]:
    return {way.way: way.carrier.value if way.carrier else way.found.value for way in report.launch_ways}


def test_a_good_image_is_silent(tmp_path: Path) -> None:
    recipe = with_go().run("RUN echo … > /etc/profile.d/golang.sh", CARRIED)
    report = report_on(recipe, tmp_path)
    assert not is_ill(report)
    assert [f.id for f in report.examination.findings if f.severity is not Severity.HINT] == []
    assert all(check.state != "failed" for check in report.examination.checks), report.examination.checks


def test_env_path_lost_in_login_shells(tmp_path: Path) -> None:
    report = report_on(with_go(), tmp_path)
    found = finding(report, "login-shell-path-reset")
    assert found.severity is Severity.ERROR
    reset = next(e for e in found.evidence if e.file == "/etc/profile")
    assert reset.line == 2
    assert reset.made_by.layer == 1
    assert reset.made_by.created_by.startswith("ADD file:0123456789abcdef")
    image = next(e for e in found.evidence if e.text.startswith("PATH=/usr/local/go"))
    assert image.made_by.created_by == f"ENV PATH=/usr/local/go/bin:{SYSTEM}"
    lines = [line for a in report.advice if a.finding == found.id for line in a.lines]
    assert lines == [
        "RUN printf '%s\\n' 'export PATH=/usr/local/go/bin:$PATH' > /etc/profile.d/golang.sh && chmod 0644 /etc/profile.d/golang.sh"
    ]
    assert str(lines[0]) in str(found.advice[-1])


def test_a_line_of_a_later_layer_is_blamed_on_that_layer(tmp_path: Path) -> None:
    from core.images.builder import PROFILE

    again = Item("etc/profile", PROFILE + "PATH=/usr/bin:/bin\n")
    recipe = with_go().run("RUN /bin/sh -c echo PATH=/usr/bin:/bin >> /etc/profile # buildkit", again)
    found = finding(report_on(recipe, tmp_path), "login-shell-path-reset")
    reset = next(e for e in found.evidence if e.file == "/etc/profile")
    assert (reset.text, reset.made_by.layer) == ("PATH=/usr/bin:/bin", 3)
    assert reset.made_by.created_by == "RUN echo PATH=/usr/bin:/bin >> /etc/profile"


def test_a_line_stays_with_the_layer_that_brought_it(tmp_path: Path) -> None:
    """Though a later layer wrote the whole file again, with another line in it."""
    from core.images.builder import PROFILE

    recipe = with_go().run("RUN echo umask 022 >> /etc/profile", Item("etc/profile", PROFILE + "umask 022\n"))
    found = finding(report_on(recipe, tmp_path), "login-shell-path-reset")
    assert next(e for e in found.evidence if e.file == "/etc/profile").made_by.layer == 1


def test_a_profile_that_the_user_may_not_read(tmp_path: Path) -> None:
    recipe = with_go(User="student")
    recipe.run("COPY golang.sh /etc/profile.d/", CARRIED)
    recipe.run(
        "RUN chmod 0600 /etc/profile.d/golang.sh", Item("etc/profile.d/golang.sh", GOLANG_SH, mode=0o600)
    )
    report = report_on(recipe, tmp_path)
    found = finding(report, "startup-file-unreadable")
    assert found.severity is Severity.ERROR
    assert [e.made_by.created_by for e in guilty(found)] == ["RUN chmod 0600 /etc/profile.d/golang.sh"]
    assert any("RUN chmod 0644 /etc/profile.d/golang.sh" in a.lines for a in report.advice)
    assert finding(report, "login-shell-path-reset").because_of == found.id
    assert {session.kind for session in report.examination.sessions} == {
        "terminal",
        "login",
        "exec",
    }  # no sshd, no cron
    assert not is_ill(report_on(recipe, tmp_path, user="root"))  # root may read it


def test_goroot_of_another_version_in_a_later_layer(tmp_path: Path) -> None:
    recipe = with_go().run("COPY golang.sh /etc/profile.d/", CARRIED)
    recipe.run("ADD go1.17.tar.gz /opt", *go_tree("opt/go1.17", "go1.17.13")).env("GOROOT", "/opt/go1.17")
    report = report_on(recipe, tmp_path)
    found = finding(report, "goroot-version-mismatch")
    assert found.severity is Severity.ERROR
    made = [e.made_by for e in guilty(found)]
    assert "ENV GOROOT=/opt/go1.17" in [m.created_by for m in made]
    assert (3 + 1, "ADD go1.17.tar.gz /opt") in [(m.layer, m.created_by) for m in made]
    advice = next(a for a in report.advice if a.finding == found.id)
    assert advice.replaces == "ENV GOROOT=/opt/go1.17"


def test_go_deleted_by_a_whiteout(tmp_path: Path) -> None:
    recipe = with_go().run("RUN rm -rf /usr/local/go", Item("usr/local/.wh.go", b""))
    report = report_on(recipe, tmp_path)
    found = finding(report, "no-go-installed")
    gone = next(e for e in guilty(found) if e.file == "/usr/local/go/bin/go")
    assert (gone.made_by.layer, gone.made_by.created_by) == (3, "RUN rm -rf /usr/local/go")
    assert report.advice[0].replaces == "RUN rm -rf /usr/local/go"
    assert {way.found for way in report.launch_ways} == {Found.NO}


def test_a_go_for_another_processor(tmp_path: Path) -> None:
    recipe = Recipe().run("ADD debian", *with_go_base())
    recipe.run("ADD go1.22.10.linux-arm64.tar.gz /usr/local", *go_tree(arch="arm64"))
    recipe.env("PATH", f"/usr/local/go/bin:{SYSTEM}").run("COPY golang.sh", CARRIED)
    found = finding(report_on(recipe, tmp_path), "wrong-arch")
    assert found.severity is Severity.ERROR
    assert any(m.layer == 2 and "arm64.tar.gz" in m.created_by for e in guilty(found) if (m := e.made_by))


def test_an_image_for_another_processor_is_judged_as_itself(tmp_path: Path) -> None:
    recipe = Recipe("arm64").run("ADD debian", *with_go_base()).run("ADD go", *go_tree(arch="arm64"))
    recipe.env("PATH", f"/usr/local/go/bin:{SYSTEM}").run("COPY golang.sh", CARRIED)
    assert not is_ill(report_on(recipe, tmp_path))


def with_go_base() -> list[Item]:
    from core.images.builder import debian

    return debian()


def test_what_carries_go_into_each_way(tmp_path: Path) -> None:
    """The same as real containers gave, way by way."""
    env = with_go()
    assert ways(report_on(env, tmp_path)) == {
        "run": "ENV", "exec": "ENV", "terminal": "ENV", "login-shell": "missing", "login-sh": "missing", "shell": "ENV",
        "sh": "ENV", "su": "ENV", "su-login": "missing", "cron": "missing", "sudo": "ENV", "ssh": "missing",
        "ssh-command": "missing", "env-i": "missing",
    }  # fmt: skip
    profile = Recipe().run("ADD debian", *with_go_base()).run("ADD go", *go_tree()).run("COPY", CARRIED)
    found = ways(report_on(profile, tmp_path))
    assert {w for w, c in found.items() if c == "profile.d"} == {"login-shell", "login-sh", "su-login", "ssh"}
    assert {c for w, c in found.items() if c != "profile.d"} == {"missing"}
    link = Recipe().run("ADD debian", *with_go_base()).run("ADD go", *go_tree())
    link.run("RUN ln -s", Item("usr/local/bin/go", link="/usr/local/go/bin/go"))
    found = ways(report_on(link, tmp_path))
    assert {w for w, c in found.items() if c != "link"} == {"cron"}
    entry = (
        Recipe(Entrypoint=["/usr/local/bin/entry.sh"])
        .run("ADD debian", *with_go_base())
        .run("ADD go", *go_tree())
    )
    script = '#!/bin/sh\nset -e\nexport PATH="/usr/local/go/bin:$PATH"\nexec "$@"\n'
    entry.run("COPY entry.sh", Item("usr/local/bin/entry.sh", script, mode=0o755))
    found = ways(report_on(entry, tmp_path))
    assert {w for w, c in found.items() if c != "missing"} == {"run"}
    assert found["run"] == Carrier.ENTRYPOINT.value


def test_what_cannot_be_read_is_never_healthy(tmp_path: Path) -> None:
    recipe = with_go().run("COPY golang.sh", CARRIED, Item("root/.bashrc", 'eval "$(secret-tool env)"\n'))
    report = report_on(recipe, tmp_path)
    assert is_ill(report)
    found = finding(report, "image-start-up-unclear")
    assert (found.evidence[0].file, found.evidence[0].line) == ("/root/.bashrc", 1)
    assert {w.way: w.found for w in report.launch_ways}["terminal"] is Found.UNKNOWN
    assert {w.way: w.found for w in report.launch_ways}["exec"] is Found.YES


def test_a_shell_that_is_not_known_is_named_itself(tmp_path: Path) -> None:
    passwd = Item("etc/passwd", "root:x:0:0:root:/root:/usr/bin/fish\n")
    fish = Item("usr/bin/fish", ELF["amd64"], mode=0o755)
    found = finding(
        report_on(with_go().run("RUN chsh -s /usr/bin/fish", passwd, fish), tmp_path),
        "image-start-up-unclear",
    )
    assert str(found.message).endswith("cannot be told by reading: /usr/bin/fish decides it.")
    assert found.evidence[0].made_by is not None
    assert "--run" not in str(found.why)


@pytest.mark.parametrize(
    ("script", "mode", "reason"),
    [
        (None, 0o755, "no such file"),
        ("#!/bin/sh\nexec \"$@\"\n", 0o644, "mode 0644"),
        ("#!/bin/sh\r\nexec \"$@\"\r\n", 0o755, "carriage return"),
        ("#!/usr/bin/nosuch\n", 0o755, "/usr/bin/nosuch"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_started(tmp_path: Path, script: str | None, mode: int, reason: str) -> None:
    recipe = with_go(Entrypoint=["/entry.sh"]).run("COPY golang.sh", CARRIED)
    if script is not None:
        recipe.run("COPY entry.sh /", Item("entry.sh", script, mode=mode))
    found = finding(report_on(recipe, tmp_path), "image-entry-broken")
    assert reason in str(found.message)
    assert found.severity is Severity.ERROR


def test_go_in_shells_alone_is_told(tmp_path: Path) -> None:
    recipe = Recipe(Cmd=["go", "test", "./..."]).run("ADD debian", *with_go_base()).run("ADD go", *go_tree())
    recipe.run("COPY", CARRIED)
    assert finding(report_on(recipe, tmp_path), "image-env-without-go").severity is Severity.ERROR
    recipe.config["Cmd"] = ["bash"]
    assert finding(report_on(recipe, tmp_path), "image-env-without-go").severity is Severity.HINT


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    recipe = with_go(User="1234").run("COPY golang.sh", CARRIED).env("HOME", "/nowhere")
    assert finding(report_on(recipe, tmp_path), "image-home-not-writable").severity is Severity.WARNING


def test_elf_is_what_it_says() -> None:
    assert ELF["amd64"][18] == 62
