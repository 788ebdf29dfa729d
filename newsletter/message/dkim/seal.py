"""From the settings to what is done to every message before it leaves."""

from collections.abc import Callable

from newsletter.config import Settings
from newsletter.errors import SettingsError
from newsletter.message.dkim import keyfiles
from newsletter.message.dkim.signing import Signer

Seal = Callable[[bytes], bytes]
"""Takes a message as it is to leave and returns it signed."""


def of(settings: Settings) -> Seal:
    """Return what signs our mail; where the relay signs, it leaves a message as it is.

    Reads the keys. Raises SettingsError where one cannot be used, or where the domain is not that of From.
    """
    if settings.dkim.signing == "relay":
        return _as_it_is
    keys = [keyfiles.load(settings.data_folder, selector) for selector in settings.dkim.selectors]
    return Signer(
        keys,
        domain=domain(settings),
        identity=_from_domain(settings),
        further=settings.dkim.headers,
        valid=settings.dkim.valid,
    ).sign


def domain(settings: Settings) -> str:
    """Return the domain that signs: that of From, or one above it, or DMARC would not count it (RFC 7489 3.1.1).

    Raises SettingsError for another.
    """
    own = _from_domain(settings)
    signing = settings.dkim.domain or own
    if own != signing and not own.endswith(f".{signing}"):
        message = (
            f"dkim.domain is {signing}, but the mail comes from {own} (publication.from_address); the two must match."
        )
        raise SettingsError(message)
    return signing


def _from_domain(settings: Settings) -> str:
    """Return the domain of From as the DNS writes it (RFC 8616 4 wants A-labels in our ASCII signature)."""
    return settings.publication.from_address.rsplit("@", 1)[1].lower().encode("idna").decode("ascii")


def _as_it_is(message: bytes) -> bytes:
    return message
