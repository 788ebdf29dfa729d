"""What stands of a key in the DNS: a TXT record, in the forms in which people enter one (RFC 6376 3.6, RFC 8463 4)."""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.message.dkim.signing import SigningKey

MAX_STRING = 255
"""The longest string within a TXT record (RFC 1035 3.3.14); readers join them without a space."""


@dataclass(frozen=True)
class Record:
    """A TXT record: its name in a domain, and its value."""

    label: str  # without the domain, as most web forms ask for it
    domain: str
    value: str

    @property
    def name(self) -> str:
        """Return the whole name."""
        return f"{self.label}.{self.domain}"

    @property
    def zone_line(self) -> str:
        """Return the line of a zone file, with its value in strings of at most 255 characters."""
        strings = [self.value[start : start + MAX_STRING] for start in range(0, len(self.value), MAX_STRING)]
        return f"{self.name}. IN TXT " + " ".join(f'"{one}"' for one in strings)


def of(key: SigningKey, domain: str) -> Record:
    """Return the record with which others verify what this key signs in a domain."""
    public = key.private.public_key()
    if isinstance(key.private, RSAPrivateKey):
        kind, data = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, data = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    value = f"v=DKIM1; k={kind}; p={base64.b64encode(data).decode('ascii')}"
    return Record(f"{key.selector}._domainkey", domain, value)
