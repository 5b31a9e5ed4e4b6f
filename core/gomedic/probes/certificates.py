"""Where Go finds the certificates of authorities (crypto/x509, root_linux.go)."""

import os

FILES = (
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
)  # fmt: skip
FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")


def files(named: str = "", folders: str = "") -> list[str]:
    """Return the files that Go reads: of `named` (SSL_CERT_FILE) or the first of FILES, and of `folders` (SSL_CERT_DIR)."""
    bundles = [named] if named else [path for path in FILES if _has_content(path)][:1]
    places = folders.split(":") if folders else FOLDERS
    inside = [os.path.join(place, name) for place in places for name in _names(place)]
    return [path for path in dict.fromkeys([*bundles, *inside]) if _has_content(path)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _has_content(path: str) -> bool:
    try:
        return os.path.isfile(path) and os.path.getsize(path) > 0 and os.access(path, os.R_OK)
    except OSError:
        return False
