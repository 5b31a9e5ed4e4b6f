"""Lines of start-up files: what is understood is rewritten in place, what is not is left alone."""

import pytest

from gomedic.fixes import shell_text

HOME = "/home/gus"
VALUES = {"HOME": HOME, "GOROOT": "/opt/go", "GOPATH": "/home/gus/go"}

FIRST = [
    ("export PATH=$PATH:/opt/go/bin", "export PATH=/opt/go/bin:$PATH"),
    ('export PATH="$PATH:$GOROOT/bin"', 'export PATH="$GOROOT/bin:$PATH"'),
    ("PATH=$PATH:${GOROOT}/bin:$HOME/bin", "PATH=${GOROOT}/bin:$PATH:$HOME/bin"),
    ("  export PATH=$PATH:/opt/go/bin  # Go", "  export PATH=/opt/go/bin:$PATH  # Go"),
    ("export PATH=$PATH:/opt/go/bin; echo hi", "export PATH=/opt/go/bin:$PATH; echo hi"),
    ("typeset -x PATH=$PATH:/opt/go/bin", "typeset -x PATH=/opt/go/bin:$PATH"),
    ("PATH='/usr/bin:/opt/go/bin'", "PATH='/opt/go/bin:/usr/bin'"),
    ("set -gx PATH $PATH /opt/go/bin", "set -gx PATH /opt/go/bin $PATH"),
    ("export PATH=$PATH:/other/bin", None),
    ("export PATH=$(foo):/opt/go/bin:$PATH && x", "export PATH=/opt/go/bin:$(foo):$PATH && x"),
    ("pathmunge /opt/go/bin after", None),
    ('eval "$(go-setup)"', None),
    ("export PATH=$PATH:/opt/go/bin PS1=x", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "better"), FIRST)
def test_an_entry_is_put_first(line: str, better: str | None) -> None:
    assert shell_text.with_entry_first(line, "/opt/go/bin", VALUES) == better


REPLACED = [
    ("export PATH=$PATH:~/go1.21/bin", "export PATH=$PATH:/new"),
    ("export PATH=$HOME/go1.21/bin:$PATH", "export PATH=/new:$PATH"),
    ("set -x PATH $HOME/go1.21/bin $PATH # Go", "set -x PATH /new $PATH # Go"),
    ("export PATH=/x:$PATH", None),
]


@pytest.mark.parametrize(("line", "better"), REPLACED)
def test_an_entry_is_replaced(line: str, better: str | None) -> None:
    assert shell_text.with_entry_replaced(line, f"{HOME}/go1.21/bin", "/new", VALUES) == better


OLD_PATH = [
    ("export PATH=/opt/go/bin", "export PATH=/opt/go/bin:$PATH"),
    ('PATH="/opt/go/bin:$HOME/bin"', 'PATH="/opt/go/bin:$HOME/bin:$PATH"'),
    ("set -gx PATH /opt/go/bin", "set -gx PATH /opt/go/bin $PATH"),
    ("path=(/opt/go/bin ~/bin)  # mine", "path=(/opt/go/bin ~/bin $path)  # mine"),
    ("export PATH='$PATH:/opt/go/bin'", 'export PATH="$PATH:/opt/go/bin"'),
    ("PATH='/opt/go/bin'", 'PATH="/opt/go/bin:$PATH"'),
    ("alias x=y", None),
]


@pytest.mark.parametrize(("line", "better"), OLD_PATH)
def test_what_path_was_is_kept(line: str, better: str | None) -> None:
    assert shell_text.with_old_path(line) == better


