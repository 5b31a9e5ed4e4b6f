"""`gomedic ask` on a machine with a fault: by words, by standard input, as JSON, with exit codes of check."""

import json

from go_trees import write_go
from made_up import Machine


def test_the_finding_of_this_machine_is_brought_up(machine: Machine) -> None:
    write_go(machine.home / "sdk/go", "go1.22.10")
    (machine.home / ".bashrc").write_text('export PATH="$HOME/sdk/go/bin:$PATH" GOROOT=/nowhere/go\n')
    ran = machine.gomedic("ask", "go:", "cannot", "find", "GOROOT directory: /nowhere/go")
    assert ran.code == 1, ran.err
    assert ran.out.startswith("This is what gomedic found here.")
    assert "/.bashrc:1" in ran.out


def test_a_message_from_standard_input_as_json(machine: Machine) -> None:
    ran = machine.gomedic("ask", "-", "--json", stdin="x509: certificate signed by unknown authority\n")
    document = json.loads(ran.out)
    assert ran.code == 0
    assert (document["schema"], document["state"], document["findings"]) == (1, "not here", [])
    assert {check["id"] for check in document["checks"]} == {"ca-untrusted-proxy", "ca-bundle-missing"}


def test_nothing_asked_is_wrong_usage(machine: Machine) -> None:
    ran = machine.gomedic("ask", " ")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("There is no message to look for")
