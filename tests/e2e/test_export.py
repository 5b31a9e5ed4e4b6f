"""`gomedic export`: on standard output and in a file, for the person's own Go, never over another file unasked."""

import json
import stat
import subprocess

from go_trees import write_go
from made_up import Machine


def test_a_script_for_the_persons_own_go(machine: Machine) -> None:
    root = write_go(machine.home / "go 1.22", "go1.22.10")
    (machine.home / ".bashrc").write_text(
        f'export PATH="{root}/bin:$PATH" GOPROXY=https://goproxy.cn,direct\n'
    )
    ran = machine.gomedic("export", "profile.d")
    assert ran.code == 0, ran.err
    assert f"gomedic_root='{root}'\n" in ran.out
    assert "GOPROXY=https://goproxy.cn,direct\n" in ran.out
    assert "Save it as /etc/profile.d/go.sh, with mode 0644" in ran.err
    words = ["sh", "-c", f"{ran.out}\ncommand -v go"]
    found = subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True)
    assert found.stdout == f"{root}/bin/go\n"


def test_what_is_printed_is_utf_8_whatever_the_terminal_speaks(machine: Machine) -> None:
    ran = machine.gomedic(
        "export", "profile.d", "--goroot", "/opt/中文", env=machine.env(PYTHONIOENCODING="ascii")
    )
    assert ran.code == 0, ran.err
    assert "gomedic_root='/opt/中文'\n" in ran.out


def test_a_file_gets_its_mode_and_is_not_written_over(machine: Machine) -> None:
    words = ("export", "entrypoint", "--goroot", "/opt/go", "-o", ".")
    ran = machine.gomedic(*words)
    file = machine.home / "go-entrypoint.sh"
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(f"Saved as {machine.home}/go-entrypoint.sh, with mode 0755.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o755
    text = file.read_text()
    again = machine.gomedic("export", "entrypoint", "--goroot", "/opt/other", "-o", "go-entrypoint.sh")
    assert again.code == 2
    assert "is there already; say --force to write over it." in again.err
    assert file.read_text() == text
    assert (
        machine.gomedic(
            "export", "entrypoint", "--goroot", "/opt/other", "-o", "go-entrypoint.sh", "--force"
        ).code
        == 0
    )
    assert "/opt/other" in file.read_text()


def test_json_has_all_that_a_program_needs(machine: Machine) -> None:
    ran = machine.gomedic(
        "export", "dockerfile", "--go", "1.27.1", "--arch", "amd64", "--goproxy", "china", "--json"
    )
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert list(document) == ["schema", "kind", "file", "mode", "about", "place", "warnings", "text", "saved"]
    assert (document["schema"], document["kind"], document["mode"], document["saved"]) == (
        1,
        "dockerfile",
        "0644",
        None,
    )
    assert "ADD https://golang.google.cn/dl/go1.27.1.linux-amd64.tar.gz" in document["text"]
    assert 'GOPROXY="https://goproxy.cn,direct"' in document["text"]


def test_the_list_in_two_languages(machine: Machine) -> None:
    kinds = json.loads(machine.gomedic("export", "--list", "--json").out)["kinds"]
    assert {"id", "title", "about", "file", "mode", "options"} == set(kinds[0])
    assert next(kind for kind in kinds if kind["id"] == "sudoers")["mode"] == "0440"
    shown = machine.gomedic("export", "--list").out.splitlines()
    assert [line.split()[0] for line in shown] == [kind["id"] for kind in kinds]


def test_wrong_words_are_one_sentence(machine: Machine) -> None:
    for words, said in (
        (("nope",), "There is no kind of set-up named nope"),
        (("sudoers", "--goroot", "/x", "--gopath", "/y"), "sudoers has no use for --gopath."),
        (("profile.d", "--goroot", "x"), "--goroot must be a whole path, such as /usr/local/go, not “x”."),
        (
            ("dockerfile", "--goroot", "/x", "--arch", "arm64"),
            "--arch is of use only together with --go VERSION.",
        ),
        (("gitlab-ci", "--go", "1.22", "--from", "https://x"), "gitlab-ci has no use for --from."),
        (("dockerfile", "--go", "soon"), "soon is no version of Go"),
        ((), "gomedic export --list names them all."),
    ):
        ran = machine.gomedic("export", *words)
        assert (ran.code, ran.out) == (2, ""), words
        assert said in ran.err
    ran = machine.gomedic("export", "profile.d", "--goroot", "/x", "-o", "/dev/full")
    assert (ran.code, ran.err) == (3, "/dev/full was not saved: there is no room left on that disk.\n")
