"""What a start-up file does, as it is read, is what the real shells make of it; what cannot be told is said."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gomedic.files import HERE
from gomedic.images.shell.read import Ended, Reader
from gomedic.images.shell.state import Shell
from gomedic.model import Account
from gomedic.sessions.script import Mode

ENV = {"PATH": "/usr/bin:/bin", "HOME": "/home/nobody-here", "KEEP": "a b"}
ROOT = Account("root", 0, 0, "/root", "/bin/sh", "/root")

SCRIPTS = {
    "assign": "PATH=/opt/go/bin:$PATH\nexport PATH\n",
    "braces": 'export PATH="${PATH}:/x" GOROOT=/opt/go\n',
    "default": 'export GOPATH="${GOPATH:-$HOME/go}" PATH=${PATH:+${PATH}:}/x/${NOTHING-y}\n',
    "assign default": ": ${GOROOT:=/usr/lib/go}\nexport GOROOT\n",
    "cut": "PATH=${PATH#*:}\nX=/a/b/c.tar.gz\nexport X Y=${X##*/} Z=${X%.*} W=${X%%.*} V=${#X}\n",
    "once": 'case ":$PATH:" in *:/opt/go/bin:*) ;; *) PATH="/opt/go/bin:$PATH" ;; esac\n' * 2,
    "function": 'add() {\n  case ":${PATH}:" in\n    *":$1:"*) return 1 ;;\n  esac\n  PATH="$1:$PATH"\n}\nadd /a\nadd /b\nadd /a\nunset -f add\n',
    "pathmunge": 'pathmunge () {\n if [ "$2" = "after" ] ; then\n  PATH=$PATH:$1\n else\n  PATH=$1:$PATH\n fi\n}\npathmunge /a after; pathmunge /b\n',
    "if": "if [ -d /usr ] && [ ! -e /no/such ]; then A=1; elif [ -r /usr ]; then A=2; else A=3; fi; export A\n",
    "numbers": "if [ 10 -gt 9 ] && [ 5 -le 5 -a 3 -ne 4 ]; then export B=yes; fi\n",
    "and or": '[ -n "$NOTHING" ] && export C=1\n[ -z "$NOTHING" ] && export D=1\n[ -n "$HOME" ] || export E=1\n',
    "loop": 'for d in /opt/a /opt/b; do PATH="$PATH:$d"; done\nfor d in $KEEP; do L="$L<$d>"; done; export L\n',
    "quotes": 'export Q=\'a  $b\' R="a  \\$b" S=a\\ b T="it\'s"\n',
    "subshell": "(PATH=/gone; export PATH)\n{ export G=1; }\n",
    "temporary": "PATH=/gone /bin/true\nX=1 true\n",
    "heredoc": "cat >/dev/null <<EOF\nexport PATH=/no\nEOF\nexport H=1\n",
    "comment": "export PATH=/x:$PATH # and PATH=/y\n#export PATH=/z\n",
    "continued": "export PATH=\\\n/c:\\\n$PATH\n",
    "eval": "eval 'PATH=/e:$PATH'\nname=PATH; eval \"export COPY=\\$$name\"\n",
    "unset": "export U=1\nunset U KEEP\n",
    "tilde": "export T1=~/go T2=/x:~/bin T3='~/no'\n",
    "return": "export A=1\nreturn 0\nexport B=1\n",
    "source": "export S=1\n. {folder}/other\nexport AFTER=$OTHER\n",
    "not there": "[ -r /no/such ] && . /no/such\nexport N=1\n",
    "shift": 'set -- a b c\nshift\nexport ARGS="$1-$2-$#"\n',
    "pattern": "case abc in a?c) export P=1 ;; *) export P=2 ;; esac\ncase x in [!x]) export P2=1;; y|x) export P2=2;; esac\n",
    "glob": 'for f in {folder}/*.sh; do . "$f"; done\n',
    "set a": "set -a\nAUTO=1\nset +a\nNOT=1\n",
    "not": "if ! [ -d /no/such ]; then export M=1; fi\n! [ -d /usr ] || export M2=1\n",
    "backticks": 'export BT=`dirname /a/b/c` BN=$(basename /a/b/c) EC="$(echo a b)"\n',
    "nested": 'if [ "${BASH-}" ] && [ "$BASH" != /bin/sh ]; then export IN=bash; else export IN=other; fi\n',
    "arguments": 'f() { for a; do R="$R,$a"; done; export R; }\nf 1 "2 3" 4\n',
}
BASH_ONLY = {
    "double bracket": '[[ $HOME == /home/* && -n $KEEP ]] && export DB=1\n[[ ":$PATH:" != *":/q:"* ]] && PATH=/q:$PATH\n',
    "append": "PATH+=:/plus\nexport PATH\n",
    "declare": "declare -x DX=1\ntypeset -x TX=2\nexport -n KEEP\n",
    "guard": "case $- in\n  *i*) ;;\n    *) return;;\nesac\nexport NEVER=1\n",
    "shopt": "shopt -q login_shell && export LOGIN=1\nexport DONE=1\n",
    "function word": "function f { export FW=1; }\nf\n",
    "pattern cut": 'P=${-#*i}; [ "${-#*i}" != "$-" ] && export INTERACTIVE=1; export P2=1\n',
    "source word": "source {folder}/other\n",
}
IGNORED = ("PWD", "OLDPWD", "_", "SHLVL", "PS1", "P")


def read(tmp_path: Path, name: str, shell_path: str) -> tuple[dict[str, str], Shell]:
    shell = Shell(
        "bash" if "bash" in shell_path else "sh",
        shell_path,
        Mode(login=False, interactive=False),
        ENV,
        ROOT,
        lambda: True,
    )
    if "bash" in shell_path:
        shell.values["BASH"] = shell_path
    Reader(shell, HERE).file(str(tmp_path / name))
    return {n: v for n, v in shell.environment().items() if n not in IGNORED}, shell


def really(tmp_path: Path, name: str, shell_path: str) -> dict[str, str]:
    script = (
        f'. {tmp_path}/{name} >/dev/null 2>&1; PATH=/usr/bin:/bin:$PATH exec /usr/bin/env -0 PATH="$PATH"'
    )
    script = f". {tmp_path}/{name} >/dev/null 2>&1; /usr/bin/env -0"
    out = subprocess.run([shell_path, "-c", script], env=ENV, capture_output=True, check=True).stdout
    pairs = (item.split("=", 1) for item in out.decode().split("\0") if "=" in item)
    return {n: v for n, v in pairs if n not in IGNORED}


def prepared(tmp_path: Path, text: str) -> Path:
    (tmp_path / "script").write_text(text.replace("{folder}", str(tmp_path)))
    (tmp_path / "other").write_text("export OTHER=from-there\nreturn\nexport OTHER=late\n")
    (tmp_path / "1.sh").write_text("export ONE=1\n")
    (tmp_path / "2.sh").write_text('export TWO="$ONE 2"\n')
    return tmp_path


CASES = [(name, shell) for name in SCRIPTS for shell in ("dash", "bash")] + [
    (name, "bash") for name in BASH_ONLY
]


@pytest.mark.parametrize(("name", "shell"), CASES)
def test_what_is_read_is_what_the_shell_does(name: str, shell: str, tmp_path: Path) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"there is no {shell}")
    prepared(tmp_path, {**SCRIPTS, **BASH_ONLY}[name])
    found, state = read(tmp_path, "script", path)
    assert found == really(tmp_path, "script", path)
    assert state.doubts == []


@pytest.mark.parametrize(
    "text",
    [
        'eval "$(some-tool init)"\n', '. "$(find / -name env.sh)"\n', "while read x; do export PATH=$x; done < /etc/x\n",
        'export PATH="$(unclosed\n', "if true; then export PATH=/x\n", "for d in $(some-tool); do PATH=$d:$PATH; done\n",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_said(text: str, tmp_path: Path) -> None:
    _found, shell = read(prepared(tmp_path, text), "script", "/bin/bash")
    assert [(doubt.file, doubt.line) for doubt in shell.doubts] == [(str(tmp_path / "script"), 1)]


@pytest.mark.parametrize(
    "text", ['eval "$(dircolors -b)"\n', "some-program --with=args | grep x && yes\n", "cd /tmp && ls\n"]
)
def test_what_does_not_matter_raises_no_doubt(text: str, tmp_path: Path) -> None:
    found, shell = read(prepared(tmp_path, text), "script", "/bin/bash")
    assert shell.doubts == []
    assert found["PATH"] == ENV["PATH"]


@pytest.mark.parametrize(
    ("text", "how"), [("exit 1\n", "exit"), ("exec zsh\n", "exec"), ("f() { f; }\nf\n", "hung")]
)
def test_a_shell_that_does_not_come_to_its_end(text: str, how: str, tmp_path: Path) -> None:
    with pytest.raises(Ended) as caught:
        read(prepared(tmp_path, text), "script", "/bin/bash")
    assert caught.value.how == how


def test_every_change_has_its_line_and_callers(tmp_path: Path) -> None:
    prepared(tmp_path, "x=1\n. {folder}/third\n")
    (tmp_path / "third").write_text("\nadd() { PATH=/added:$PATH; }\nadd\n")
    _found, shell = read(tmp_path, "script", "/bin/bash")
    change = next(c for c in shell.changes if c.variable == "PATH")
    assert [(Path(f.file).name, f.line) for f in change.frames] == [("third", 2), ("third", 3), ("script", 2)]


UBUNTU = r"""
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
shopt -s histappend
[ -x /usr/bin/lesspipe ] && eval "$(SHELL=/bin/sh lesspipe)"
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi
case "$TERM" in
    xterm-color|*-256color) color_prompt=yes;;
