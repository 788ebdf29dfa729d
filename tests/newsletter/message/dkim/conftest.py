"""Keys made once, since an RSA key takes a tenth of a second."""

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from newsletter.message.dkim import records
from newsletter.message.dkim.signing import Signer, SigningKey

SIGNED_AT = 1_700_000_000


@dataclass(frozen=True)
class Signatory:
    """A signer and what stands of its keys in the DNS."""

    signer: Signer
    dns: dict[str, str]  # the record at each name


@pytest.fixture(scope="session")
def signing_keys() -> list[SigningKey]:
    return [
        SigningKey("nl-ed25519", Ed25519PrivateKey.generate()),
        SigningKey("nl-rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    ]


@pytest.fixture(scope="session")
def signatory(signing_keys: list[SigningKey]) -> Signatory:
    """Return a signer with both kinds of keys."""
    return known(signing_keys)


@pytest.fixture(scope="session", params=["ed25519", "rsa"])
def one_key(request: pytest.FixtureRequest, signing_keys: list[SigningKey]) -> Signatory:
    """Return a signer with one key; the test runs once for each kind."""
    return known([key for key in signing_keys if key.selector.endswith(str(request.param))])


def known(keys: list[SigningKey]) -> Signatory:
    """Return a signer with these keys, and their records."""
    found = [records.of(key, "example.org") for key in keys]
    signer = Signer(keys, domain="example.org", identity="example.org", clock=lambda: SIGNED_AT)
    return Signatory(signer, {record.name: record.value for record in found})
