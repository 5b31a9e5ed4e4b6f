"""Start-up files that hang, prompt, flood, leave, daemonise or hide: what the doctor must make of each."""

from msgspec import Struct

APPEND = "export PATH=$PATH:/b"


class Hostile(Struct, frozen=True):
    """The text of a ~/.bashrc, and what a terminal's start-up on it must turn out to be.

    `entry` is the last entry of PATH as far as the start-up came ("" where it set none, None where PATH is not
    set), `line_of_entry` the line that put it there, None where nothing can tell.
    """

    name: str
    text: str
    state: str = "ok"
    line: int | None = None  # where it stopped
    entry: str | None = "/b"
    line_of_entry: int | None = None
    needs: str = ""  # a program


CORPUS = (
    Hostile("harmless", APPEND, line_of_entry=1),
    # ---- hang
    Hostile("sleeps for ever", f"export PATH=$PATH:/a\nsleep 1000\n{APPEND}", "hung", 2, "/a", 1),
    Hostile("busy loop", "export PATH=$PATH:/a\nwhile :; do :; done", "hung", 2, "/a", 1),
    Hostile("stops itself", f"export PATH=$PATH:/a\nkill -STOP $$\n{APPEND}", "hung", 2, "/a", 1),
    Hostile("hangs in a function", "f() {\n  sleep 1000\n}\nexport PATH=$PATH:/a\nf", "hung", 2, "/a", 4),
    Hostile("hangs once tracing is off", "export PATH=$PATH:/a\nset +x\nsleep 1000", "hung", 2, "/a", 1),
    # ---- ask
    Hostile("reads standard input", f'read -p "Update? [Y/n] " a\n{APPEND}', line_of_entry=2),
    Hostile("swallows standard input", f"x=$(cat)\n{APPEND}", line_of_entry=2),
    Hostile("reads the terminal", f'read -p "pw: " a </dev/tty\n{APPEND}', line_of_entry=2),
    # ---- leave
    Hostile("exec zsh", "export PATH=$PATH:/a\nexec zsh", "execed", 2, "/a", 1, needs="zsh"),
    Hostile(
        "exec fish if interactive", "export PATH=$PATH:/a\n[[ $- == *i* ]] && exec fish",
        "execed", 2, "/a", 1, needs="fish",
    ),
    Hostile("exec of no shell", "export PATH=$PATH:/a\nexec true", "execed", 2, "/a", 1),
    Hostile("exec of what is not there", f"exec /nowhere/fish\n{APPEND}", "exited", 1, ""),
    Hostile("exit 3", f"export PATH=$PATH:/a\nexit 3\n{APPEND}", "exited", 2, "/a", 1),
    Hostile("set -e and a failure", f"set -e\nexport PATH=$PATH:/a\nfalse\n{APPEND}", "exited", 3, "/a", 2),
    Hostile(
        "tmux guard",
        'export PATH=$PATH:/a\nif [ -z "$TMUX" ]; then exec tmux new-session -A -s main; fi\n' + APPEND,
        "execed", 2, "/a", 1, needs="tmux",
    ),
    Hostile("exit in an exit trap", 'trap "export PATH=/t" EXIT\nexport PATH=$PATH:/a\nexit 3', "exited", None, ""),
    # ---- flood
    Hostile("40 MB of garbage", f"head -c 20000000 /dev/urandom\nhead -c 20000000 /dev/zero >&2\n{APPEND}", line_of_entry=3),
    # ---- start others
    Hostile("ssh-agent", f'eval "$(ssh-agent -s)" >/dev/null\n{APPEND}', line_of_entry=2, needs="ssh-agent"),
    Hostile("daemon", f"setsid nohup sleep 300 >/dev/null 2>&1 &\n{APPEND}", line_of_entry=2),
    Hostile("background job holding the descriptors", f"sleep 301 &\n{APPEND}", line_of_entry=2),
    Hostile("disowned subshell", f"( ( sleep 302 & ) & )\n{APPEND}", line_of_entry=2),
    # ---- descriptors
    Hostile("output to nowhere", f"exec >/dev/null 2>&1\n{APPEND}", line_of_entry=2),
    Hostile(
        "closes all descriptors",
        'for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done\n' + APPEND,
        "failed", 1, "",
    ),
    Hostile("uses descriptors 3 to 9", f"exec 3>/dev/null 4>/dev/null 9</dev/null\n{APPEND}", line_of_entry=2),
    Hostile("noclobber", f"set -o noclobber\n{APPEND}", line_of_entry=2),
    # ---- hide or override
    Hostile("unset PATH", "unset PATH\nexport GOROOT=/x", entry=None),
    Hostile(
        "overridden commands",
        'exec() { echo no; }\nalias set=false\nalias exec="echo al"\nenv() { :; }\n' + APPEND, line_of_entry=5,
    ),
    Hostile("set -u", f"set -u\n{APPEND}", line_of_entry=2),
    Hostile("exit trap that sleeps", f'trap "sleep 100" EXIT\n{APPEND}', line_of_entry=2),
    Hostile("no tracing", f"set +x\n{APPEND}"),
    Hostile("another PS4", f'PS4="+ "\n{APPEND}'),
    Hostile("debug trap", f'trap ":" DEBUG\n{APPEND}', line_of_entry=2),
    Hostile("limits", f"ulimit -f 0\nulimit -n 20\n{APPEND}", line_of_entry=3),
    Hostile("LD_PRELOAD of nothing", f"export LD_PRELOAD=/nope.so LD_LIBRARY_PATH=/nope\n{APPEND}", line_of_entry=2),
    # ---- odd text
    Hostile("syntax error", f"export PATH=$PATH:/a\nif then fi\n{APPEND}", entry="/a", line_of_entry=1),
    Hostile("value over several lines", f'export FOO="a\nPATH=/fake\nb"\n{APPEND}', line_of_entry=4),
    Hostile("another IFS", f"IFS=/:\n{APPEND}", line_of_entry=2),
    Hostile("bytes that are no UTF-8", f"export GOFLAGS=$'\\xff\\xfe'\n{APPEND}", line_of_entry=2),
)  # fmt: skip
