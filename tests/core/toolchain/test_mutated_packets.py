"""Signatures bent packet by packet, through the real gpg and the real gpgv: none accepted, none crashes.

The suite tries some; GOMEDIC_MUTATIONS=10000 in the environment tries that many with each program.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bent_packets import bent
from campus import SIGNATURES, Signer

from gomedic.host import Host
from gomedic.texts import Message
from gomedic.toolchain import openpgp, signature
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.signature import Question, Signature, TrustedKey, check, check_form, judge

HOW_MANY = max(int(os.environ.get("GOMEDIC_MUTATIONS", "0")), 200)
DATA = b"what was signed" * 100


def by_gpgv(host: Host, question: Question) -> Signature:
    """Return the verdict as `check` gives it on a machine without gpg."""
    with signature._private_home() as home:
        path = Path(home, "signature")
        path.write_bytes(openpgp.binary(question.signature))
        return judge(signature._ask_gpgv(host, str(host.which("gpgv")), home, str(path), question), question)


@pytest.mark.parametrize(("tool", "ask"), [("gpg", check), ("gpgv", by_gpgv)])
def test_no_bent_signature_is_accepted(
    tool: str,
    ask: Callable[[Host, Question], Signature],
    machine: Host,
    signer: Signer,
    impostor: Signer,
    tmp_path: Path,
) -> None:
    """All are of the right form, and differ in what is signed or in the numbers that sign it; the program itself judges each."""
    if machine.which(tool) is None:
        pytest.skip(f"no {tool} here")
    data = tmp_path / "data"
    data.write_bytes(DATA)
    key = TrustedKey(Message("Staff"), openpgp.public_key(openpgp.binary(signer.public)))
    good = signer.sign(DATA)
    reals = (path.read_bytes() for path in sorted(SIGNATURES.glob("*.asc")))
    others = [signer.sign(b"another file"), impostor.sign(DATA), *reals]
    assert ask(machine, Question(str(data), "data", good, "x.asc", (key,))).tool.startswith(tool)

    def verdict(seed: int) -> str:
        mutated = bent(good, others, random.Random(seed))
        asked = Question(str(data), "data", mutated, "x.asc", (key,))
        check_form(asked)
        try:
            ask(machine, asked)
        except ToolchainError as error:
            return type(error).__name__
        pytest.fail(f"accepted: {seed} {mutated.hex()}")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        told = Counter(pool.map(verdict, range(HOW_MANY)))
    print(f"{tool}: {dict(told)}")
    assert told.total() == HOW_MANY
    assert told["WrongSignature"] > HOW_MANY // 10
