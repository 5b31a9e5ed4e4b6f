"""What may not be handed on: secrets in every form they are met in, and names where the person wishes so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gomedic.reporting.masking import Person, hidden, masking, without_secrets

STUDENT = Person(
    ("zhang.wei", "lab-pc-17.campus.edu.cn", "lab-pc-17"), ("/data/home/zhang.wei", "/home/zhang.wei")
)
HIDE = masking(STUDENT)
SECRET = "s3cr3t/Pa:ss@word"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("export http_proxy=http://zhang:hunter2@proxy.campus.cn:3128", "hunter2"),
        ("http_proxy is http://zhang:p@ss@proxy:3128/", "p@ss"),
        ("https://oauth2:glpat-abcdefghijkl12345@gitlab.com/x.git", "glpat-abcdefghijkl12345"),
        ("socks5h://u:pw@127.0.0.1:1080", "u:pw"),
        ("GOPROXY=https://ci:tok123@goproxy.corp/,direct", "tok123"),
        ("GET https://mirror/x?access_token=abc123&y=1", "abc123"),
        ("https://bucket/x?X-Amz-Signature=deadbeef99", "deadbeef99"),
        ("export GITHUB_TOKEN=abcdef", "abcdef"),
        ('export DB_PASSWORD="two words"', "two words"),
        ("AWS_SECRET_ACCESS_KEY='abc/def'", "abc/def"),
        ("set -gx NPM_TOKEN abcdefg", "abcdefg"),
        ("set -x --global MY_API_KEY abcdefg", "abcdefg"),
        ("remote: ghp_abcdefghijklmnopqrstuv", "ghp_abcdefghijklmnopqrstuv"),
        ("Authorization: Bearer abc.def-ghi_jkl", "abc.def-ghi_jkl"),
        ("key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "eyJzdWIiOiIxIn0"),
        ("machine github.com login zhang password topsecret", "topsecret"),
        ("GOAUTH=netrc-of-mine", "netrc-of-mine"),
    ],
)
def test_a_secret_is_never_shown(text: str, secret: str) -> None:
    for hide in (without_secrets, HIDE):
        assert secret not in hide(text)
        assert "***" in hide(text)


@pytest.mark.parametrize(
    "text",
    [
        'export PATH="$PATH:/usr/local/go/bin"',
        "https://proxy.golang.org,direct",
        "https://go.dev/dl/?mode=json&include=all",
        "github.com/gin-gonic/gin@v1.7.0: missing go.sum entry",
        "x509: certificate signed by unknown authority",
        "The signature is good: Google's key signed it.",
        "GOSUMDB=sum.golang.org GOFLAGS=-mod=mod GOTOOLCHAIN=local",
        "git@github.com:student/hello.git",
        "line 12: syntax error near unexpected token `fi'",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert without_secrets(text) == text
    assert HIDE(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/zhang.wei/.bashrc:12", "~/.bashrc:12"),
        ("/data/home/zhang.wei", "~"),
        ("PATH=/home/zhang.wei/go/bin:/usr/bin", "PATH=~/go/bin:/usr/bin"),
        ("/home/zhang.weiss/x", "/home/***/x"),
        ("/home/li.na/go and /Users/bob", "/home/***/go and /Users/***"),
        ("owned by zhang.wei, not root", "owned by ***, not root"),
        ("ssh ZHANG.WEI@lab-pc-17", "ssh ***@***"),
        ("mail zhang_w@mail.campus.edu.cn", "mail ***"),
        ("/net/lab-pc-17/go", "/net/***/go"),
        ("zhang.weird and lab-pc-170 stay", "zhang.weird and lab-pc-170 stay"),
    ],
)
def test_names_are_hidden_where_they_are_names(text: str, shown: str) -> None:
    assert HIDE(text) == shown


def test_nothing_is_hidden_of_who_has_an_ordinary_name() -> None:
    assert masking(Person((), ("/root",)))("go runs for root in /root/go") == "go runs for root in ~/go"


def test_a_document_is_hidden_to_its_keys() -> None:
    found = hidden({"/home/zhang.wei": ["zhang.wei", {"n": 1, "ok": True, "none": None}]}, HIDE)
    assert found == {"~": ["***", {"n": 1, "ok": True, "none": None}]}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    once = HIDE(f"{text} http://a:{SECRET}@b /home/zhang.wei/{text}")
    assert SECRET not in once
    assert HIDE(once) == once
