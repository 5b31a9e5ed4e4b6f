"""Which files Go builds: by their name, by their build constraint."""

import pytest

from gomedic.probes.constraints import fits, holds, is_built


@pytest.mark.parametrize(("name", "built"), [
    ("proc.go", True), ("os_linux.go", True), ("os_windows.go", False), ("asm_amd64.go", True), ("asm_arm64.go", False),
    ("defs_linux_amd64.go", True), ("defs_linux_arm64.go", False), ("defs_windows_amd64.go", False), ("proc_test.go", False),
    ("linux.go", True), ("windows.go", True), ("os_unix.go", True), ("lfstack_64bit.go", True), ("windows_stub.go", True),
])  # fmt: skip
def test_a_name_may_say_for_which_system_a_file_is(name: str, built: bool) -> None:
    assert fits(name, "amd64") is built


@pytest.mark.parametrize(("expression", "holding"), [
    ("linux", True), ("windows", False), ("!windows", True), ("amd64 || arm64", True), ("arm64 || loong64", False),
    ("linux && amd64", True), ("linux && !amd64", False), ("!(windows || js)", True), ("(amd64 || arm64) && unix", True),
    ("race", False), ("!race", True), ("go1.21", True), ("!go1.18", False), ("ignore", False), ("!!linux", True),
    ("linux || windows && js", True), ("(linux", False), ("linux windows", False), ("", False), ("linux @", False), ("&&", False),
])  # fmt: skip
def test_a_constraint_holds_or_not(expression: str, holding: bool) -> None:
    assert holds(expression, {"linux", "unix", "amd64", "gc"}) is holding


@pytest.mark.parametrize(("head", "built"), [
    ("package runtime\n", True), ("// Copyright\n\n//go:build amd64\n\npackage runtime\n", True),
    ("//go:build !amd64\n", False), ("//go:build goexperiment.swissmap\n", True), ("//go:build !goexperiment.swissmap\n", False),
    ("//go:build linux && goexperiment.x\n", False), ("// +build linux\n", False), ("//go:build linux\n// +build linux\n", True),
])  # fmt: skip
def test_what_cannot_be_told_is_not_built(head: str, built: bool) -> None:
    assert is_built(head.encode(), "amd64") is built
