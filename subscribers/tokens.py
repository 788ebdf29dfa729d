"""Purpose-bound links: signed ones that never expire, and random ones of which only the hash is kept; pure.

All are lower-case base32, so that they survive in a mail address whose case a server has changed.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product

ID_BYTES = 5
MAC_BYTES = 11
"""88 bits: 2^88 guesses for one forged link, and with the id 16 bytes, which are 26 characters."""

LAST_ID = 2 ** (8 * ID_BYTES) - 1
"""No subscription ever has it."""

TICKET_BYTES = 16
"""128 random bits (DESIGN 5.9)."""

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 6, lower case
_PAIRS = ["".join(pair) for pair in product(_DIGITS, repeat=2)]
_SHIFTS = range(120, -1, -10)
"""Where the 13 pairs of digits of 128 bits begin, once two zero bits have filled up the last."""

_SIGNED = re.compile(r"[a-z2-7]{26}")
_FORM = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{32})")


def unsubscribe_token(keys: Sequence[bytes], subscription_id: int) -> str:
    """Return the footer's token: 26 characters, signed with the first key, never expiring."""
    return _sign(keys[0], "unsubscribe", subscription_id)


def read_unsubscribe(keys: Sequence[bytes], token: str) -> int | None:
    """Return the subscription id of a footer's token signed with any of `keys`; None: show "not one of our links"."""
    return _read(keys, "unsubscribe", token)


def bounce_token(keys: Sequence[bytes], subscription_id: int) -> str:
    """Return the tag of an envelope sender (bounce+TAG@...); strangers see it, so it opens no page."""
    return _sign(keys[0], "bounce", subscription_id)


def read_bounce(keys: Sequence[bytes], token: str) -> int | None:
    """Return the subscription id of an envelope sender's tag; None: the report is forged or not about us."""
    return _read(keys, "bounce", token)


def new_ticket() -> tuple[str, bytes]:
    """Return a fresh random token and its hash; mail the first, store the second."""
    token = _base32(secrets.token_bytes(TICKET_BYTES))
    return token, ticket_hash(token)


def ticket_hash(token: str) -> bytes:
    """Return the hash under which a mailed token is stored, whatever case it comes back in."""
    return hashlib.sha256(b"ticket:" + token.strip().lower().encode("utf-8", "replace")).digest()


def address_hash(key: bytes, email_key: str) -> bytes:
    """Return the keyed hash under which an address stands on the suppression list; `email_key` is `Address.key`."""
    return hmac.digest(key, b"address:" + email_key.encode(), "sha256")


def form_token(key: bytes, now: datetime) -> str:
    """Return a hidden field for a form that is shown now; nothing is stored."""
    moment = f"{int(now.timestamp()):x}"
    return f"{moment}-{_form_mac(key, moment)}"


def form_age(key: bytes, token: str, now: datetime) -> timedelta | None:
    """Return how long ago the form was shown; None: it was not ours, refuse it."""
    match = _FORM.fullmatch(token)
    if match is None or not hmac.compare_digest(match[2], _form_mac(key, match[1])):
        return None
    age = timedelta(seconds=int(now.timestamp()) - int(match[1], 16))
    return age if age >= timedelta(0) else None


def _form_mac(key: bytes, moment: str) -> str:
    return hmac.digest(key, b"form:" + moment.encode(), "sha256")[:16].hex()


def _sign(key: bytes, purpose: str, number: int) -> str:
    identity = number.to_bytes(ID_BYTES, "big")
    return _base32(identity + _mac(key, purpose, identity))


def _read(keys: Sequence[bytes], purpose: str, token: str) -> int | None:
    folded = token.lower() if token.isascii() else ""
    if not _SIGNED.fullmatch(folded):
        return None
    raw = base64.b32decode(folded.upper() + "======")
    identity, mac = raw[:ID_BYTES], raw[ID_BYTES:]
    # Every key is tried, so that the time taken does not tell which one fitted.
    fits = [hmac.compare_digest(mac, _mac(key, purpose, identity)) for key in keys]
    if not any(fits) or _base32(raw) != folded:  # the last character has two spare bits: one spelling only
        return None
    return int.from_bytes(identity, "big")


def _mac(key: bytes, purpose: str, identity: bytes) -> bytes:
    mac = _begun(key, purpose).copy()
    mac.update(identity)
    return mac.digest()[:MAC_BYTES]


@lru_cache(maxsize=64)  # setting up a key takes longer than the rest, and a sender signs twice for each reader
def _begun(key: bytes, purpose: str) -> hmac.HMAC:
    return hmac.new(key, purpose.encode() + b":", "sha256")


def _base32(raw: bytes) -> str:
    """Return 16 bytes as 26 digits; `base64` does the same in three times the time."""
    number = int.from_bytes(raw, "big") << 2
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
