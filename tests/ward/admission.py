"""Admit a patient: make its account and make the machine ill; or apply its reference cure."""

import pwd
import subprocess
from pathlib import Path

from ward.machine import DEFAULT_PATH
from ward.patient import Patient
from ward.toolchains import CACHE, trees

_HELPERS = Path(__file__).with_name("helpers.sh")


def admit(patient: Patient) -> None:
    """Give the patient an account, sudo unless it says otherwise, and its illness."""
    Path("/etc/profile.d").mkdir(exist_ok=True)
    if patient.user == "root":
        command = ["/usr/sbin/usermod", "-s", patient.shell, "root"]
    else:
        command = ["/usr/sbin/useradd", "-m", "-s", patient.shell, patient.user]
    subprocess.run(command, check=True, capture_output=True)
    if patient.sudo and Path("/etc/sudoers.d").is_dir():
        rule = Path("/etc/sudoers.d/ward")
        rule.write_text(f"{patient.user} ALL=(ALL) NOPASSWD: ALL\n")
        rule.chmod(0o440)
    done = carry_out(patient, patient.setup)
    if done.returncode:
        raise SystemExit(f"setup failed: {done.stdout[-800:]}")


def carry_out(patient: Patient, script: str) -> "subprocess.CompletedProcess[str]":
    """Run a patient's `setup` or `cure`: bash, as root, in the account's home."""
    return subprocess.run(
        ["bash", "-c", f"{_HELPERS.read_text()}\n{script}"],
        cwd=pwd.getpwnam(patient.user).pw_dir, env=script_environment(patient), text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def script_environment(patient: Patient) -> dict[str, str]:
    """Return what `setup` and `cure` find in their environment: $U, $H and $GO19 to $GO26 among it."""
    home = pwd.getpwnam(patient.user).pw_dir
    return {
        "PATH": DEFAULT_PATH,
        "HOME": "/root",
        "U": patient.user,
        "H": home,
        "LANG": "C.UTF-8",
        "STORE": str(CACHE),
        **trees(),
    }