MEANT = [
    ("export PATH=“$PATH:/opt/go/bin”", 'export PATH="$PATH:/opt/go/bin"'),
    ("export PATH=$PATH：/opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("export\u00a0PATH=$PATH:/opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("\ufeffexport PATH=$PATH:/opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("export PATH＝＄PATH:/opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("  export PATH = $PATH:/opt/go/bin # Go", "  export PATH=$PATH:/opt/go/bin # Go"),
    ("export PATH=$PATH;/opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("export PATH=${PATH}, ~/go/bin", "export PATH=${PATH}:~/go/bin"),
    ("export PATH=$PATH /opt/go/bin", "export PATH=$PATH:/opt/go/bin"),
    ("export PATH=$PATH:/opt/go/bin", None),
    ("export PATH=$PATH; echo hi", None),
    ("echo “hi”", None),
    ("PS1='“\\u”： '", None),
]


@pytest.mark.parametrize(("line", "better"), MEANT)
def test_a_slip_in_a_line_is_put_right(line: str, better: str | None) -> None:
    assert shell_text.as_meant(line) == better


EXPORTS = [
    ("GOFLAGS=-x", "export GOFLAGS=-x"),
    ("  GOFLAGS='-mod=mod -x' # c", "  export GOFLAGS='-mod=mod -x' # c"),
    ("set GOFLAGS -x", "set -gx GOFLAGS -x"),
    ("set -g GOFLAGS -x", "set -gx GOFLAGS -x"),
    ("set -U GOFLAGS -x", "set -Ux GOFLAGS -x"),
    ("echo GOFLAGS=-x", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "better"), EXPORTS)
def test_an_assignment_is_exported(line: str, better: str | None) -> None:
    assert shell_text.with_export(line) == better


KEPT = [
    ("export GOROOT=/opt/go", "GOROOT=/opt/go"),
    ("  declare -x GOROOT=/opt/go # c", "  GOROOT=/opt/go # c"),
    ("set -gx GOROOT /opt/go", "set -g GOROOT /opt/go"),
    ("set -x GOROOT /opt/go", "set -g GOROOT /opt/go"),
    ("export GOROOT", None),
    ("GOROOT=/opt/go", None),
]


@pytest.mark.parametrize(("line", "better"), KEPT)
def test_an_assignment_stays_in_the_shell(line: str, better: str | None) -> None:
    assert shell_text.without_export(line) == better


ASSIGNED = [
    ("export GOPATH=~/go", "~/go", 'export GOPATH="$HOME/x"'),
    ('GOPATH="~/go"  # mine', '"~/go"', 'GOPATH="$HOME/x"  # mine'),
    ("export GOPATH=/a; export GOBIN=/b", "/a", 'export GOPATH="$HOME/x"; export GOBIN=/b'),
    ("set -gx GOPATH ~/go", "~/go", 'set -gx GOPATH "$HOME/x"'),
    ("export GOPATH=/a GOBIN=/b", "/a", 'export GOPATH="$HOME/x" GOBIN=/b'),
    ("export GOBIN=/b GOPATH=/a # c", "/a", 'export GOBIN=/b GOPATH="$HOME/x" # c'),
    ("export GOPATH=$(go env GOPATH)", "$(go env GOPATH)", 'export GOPATH="$HOME/x"'),
    ("export MYGOPATH=/a", None, None),
    ("echo GOPATH=/a", None, None),
]


@pytest.mark.parametrize(("line", "value", "better"), ASSIGNED)
def test_a_value_is_read_and_replaced(line: str, value: str | None, better: str | None) -> None:
    assert shell_text.assigned_value(line, "GOPATH") == value
    assert shell_text.with_value(line, "GOPATH", '"$HOME/x"') == better


ALONE = [
    ("export GOROOT=/opt/go", True),
    ("GOROOT=/opt/go   # old", True),
    ("GOROOT=/opt/go;", True),
    ('export GOROOT="/opt/my go"', True),
    ("export GOROOT=/opt/my\\ go # c", True),
    ("set -gx GOROOT /opt/go", True),
    ("export GOROOT", True),
    ("export GOROOT=/opt/go; export PATH=$PATH:/x", False),
    ("export GOROOT=/opt/go && echo x", False),
    ("[ -d /opt/go ] && export GOROOT=/opt/go", False),
    ("export GOROOT=/opt/go GOPATH=/x", False),
]


@pytest.mark.parametrize(("line", "alone"), ALONE)
def test_a_line_that_does_nothing_else_is_known(line: str, alone: bool) -> None:
    assert shell_text.is_only_assignment(line, "GOROOT") == alone


WITHOUT = [
    ("export GOROOT=/r GOPATH=/p", "export GOPATH=/p", "GOROOT=/r; export GOPATH=/p"),
    (
        "  export GOROOT=/r; export GOPATH=/p # c",
        "  export GOPATH=/p # c",
        "  GOROOT=/r; export GOPATH=/p # c",
    ),
    (
        'export GOPATH="/a b;c"; export GOROOT="/r"',
        'export GOPATH="/a b;c"',
        'export GOPATH="/a b;c"; GOROOT="/r"',
    ),
    (
        "declare -x GOPATH=${HOME}/go GOROOT=/r",
        "declare -x GOPATH=${HOME}/go",
        "GOROOT=/r; declare -x GOPATH=${HOME}/go",
    ),
    ("GOROOT=/r GOPATH=/p", "GOPATH=/p", "GOROOT=/r; GOPATH=/p"),
    ("[ -d /r ] && export GOROOT=/r", None, "[ -d /r ] && GOROOT=/r"),
    ("export GOROOT=$(brew --prefix)", None, None),
    ("GOROOT=/r go build; echo", None, None),
    ("if true; then export GOROOT=/r; fi", None, None),
    ("export MY_GOROOT=/r GOPATH=/p", None, None),
    ("set -x GOROOT /r", None, None),
]


@pytest.mark.parametrize(("line", "gone", "kept"), WITHOUT)
def test_one_of_several_assignments_is_taken_away(line: str, gone: str | None, kept: str | None) -> None:
    assert shell_text.without_variable(line, "GOROOT", keep=False) == gone
    assert shell_text.without_variable(line, "GOROOT", keep=True) == kept


EXPANDED = [
    ("~/go", "/home/gus/go"),
    ("~", "/home/gus"),
    ('"$GOROOT/bin"', "/opt/go/bin"),
    ("${GOROOT}bin", "/opt/gobin"),
    ("$NOWHERE/bin", "$NOWHERE/bin"),
    ("/a/~/b", "/a/~/b"),
]


@pytest.mark.parametrize(("text", "meant"), EXPANDED)
def test_variables_are_expanded(text: str, meant: str) -> None:
    assert shell_text.expanded(text, VALUES) == meant


WRITTEN = [
    ("/home/gus/go/bin", "bash", True, 'export PATH="$HOME/go/bin:$PATH"'),
    ("/home/gus/go/bin", "sh", False, 'export PATH="$PATH:$HOME/go/bin"'),
    ("/opt/go/bin", "fish", True, "set -gx PATH /opt/go/bin $PATH"),
    ("/home/gus/a b/bin", "fish", False, 'set -gx PATH $PATH "$HOME/a b/bin"'),
    ("/home/gusto/go", "zsh", True, 'export PATH="/home/gusto/go:$PATH"'),
    ("/home/gus/学习/bin", "fish", True, 'set -gx PATH "$HOME/学习/bin" $PATH'),
]


@pytest.mark.parametrize(("folder", "family", "first", "line"), WRITTEN)
def test_a_new_line_names_the_home(folder: str, family: str, first: bool, line: str) -> None:
    assert shell_text.path_line(folder, HOME, family, first=first) == line
    assert shell_text.path_line(folder, HOME + "/", family, first=first) == line
