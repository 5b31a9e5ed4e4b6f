"""What goes with the program onto a machine: completions that complete, manual pages and a policy that are well formed."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from loading import ROOT, script

FOLDER = ROOT / "resources/gomedic_resources/integration"
DTD = Path("/usr/share/polkit-1/policyconfig-1.dtd")
make_completions = script("packaging/make_completions.py")
make_man = script("packaging/make_man.py")
LINES = [  # what is typed, and what must be offered
    ("gomedic ", {"check", "explain", "fix", "undo", "toolchain", "install-self"}),
    ("gomedic che", {"check"}),
    ("gomedic check --o", {"--only"}),
    ("gomedic check --only shadowed", {"shadowed-by-older-go"}),
    ("gomedic toolchain ", {"available", "install", "verify"}),
    ("gomedic toolchain install --without", {"--without-signature"}),
    ("gomedic uninstall-self --sy", {"--system"}),
]


def run(*words: str, input: str = "", **env: str) -> str:
    whole = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb", **env}
    done = subprocess.run(
        words, input=input, env=whole, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program}")
    return found


# ------------------------------------------------------------------ as they are written


@pytest.mark.parametrize("name", sorted(make_completions.NAMES.values()))
def test_completions_are_those_of_the_command_line(name: str) -> None:
    assert (FOLDER / "completions" / name).read_text() == make_completions.completions()[name], (
        "run make pages"
    )


@pytest.mark.parametrize("language", sorted(make_man.PAGES))
def test_manual_pages_are_those_of_the_command_line(language: str) -> None:
    written = (FOLDER / "man" / make_man.PAGES[language]).read_text(encoding="utf-8")
    assert written == make_man.page(language), "run make pages"


# ------------------------------------------------------------------ in the shells


@pytest.mark.parametrize(("line", "wanted"), LINES)
def test_bash_completes(line: str, wanted: set[str]) -> None:
    script = """
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2}
        read -ra COMP_WORDS <<<"$2"
        [[ $2 != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        words=($(complete -p gomedic)) function=
        for ((i = 0; i < ${#words[@]}; i++)); do [[ ${words[i]} != -F ]] || function=${words[i + 1]}; done
        $function gomedic "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = str(FOLDER / "completions/gomedic.bash")
    assert wanted <= {
        word.strip() for word in run(needs("bash"), "-c", script, "bash", path, line).splitlines()
    }


@pytest.mark.parametrize(("line", "wanted"), LINES)
def test_fish_completes(line: str, wanted: set[str], tmp_path: Path) -> None:
    path = FOLDER / "completions/gomedic.fish"
    said = run(needs("fish"), "-c", f"source {path}; complete -C '{line}'", HOME=str(tmp_path))
    assert wanted <= {word.split("\t")[0] for word in said.splitlines()}


ZSH = r"""
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell 'PS1= PROMPT= RPROMPT=; unsetopt zle_bracketed_paste; LISTMAX=1000; bindkey -e; fpath=('"$1"' $fpath)'
zpty -w shell 'autoload -U compinit; compinit -D -u; zstyle ":completion:*" list-colors ""; zstyle ":completion:*:default" list-prompt ""'
zpty -w shell 'compdef _gomedic gomedic; setopt list_packed; print READY$((1+1))'
zpty -r -m shell text '*READY2*'
zpty -w -n shell "$2"$'\C-d'
zpty -w -n shell $'\C-a\C-k'
zpty -w shell 'print DONE$((1+1))'
zpty -r -m shell text '*DONE2*'
print -r -- "$text"
zpty -w shell $'\C-uexit'
"""


@pytest.mark.parametrize(("line", "wanted"), LINES)
def test_zsh_completes(line: str, wanted: set[str], tmp_path: Path) -> None:
    """Ctrl-D lists what could follow; a single match is only listed where nothing is typed of it, so Tab inserts it."""
    keys = line if line.endswith(" ") else line + "\t"
    said = run(needs("zsh"), "-fc", ZSH, "zsh", str(FOLDER / "completions"), keys, HOME=str(tmp_path))
    assert {word for word in wanted if word not in said} == set()


# ------------------------------------------------------------------ manual pages


@pytest.mark.parametrize("language", sorted(make_man.PAGES))
def test_a_manual_page_is_well_formed(language: str) -> None:
    path = FOLDER / "man" / make_man.PAGES[language]
    if shutil.which("mandoc"):
        assert run("mandoc", "-T", "lint", "-W", "warning", str(path)) == ""
    shown = run(needs("man"), "--warnings", "-l", str(path), MANWIDTH="100")
    plain = re.sub(".\b", "", shown)
    assert ("toolchain install" in plain, "--without-signature" in plain) == (True, True)


def test_help_is_taken_as_it_is() -> None:
    assert make_man.escaped(".go-version\\`") == "\\&.go\\-version\\e\\(ga"


# ------------------------------------------------------------------ policy


POLICY = FOLDER / "io.github.gomedic.gomedic.policy"


def test_the_policy_is_what_polkit_s_document_type_allows() -> None:
    if not DTD.exists():
        pytest.skip("polkit's document type is not installed")
    run(needs("xmllint"), "--noout", "--nonet", "--dtdvalid", str(DTD), str(POLICY))


def test_the_policy_names_the_helper_and_asks_an_administrator() -> None:
    from gomedic import bundled

    action = ElementTree.parse(POLICY).getroot().find("action")
    assert action is not None
    assert [note.text for note in action.findall("annotate")] == [bundled.HELPER]
    assert {rule.text for rule in action.findall("defaults/*")} == {"auth_admin"}
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    for name in ("description", "message"):
        assert [text.get(language) for text in action.findall(name)] == [None, "zh_CN"]
    assert os.path.basename(bundled.POLICY) == POLICY.name
