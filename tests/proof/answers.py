"""What the sink of a storm answers: it takes nine in ten at once, and the rest get every kind of refusal."""

import zlib

KINDS = 100
GREY = range(5)
"""Put off once for each message, before the body."""
SLOW = range(5, 7)
"""Put off once for each message, after the body."""
FULL = range(7, 8)
"""Refused after the body, each time."""
NEVER = range(8, 9)
"""Put off each time, until they are given up."""
UNKNOWN_IN = 400
"""One address in so many is unknown; its reader is held and gets no later issue."""


class Answers:
    """Remembers what it has put off."""

    def __init__(self) -> None:
        self._put_off: set[bytes] = set()

    def to_recipient(self, sender: bytes, address: bytes) -> bytes:
        """Return the refusal of a recipient, or nothing."""
        kind = _kind(address)
        if zlib.crc32(b"unknown" + address) % UNKNOWN_IN == 0:
            return b"550 5.1.1 no such mailbox"
        if kind in NEVER:
            return b"450 4.2.1 not now"
        if kind in GREY and self._first(b"grey", sender, address):
            return b"451 4.7.1 come back later"
        return b""

    def to_body(self, sender: bytes, address: bytes) -> bytes:
        """Return the refusal of a message, or nothing."""
        kind = _kind(address)
        if kind in FULL:
            return b"552 5.2.2 mailbox full"
        if kind in SLOW and self._first(b"slow", sender, address):
            return b"451 4.3.0 not now"
        return b""

    def _first(self, why: bytes, sender: bytes, address: bytes) -> bool:
        """Return whether it is the first time that this is asked of a pair of addresses."""
        known = b" ".join((why, sender, address))
        if known in self._put_off:
            return False
        self._put_off.add(known)
        return True


def _kind(address: bytes) -> int:
    return zlib.crc32(address) % KINDS