esac
if [ -n "$force_color_prompt" ]; then
    if [ -x /usr/bin/tput ] && tput setaf 1 >&/dev/null; then
        color_prompt=yes
    else
        color_prompt=
    fi
fi
if [ "$color_prompt" = yes ]; then
    PS1='${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u@\h\[\033[00m\]:\w\$ '
fi
unset color_prompt force_color_prompt
case "$TERM" in
xterm*|rxvt*)
    PS1="\[\e]0;${debian_chroot:+($debian_chroot)}\u@\h: \w\a\]$PS1"
    ;;
*)
    ;;
esac
if [ -x /usr/bin/dircolors ]; then
    test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"
    alias ls='ls --color=auto'
fi
alias alert='notify-send --urgency=low "$(history|tail -n1|sed -e '\''s/^x//'\'')"'
if [ -f ~/.bash_aliases ]; then
    . ~/.bash_aliases
fi
if ! shopt -oq posix; then
  if [ -f /usr/share/bash-completion/bash_completion ]; then
    . /usr/share/bash-completion/bash_completion
  elif [ -f /etc/bash_completion ]; then
    . /etc/bash_completion
  fi
fi
export PATH=$PATH:/usr/local/go/bin
"""
FEDORA = r"""
pathmunge () {
    case ":${PATH}:" in
        *:"$1":*)
            ;;
        *)
            if [ "$2" = "after" ] ; then
                PATH=$PATH:$1
            else
                PATH=$1:$PATH
            fi
    esac
}
if [ -x /usr/bin/id ]; then
    if [ -z "$EUID" ]; then
        EUID=`/usr/bin/id -u`
        UID=`/usr/bin/id -ru`
    fi
    USER="`/usr/bin/id -un`"
    LOGNAME=$USER
    MAIL="/var/spool/mail/$USER"
