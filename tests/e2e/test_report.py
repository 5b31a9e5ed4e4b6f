"""`gomedic report`: on standard output and in a file, never over another unasked, with names hidden."""

import json

from made_up import Machine


def test_a_page_is_written_and_not_written_over(machine: Machine) -> None:
    ran = machine.gomedic("report", "--html", "-o", "go.html")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(f"The report is in {machine.home}/go.html.\n")
    page = (machine.home / "go.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    again = machine.gomedic("report", "--text", "-o", "go.html")
    assert again.code == 2
    assert "is there already; say --yes to write over it." in again.err
    assert (machine.home / "go.html").read_text() == page
    assert machine.gomedic("report", "-o", "go.html", "--yes").code == 0
    assert (machine.home / "go.html").read_text().startswith("gomedic's report on Go")


def test_json_on_standard_output_with_names_hidden(machine: Machine) -> None:
    (machine.home / ".bashrc").write_text("export https_proxy=http://me:hunter2@127.0.0.1:9 GOPATH=$HOME/x\n")
    ran = machine.gomedic("report", "--json", "--mask")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["schema"] == 1
    assert "hunter2" not in ran.out
    assert str(machine.home) not in ran.out


def test_a_full_disk_is_one_sentence(machine: Machine) -> None:
    ran = machine.gomedic("report", "-o", "/dev/full")
    assert ran.code == 3
    assert ran.err.splitlines()[-1] == "/dev/full was not saved: there is no room left on that disk."
