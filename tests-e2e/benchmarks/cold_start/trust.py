"""A throwaway certificate authority, and the certificate of the loopback AWS."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Trust:
    """Files in PEM.

    Attributes:
        authority: The certificate to trust.
        server: The certificate and key to serve with.
    """

    authority: Path
    server: Path


def make_trust(folder: Path) -> Trust:
    """Create a private certificate authority, and a certificate for the loopback address."""
    authority = trustme.CA()
    trust = Trust(folder / "authority.pem", folder / "server.pem")
    authority.cert_pem.write_to_path(trust.authority)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(trust.server)
    return trust


def trust_it_too(trust: Trust, folder: Path) -> None:
    """Append the authority to each bundle of certificates below a folder.

    So every package trusts as it does on AWS, at the cost that this has there: by reading its own bundle.
    """
    for bundle in folder.rglob("*.pem"):
        bundle.chmod(0o644)
        with bundle.open("ab") as opened:
            opened.write(b"\n" + trust.authority.read_bytes())