fi
if [ "$EUID" = "0" ]; then
    pathmunge /usr/local/sbin
else
    pathmunge /usr/local/sbin after
fi
HOSTNAME=$(/usr/bin/hostnamectl --transient 2>/dev/null) || \
HOSTNAME=$(/usr/bin/hostname 2>/dev/null)
HISTSIZE=1000
if [ "$HISTCONTROL" = "ignorespace" ] ; then
    export HISTCONTROL=ignoreboth
else
    export HISTCONTROL=ignoredups
fi
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE HISTCONTROL
if [ $UID -gt 199 ] && [ "`/usr/bin/id -gn`" = "`/usr/bin/id -un`" ]; then
    umask 002
else
    umask 022
fi
for i in /no/such/profile.d/*.sh /no/such/sh.local ; do
    if [ -r "$i" ]; then
        if [ "${-#*i}" != "$-" ]; then
            . "$i"
        else
            . "$i" >/dev/null
        fi
    fi
done
unset i
unset -f pathmunge
export PATH=$PATH:/usr/local/go/bin
"""
ALPINE = r"""
append_path () {
    case ":$PATH:" in
        *:"$1":*)
            ;;
        *)
            PATH="${PATH:+$PATH:}$1"
            ;;
    esac
}
append_path "/usr/local/sbin"
append_path "/usr/local/bin"
unset -f append_path
export PATH
export PAGER=less
umask 022
# use nicer PS1 for bash and busybox ash
if [ -n "$BASH_VERSION" -o "$BB_ASH_VERSION" ]; then
    PS1='\h:\w\$ '
elif [ -n "$ZSH_VERSION" ]; then
    PS1='%m:%~%# '
else
    : "${HOSTNAME:=$(hostname)}"
    PS1='${HOSTNAME%%.*}:$PWD'
    [ "$(id -u)" -eq 0 ] && PS1="${PS1}# " || PS1="${PS1}\$ "
fi
if [ -n "$BASH_VERSION" ]; then
    for script in /etc/bash/*.sh; do
        [ -r "$script" ] && . "$script"
    done
    unset script
fi
export PATH=$PATH:/usr/local/go/bin
"""


@pytest.mark.parametrize("text", [UBUNTU, FEDORA, ALPINE])
@pytest.mark.parametrize("shell_path", ["/bin/bash", "/bin/ash"])
def test_what_distributions_ship_is_read_without_a_doubt(text: str, shell_path: str, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(text)
    asked: list[int] = []

    def decide() -> bool:
        asked.append(1)
        return True

    family = "bash" if "bash" in shell_path else "sh"
    shell = Shell(family, shell_path, Mode(login=True, interactive=True), ENV, ROOT, decide)
    Reader(shell, HERE).file(str(tmp_path / "script"))
    assert shell.doubts == []
    assert shell.values["PATH"].endswith(":/usr/local/go/bin")
    assert len(asked) <= 4  # conditions that only the machine can tell
