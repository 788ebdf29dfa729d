"""Passwords of editors: what is a good one, its argon2id hash, and whether one fits."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError

from newsletter.errors import BusyError

MIN_LENGTH = 12
MAX_LENGTH = 200
"""Long enough for any sentence; a longer one only costs time."""
MIN_DIFFERENT = 5
"""Different characters; "aaaaaaaaaaaa" has one."""

PARALLEL = 2
PATIENCE_SECONDS = 5.0

# What is rationed here is this process's memory: one hash takes 64 MB for a tenth of a second.
_slots = threading.BoundedSemaphore(PARALLEL)
_hasher = PasswordHash.recommended()

NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ibw$"  # the hasher's own cost; a test compares them
    "dGhpcyBoYXNoIGJlbG9uZ3MgdG8gbm8gcGFzc3dvcmQ"
)
"""The hash an unknown person's attempt is compared with, so that it takes as long as a known one's."""


def weakness(password: str, *, email: str) -> str | None:
    """Return why a password is too weak: `short`, `long`, `simple` (few characters, or the address), or None."""
    plain = _normalise(password)
    if len(plain) < MIN_LENGTH:
        return "short"
    if len(plain) > MAX_LENGTH:
        return "long"
    if len(set(plain)) < MIN_DIFFERENT or plain.casefold() == email.casefold():
        return "simple"
    return None


def hashed(password: str) -> str:
    """Return the hash to keep; raise BusyError where too many are being made."""
    with _slot():
        return _hasher.hash(_normalise(password))


def fits(password: str, kept: str | None) -> bool:
    """Return whether `password` is the one whose hash was kept; without one it takes as long and is False."""
    if len(password) > MAX_LENGTH * 4:
        return False
    with _slot():
        try:
            return _hasher.verify(_normalise(password), kept or NOBODY) and kept is not None
        except PwdlibError:
            return False


def _normalise(password: str) -> str:
    # A Japanese keyboard may write the same password in full-width letters or in another
    # composition (NIST SP 800-63B 3.1.1.2 asks for NFKC or NFKD).
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise BusyError
    try:
        yield
    finally:
        _slots.release()
