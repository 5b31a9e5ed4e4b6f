"""Signatures checked by Sequoia, where there is no GnuPG: gomedic[sequoia]. It answers in GnuPG's status lines."""

import importlib.util
import time
from collections.abc import Sequence

from gomedic.toolchain import openpgp

TOOL = "pysequoia"


def is_there() -> bool:
    """Whether Sequoia is installed with gomedic."""
    return importlib.util.find_spec(TOOL) is not None


def status_lines(
    path: str, signature: bytes, keys: Sequence[openpgp.PublicKey]
) -> tuple[tuple[str, ...], int]:
    """Return what GnuPG would say of one detached signature over the file at `path`, and its exit code.

    `signature` is binary, and one packet. Sequoia judges keys at the time of the signature (RFC 9580, 5.2.3) and
    takes no digests that are no longer safe. Raises Malformed.
    """
    import pysequoia

    said = openpgp.described(signature)
    if said.made > time.time():
        return (f"ERRSIG {said.issuer} {said.algorithm} {said.digest} {said.kind} {said.made} 39 -",), 2
    if not any(name.endswith(said.issuer) for key in keys for name in key.validity):
        return (f"ERRSIG {said.issuer} {said.algorithm} {said.digest} {said.kind} {said.made} 9 -",), 2
    try:
        certificates = [pysequoia.Cert.from_bytes(key.binary) for key in keys]
        read = pysequoia.Sig.from_bytes(signature)
        found = pysequoia.verify(file=path, store=lambda _ids: certificates, signature=read)
    except (
        RuntimeError
    ):  # what pysequoia makes of every error of Sequoia's, about keys, signatures and files alike
        return (f"BADSIG {said.issuer}",), 1
    lines = ["NEWSIG", f"GOODSIG {said.issuer}"]
    lines += [
        f"VALIDSIG {valid.signing_key.upper()} - {said.made} 0 4 0 {said.algorithm} {said.digest} {said.kind} "
        f"{valid.certificate.upper()}"
        for valid in found.valid_sigs
    ]
    return tuple(lines), 0
